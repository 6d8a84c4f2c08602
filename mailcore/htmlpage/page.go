// Package htmlpage draws HTML mail as Chromium does, without Fyne and without a
// network: safe document → styles → boxes → display list → pixels. Each stage is
// a package below this one. Everything is bounded, and what goes wrong ends in
// plain text, never in a panic.
package htmlpage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/linnet-mail/linnet/mailcore/htmlmail"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/display"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/fonts"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/layout"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/style"
)

// MaxTime is how long making a page may take in all.
const MaxTime = 1500 * time.Millisecond

// Options say how to draw a message.
type Options struct {
	Width   float64 // of the page, in CSS pixels
	Height  float64 // of the window that shows it, for media queries; 0 for any
	Scale   float64 // device pixels for one CSS pixel, for media queries
	Dark    bool    // the message's own dark rules apply; what stays light is recoloured
	Fetcher Fetcher // nil: images within the HTML only
	Remote  bool    // a person has allowed this message its images from the network
	Library *fonts.Library
}

// Page is a message that was laid out. It is made anew for another width.
type Page struct {
	List *display.List
	// Notice is the key of a sentence about what is missing; empty as a rule.
	Notice Notice
	// Images are the pictures of the page; remote ones that were refused are
	// counted in Refused.
	Images  *Images
	Refused int
	// Broken is the fault for which the page shows the text only; nil as a rule.
	Broken error
}

// Notice says why a page is not all of the message.
type Notice string

// The notices. Each is a key in the translations.
const (
	NoNotice  Notice = ""
	NoticeCut Notice = "page.cut" // a limit was passed: the rest is missing
	NoticeRaw Notice = "page.raw" // it could not be drawn: this is its text
)

// Make draws a message's HTML. It never fails for what is in the HTML: past a
// limit the page shows what there is, or the text, with a notice. An error comes
// only of the context.
func Make(ctx context.Context, source string, o Options) (*Page, error) {
	limited, cancel := context.WithTimeout(ctx, MaxTime)
	defer cancel()
	p, err := guarded(limited, source, o)
	if err == nil {
		return p, nil
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("draw a message: %w", ctx.Err())
	}
	p, textErr := asText(ctx, source, o)
	if textErr != nil {
		return nil, textErr
	}
	if errors.Is(err, errPanic) {
		p.Broken = err
	}
	return p, nil
}

// errPanic is a fault of this program that a message brought to light.
var errPanic = errors.New("drawing broke down")

// guarded makes a page; a panic becomes an error.
func guarded(ctx context.Context, source string, o Options) (p *Page, err error) {
	defer func() {
		if r := recover(); r != nil {
			p, err = nil, fmt.Errorf("%w: %v", errPanic, r)
		}
	}()
	return draw(ctx, source, o)
}

func draw(ctx context.Context, source string, o Options) (*Page, error) {
	doc, err := htmlmail.Parse(source)
	if err != nil {
		return nil, err
	}
	set := fonts.NewSet(o.Library)
	height := o.Height
	if height == 0 {
		height = 100
	}
	screen := css.Screen{Width: o.Width, Height: height, Scale: o.Scale, Dark: o.Dark}
	styles, err := style.Compute(ctx, doc, screen, set)
	if err == nil && o.Dark && !styles.DarkRules {
		// It knows of no dark: what it says of light counts, and is recoloured.
		screen.Dark = false
		styles, err = style.Compute(ctx, doc, screen, set)
	}
	if err != nil {
		return nil, fmt.Errorf("style a message: %w", err)
	}
	images := newImages(ctx, o)
	root, err := layout.Do(ctx, doc, styles, layout.Options{Width: o.Width, Height: height, Fonts: set, Images: images})
	if err != nil {
		return nil, fmt.Errorf("lay a message out: %w", err)
	}
	list := display.Build(root, display.Options{Width: o.Width, Height: o.Height, Fonts: set, Images: images})
	if o.Dark {
		list = list.Recolour()
	}
	p := &Page{List: list, Images: images, Refused: images.refused}
	if doc.Cut != "" || styles.Cut {
		p.Notice = NoticeCut
	}
	return p, nil
}
