package htmlpage_test

import (
	"context"
	"errors"
	"image"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/linnet-mail/linnet/mailcore/htmlpage"
	"github.com/linnet-mail/linnet/mailcore/htmlpage/raster"
)

// canary notes everything that it is asked for.
type canary struct {
	mu    sync.Mutex
	asked []string
}

var errCanary = errors.New("the canary gives nothing")

func (c *canary) Fetch(_ context.Context, ref string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, ref)
	return nil, errCanary
}

// leaks are ways in which HTML makes a reader fetch something; U stands for the
// address. None of them may ask for it unless the entry begins with "image:",
// and those only after consent.
var leaks = strings.Split(strings.TrimSpace(`
image:<img src="U">
image:<img src='U' width=20>
image:<IMG SRC=U alt=x>
image:<img src=" U ">
image:<table background="U"><tr><td>x</table>
image:<table><tr><td background="U">x</table>
image:<body background="U">x
image:<div style="background:url(U)">x</div>
image:<div style="background-image:url('U')">x</div>
image:<style>p{background:url(U)}</style><p>x
image:<style>p::before{content:"x";background:url(U)}</style><p>x
<img srcset="U 2x">
<img src="data:," srcset="U">
<img lowsrc="U">
<img dynsrc="U">
<img longdesc="U">
<img usemap="U">
<img src="U" width=1 height=1>
<img src="U" style="width:1px;height:1px">
<img src="U" width="0" height="0">
<img src="U" style="display:none">
<img src="U" style="visibility:hidden">
<div style="display:none"><img src="U"></div>
<picture><source srcset="U"></picture>
<picture><source srcset="U" media="(min-width:1px)"><img></picture>
image:<image src="U">
<image xlink:href="U">
<input type=image src="U">
<input src="U">
<video src="U"></video>
<video poster="U"></video>
<video><source src="U"></video>
<video><track src="U"></video>
<audio src="U"></audio>
<audio><source src="U"></audio>
<link rel=stylesheet href="U">
<link rel=icon href="U">
<link rel=dns-prefetch href="U">
<link rel=preconnect href="U">
<link rel=preload as=image href="U">
<link rel=prefetch href="U">
<link rel=manifest href="U">
<link rel=import href="U">
<link rel=modulepreload href="U">
<base href="U"><img src="a.png">
<base href="U"><table background="b.png"><tr><td>x</table>
<meta http-equiv=refresh content="0;url=U">
<meta http-equiv=Content-Security-Policy content="report-uri U">
<meta http-equiv=link content="<U>; rel=preload">
<!DOCTYPE html SYSTEM "U"><p>x
<!DOCTYPE html PUBLIC "-//X//EN" "U"><p>x
<style>@import url(U);</style>
<style>@import "U";</style>
<style>@import url("U") screen;</style>
<style>@IMPORT 'U';</style>
<style>@im\70ort url(U);</style>
<style>@font-face{font-family:x;src:url(U)}p{font-family:x}</style><p>x
<style>@namespace url(U);</style>
<style>@document url(U){p{color:red}}</style>
<style>p{cursor:url(U),auto}</style><p>x
<style>p{content:url(U)}</style><p>x
<style>p::before{content:url(U)}</style><p>x
<style>p::after{content:"a" url(U)}</style><p>x
<style>li{list-style-image:url(U)}</style><ul><li>x</ul>
<style>li{list-style:url(U)}</style><ul><li>x</ul>
<style>p{border-image:url(U) 30 round}</style><p>x
<style>p{border-image-source:url(U)}</style><p>x
<style>p{mask:url(U)}</style><p>x
<style>p{-webkit-mask-image:url(U)}</style><p>x
<style>p{filter:url(U#f)}</style><p>x
<style>p{clip-path:url(U#c)}</style><p>x
<style>p{shape-outside:url(U)}</style><p>x
<style>p{offset-path:url(U)}</style><p>x
<style>p{behavior:url(U)}</style><p>x
<style>p{-moz-binding:url(U#x)}</style><p>x
<style>p{background-image:image-set(url(U) 1x)}</style><p>x
<style>p{background-image:-webkit-image-set("U" 1x)}</style><p>x
<style>p{background-image:cross-fade(url(U),red)}</style><p>x
<style>p{background-image:image("U")}</style><p>x
<style>p{background-image:element(url(U))}</style><p>x
<style>p{background:src("U")}</style><p>x
<style>:root{--u:url(U)}</style><p>x
<style>a:visited{background:url(U)}</style><a href="#">x</a>
<style>a:hover{background:url(U)}</style><a href="#">x</a>
<style>p:active{background:url(U)}</style><p>x
<style>@media print{p{background:url(U)}}</style><p>x
<style>@media (max-width:1px){p{background:url(U)}}</style><p>x
<style>#no{background:url(U)}</style><p>x
<style>@supports (not:there){p{background:url(U)}}</style><p>x
<style>@keyframes k{from{background:url(U)}}p{animation:k 1s}</style><p>x
<style>@page{background:url(U)}</style><p>x
<style>@property --p{syntax:"<url>";inherits:false;initial-value:url(U)}</style><p>x
<style>@counter-style c{symbols:url(U)}</style><p>x
<style>p::selection{background:url(U)}</style><p>x
<style>p{display:none;background:url(U)}</style><p>x
<p style="behavior:url(U)">x
<p style="list-style:url(U)">x
<p style="cursor:url(U)">x
<p style="src:url(U)">x
<p style="border-image:url(U)">x
<svg><image href="U"/></svg>
<svg><image xlink:href="U"/></svg>
<svg><use href="U#x"/></svg>
<svg><feImage href="U"/></svg>
<svg><rect fill="url(U#p)"/></svg>
<svg><style>@import url(U);</style></svg>
<svg><script href="U"></script></svg>
<svg><foreignObject><img src="U"></foreignObject></svg>
<svg><animate attributeName=href to="U"/></svg>
<svg style="background:none"><a href="U">x</a></svg>
<math><mglyph src="U"></math>
<math><maction actiontype=statusline xlink:href="U">x</maction></math>
<math><annotation-xml encoding=text/html><img src="U"></annotation-xml></math>
<object data="U"></object>
<object><param name=src value="U"></object>
<object classid="U"></object>
<object codebase="U"></object>
<embed src="U">
<applet code="U" archive="U"></applet>
<iframe src="U"></iframe>
<iframe srcdoc="<img src=U>"></iframe>
<frameset><frame src="U"></frameset>
<script src="U"></script>
<script>new Image().src="U"</script>
<template><img src="U"></template>
<form action="U"><input type=submit></form>
<form><button formaction="U">x</button></form>
<a href="#" ping="U">x</a>
<a href="U">x</a>
<a href="U" download>x</a>
<area href="U">
<map><area ping="U" href="#"></map>
<q cite="U">x</q>
<blockquote cite="U">x</blockquote>
<ins cite="U">x</ins>
<html manifest="U"><p>x
<head profile="U"></head><p>x
<div itemscope itemid="U">x</div>
<bgsound src="U">
<layer src="U"></layer>
<xml src="U"></xml>
<v:image src="U"></v:image>
<v:fill src="U"></v:fill>
<v:rect><v:fill type=frame src="U"/></v:rect>
<!--[if gte mso 9]><v:image src="U"/><![endif]-->
<!--[if mso]><img src="U"><![endif]-->
<!--<img src="U">-->
<noframes><img src="U"></noframes>
<textarea><img src="U"></textarea>
<select><option style="background:url(U)">x</select>
<title><img src="U"></title>
<dialog><img src="U"></dialog>
<progress style="background:url(U)"></progress>
<canvas style="background:url(U)"></canvas>
<marquee onstart="fetch('U')">x</marquee>
<details ontoggle="fetch('U')"><summary>x</summary></details>
<img onerror="fetch('U')">
<body onload="fetch('U')">x
<p style="background:url(javascript:fetch('U'))">x
<img src="javascript:fetch('U')">
<img src="file:///etc/U">
<img src="ftp://x/U">
<img src="ws:U">
<img src="view-source:U">
<img src="jar:U!/x">
<img src="feed:U">
<img src="blob:U">
<img src="mhtml:U">
<img src="\\U\x">
<img src="relative/U">
<p style="background:url(cid2:U)">x
<p style='background:url("data:image/svg+xml,<svg><image href=%22U%22/></svg>")'>x
<img src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='U'/></svg>">
<img src="data:text/html,<img src='U'>">
`), "\n")

// forms are ways to write an address.
var forms = []string{"http://canary.invalid/x.png", "HTTPS://canary.invalid:8080/x.png?a=1&b=2"}

// odd are ways that no browser of mail should follow at all.
var odd = []string{"//canary.invalid/x.png", "http:canary.invalid/x.png"}

func open(t *testing.T, html string, remote bool) []string {
	t.Helper()
	c := &canary{}
	o := options()
	o.Fetcher, o.Remote = c, remote
	for _, dark := range []bool{false, true} {
		o.Dark = dark
		p, err := htmlpage.Make(context.Background(), html, o)
		if err != nil {
			t.Fatal(err)
		}
		raster.NewPainter(p.List, p.Images, 1).Area(image.Rect(0, 0, 640, 64))
		p.List.Geometry()
	}
	return c.asked
}

// TestOpeningContactsNobody opens every vector in every form: without consent
// nothing is asked for; with it, exactly the images.
func TestOpeningContactsNobody(t *testing.T) {
	count := 0
	for _, line := range leaks {
		vector, shows := strings.CutPrefix(line, "image:")
		for _, address := range slices.Concat(forms, odd) {
			count++
			html := strings.ReplaceAll(vector, "U", address)
			if asked := open(t, html, false); len(asked) > 0 {
				t.Errorf("%s asked for %q", html, asked)
			}
			want := shows && slices.Contains(forms, address)
			asked := open(t, html, true)
			if want != (len(asked) > 0) {
				t.Errorf("after consent %s asked for %q", html, asked)
			}
			for _, ref := range asked {
				if ref != address {
					t.Errorf("%s asked for %q", html, ref)
				}
			}
		}
	}
	if count < 200 {
		t.Errorf("only %d vectors", count)
	}
}

// TestEscapedAddresses: CSS may hide url() behind escapes; it is an image like
// any other then, behind the same gate.
func TestEscapedAddresses(t *testing.T) {
	for _, css := range []string{
		`background:u\72l(http://canary.invalid/x.png)`, `background:\75\72\6c(http://canary.invalid/x.png)`,
		`background:url(http:\2f\2f canary.invalid/x.png)`, `b\61 ckground-image:url(http://canary.invalid/x.png)`,
		`--a:url(http://canary.invalid/x.png);background:var(--a)`,
	} {
		html := "<p style='" + css + "'>x"
		if asked := open(t, html, false); len(asked) > 0 {
			t.Errorf("%s asked for %q", html, asked)
		}
		for _, ref := range open(t, html, true) {
			if ref != "http://canary.invalid/x.png" {
				t.Errorf("%s asked for %q", html, ref)
			}
		}
	}
}
