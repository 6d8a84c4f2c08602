package gui

import (
	"runtime"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// command is one thing that a person can do. Menu bar, toolbar, context menu,
// shortcuts and the keyboard help are made from the table of them, and from
// nothing else.
type command struct {
	name     string // "reply"; its title is the translation "command.reply"
	shortcut *desktop.CustomShortcut
	keys     []fyne.KeyName // plain keys, where no text is being typed
	enabled  func() bool    // nil: always
	checked  func() bool    // nil: has no check mark
	run      func()
}

// The menus: names of commands, "" for a separator.
type menu struct {
	name  string // its title is the translation "menu.<name>"
	items []string
}

var menus = []menu{
	{"file", []string{"new", "getmail", "", "accounts", "editaccount", "addaccount", "checkconnection", "", "quit"}},
	{"edit", []string{"selectall", "search"}},
	{"message", []string{
		"open", "", "reply", "replyall", "forward", "", "archive", "delete", "move", "junk", "notjunk", "",
		"read", "unread", "star", "unstar", "", "next", "previous",
	}},
	{"view", []string{"system", "light", "dark"}},
	{"help", []string{"keys", "about"}},
}

// The toolbar, from the left; "" is a thin line.
var toolbarItems = []string{"reply", "replyall", "forward", "", "archive", "delete", "move"}

var (
	accountItems = []string{"editaccount", "accounts", "addaccount"}

	moreItems = []string{
		"reply", "replyall", "forward", "", "archive", "delete", "move", "", "junk", "notjunk", "read", "unread", "star", "unstar",
	}
	contextItems = []string{
		"open", "", "reply", "replyall", "forward", "", "archive", "delete", "move", "junk", "notjunk", "", "read", "unread", "star", "unstar",
	}
)

func ctrl(key fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault}
}

func ctrlShift(key fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift}
}

func alt(key fyne.KeyName) *desktop.CustomShortcut {
	return &desktop.CustomShortcut{KeyName: key, Modifier: fyne.KeyModifierAlt}
}

// deleteKeys returns the keys that delete: a Mac's keyboard calls Backspace so.
func deleteKeys() []fyne.KeyName {
	if runtime.GOOS == "darwin" {
		return []fyne.KeyName{fyne.KeyDelete, fyne.KeyBackspace}
	}
	return []fyne.KeyName{fyne.KeyDelete}
}

// makeCommands fills the table.
func (w *Window) makeCommands() []*command {
	some, one := w.someChosen, w.oneChosen
	return slices.Concat([]*command{
		{name: "new", shortcut: ctrl(fyne.KeyN), enabled: w.canWrite, run: w.newMessage},
		{name: "getmail", shortcut: ctrlShift(fyne.KeyG), keys: []fyne.KeyName{fyne.KeyF5}, enabled: w.canWrite, run: w.getMail},
		{name: "addaccount", run: w.addAccount},
		{name: "accounts", shortcut: ctrlShift(fyne.KeyA), enabled: w.hasAccount, run: w.manageAccounts},
		{name: "editaccount", enabled: w.hasAccount, run: w.editAccount},
		{name: "checkconnection", enabled: w.canCheck, run: w.checkConnection},
		{name: "quit", shortcut: ctrl(fyne.KeyQ), run: w.quit},
		{name: "selectall", shortcut: ctrl(fyne.KeyA), run: w.selectAll},
		{name: "search", shortcut: ctrl(fyne.KeyF), enabled: w.hasAccount, run: w.focusSearch},
		{name: "open", enabled: one, run: w.openChosen},
		{name: "next", shortcut: alt(fyne.KeyDown), keys: []fyne.KeyName{fyne.KeyN}, enabled: w.hasMessages, run: func() { w.step(1) }},
		{name: "previous", shortcut: alt(fyne.KeyUp), keys: []fyne.KeyName{fyne.KeyP}, enabled: w.hasMessages, run: func() { w.step(-1) }},
		{name: "reply", shortcut: ctrl(fyne.KeyR), enabled: w.canAnswer, run: w.reply},
		{name: "replyall", shortcut: ctrlShift(fyne.KeyR), enabled: w.canAnswer, run: w.replyAll},
		{name: "forward", shortcut: ctrl(fyne.KeyL), enabled: w.canAnswer, run: w.forward},
		{name: "archive", shortcut: ctrl(fyne.KeyE), enabled: w.canArchive, run: w.archive},
		{name: "delete", shortcut: ctrl(fyne.KeyD), keys: deleteKeys(), enabled: some, run: w.delete},
		{name: "move", shortcut: ctrlShift(fyne.KeyM), enabled: some, run: w.move},
		{name: "junk", shortcut: ctrl(fyne.KeyJ), enabled: w.canJunk, run: w.junk},
		{name: "notjunk", shortcut: ctrlShift(fyne.KeyJ), enabled: w.canUnjunk, run: w.notJunk},
		{name: "read", shortcut: ctrl(fyne.KeyM), enabled: w.anyUnread, run: w.markRead},
		{name: "unread", shortcut: ctrl(fyne.KeyU), enabled: w.anyRead, run: w.markUnread},
		{name: "star", shortcut: ctrlShift(fyne.KeyS), enabled: w.anyPlain, run: w.star},
		{name: "unstar", shortcut: ctrlShift(fyne.KeyU), enabled: w.anyStarred, run: w.unstar},
		{name: "keys", keys: []fyne.KeyName{fyne.KeyF1}, run: w.showKeys},
		{name: "about", run: w.showAbout},
	}, w.themeCommands())
}

func (w *Window) command(name string) *command {
	for _, c := range w.commands {
		if c.name == name {
			return c
		}
	}
	return nil
}

func (w *Window) title(c *command) string { return w.words.Say("command." + c.name) }

func (c *command) can() bool { return c.enabled == nil || c.enabled() }

// run does what the command of this name does, if it can be done just now.
// While a question is open, nothing behind it is.
func (w *Window) run(name string) {
	if w.question() != nil {
		return
	}
	if c := w.command(name); c != nil && c.can() {
		c.run()
	}
}

// runKey runs the command of a plain key; text that is being typed never comes
// here, since entries keep their keys.
func (w *Window) runKey(e *fyne.KeyEvent) {
	if q := w.question(); q != nil {
		if e.Name == fyne.KeyEscape {
			w.win.Canvas().Overlays().Remove(q) // every question is made anew when it is asked again
		}
		return
	}
	if e.Name == fyne.KeyEscape {
		w.escape()
		return
	}
	for _, c := range w.commands {
		if slices.Contains(c.keys, e.Name) && c.can() {
			c.run()
			return
		}
	}
}

// question returns what lies over the window: a dialog, a chooser, a menu.
func (w *Window) question() fyne.CanvasObject { return w.win.Canvas().Overlays().Top() }

// mainMenu makes the menu bar. Every shortcut is in it, because those of the
// menu bar come before an entry swallows them.
func (w *Window) mainMenu() *fyne.MainMenu {
	m := &fyne.MainMenu{}
	for _, one := range menus {
		m.Items = append(m.Items, fyne.NewMenu(w.words.Say("menu."+one.name), w.menuItems(one.items, false)...))
	}
	return m
}

// menuItems makes the items of a menu. Where compact is true, what cannot be
// done is left out instead of greyed.
func (w *Window) menuItems(names []string, compact bool) []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, name := range names {
		if name == "" {
			if n := len(items); n > 0 && !items[n-1].IsSeparator {
				items = append(items, fyne.NewMenuItemSeparator())
			}
			continue
		}
		c := w.command(name)
		if compact && !c.can() {
			continue
		}
		item := fyne.NewMenuItem(w.title(c), func() { w.run(c.name) })
		item.IsQuit = name == "quit"
		if c.shortcut != nil {
			item.Shortcut = c.shortcut
		}
		if c.checked != nil {
			item.Checked = c.checked()
		}
		items = append(items, item)
	}
	if n := len(items); n > 0 && items[n-1].IsSeparator {
		items = items[:n-1]
	}
	return items
}

// syncMenu greys in the menu bar what cannot be done just now. The bar is not
// made anew: Fyne draws an item when its menu opens.
func (w *Window) syncMenu() {
	if w.menu == nil {
		return
	}
	for i, one := range menus {
		at := 0
		for _, name := range one.items {
			item := w.menu.Items[i].Items[at]
			at++
			if name != "" {
				item.Disabled = !w.command(name).can()
			}
		}
	}
}
