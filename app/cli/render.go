package cli

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/linnet-mail/linnet/mailcore/htmlpage"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/fonts"
)

// renderFlags are what "linnet render" is asked for.
type renderFlags struct {
	width, scale       float64
	dark, images       bool
	png, geometry, pdf string
}

func render(fs *flag.FlagSet) runner {
	f := &renderFlags{}
	fs.Float64Var(&f.width, "width", 640, "")
	fs.Float64Var(&f.scale, "scale", 1, "")
	fs.BoolVar(&f.dark, "dark", false, "")
	fs.BoolVar(&f.images, "images", false, "")
	fs.StringVar(&f.png, "png", "", "")
	fs.StringVar(&f.geometry, "geometry", "", "")
	fs.StringVar(&f.pdf, "pdf", "", "")
	return func(ctx context.Context, c *call) error { return f.run(ctx, c) }
}

func (f *renderFlags) run(ctx context.Context, c *call) error {
	raw, err := c.file(c.args[0])
	if err != nil {
		return err
	}
	page, err := htmlpage.Make(ctx, string(raw), htmlpage.Options{
		Width: f.width, Scale: f.scale, Dark: f.dark, Library: fonts.NewLibrary(nil),
	})
	if err != nil {
		return err
	}
	if f.geometry != "" {
		return f.writeGeometry(c, page)
	}
	return nil
}

func (f *renderFlags) writeGeometry(c *call, page *htmlpage.Page) error {
	data, err := json.Marshal(page.List.Geometry())
	if err != nil {
		return fmt.Errorf("write the geometry: %w", err)
	}
	return c.write(f.geometry, data)
}

// write puts a result into a file, or on standard output for "-".
func (c *call) write(name string, data []byte) error {
	if name == "-" {
		_, err := c.Stdout.Write(data)
		return err
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(c.Dir, name)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", strings.TrimSpace(name), err)
	}
	return nil
}
