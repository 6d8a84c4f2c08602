package rfc822

import (
	"bytes"
	"strings"
)

// Character sets of mail that golang.org/x/text does not have.

// decodeISO2022KR decodes RFC 1557: SO and SI switch to KS C 5601 and back.
func decodeISO2022KR(data []byte) string {
	data = bytes.ReplaceAll(data, []byte("\x1b$)C"), nil)
	out := make([]byte, 0, len(data))
	wide := byte(0)
	for _, c := range data {
		switch {
		case c == 0x0e:
			wide = 0x80
		case c == 0x0f:
			wide = 0
		case c == '\n':
			wide = 0
			out = append(out, c)
		case c > ' ':
			out = append(out, c|wide)
		default:
			out = append(out, c)
		}
	}
	if s, ok := decodeNamed("euc-kr", out); ok {
		return s
	}
	return guess(data)
}

// visciiHigh are the characters of VISCII (RFC 1456) from 128 on; six more take
// the place of control characters.
const visciiHigh = "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ" +
	"ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"

// decodeVISCII decodes Vietnamese (RFC 1456).
func decodeVISCII(data []byte) string {
	high := []rune(visciiHigh)
	var b strings.Builder
	for _, c := range data {
		switch {
		case c >= 0x80:
			b.WriteRune(high[c-0x80])
		case c < ' ':
			b.WriteRune(visciiLow(c))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func visciiLow(c byte) rune {
	switch c {
	case 0x02:
		return 'Ẳ'
	case 0x05:
		return 'Ẵ'
	case 0x06:
		return 'Ẫ'
	case 0x14:
		return 'Ỷ'
	case 0x19:
		return 'Ỹ'
	case 0x1e:
		return 'Ỵ'
	}
	return rune(c)
}
