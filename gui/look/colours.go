package look

import (
	"image/color"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// The names of Linnet's colours. The accent is used for the one primary action,
// selection, unread and links; everything else is ink, muted ink, lines and paper.
const (
	Sidebar     fyne.ThemeColorName = "linnet.sidebar"
	Surface     fyne.ThemeColorName = "linnet.surface"
	Ink         fyne.ThemeColorName = "linnet.ink"
	Muted       fyne.ThemeColorName = "linnet.muted"
	Line        fyne.ThemeColorName = "linnet.line"
	Accent      fyne.ThemeColorName = "linnet.accent"
	AccentInk   fyne.ThemeColorName = "linnet.accentInk" // text on the accent
	Selection   fyne.ThemeColorName = "linnet.selection"
	Hover       fyne.ThemeColorName = "linnet.hover"
	ChipPaper   fyne.ThemeColorName = "linnet.chip"
	Star        fyne.ThemeColorName = "linnet.star"
	Bad         fyne.ThemeColorName = "linnet.bad"
	OK          fyne.ThemeColorName = "linnet.ok"
	NoticePaper fyne.ThemeColorName = "linnet.noticePaper"
	NoticeInk   fyne.ThemeColorName = "linnet.noticeInk"
	AvatarPaper fyne.ThemeColorName = "linnet.avatarPaper"
	AvatarInk   fyne.ThemeColorName = "linnet.avatarInk"
)

type palette struct {
	sidebar, surface, ink, muted, line          color.NRGBA
	accent, accentInk, selection, hover         color.NRGBA
	chip, star, bad, ok, noticePaper, noticeInk color.NRGBA
	avatarPaper, avatarInk, shadow              color.NRGBA
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

func faded(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}

func paletteOf(v fyne.ThemeVariant) palette {
	if v == theme.VariantDark {
		return palette{
			sidebar: rgb(0x16181B), surface: rgb(0x1D2024), ink: rgb(0xE6E8EB), muted: rgb(0x9AA1AA), line: rgb(0x2B2F35),
			accent: rgb(0x74A4FF), accentInk: rgb(0x10141A), selection: rgb(0x24354F), hover: rgb(0x24282D),
			chip: rgb(0x2A2E34), star: rgb(0xE5B53A), bad: rgb(0xFF8078), ok: rgb(0x6CC592),
			noticePaper: rgb(0x3A3118), noticeInk: rgb(0xF0D48A),
			avatarPaper: rgb(0x2C4268), avatarInk: rgb(0xBBD3FF), shadow: color.NRGBA{A: 0x80},
		}
	}
	return palette{
		sidebar: rgb(0xF4F4F1), surface: rgb(0xFFFFFF), ink: rgb(0x1F2328), muted: rgb(0x6B7280), line: rgb(0xE6E6E2),
		accent: rgb(0x2F6FDE), accentInk: rgb(0xFFFFFF), selection: rgb(0xE4EDFC), hover: rgb(0xF3F4F6),
		chip: rgb(0xEEF0F3), star: rgb(0xD99A00), bad: rgb(0xC8362E), ok: rgb(0x2E7D4F),
		noticePaper: rgb(0xFDF3DC), noticeInk: rgb(0x7A5A00),
		avatarPaper: rgb(0xCBDDF9), avatarInk: rgb(0x1F4FA8), shadow: color.NRGBA{A: 0x2A},
	}
}

func (p palette) named(name fyne.ThemeColorName) (color.Color, bool) {
	if c, ok := p.own(name); ok {
		return c, true
	}
	return p.fynes(name)
}

func (p palette) own(name fyne.ThemeColorName) (color.Color, bool) {
	c, ok := map[fyne.ThemeColorName]color.NRGBA{
		Sidebar: p.sidebar, Surface: p.surface, Ink: p.ink, Muted: p.muted, Line: p.line,
		Accent: p.accent, AccentInk: p.accentInk, Selection: p.selection, Hover: p.hover,
		ChipPaper: p.chip, Star: p.star, Bad: p.bad, OK: p.ok,
		NoticePaper: p.noticePaper, NoticeInk: p.noticeInk, AvatarPaper: p.avatarPaper, AvatarInk: p.avatarInk,
	}[name]
	return c, ok
}

// fynes maps Fyne's names, so that its own widgets look like ours.
func (p palette) fynes(name fyne.ThemeColorName) (color.Color, bool) {
	switch name {
	case theme.ColorNameBackground, theme.ColorNameInputBackground, theme.ColorNameMenuBackground,
		theme.ColorNameOverlayBackground, theme.ColorNameHeaderBackground:
		return p.surface, true
	case theme.ColorNameForeground:
		return p.ink, true
	case theme.ColorNamePlaceHolder, theme.ColorNameDisabled:
		return p.muted, true
	case theme.ColorNameButton, theme.ColorNameDisabledButton:
		return p.chip, true
	case theme.ColorNamePrimary, theme.ColorNameHyperlink:
		return p.accent, true
	case theme.ColorNameForegroundOnPrimary, theme.ColorNameForegroundOnError, theme.ColorNameForegroundOnSuccess:
		return p.accentInk, true
	case theme.ColorNameSelection:
		return p.selection, true
	case theme.ColorNameHover:
		return faded(p.muted, 0x22), true
	case theme.ColorNamePressed, theme.ColorNameFocus:
		return faded(p.accent, 0x40), true
	}
	return p.fynesLines(name)
}

func (p palette) fynesLines(name fyne.ThemeColorName) (color.Color, bool) {
	switch name {
	case theme.ColorNameSeparator:
		return p.line, true
	case theme.ColorNameInputBorder: // a field must be seen before it is in use
		return faded(p.muted, 0x70), true
	case theme.ColorNameError:
		return p.bad, true
	case theme.ColorNameSuccess:
		return p.ok, true
	case theme.ColorNameWarning:
		return p.star, true
	case theme.ColorNameForegroundOnWarning:
		return p.accentInk, true
	case theme.ColorNameScrollBar:
		return faded(p.muted, 0x90), true
	case theme.ColorNameScrollBarBackground:
		return color.Transparent, true
	case theme.ColorNameShadow:
		return p.shadow, true
	}
	return nil, false
}

// Faded returns c with the given opacity, 0 to 255.
func Faded(c color.Color, alpha uint8) color.Color {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	n.A = alpha
	return n
}

// ParseColour reads "#rrggbb"; anything else is the muted ink.
func ParseColour(s string) color.Color {
	if len(s) == 7 && s[0] == '#' {
		if v, err := strconv.ParseUint(s[1:], 16, 24); err == nil {
			return rgb(uint32(v))
		}
	}
	return Colour(Muted)
}
