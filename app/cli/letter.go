package cli

import (
	"context"
	"errors"
	"html"
	"path/filepath"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
	"github.com/linnet-mail/linnet/mailcore/htmlpage"
	"github.com/linnet-mail/linnet/mailcore/rfc822"
)

// letter is the HTML of a file to draw, and the images it carries. A file that
// is no HTML by name is a message.
func letter(name string, raw []byte) (string, htmlpage.Fetcher) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".html", ".htm", ".xhtml":
		return string(raw), nil
	}
	content, err := rfc822.Parse(raw)
	if err != nil {
		return plain(string(raw)), nil
	}
	if content.HTML == "" {
		return plain(content.Text), nil
	}
	return content.HTML, carried{raw, content.Parts}
}

// plain makes HTML of a text.
func plain(text string) string {
	return `<!DOCTYPE html><body style="white-space:pre-wrap;font-family:sans-serif">` + html.EscapeString(text)
}

// carried gives the images that a message carries itself, by "cid:".
type carried struct {
	raw   []byte
	parts []mailcore.Part
}

var errNotCarried = errors.New("the message does not carry this image")

func (c carried) Fetch(_ context.Context, ref string) ([]byte, error) {
	id, ok := strings.CutPrefix(ref, "cid:")
	if !ok {
		return nil, errNotCarried
	}
	for _, p := range c.parts {
		if p.CID == id {
			return rfc822.AttachmentData(c.raw, p.Index)
		}
	}
	return nil, errNotCarried
}
