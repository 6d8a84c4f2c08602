package autodetect

import (
	"testing"

	"github.com/linnet-mail/linnet/assets"
)

func TestWhatTheTableKnowsWithoutAsking(t *testing.T) {
	table, err := ParseTable(assets.Providers())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		address, host, provider string
	}{
		{"ada@gmail.com", "", "Gmail"},
		{"ada@own.example", "imap.gmail.com", "Gmail"},
		{"ada@own.example", "IMAP.gmail.com.", "Gmail"},
		{"ada@own.example", "imap.own.example", ""},
		{"ada@own.example", "", ""},
		{"nobody", "imap.gmail.com", ""},
	} {
		a, ok := table.Known(c.address, c.host)
		if ok != (c.provider != "") || a.Provider != c.provider {
			t.Errorf("%s at %q: %q, %v", c.address, c.host, a.Provider, ok)
		}
	}
	if _, ok := (*Providers)(nil).Known("ada@gmail.com", ""); ok {
		t.Error("no table knows somebody")
	}
}
