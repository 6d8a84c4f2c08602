package setup

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/linnet-mail/linnet/gui/look"
)

// showModal shows a question over a canvas, in the middle. It gets its size
// before it is shown: Fyne puts a pop-up into the middle only once.
func showModal(canvas fyne.Canvas, body fyne.CanvasObject, widest float32) *widget.PopUp {
	width := min(widest, canvas.Size().Width-4*look.Unit)
	body.Resize(fyne.NewSize(width, body.Size().Height))
	body.Refresh()
	pop := widget.NewModalPopUp(look.Fixed(body, fyne.NewSize(width, body.MinSize().Height)), canvas)
	pop.Show()
	return pop
}
