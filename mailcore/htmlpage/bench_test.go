package htmlpage_test

import (
	"context"
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/linnet-mail/linnet/mailcore/htmlpage"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/raster"
)

// newsletter makes a letter of about size bytes, with the nested tables and the
// inline styles of its kind.
func newsletter(size int) string {
	var b strings.Builder
	b.WriteString(`<!DOCTYPE html><html><head><style>body{margin:0;font-family:Arial}.card td{padding:10px 20px}a{color:#06c}@media (max-width:480px){.card{width:100%!important}}</style></head><body><table width="100%" cellpadding="0" cellspacing="0" bgcolor="#f0f0f0"><tr><td align="center">`)
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `<table class="card" width="600" cellpadding="0" cellspacing="0" style="background:#fff;border-radius:4px"><tr><td style="font-size:20px;line-height:28px;font-weight:bold;color:#333333;padding:20px 20px 0">Article number %d about the garden</td></tr><tr><td style="font-size:14px;line-height:21px;color:#555555">In week %d the %d beds were dug over, and <b>most of the bulbs</b> went into the ground before the first frost; what is left waits in the shed. <a href="https://garden.example/%d" style="text-decoration:none">Read on</a></td></tr></table>`, i, i%52, i*3, i)
	}
	return b.String() + "</td></tr></table></body></html>"
}

func benchmarkFirstTile(b *testing.B, size int) {
	html := newsletter(size)
	b.SetBytes(int64(len(html)))
	for b.Loop() {
		p, err := htmlpage.Make(context.Background(), html, options())
		if err != nil || p.Notice != htmlpage.NoNotice {
			b.Fatal(err, p.Notice)
		}
		raster.NewPainter(p.List, p.Images, 1).Area(image.Rect(0, 0, 640, 256))
	}
}

func BenchmarkFirstTile100KB(b *testing.B) { benchmarkFirstTile(b, 100<<10) }
func BenchmarkFirstTile1MB(b *testing.B)   { benchmarkFirstTile(b, 1<<20) }
