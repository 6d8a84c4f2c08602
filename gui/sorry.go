package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"fyne.io/fyne/v2/layout"

	"github.com/linnet-mail/linnet/assets"
	"github.com/linnet-mail/linnet/gui/look"
)

// Sorry shows in a small window why Linnet cannot open, and returns when it is
// closed. It must be called from the process's main goroutine.
func Sorry(words *assets.Words, text string) error {
	app.SetMetadata(metadata(Config{Words: words}))
	a := app.NewWithID(appID)
	a.Settings().SetTheme(look.New(look.Mode("")))
	win := sorry(a, words, text)
	return showAndRun(a, win, func() {})
}

func sorry(a fyne.App, words *assets.Words, text string) fyne.Window {
	win := a.NewWindow(words.Say("app.name"))
	closing := look.NewPrimary(words.Say("dialog.close"), a.Quit)
	win.SetContent(look.Pad(look.Column(4*look.Unit,
		look.NewParagraph(words.Say("sorry.title"), look.Title),
		look.NewParagraph(text, look.Plain),
		look.Row(2*look.Unit, layout.NewSpacer(), closing),
	), 6*look.Unit, 6*look.Unit, 5*look.Unit, 6*look.Unit))
	win.Resize(fyne.NewSize(480, 220))
	win.Canvas().Focus(closing)
	win.CenterOnScreen()
	return win
}
