package rfc822

import "testing"

func TestCharsets(t *testing.T) {
	for _, c := range []struct{ class, name, in, want string }{
		{"mislabelled", "us-ascii", "Gr\xc3\xbc\xc3\x9fe", "Grüße"},
		{"mislabelled", "iso-8859-1", "Gr\xc3\xbc\xc3\x9fe", "Grüße"},
		{"mislabelled", "utf-8", "Gr\xfc\xdfe", "Grüße"},
		{"no proof of a wrong label", "iso-8859-1", "\xc3\x84", "Ã„"},
		{"no proof of a wrong label", "windows-1252", "100 \xc2\xb0", "100 Â°"},
		{"no proof of a wrong label", "iso-8859-15", "\xc3\xa4 \xa4", "Ã€ €"},
		{"Latin-1 that is Windows", "iso-8859-1", "\x93so\x94 \x80", "“so” €"},
		{"Latin-1 that is Windows", "us-ascii", "it\x92s", "it’s"},
		{"Latin-1 that is Windows", "", "a \x96 b", "a – b"},
		{"cut off", "utf-8", "abc\xe2\x82", "abc\ufffd"},
		{"cut off", "utf-8", "✓\xe2\x9c", "✓\ufffd"},
		{"cut off", "utf8", "\xf0\x9f\x98", "\ufffd"},
		{"name with more in it", "utf-8 (Unicode)", "ä", "ä"},
		{"name with more in it", `"koi8-r`, "\xf0\xd2", "Пр"},
		{"name with more in it", `\"windows-1251\"`, "\xcf\xf0", "Пр"},
		{"name nobody knows", "x-foo", "ä", "ä"},
		{"name nobody knows", "unknown-8bit", "\xe4", "ä"},
		{"name nobody knows", "%CHARSET", "a", "a"},
		{"own names", "win-1251", "\xcf\xf0", "Пр"},
		{"own names", "iso88592", "\xb1", "ą"},
		{"own names", "dos-866", "\x8f\xe0", "Пр"},
		{"own names", "x-mac-roman", "\x8a", "ä"},
		{"Japanese", "cp932", "\x87\x40", "①"},
		{"Japanese", "_iso-2022-jp$ESC", "\x1b$BF|K\\\x1b(B", "日本"},
		{"Japanese", "", "\x1b$BF|K\\\x1b(B", "日本"},
		{"Chinese", "gb2312", "\x84T", "凾"}, // of GBK only
		{"Chinese", "big5-hkscs", "\xa4\xa4", "中"},
		{"Chinese", "hz", "~{VPND~}", "中文"},
		{"Korean", "iso-2022-kr", "\x1b$)C\x0eGQ1[\x0f ok", "한글 ok"},
		{"Korean", "ks_c_5601-1987", "\xc7\xd1", "한"},
		{"Korean", "x-windows-949", "\x8cc", "똠"},
		{"Vietnamese", "viscii", "Ti\xaang Vi\xaet", "Tiếng Việt"},
		{"Vietnamese", "x-viscii", "\x02\xd0", "ẲĐ"},
		{"Vietnamese", "viscii1.1-1", "d\xa4u", "dấu"},
		{"UTF-7", "utf-7", "Gr+APwA3w-e", "Grüße"},
		{"UTF-7", "unicode-1-1-utf-7", "1 +- 1", "1 + 1"},
		{"UTF-7", "utf7", "+2D3eAA-!", "😀!"},
		{"UTF-16 without mark", "utf-16", "a\x00b\x00", "ab"},
		{"UTF-16 without mark", "utf-16", "\x00a\x00b", "ab"},
		{"UTF-16 without mark", "unicode", "-N\x87e", "中文"},
		{"UTF-16 with mark", "utf-16", "\xfe\xff\x00a", "a"},
		{"UTF-16 with mark", "utf-16be", "\xff\xfea\x00", "a"},
		{"UTF-16 with mark", "ucs-2", "\xff\xfea\x00\x01", "a"},
	} {
		if got := decodeCharset(c.name, []byte(c.in)); got != c.want {
			t.Errorf("%s: %q in %q is %q, want %q", c.class, c.in, c.name, got, c.want)
		}
	}
}
