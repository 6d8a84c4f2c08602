package gui

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"

	"github.com/linnet-mail/linnet/accounts"
	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/desktop"
	"github.com/linnet-mail/linnet/gui/look"
	"github.com/linnet-mail/linnet/gui/setup"
)

// readPreset takes an administrator's list, for a profile without accounts.
func (w *Window) readPreset(data []byte) {
	if data == nil || len(w.mail.accounts.List()) > 0 {
		return
	}
	list, wrong := setup.ReadPresets(w.words, data)
	w.presets, w.presetWrong = list, strings.Join(wrong, "\n")
}

// takePreset returns the next account that was prepared, nil if none is left.
func (w *Window) takePreset() *setup.Preset {
	if len(w.presets) == 0 {
		return nil
	}
	next := w.presets[0]
	w.presets = w.presets[1:]
	return &next
}

// addPrepared goes on with the accounts that were prepared.
func (w *Window) addPrepared() {
	if len(w.presets) > 0 && w.hasAccount() {
		w.addAccount()
	}
}

// maxList bounds a list that is read, in octets: more is no list of accounts.
const maxList = 1<<20 + 1

// importAccounts reads a list of accounts and asks for the passwords of those
// that are not here yet.
func (w *Window) importAccounts() {
	over := w.over()
	desktop.ChooseOpen(over, func(path string) { w.importFrom(over, path) }, w.tellError)
}

func (w *Window) importFrom(over fyne.Window, path string) {
	var data []byte
	w.work(func(context.Context) (err error) {
		data, err = readBounded(path)
		return err
	}, func(err error) {
		if err != nil {
			w.log.Warn("import accounts", "error", err)
			w.say(over, w.words.Say("preset.not_imported", assets.Args{"File": path}))
			return
		}
		w.takeList(over, path, data)
	})
}

func (w *Window) takeList(over fyne.Window, path string, data []byte) {
	list, wrong := setup.ReadPresets(w.words, data)
	if len(wrong) > 0 {
		w.say(over, append([]string{w.words.Say("preset.unusable", assets.Args{"File": path})}, wrong...)...)
		return
	}
	w.presets = slices.DeleteFunc(list, func(p setup.Preset) bool {
		return slices.ContainsFunc(w.overview.working(), func(a accounts.Account) bool { return strings.EqualFold(a.Email, p.Email) })
	})
	if len(w.presets) == 0 {
		w.say(over, w.words.Say("preset.nothing_new"))
		return
	}
	w.addPrepared()
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxList))
}

// exportAccounts writes the list of accounts, without secrets.
func (w *Window) exportAccounts() {
	over := w.over()
	desktop.ChooseSave(over, "linnet-accounts.json", func(path string) { w.exportTo(over, path) }, w.tellError)
}

func (w *Window) exportTo(over fyne.Window, path string) {
	w.work(func(context.Context) error {
		first, _ := w.mail.accounts.Default()
		data, err := setup.WritePresets(w.mail.accounts.List(), first)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return fmt.Errorf("export accounts: %w", err)
		}
		return nil
	}, func(err error) {
		key := "preset.exported"
		if err != nil {
			w.log.Warn("export accounts", "error", err)
			key = "preset.not_exported"
		}
		w.say(over, w.words.Say(key, assets.Args{"File": path}))
	})
}

// over is the window that questions about accounts belong to.
func (w *Window) over() fyne.Window {
	if w.managing != nil {
		return w.managing
	}
	return w.win
}

// say tells something over a window, a paragraph for each sentence.
func (w *Window) say(over fyne.Window, sentences ...string) {
	rows := look.Column(2 * look.Unit)
	for _, s := range sentences {
		rows.Add(look.NewParagraph(s, look.Plain))
	}
	size := over.Canvas().Size()
	page := container.NewVScroll(look.Pad(rows, 4, 16, 4, 4))
	page.SetMinSize(fyne.NewSize(min(480, size.Width-96), min(40+56*float32(len(sentences)), size.Height-260)))
	dialog.ShowCustom(w.words.Say("command.accounts"), w.words.Say("dialog.close"), page, over)
}
