package gui

import "github.com/linnet-mail/linnet/gui/look"

// themeCommands are the three ways the window can look.
func (w *Window) themeCommands() []*command {
	var out []*command
	for _, mode := range []look.Mode{look.System, look.Light, look.Dark} {
		out = append(out, &command{
			name:    string(mode),
			run:     func() { w.setTheme(mode) },
			checked: func() bool { return w.mode() == mode },
		})
	}
	return out
}

func (w *Window) mode() look.Mode { return look.New(look.Mode(w.state.Theme)).Mode() }

func (w *Window) setTheme(m look.Mode) {
	w.state.Theme = string(m)
	if m == look.System {
		w.state.Theme = ""
	}
	w.app.Settings().SetTheme(look.New(m))
	w.refreshChecks()
	w.remember()
}

// refreshChecks shows in the menu which look is on.
func (w *Window) refreshChecks() {
	for _, menu := range w.menu.Items {
		for _, item := range menu.Items {
			for _, mode := range []look.Mode{look.System, look.Light, look.Dark} {
				if item.Label == w.words.Say("command."+string(mode)) {
					item.Checked = w.mode() == mode
				}
			}
		}
	}
	w.menu.Refresh()
}
