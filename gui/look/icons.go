package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

const starIcon = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">` +
	`<path d="M8 1.200l2.100 4.500 4.900 0.600-3.600 3.400 0.900 4.900L8 12.200l-4.300 2.400 0.900-4.900L1 6.300l4.900-0.600z" fill="#000000"/></svg>`

const clipIcon = `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">` +
	`<path d="M16.500 6v11.500a4 4 0 0 1-8 0V5a2.500 2.500 0 0 1 5 0v10.500a1 1 0 0 1-2 0V6H10v9.500a2.500 2.500 0 0 0 5 0V5` +
	`a4 4 0 0 0-8 0v12.500a5.500 5.500 0 0 0 11 0V6z" fill="#000000"/></svg>`

// StarIcon marks a starred message.
func StarIcon() fyne.Resource {
	return theme.NewColoredResource(fyne.NewStaticResource("linnet-star.svg", []byte(starIcon)), Star)
}

// ClipIcon marks a message with attachments.
func ClipIcon() fyne.Resource {
	return theme.NewColoredResource(fyne.NewStaticResource("linnet-clip.svg", []byte(clipIcon)), Muted)
}
