package reader

import (
	"path"
	"strconv"
	"strings"

	"github.com/linnet-mail/linnet/mailcore"
)

// openable lists the kinds of file that show and do nothing else, by name and
// media type together. Everything else can only be saved.
var openable = map[string][]string{
	".pdf": {"application/pdf", "application/x-pdf"}, ".txt": {"text/plain"}, ".csv": {"text/csv", "text/plain", "application/csv"},
	".png": {"image/png"}, ".jpg": {"image/jpeg"}, ".jpeg": {"image/jpeg"}, ".gif": {"image/gif"}, ".webp": {"image/webp"},
	".heic": {"image/heic", "image/heif"}, ".tif": {"image/tiff"}, ".tiff": {"image/tiff"}, ".bmp": {"image/bmp", "image/x-ms-bmp"},
	".mp3": {"audio/mpeg", "audio/mp3"}, ".m4a": {"audio/mp4", "audio/x-m4a"}, ".ogg": {"audio/ogg"}, ".wav": {"audio/wav", "audio/x-wav"},
	".mp4": {"video/mp4"}, ".mov": {"video/quicktime"}, ".webm": {"video/webm"},
	".docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
	".xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	".pptx": {"application/vnd.openxmlformats-officedocument.presentationml.presentation"},
	".odt":  {"application/vnd.oasis.opendocument.text"}, ".ods": {"application/vnd.oasis.opendocument.spreadsheet"},
	".odp": {"application/vnd.oasis.opendocument.presentation"},
}

// safeToOpen reports whether an attachment may be opened with the system's
// program for it. The name decides what the system does, so the name must be
// known to be harmless; the declared type must not say something else.
func safeToOpen(p mailcore.Part) bool {
	types, ok := openable[strings.ToLower(path.Ext(p.Name))]
	if !ok {
		return false
	}
	if p.Type == "application/octet-stream" || p.Type == "" {
		return true
	}
	for _, t := range types {
		if t == p.Type {
			return true
		}
	}
	return false
}

// tenth is n/unit with one decimal, without a trailing ".0".
func tenth(n int64, unit float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(float64(n)/unit, 'f', 1, 64), ".0")
}
