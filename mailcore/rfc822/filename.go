package rfc822

import (
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SafeName makes a file name that can be shown and saved on every system: no
// directories, control or direction characters, nothing that Windows reserves,
// at most 150 octets, the extension kept. "" if nothing is left.
func SafeName(name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(fileRune, strings.ToValidUTF8(name, "_"))
	name = strings.Join(strings.Fields(name), " ")
	name = strings.TrimLeft(strings.TrimRight(name, ". "), " ")
	if strings.Trim(name, ".") == "" {
		return ""
	}
	if strings.HasPrefix(name, ".") {
		name = "_" + name[1:]
	}
	if reserved(name) {
		name = "_" + name
	}
	return shorten(name, 150)
}

// fileRune drops or replaces what has no place in a file name.
func fileRune(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case control(r), r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
		r == 0xfeff, r == 0x061c, r >= 0xe0000 && r <= 0xe007f, r >= 0xfff0 && r <= 0xfffb:
		return -1
	case strings.ContainsRune(`<>:"|?*`, r):
		return '_'
	case r == 0x2215 || r == 0x2044 || r == 0xff0f || r == 0xff3c || r == 0x29f8: // look like separators
		return '_'
	}
	return r
}

// reserved reports whether Windows takes name for a device.
func reserved(name string) bool {
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	base = strings.TrimRight(base, " ")
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	if strings.HasPrefix(base, "COM") || strings.HasPrefix(base, "LPT") {
		n := base[3:]
		return len(n) == 1 && n[0] >= '0' && n[0] <= '9' || n == "¹" || n == "²" || n == "³"
	}
	return false
}

// shorten cuts the stem so that name has at most most octets.
func shorten(name string, most int) string {
	if len(name) <= most {
		return name
	}
	ext := path.Ext(name)
	if len(ext) > 20 {
		ext = ""
	}
	stem := name[:most-len(ext)]
	for !utf8.ValidString(stem) {
		stem = stem[:len(stem)-1]
	}
	return strings.TrimRight(stem, ". ") + ext
}

// partName returns the name that an attachment is shown under: its own, else
// the subject of an attached message, else one made of its type.
func (e *entity) partName(index int) string {
	if name := SafeName(e.filename); name != "" {
		return name
	}
	stem, ext := "attachment-"+strconv.Itoa(index+1), extension(e.contentType)
	if e.contentType == "message/rfc822" {
		head := e.data()
		subject := ParseHeader(head[:min(len(head), 64<<10)]).Subject
		if name := SafeName(strings.NewReplacer("/", "-", `\`, "-").Replace(subject)); name != "" {
			stem = shorten(name, 100)
		}
	}
	return stem + ext
}

// kinds are the media types and extensions that Linnet names files by, the
// same on every system; of several extensions the first is given to a type.
var kinds = [...][2]string{
	{"application/pdf", ".pdf"},
	{"application/zip", ".zip"},
	{"application/gzip", ".gz"},
	{"application/json", ".json"},
	{"application/msword", ".doc"},
	{"application/rtf", ".rtf"},
	{"application/vnd.ms-excel", ".xls"},
	{"application/vnd.ms-powerpoint", ".ppt"},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"},
	{"application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"},
	{"application/vnd.oasis.opendocument.text", ".odt"},
	{"application/vnd.oasis.opendocument.spreadsheet", ".ods"},
	{"application/vnd.oasis.opendocument.presentation", ".odp"},
	{"application/pgp-signature", ".asc"},
	{"application/pgp-encrypted", ".pgp"},
	{"application/pgp-keys", ".asc"},
	{"application/pkcs7-signature", ".p7s"},
	{"application/x-pkcs7-signature", ".p7s"},
	{"application/pkcs7-mime", ".p7m"},
	{"application/ms-tnef", ".dat"},
	{"application/epub+zip", ".epub"},
	{"audio/mpeg", ".mp3"},
	{"audio/mp4", ".m4a"},
	{"audio/ogg", ".ogg"},
	{"audio/wav", ".wav"},
	{"audio/x-wav", ".wav"},
	{"image/gif", ".gif"},
	{"image/jpeg", ".jpg"},
	{"image/jpeg", ".jpeg"},
	{"image/png", ".png"},
	{"image/svg+xml", ".svg"},
	{"image/tiff", ".tiff"},
	{"image/tiff", ".tif"},
	{"image/webp", ".webp"},
	{"image/heic", ".heic"},
	{"image/bmp", ".bmp"},
	{"message/rfc822", ".eml"},
	{"message/delivery-status", ".txt"},
	{"message/disposition-notification", ".txt"},
	{"text/calendar", ".ics"},
	{"text/csv", ".csv"},
	{"text/html", ".html"},
	{"text/html", ".htm"},
	{"text/plain", ".txt"},
	{"text/plain", ".log"},
	{"text/markdown", ".md"},
	{"text/rfc822-headers", ".txt"},
	{"text/vcard", ".vcf"},
	{"text/x-vcard", ".vcf"},
	{"text/xml", ".xml"},
	{"video/mp4", ".mp4"},
	{"video/quicktime", ".mov"},
	{"video/webm", ".webm"},
}

// extension returns the usual extension of a media type.
func extension(kind string) string {
	for _, k := range kinds {
		if k[0] == kind {
			return k[1]
		}
	}
	if strings.HasPrefix(kind, "text/") {
		return ".txt"
	}
	return ".bin"
}

// TypeByName returns the media type for a file name, application/octet-stream
// if its extension says nothing.
func TypeByName(name string) string {
	ext := strings.ToLower(path.Ext(name))
	for _, k := range kinds {
		if k[1] == ext {
			return k[0]
		}
	}
	return "application/octet-stream"
}
