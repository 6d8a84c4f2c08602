package htmlpage

import (
	"bytes"
	"context"
	"encoding/base64"
	"image"
	_ "image/gif"  // the formats that mail has
	_ "image/jpeg" // the formats that mail has
	_ "image/png"  // the formats that mail has
	"net/url"
	"strings"

	_ "golang.org/x/image/bmp"  // the formats that mail has
	_ "golang.org/x/image/webp" // the formats that mail has
)

// Fetcher gives the bytes of an image that the message names: one of its own
// parts by "cid:", or one on the network where a person has allowed that. An
// error means that there is no image to show.
type Fetcher interface {
	Fetch(ctx context.Context, ref string) ([]byte, error)
}

// The bounds of images.
const (
	maxImageBytes  = 10 << 20
	maxImagePixels = 40_000_000
	maxAllPixels   = 100_000_000
)

// Images are the pictures of one page. data: URLs are read here; all others go
// through the Fetcher.
type Images struct {
	ctx     context.Context
	fetcher Fetcher
	remote  bool
	known   map[string]*picture
	pixels  int
	refused int
}

type picture struct {
	data          []byte
	width, height int
	decoded       image.Image
}

func newImages(ctx context.Context, o Options) *Images {
	return &Images{ctx: ctx, fetcher: o.Fetcher, remote: o.Remote, known: map[string]*picture{}}
}

// Size returns an image's own size in pixels.
func (im *Images) Size(ref string) (w, h float64, ok bool) {
	p := im.find(ref)
	if p == nil {
		return 0, 0, false
	}
	return float64(p.width), float64(p.height), true
}

// find reads an image's size, without its pixels yet.
func (im *Images) find(ref string) *picture {
	ref = strings.TrimSpace(ref)
	if p, ok := im.known[ref]; ok {
		return p
	}
	p := im.load(ref)
	im.known[ref] = p
	return p
}

func (im *Images) load(ref string) *picture {
	data, ok := im.bytes(ref)
	if !ok || len(data) > maxImageBytes {
		return nil
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width <= 0 || c.Height <= 0 || c.Width > maxImagePixels/c.Height {
		return nil
	}
	if im.pixels += c.Width * c.Height; im.pixels > maxAllPixels {
		return nil
	}
	return &picture{data: data, width: c.Width, height: c.Height}
}

func (im *Images) bytes(ref string) ([]byte, bool) {
	if ref == "" {
		return nil, false
	}
	if len(ref) > 5 && strings.EqualFold(ref[:5], "data:") {
		return dataURL(ref[5:])
	}
	if im.fetcher == nil || !im.allowed(ref) {
		im.refused++
		return nil, false
	}
	data, err := im.fetcher.Fetch(im.ctx, ref)
	if err != nil {
		im.refused++
		return nil, false
	}
	return data, true
}

// allowed is the gate: a message's own parts pass, the network where that was
// allowed, and nothing else.
func (im *Images) allowed(ref string) bool {
	scheme, rest, _ := strings.Cut(ref, ":")
	switch strings.ToLower(scheme) {
	case "cid":
		return true
	case "http", "https":
		return im.remote && strings.HasPrefix(rest, "//")
	}
	return false
}

// dataURL reads what follows "data:" (RFC 2397).
func dataURL(s string) ([]byte, bool) {
	head, body, ok := strings.Cut(s, ",")
	if !ok || len(body) > maxImageBytes*3/2 {
		return nil, false
	}
	if strings.Contains(body, "%") {
		if plain, err := url.PathUnescape(body); err == nil {
			body = plain
		}
	}
	if !strings.HasSuffix(strings.ToLower(strings.TrimSpace(head)), ";base64") {
		return []byte(body), true
	}
	body = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\r' || r == '\t' || r == '=' {
			return -1
		}
		return r
	}, body)
	out, err := base64.RawStdEncoding.DecodeString(body)
	return out, err == nil
}

// Picture returns an image's pixels, or nil when it cannot be read.
func (im *Images) Picture(ref string) image.Image {
	p := im.find(ref)
	if p == nil {
		return nil
	}
	if p.decoded == nil && p.data != nil {
		img, _, err := image.Decode(bytes.NewReader(p.data))
		p.data = nil
		if err == nil {
			p.decoded = img
		}
	}
	return p.decoded
}
