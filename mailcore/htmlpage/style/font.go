package style

import (
	"strings"

	"github.com/linnet-mail/linnet/mailcore/htmlpage/css"
)

// absoluteSizes are the font sizes by keyword, for a medium of 16.
var absoluteSizes = map[string]float64{
	"xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24, "xx-large": 32, "xxx-large": 48,
}

// monoSizes are those of a font family that is monospace alone.
var monoSizes = map[string]float64{
	"xx-small": 9, "x-small": 9, "small": 10, "medium": 13, "large": 16, "x-large": 18, "xx-large": 24, "xxx-large": 32,
}

func (k *computing) font(p css.Prop, v css.Value) {
	switch p {
	case css.ColorProp:
		k.Color = k.parent.Color
		if v.Kind == css.Colour {
			k.Color = v.Color
		}
	case css.FontSize:
		k.fontSize(v)
	case css.FontFamily:
		k.family(v)
	case css.FontStyle:
		k.Italic = !v.Is("normal")
	case css.FontWeight:
		k.Weight = weight(v, k.parent.Weight)
	case css.FontVariant:
		k.SmallCaps = v.Is("small-caps")
	}
}

func (k *computing) fontSize(v css.Value) {
	parent := k.parent.FontSize
	k.Keyworded = k.parent.Keyworded
	switch {
	case v.Kind == css.Keyword:
		switch v.Text {
		case "smaller":
			k.FontSize = parent / 1.2
		case "larger":
			k.FontSize = parent * 1.2
		default:
			k.Keyworded = true
			k.FontSize = absoluteSizes[v.Text]
			if mono(k.Families) {
				k.FontSize = monoSizes[v.Text]
			}
		}
	default:
		if v.Kind == css.Length && v.Unit != css.Em && v.Unit != css.Ex && v.Unit != css.Ch {
			k.Keyworded = false
		}
		k.FontSize = k.lengthIn(v, &k.parent.Inherited).Of(parent)
	}
	k.FontSize = max(0, min(k.FontSize, 10000))
}

// family sets the fonts. A family that is monospace alone has a smaller medium
// size, which a size that came from keywords follows.
func (k *computing) family(v css.Value) {
	before := mono(k.parent.Families)
	k.Families = nil
	for _, f := range v.Items {
		k.Families = append(k.Families, Family{f.Text, f.Kind == css.Text})
	}
	after := mono(k.Families)
	if before == after || !k.Keyworded {
		return
	}
	if size := k.w.value[css.FontSize]; size != nil && size.Kind == css.Keyword {
		if px, ok := monoSizes[size.Text]; ok && after {
			k.FontSize = px
		}
		return
	}
	if after {
		k.FontSize *= 13.0 / 16
	} else {
		k.FontSize *= 16.0 / 13
	}
}

func mono(f []Family) bool {
	return len(f) == 1 && !f[0].Quoted && f[0].Name == "monospace"
}

func weight(v css.Value, parent int) int {
	if v.Kind == css.Num {
		return int(max(1, min(1000, v.Num)))
	}
	switch v.Text {
	case "bold":
		return 700
	case "bolder":
		switch {
		case parent < 350:
			return 400
		case parent < 550:
			return 700
		}
		return max(parent, 900)
	case "lighter":
		switch {
		case parent < 550:
			return 100
		case parent < 750:
			return 400
		}
		return 700
	}
	return 400
}

func (k *computing) text(p css.Prop, v css.Value) {
	s := k.Style
	switch p {
	case css.LineHeight:
		k.lineHeight(v)
	case css.LetterSpacing:
		s.LetterSpacing = k.spacing(v)
	case css.WordSpacing:
		s.WordSpacing = k.spacing(v)
	case css.TextAlign:
		s.TextAlign = k.align(v.Text)
	case css.TextIndent:
		s.TextIndent = k.length(v)
	case css.TextTransform:
		s.Transform = v.Text
	case css.TextDecorationLine:
		k.decorationLine(v.Text)
	case css.TextDecorationColor, css.TextDecorationStyle:
		k.decorationLook(p, v)
	case css.TextOverflow:
		s.Ellipsis = v.Is("ellipsis")
	case css.WhiteSpace:
		s.WhiteSpace = v.Text
	case css.WordBreak:
		s.WordBreak = v.Text
	case css.OverflowWrap:
		s.OverflowWrap = v.Text
	case css.Direction:
		s.RTL = v.Is("rtl")
	case css.UnicodeBidi:
		s.UnicodeBidi = v.Text
	case css.VerticalAlign:
		s.VerticalAlign, s.VerticalShift = v.Text, Len{}
		if v.Kind != css.Keyword {
			s.VerticalAlign, s.VerticalShift = "", k.length(v)
		}
	default:
		k.listOrTable(p, v)
	}
}

func (k *computing) listOrTable(p css.Prop, v css.Value) {
	s := k.Style
	switch p {
	case css.ListStyleType:
		s.ListType, s.ListText = v.Text, v.Kind == css.Text
	case css.ListStylePosition:
		s.ListInside = v.Is("inside")
	case css.ListStyleImage:
		s.ListImage = ""
		if v.Kind == css.Link {
			s.ListImage = v.Text
		}
	case css.Visibility:
		s.Visible = v.Is("visible")
	case css.BorderCollapse:
		s.Collapse = v.Is("collapse")
	case css.BorderSpacing:
		s.SpacingX, s.SpacingY = k.pixels(v.Items[0], 0), k.pixels(v.Items[1], 0)
	case css.CaptionSide:
		s.CaptionBottom = v.Is("bottom")
	case css.EmptyCells:
		s.HideEmpty = v.Is("hide")
	}
}

func (k *computing) lineHeight(v css.Value) {
	switch v.Kind {
	case css.Keyword:
		k.LineHeight = LineHeight{Normal: true}
	case css.Num:
		k.LineHeight = LineHeight{Factor: v.Num}
		if v.Num == 0 {
			k.LineHeight = LineHeight{}
		}
	default:
		k.LineHeight = LineHeight{Px: k.pixels(v, k.FontSize)}
	}
}

func (k *computing) spacing(v css.Value) float64 {
	if v.Kind == css.Keyword {
		return 0
	}
	return k.pixels(v, k.FontSize)
}

func (k *computing) align(word string) string {
	switch word {
	case "match-parent", "-webkit-match-parent":
		return k.parent.TextAlign
	case "-webkit-auto":
		return "start"
	}
	return word
}

func (k *computing) decorationLine(words string) {
	line := Line{On: true, Color: k.Color, Style: "solid"}
	for w := range strings.FieldsSeq(words) {
		switch w {
		case "underline":
			k.Decorations.Under = line
		case "overline":
			k.Decorations.Over = line
		case "line-through":
			k.Decorations.Through = line
		}
	}
}

func (k *computing) decorationLook(p css.Prop, v css.Value) {
	for _, l := range []*Line{&k.Decorations.Under, &k.Decorations.Over, &k.Decorations.Through} {
		if !l.On {
			continue
		}
		if p == css.TextDecorationColor {
			l.Color = k.color(v)
		} else {
			l.Style = v.Text
		}
	}
}
