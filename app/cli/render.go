package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"

	"github.com/linnet-mail/linnet/mailcore/htmlpage"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/fonts"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/raster"
)

// drawing is what "linnet render" is asked for.
type drawing struct {
	width, scale  float64
	dark, images  bool
	system        bool
	png, geometry string
}

func render(fs *flag.FlagSet) runner {
	d := &drawing{}
	fs.Float64Var(&d.width, "width", 640, "")
	fs.Float64Var(&d.scale, "scale", 1, "")
	fs.BoolVar(&d.dark, "dark", false, "")
	fs.BoolVar(&d.images, "images", false, "")
	fs.BoolVar(&d.system, "system-fonts", false, "")
	fs.StringVar(&d.png, "png", "", "")
	fs.StringVar(&d.geometry, "geometry", "", "")
	return d.run
}

// run draws one message. The built-in fonts alone make the same picture on every
// machine; --system-fonts adds those of this one.
func (d *drawing) run(ctx context.Context, c *call) error {
	if !(d.width >= 1 && d.width <= 10_000 && d.scale >= 0.1 && d.scale <= 8) {
		return usage("cli.usage.render", nil)
	}
	raw, err := c.file(c.args[0])
	if err != nil {
		return err
	}
	source, fetcher := letter(c.args[0], raw)
	var system fonts.System
	if d.system {
		system = fonts.NewSystem(d.cache())
	}
	page, err := htmlpage.Make(ctx, source, htmlpage.Options{
		Width: d.width, Scale: d.scale, Dark: d.dark, Fetcher: fetcher, Library: fonts.NewLibrary(system),
	})
	if err != nil {
		return err
	}
	c.notice(page, d.images)
	return d.write(c, page)
}

// cache is where the index of the system's fonts is kept.
func (d *drawing) cache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "linnet", "fonts")
}

// notice says what of the message is missing. There is nothing yet that fetches
// images from the network; those that a message carries are shown in any case.
func (c *call) notice(p *htmlpage.Page, images bool) {
	if images && p.Refused > 0 {
		fmt.Fprintln(c.Stderr, c.words.Say("page.no-remote"))
	}
	if p.Notice != htmlpage.NoNotice {
		fmt.Fprintln(c.Stderr, c.words.Say(string(p.Notice)))
	}
}

func (d *drawing) write(c *call, p *htmlpage.Page) error {
	if d.geometry == "" && d.png == "" {
		d.geometry = "-"
	}
	if d.geometry != "" {
		data, err := json.Marshal(p.List.Geometry())
		if err != nil {
			return fmt.Errorf("write the geometry: %w", err)
		}
		if err := c.put(d.geometry, data); err != nil {
			return err
		}
	}
	if d.png == "" {
		return nil
	}
	var out bytes.Buffer
	if err := png.Encode(&out, raster.NewPainter(p.List, p.Images, d.scale).Page()); err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	return c.put(d.png, out.Bytes())
}

// put writes a result into a file, or on standard output for "-".
func (c *call) put(name string, data []byte) error {
	if name == "-" {
		_, err := c.Stdout.Write(data)
		return err
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(c.Dir, name)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		return fmt.Errorf("write a result: %w", err)
	}
	return nil
}
