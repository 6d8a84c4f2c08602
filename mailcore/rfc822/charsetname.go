package rfc822

import "strings"

// charsetName brings the names that mail uses to the one that is known.
func charsetName(name string) string {
	name = strings.ToLower(strings.Trim(name, " \t\"'\\"))
	if i := strings.IndexAny(name, " \t(;,"); i > 0 { // a comment, or more without a semicolon
		name = strings.TrimRight(name[:i], "\"'\\")
	}
	switch name {
	case "utf8", "utf-8mb4", "unicode-1-1-utf-8", "utf_8", "cp65001", "x-utf-8":
		return "utf-8"
	case "unicode", "ucs-2", "iso-10646-ucs-2", "utf16":
		return "utf-16"
	case "utf-16-le", "utf16le":
		return "utf-16le"
	case "unicode-1-1-utf-7", "utf7", "x-unicode-2-0-utf-7":
		return "utf-7"
	case "ascii", "ansi_x3.4-1968", "iso646-us", "us_ascii", "646":
		return "us-ascii"
	case "latin1", "latin-1", "iso8859-1", "iso_8859-1", "iso8859_1", "cp1252", "ansi", "x-ansi", "cp-1252", "windows1252":
		return "windows-1252"
	case "mac", "mac-roman", "macroman", "x-mac-roman":
		return "macintosh"
	case "mac-cyrillic":
		return "x-mac-cyrillic"
	case "cp-850":
		return "ibm850"
	case "cp858":
		return "ibm00858"
	case "cp-866", "dos-866":
		return "ibm866"
	case "iso-8859-8-i", "iso-8859-8-e":
		return "iso-8859-8"
	case "x-viscii", "viscii1.1-1", "csviscii":
		return "viscii"
	}
	if asian := eastAsian(name); asian != "" {
		return asian
	}
	return unnumbered(name)
}

// eastAsian knows the names of Chinese, Japanese and Korean character sets;
// the widest of a family is taken, since mail does not keep to the narrow ones.
func eastAsian(name string) string {
	switch name {
	case "gb2312", "gb_2312-80", "gb2312-80", "gbk", "x-gbk", "cp936", "ms936", "euc-cn", "x-euc-cn":
		return "gb18030"
	case "hz":
		return "hz-gb-2312"
	case "big5-hkscs", "big5hkscs", "big5-eten", "cp950", "x-big5", "x-x-big5":
		return "big5"
	case "cp932", "ms932", "windows-31j", "x-sjis", "sjis", "shift-jis", "ms_kanji", "shift_jisx0213":
		return "shift_jis"
	case "x-euc-jp", "eucjp", "ujis":
		return "euc-jp"
	case "iso2022jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-3", "iso-2022-jp-ext", "iso-2022-jp-ms", "_iso-2022-jp$esc":
		return "iso-2022-jp"
	case "ks_c_5601-1987", "ks_c_5601", "ksc5601", "cp949", "ms949", "windows-949", "x-windows-949", "uhc":
		return "euc-kr"
	case "iso2022kr", "csiso2022kr":
		return "iso-2022-kr"
	}
	return ""
}

// unnumbered mends names such as cp1251, win-1251, iso8859-2 and iso88592.
func unnumbered(name string) string {
	for _, prefix := range []string{"cp125", "win-125", "win125", "windows125", "x-cp125", "cp-125"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return "windows-125" + rest
		}
	}
	for _, prefix := range []string{"iso8859-", "iso_8859-", "iso8859_", "iso8859", "latin-iso-8859-", "8859-"} {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			return "iso-8859-" + rest
		}
	}
	return name
}
