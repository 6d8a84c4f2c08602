package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

const starIcon = `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">` +
	`<path d="M8 1.200l2.100 4.500 4.900 0.600-3.600 3.400 0.900 4.900L8 12.200l-4.300 2.400 0.900-4.900L1 6.300l4.900-0.600z" fill="#000000"/></svg>`

// StarIcon marks a starred message.
func StarIcon() fyne.Resource {
	return theme.NewColoredResource(fyne.NewStaticResource("linnet-star.svg", []byte(starIcon)), Star)
}

// ClipIcon marks a message with attachments.
func ClipIcon() fyne.Resource { return theme.NewColoredResource(theme.MailAttachmentIcon(), Muted) }
