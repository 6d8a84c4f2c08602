package look

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

func start(t *testing.T, m Mode) fyne.App {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(New(m))
	return a
}

func TestForcedModesIgnoreTheSystem(t *testing.T) {
	for _, v := range []fyne.ThemeVariant{theme.VariantLight, theme.VariantDark} {
		if got := New(Dark).Color(Surface, v); got != rgb(0x1D2024) {
			t.Errorf("dark surface on variant %d is %v", v, got)
		}
		if got := New(Light).Color(theme.ColorNameBackground, v); got != rgb(0xFFFFFF) {
			t.Errorf("light background on variant %d is %v", v, got)
		}
	}
	if New(System).Color(Ink, theme.VariantLight) == New(System).Color(Ink, theme.VariantDark) {
		t.Error("the system's variant makes no difference")
	}
	if New("sepia").Mode() != System {
		t.Error("an unknown mode does not follow the system")
	}
}

func TestEveryColourIsLegible(t *testing.T) {
	pairs := [][2]fyne.ThemeColorName{
		{Ink, Surface},
		{Ink, Sidebar},
		{Muted, Surface},
		{Muted, Sidebar},
		{Ink, Selection},
		{AccentInk, Accent},
		{NoticeInk, NoticePaper},
		{Bad, Surface},
		{OK, Surface},
		{Accent, Surface},
		{AvatarInk, AvatarPaper},
		{Ink, ChipPaper},
	}
	for _, m := range []Mode{Light, Dark} {
		for _, p := range pairs {
			if c := contrast(New(m), p[0], p[1]); c < 4.3 {
				t.Errorf("%s: %s on %s has a contrast of %.1f only", m, p[0], p[1], c)
			}
		}
	}
}

func contrast(th *Theme, a, b fyne.ThemeColorName) float64 {
	la, lb := luminance(th, a), luminance(th, b)
	if la < lb {
		la, lb = lb, la
	}
	return (la + 0.05) / (lb + 0.05)
}

func luminance(th *Theme, n fyne.ThemeColorName) float64 {
	r, g, b, _ := th.Color(n, theme.VariantLight).RGBA()
	lin := func(v uint32) float64 {
		c := float64(v) / 0xffff
		return c * c * (0.7 + 0.3*c) // close enough to the sRGB curve
	}
	return 0.2126*lin(r) + 0.7152*lin(g) + 0.0722*lin(b)
}

func TestButtonByKeyboard(t *testing.T) {
	start(t, Light)
	n := 0
	b := NewPrimary("Send", func() { n++ })
	w := test.NewTempWindow(t, container.NewVBox(b))
	w.Canvas().Focus(b)
	for _, k := range []fyne.KeyName{fyne.KeyReturn, fyne.KeySpace, fyne.KeyA} {
		b.TypedKey(&fyne.KeyEvent{Name: k})
	}
	if n != 2 {
		t.Fatalf("Return and Space pressed the button %d times", n)
	}
	b.Disable()
	b.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if n != 2 {
		t.Fatal("a disabled button can be pressed")
	}
}

func TestRulerCutsWhereTheTextEnds(t *testing.T) {
	start(t, Light)
	ruler := NewRuler()
	for _, s := range []string{
		"Thank you Anna, the second version is exactly what we had in mind.", "Πρακτικά της συνάντησης και άλλα",
		"e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301",
	} {
		for _, width := range []float32{0, 5, 60, 120, 1000} {
			got := ruler.Cut(s, width, Plain)
			if width == 1000 && got != s {
				t.Errorf("%q was cut although there was room", s)
			}
			if width >= 60 && Plain.Width(got) > width+3 {
				t.Errorf("%q is %.1f wide, more than %.0f", got, Plain.Width(got), width)
			}
			if strings.HasPrefix(got, "\u0301") || strings.HasSuffix(got, "e…") && strings.HasPrefix(s, "e\u0301") {
				t.Errorf("%q lost the mark of a letter", got)
			}
		}
	}
}

func TestParagraphWraps(t *testing.T) {
	start(t, Light)
	p := NewParagraph("one two three\nfour "+strings.Repeat("x", 200), Plain)
	for _, line := range wrap(p.Text(), 90, Plain) {
		if w := Plain.Width(line); w > 91 {
			t.Errorf("line %q is %.0f wide", line, w)
		}
	}
	if p.HeightFor(90) <= p.HeightFor(2000) {
		t.Error("a narrow paragraph is not higher than a wide one")
	}
	if got := wrap("", 90, Plain); len(got) != 1 {
		t.Errorf("an empty paragraph has %d lines", len(got))
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Jonas Weber": "JW", "jonas.weber@druckhaus.example": "JW", "Ines": "I", "": "?", "«»": "?",
		"Anna Maria (work) Becker": "AB", "Αλέξης Παπάς": "ΑΠ",
	} {
		if got := Initials(name); got != want {
			t.Errorf("initials of %q are %q, not %q", name, got, want)
		}
	}
}

// TestGallery draws every widget, in both modes, and checks that each leaves a
// mark and that the two modes differ.
func TestGallery(t *testing.T) {
	for _, m := range []Mode{Light, Dark} {
		start(t, m)
		for name, o := range gallery() {
			w := test.NewTempWindow(t, o)
			w.Resize(fyne.NewSize(420, 120))
			img := w.Canvas().Capture()
			first := img.At(img.Bounds().Dx()-1, img.Bounds().Dy()-1)
			marks := 0
			for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
				for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
					if img.At(x, y) != first {
						marks++
					}
				}
			}
			if marks < 20 {
				t.Errorf("%s: %s leaves no mark", m, name)
			}
		}
	}
}

func gallery() map[string]fyne.CanvasObject {
	e := NewEntry()
	e.SetText("anna@becker.example")
	return map[string]fyne.CanvasObject{
		"primary": Row(8, NewPrimary("Send", nil)), "word": Row(8, NewWord("Reply", nil)), "quiet": Row(8, NewQuiet("More", nil)),
		"link": Row(8, NewLink("show all", nil)), "notice": Column(8, NewNotice("Pictures not loaded.", "Show once", nil)),
		"card": NewCard(NewText("Add your mail", Title), 24), "chip": Row(8, NewChip("Ines Costa")),
		"avatar": Row(8, NewAvatar("Jonas Weber", 36)), "entry": Column(8, NewField("E-mail address", e)),
		"line": Column(8, NewText("x", Plain), NewLine()),
	}
}
