package gui

import (
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// showKeys lists every command that has a key, from the command table.
func (w *Window) showKeys() {
	rows := look.Column(4)
	for _, m := range menus {
		for _, name := range m.items {
			if name == "" {
				continue
			}
			c := w.command(name)
			if keys := w.keysOf(c); keys != "" {
				rows.Add(keyRow(w.title(c), keys))
			}
		}
	}
	rows.Add(look.NewLine())
	for _, key := range []string{"move", "extend", "toggle", "open", "tab", "menu", "escape"} {
		rows.Add(keyRow(w.words.Say("keys."+key+".what"), w.words.Say("keys."+key)))
	}
	page := container.NewVScroll(look.Pad(rows, 4, 16, 4, 4))
	size := w.win.Canvas().Size()
	page.SetMinSize(fyne.NewSize(min(480, size.Width-96), min(520, size.Height-260)))
	dialog.ShowCustom(w.words.Say("command.keys"), w.words.Say("dialog.close"), page, w.win)
}

func keyRow(what, keys string) fyne.CanvasObject {
	return container.NewBorder(nil, nil, nil, look.NewWholeText(keys, look.Small), look.NewText(what, look.Plain))
}

// keysOf says a command's keys.
func (w *Window) keysOf(c *command) string {
	var keys []string
	if c.shortcut != nil {
		keys = append(keys, w.sayShortcut(c.shortcut))
	}
	for _, k := range c.keys {
		keys = append(keys, w.sayKey(k))
	}
	return strings.Join(keys, "  ")
}

func (w *Window) sayShortcut(s *desktop.CustomShortcut) string {
	var parts []string
	for _, m := range []struct {
		mod fyne.KeyModifier
		key string
	}{
		{fyne.KeyModifierControl, "key.ctrl"},
		{fyne.KeyModifierSuper, "key.cmd"},
		{fyne.KeyModifierAlt, "key.alt"},
		{fyne.KeyModifierShift, "key.shift"},
	} {
		if s.Modifier&m.mod != 0 {
			parts = append(parts, w.words.Say(m.key))
		}
	}
	return strings.Join(append(parts, w.sayKey(s.KeyName)), "+")
}

func (w *Window) sayKey(k fyne.KeyName) string {
	switch k {
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyDelete, fyne.KeyBackspace:
		return w.words.Say("key." + strings.ToLower(string(k)))
	}
	return string(k)
}

func (w *Window) showAbout() {
	version := w.version
	if version == "" {
		version = w.words.Say("about.development")
	}
	page := look.Column(8,
		look.NewWholeText(w.words.Say("app.name"), look.Title),
		look.NewWholeText(w.words.Say("about.version", assets.Args{"Version": version, "System": runtime.GOOS + "/" + runtime.GOARCH}), look.Small),
		look.NewParagraph(w.words.Say("about.text"), look.Plain),
	)
	d := dialog.NewCustom(w.words.Say("command.about"), w.words.Say("dialog.close"), look.Pad(page, 4, 4, 12, 4), w.win)
	d.Resize(fyne.NewSize(min(400, w.win.Canvas().Size().Width-48), 240))
	d.Show()
}
