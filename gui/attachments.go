package gui

import (
	"context"
	"io"
	"net/url"

	"github.com/linnet-mail/linnet/gui/desktop"
	"github.com/linnet-mail/linnet/gui/reader"
)

func (w *Window) openWeb(u *url.URL) {
	if err := desktop.OpenWeb(w.app, u); err != nil {
		w.log.Warn("open a link", "error", err)
		w.tell(w.words.Say("link.failed"), "", nil)
	}
}

// saveAttachment asks where to, and saves there.
func (w *Window) saveAttachment(a reader.Attachment) {
	desktop.ChooseSave(w.win, a.Part.Name, func(path string) { w.save(a, path) }, w.tellError)
}

func (w *Window) save(a reader.Attachment, path string) {
	w.work(func(ctx context.Context) error {
		return desktop.Save(path, func(out io.Writer) error { return a.Write(ctx, out) })
	}, a.Saved)
}

// saveAll saves every attachment into one folder, over nothing that is there.
func (w *Window) saveAll(all []reader.Attachment) {
	desktop.ChooseFolder(w.win, func(dir string) {
		w.work(func(ctx context.Context) error {
			for _, a := range all { // one after the other: two may have the same name
				err := desktop.Save(desktop.FreeName(dir, a.Part.Name), func(out io.Writer) error { return a.Write(ctx, out) })
				w.post(func() { a.Saved(err) })
			}
			return nil
		}, func(error) {})
	}, w.tellError)
}

// openAttachment saves into a folder that does not outlive the program and opens
// it from there. The reader offers this only for kinds of file that just show.
func (w *Window) openAttachment(a reader.Attachment) {
	path := ""
	w.work(func(ctx context.Context) (err error) {
		path, err = w.opened.Put(a.Part.Name, func(out io.Writer) error { return a.Write(ctx, out) })
		return err
	}, func(err error) {
		if err == nil {
			err = desktop.OpenFile(w.app, path)
		}
		if err != nil {
			w.tellError(err)
		}
	})
}
