package accounts

import (
	"slices"
	"strconv"
	"strings"
)

// Colours are those that accounts are told apart by, as #rrggbb: calm ones that
// are seen on light and on dark paper.
func Colours() []string {
	return []string{"#2F6FDE", "#3A9A6B", "#B4602A", "#8A5BC7", "#C0487A", "#4A8FA3", "#8A7A2F", "#6B7A90"}
}

// ValidColour reports whether s is a colour as accounts have it, #rrggbb.
func ValidColour(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	_, err := strconv.ParseUint(s[1:], 16, 32)
	return err == nil
}

// paint gives every account without a colour one that the fewest others have.
func paint(list []Account) {
	for i := range list {
		if !ValidColour(list[i].Colour) {
			list[i].Colour = freeColour(list)
		}
	}
}

func freeColour(list []Account) string {
	used := map[string]int{}
	for _, a := range list {
		used[strings.ToUpper(a.Colour)]++
	}
	return slices.MinFunc(Colours(), func(a, b string) int { return used[a] - used[b] })
}
