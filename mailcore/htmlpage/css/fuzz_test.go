package css

import "testing"

// FuzzParse reads anything as a style sheet and as a style attribute.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"a{color:red}", "@media screen and (max-width:600px){.x,#y>z+w~q{margin:0 auto!important}}", "p{background:url(x) no-repeat 50% 1px/cover,linear-gradient(to right,red 10%,blue)}",
		"a:not(.b):nth-child(2n+1)::before{content:'\\201c'}", "p{font:italic bold 12px/1.5 'A b',serif;--x:1;width:calc(1px*(2 + var(--x)))}", "<!-- a{} -->", "@import url(x);@font-face{}", "a{b:c;d:e}}f{g:h}", "[a|=b i]{}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		for _, quirks := range []bool{false, true} {
			sheet := Parse(source, 1000, quirks)
			if len(sheet.Rules) > 1000 {
				t.Fatal("more rules than allowed")
			}
			for _, s := range ParseInline(source, quirks) {
				if s.Prop >= PropCount {
					t.Fatalf("no such property: %d", s.Prop)
				}
			}
			ParseMedia(source).Matches(Screen{Width: 640, Height: 100})
		}
	})
}
