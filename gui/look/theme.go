package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Mode says whether the theme follows the system.
type Mode string

// The modes.
const (
	System Mode = "system"
	Light  Mode = "light"
	Dark   Mode = "dark"
)

// Theme is Linnet's fyne.Theme.
type Theme struct{ mode Mode }

// New returns the theme in the given mode; an unknown mode follows the system.
func New(mode Mode) *Theme {
	if mode != Light && mode != Dark {
		mode = System
	}
	return &Theme{mode: mode}
}

// Mode returns the mode the theme was made for.
func (t *Theme) Mode() Mode { return t.mode }

// Color returns the colour of one of this package's or of Fyne's names.
func (t *Theme) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	switch t.mode {
	case Light:
		v = theme.VariantLight
	case Dark:
		v = theme.VariantDark
	}
	p := paletteOf(v)
	if c, ok := p.named(name); ok {
		return c
	}
	return theme.DefaultTheme().Color(name, v)
}

// Font returns Fyne's bundled Noto Sans.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(s) }

// Icon returns Fyne's icon of that name.
func (t *Theme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

// Size returns a size on the grid.
func (t *Theme) Size(n fyne.ThemeSizeName) float32 {
	switch n {
	case theme.SizeNameText:
		return TextSize
	case theme.SizeNameHeadingText:
		return TitleSize
	case theme.SizeNameSubHeadingText:
		return 16
	case theme.SizeNameCaptionText:
		return LabelSize
	case theme.SizeNameInputRadius, theme.SizeNameButtonRadius, theme.SizeNamePopupRadius, theme.SizeNameMenuRadius:
		return Radius
	case theme.SizeNameSelectionRadius:
		return 6
	case theme.SizeNameCardRadius, theme.SizeNameDialogRadius:
		return CardRadius
	case theme.SizeNameScrollBar:
		return 10
	case theme.SizeNameScrollBarSmall:
		return 4
	case theme.SizeNameModalBlurRadius:
		return 0
	}
	return theme.DefaultTheme().Size(n)
}

// Colour returns a colour of the running program's theme, or of the palette
// where another theme is set.
func Colour(name fyne.ThemeColorName) color.Color {
	settings := fyne.CurrentApp().Settings()
	if t, ok := settings.Theme().(*Theme); ok {
		return t.Color(name, settings.ThemeVariant())
	}
	return New(System).Color(name, settings.ThemeVariant())
}

// IsDark reports whether dark colours are shown just now.
func IsDark() bool {
	settings := fyne.CurrentApp().Settings()
	if t, ok := settings.Theme().(*Theme); ok && t.mode != System {
		return t.mode == Dark
	}
	return settings.ThemeVariant() == theme.VariantDark
}

// RowColour is what lies behind a row of a list: nothing, unless it is chosen or
// under the pointer.
func RowColour(chosen, hovered bool) color.Color {
	switch {
	case chosen:
		return Colour(Selection)
	case hovered:
		return Colour(Hover)
	}
	return color.Transparent
}
