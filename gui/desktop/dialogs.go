package desktop

import (
	"net/url"
	"os"
	"path/filepath"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
)

// ChooseSave asks where to save a file; chosen is called with a path, not at
// all when the person changes their mind. Nothing is at the path that they did
// not agree to replace.
func ChooseSave(win fyne.Window, name string, chosen func(path string), failed func(error)) {
	d := dialog.NewFileSave(func(w fyne.URIWriteCloser, err error) {
		switch {
		case err != nil:
			failed(err)
		case w != nil:
			path := w.URI().Path()
			if err := w.Close(); err != nil {
				failed(err)
				return
			}
			chosen(path)
		}
	}, win)
	d.SetFileName(name)
	atHome(d, "Downloads")
	d.Resize(dialogSize(win))
	d.Show()
}

// ChooseOpen asks for a file to read; chosen is called with its path.
func ChooseOpen(win fyne.Window, chosen func(path string), failed func(error)) {
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			failed(err)
		case r != nil:
			path := r.URI().Path()
			_ = r.Close() // read by its path later
			chosen(path)
		}
	}, win)
	atHome(d, "Documents")
	d.Resize(dialogSize(win))
	d.Show()
}

// ChooseFolder asks for a folder; chosen is called with its path.
func ChooseFolder(win fyne.Window, chosen func(path string), failed func(error)) {
	d := dialog.NewFolderOpen(func(u fyne.ListableURI, err error) {
		switch {
		case err != nil:
			failed(err)
		case u != nil:
			chosen(u.Path())
		}
	}, win)
	atHome(d, "Downloads")
	d.Resize(dialogSize(win))
	d.Show()
}

// atHome begins in a folder of the person's home where there is one.
func atHome(d *dialog.FileDialog, folder string) {
	home, err := os.UserHomeDir()
	if err != nil {
		return
	}
	for _, dir := range []string{filepath.Join(home, folder), home} {
		if u, err := storage.ListerForURI(storage.NewFileURI(dir)); err == nil {
			d.SetLocation(u)
			return
		}
	}
}

func dialogSize(win fyne.Window) fyne.Size {
	s := win.Canvas().Size()
	return fyne.NewSize(min(760, s.Width-48), min(560, s.Height-48))
}

// OpenFile opens a file with the system's program for its kind. The caller has
// made sure that this kind only shows.
func OpenFile(o Opener, path string) error {
	return o.OpenURL(&url.URL{Scheme: "file", Path: filepath.ToSlash(path)})
}
