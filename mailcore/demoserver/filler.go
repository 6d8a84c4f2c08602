package demoserver

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Made-up people and words for big mailboxes.
var (
	fillPeople = []string{
		"Jonas Weber <jonas.weber@druckhaus.example>", "Ines Costa <ines.costa@druckhaus.example>", "Grace Okafor <grace@okafor.example>",
		"Tomas Novak <tomas@papernovak.example>", "City Library <notices@city-library.example>", "Garden Club <post@garden-club.example>",
		"Marta Lindqvist <marta@lindqvist.example>", "Samuel Adeyemi <samuel@northquay.example>", "Chiara Rossi <chiara@studio-rossi.example>",
		"Emil Hansen <emil@hansen-boats.example>", "Priya Nair <priya@kettleworks.example>", "Leo Martin <leo@corner-cafe.example>",
		"Mill & Sons <orders@mill-paper.example>", "Town Theatre <box-office@town-theatre.example>", "Noor Haddad <noor@haddad.example>",
	}
	fillThings = []string{
		"menu cards", "spring catalogue", "wedding invitations", "poster for the fair", "letterheads", "business cards", "concert programme",
		"school yearbook", "calendar", "jam labels", "paper samples", "delivery note", "proofs", "colour chart", "opening hours", "shop window",
	}
	fillSubjects = []string{
		"Question about the %s", "Proof of the %s", "Offer: %s", "Changes to the %s", "Your order: %s", "Thank you for the %s", "The %s is ready",
		"Date for the %s", "Paper for the %s", "Invoice for the %s", "Last corrections: %s", "Reminder: %s",
	}
	fillSentences = []string{
		"I have looked at it again and I like it very much.", "Could you move the picture a little to the left?", "We would need them by the end of the month.",
		"The colours came out just right this time.", "Please send me the price for two hundred more.", "The paper you showed me last week is perfect.",
		"Shall I come by on my way home to sign it?", "My colleague will pick up the parcel in the morning.", "There is a small mistake on page three.",
		"Could we use the cream stock instead of white?", "The delivery arrived safely, thank you.", "Let me know what you think.",
		"I have attached nothing this time, I promise.", "The customer was delighted.", "It looks even better than on the screen.",
		"We are closed on Monday, but you can leave it with the neighbours.", "Do you still have the file from last year?",
	}
)

// filler makes n messages of the past months, for trying a big mailbox. The
// same n gives the same messages.
func filler(n int, now time.Time) []letter {
	if n <= 0 {
		return nil
	}
	r := rand.New(rand.NewPCG(7, 18))
	out := make([]letter, 0, n)
	span := min(time.Duration(n)*25*time.Minute, 400*24*time.Hour) + 30*24*time.Hour
	last := ""
	for i := range n {
		date := now.Add(-5*24*time.Hour - time.Duration(r.Int64N(int64(span)))).Truncate(time.Second)
		var l letter
		l, last = fill(r, i, date, last)
		out = append(out, l)
	}
	return out
}

// fill makes one message; every fourth answers the one before it.
func fill(r *rand.Rand, i int, date time.Time, last string) (letter, string) {
	from := fillPeople[r.IntN(len(fillPeople))]
	subject := fmt.Sprintf(fillSubjects[r.IntN(len(fillSubjects))], fillThings[r.IntN(len(fillThings))])
	var b strings.Builder
	b.Grow(1024)
	id := fmt.Sprintf("fill-%d@demo.linnet.example", i)
	field := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	field("Date", date.Format(time.RFC1123Z))
	field("From", from)
	field("To", Name+" <"+Address+">")
	if prior, about, ok := strings.Cut(last, "\n"); ok && i%4 == 3 {
		subject = "Re: " + about
		field("In-Reply-To", "<"+prior+">")
		field("References", "<"+prior+">")
	}
	field("Subject", subject)
	field("Message-ID", "<"+id+">")
	field("MIME-Version", "1.0")
	field("Content-Type", "text/plain; charset=utf-8")
	b.WriteString("\r\nHello Anna,\r\n\r\n")
	for range 2 + r.IntN(6) {
		b.WriteString(fillSentences[r.IntN(len(fillSentences))] + "\r\n")
	}
	name, _, _ := strings.Cut(from, " <")
	b.WriteString("\r\nBest wishes\r\n" + name + "\r\n")
	return letter{folder: fillFolder(r), flags: fillFlags(r), date: date, raw: []byte(b.String())}, id + "\n" + strings.TrimPrefix(subject, "Re: ")
}

// fillFolder: most mail lies in the inbox.
func fillFolder(r *rand.Rand) string {
	switch n := r.IntN(100); {
	case n < 12:
		return "Archive"
	case n < 16:
		return "Projects/Spring catalogue"
	case n < 19:
		return "Receipts"
	}
	return inbox
}

func fillFlags(r *rand.Rand) []imap.Flag {
	var flags []imap.Flag
	if r.IntN(100) >= 3 {
		flags = append(flags, imap.FlagSeen)
	}
	if r.IntN(100) < 8 {
		flags = append(flags, imap.FlagAnswered)
	}
	if r.IntN(100) < 2 {
		flags = append(flags, imap.FlagFlagged)
	}
	return flags
}
