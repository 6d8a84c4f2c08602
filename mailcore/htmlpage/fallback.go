package htmlpage

import (
	"context"
	"fmt"
	"html"
	"strings"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
)

// maxText is how much text a page of last resort shows.
const maxText = 200_000

// asText draws the text of a message that cannot be drawn.
func asText(ctx context.Context, source string, o Options) (*Page, error) {
	text := htmlmail.Text(source[:min(len(source), htmlmail.MaxBytes)])
	text = strings.ToValidUTF8(text[:min(len(text), maxText)], "")
	p, err := guarded(ctx, `<!DOCTYPE html><body style="white-space:pre-wrap;font-family:sans-serif">`+html.EscapeString(text), o)
	if err != nil {
		return nil, fmt.Errorf("draw the text of a message: %w", err)
	}
	p.Notice = NoticeRaw
	return p, nil
}
