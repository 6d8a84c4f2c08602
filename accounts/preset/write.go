package preset

import (
	"encoding/json"
	"fmt"
	"net"
	"strconv"

	"github.com/linnet-mail/linnet/accounts"
)

// The JSON that is written; Read reads it by hand, for the sake of lines.
type (
	fileJSON struct {
		Version      int           `json:"version"`
		Organisation string        `json:"organisation,omitempty"`
		Accounts     []accountJSON `json:"accounts"`
	}
	accountJSON struct {
		Email      string              `json:"email,omitempty"`
		Domain     string              `json:"domain,omitempty"`
		Name       string              `json:"name,omitempty"`
		Label      string              `json:"label,omitempty"`
		Colour     string              `json:"colour,omitempty"`
		Shared     bool                `json:"shared,omitempty"`
		Default    bool                `json:"default,omitempty"`
		Identities []accounts.Identity `json:"identities,omitempty"`
		IMAP       *serverJSON         `json:"imap,omitempty"`
		SMTP       *serverJSON         `json:"smtp,omitempty"`
		Sent       accounts.SentBy     `json:"sent,omitempty"`
	}
	serverJSON struct {
		Server string `json:"server"`
		User   string `json:"user,omitempty"`
		Pin    string `json:"pin,omitempty"`
	}
)

// Marshal writes a preset as Read reads it.
func (p Preset) Marshal() ([]byte, error) {
	f := fileJSON{Version: Version, Organisation: p.Organisation, Accounts: []accountJSON{}}
	for _, a := range p.Accounts {
		f.Accounts = append(f.Accounts, accountJSON{
			Email: a.Email, Domain: a.Domain, Name: a.Name, Label: a.Label, Colour: a.Colour, Shared: a.Shared, Default: a.Default,
			Identities: a.Identities, IMAP: serverOf(a.IMAP), SMTP: serverOf(a.SMTP), Sent: a.Sent,
		})
	}
	data, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write preset: %w", err)
	}
	return append(data, '\n'), nil
}

func serverOf(s accounts.Server) *serverJSON {
	if s.Host == "" {
		return nil
	}
	return &serverJSON{
		Server: string(s.Security) + "://" + net.JoinHostPort(s.Host, strconv.Itoa(s.Port)), User: s.User, Pin: s.Pin,
	}
}
