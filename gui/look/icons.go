package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

const (
	starPath = `<path d="M8 1.2l2.1 4.5 4.9.6-3.6 3.4.9 4.9L8 12.2l-4.3 2.4.9-4.9L1 6.300l4.900-.6z" fill="#000000"/>`
	clipPath = `<path d="M12.600 7.300l-5.300 5.300a3 3 0 0 1-4.200-4.200l5.600-5.600a2 2 0 0 1 2.800 2.800l-5.300 5.300a1 1 0 0 1-1.400-1.400l4.600-4.600" fill="none" stroke="#000000" stroke-width="1.3" stroke-linecap="round"/>`
)

func icon(name, body string, ink fyne.ThemeColorName) fyne.Resource {
	svg := `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">` + body + `</svg>`
	return theme.NewColoredResource(fyne.NewStaticResource(name+".svg", []byte(svg)), ink)
}

// StarIcon marks a starred message.
func StarIcon() fyne.Resource { return icon("linnet-star", starPath, Star) }

// ClipIcon marks a message with attachments.
func ClipIcon() fyne.Resource { return icon("linnet-clip", clipPath, Muted) }
