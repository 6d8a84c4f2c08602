package mailtest

import (
	"encoding/base64"
	"fmt"
	"iter"
	"math/rand/v2"
	"mime"
	"mime/quotedprintable"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// Message is a message to put on a server.
type Message struct {
	Raw   []byte
	Flags []string // \Seen, \Flagged, …
	Date  time.Time
}

// Messages returns n messages of many kinds, oldest first: conversations, several
// languages and character sets, plain and HTML text, attachments, newsletters.
// The same seed gives the same messages. Every Message-ID is there once, and the
// subject ends with "#" and the number of the message, from 1 on.
func Messages(n int, seed uint64) []Message {
	return slices.Collect(Generate(n, seed))
}

// Generate is Messages one by one, for more than memory should hold.
func Generate(n int, seed uint64) iter.Seq[Message] {
	return func(yield func(Message) bool) {
		g := &generator{r: rand.New(rand.NewPCG(seed, 2)), n: n, seed: seed}
		for i := range n {
			if !yield(g.message(i)) {
				return
			}
		}
	}
}

// WriteMaildir writes n generated messages into a maildir at dir.
func WriteMaildir(dir string, n int, seed uint64) error {
	w, err := NewMaildir(dir)
	if err != nil {
		return err
	}
	for m := range Generate(n, seed) {
		if err := w.Add(m); err != nil {
			return err
		}
	}
	return nil
}

// generator remembers the conversations that may go on.
type generator struct {
	r       *rand.Rand
	n       int
	seed    uint64
	threads []thread
}

type thread struct {
	tongue     tongue
	subject    string
	references []string
}

// tongue is what is written in one language, and how it is encoded.
type tongue struct {
	charset  string
	encoding encoding.Encoding // nil for UTF-8 and ASCII
	people   []string
	subjects []string
	words    string
}

func tongues() []tongue {
	return []tongue{
		{
			"us-ascii", nil,
			[]string{"Ruth Adler", "Tom Okafor", "Grace Lindqvist", "Doe, John", "Priya Raman"},
			[]string{"Minutes of Tuesday", "Lunch on Friday?", "The roof again", "Invoice for March", "Where to meet"},
			"the garden is dry and we should water it before the guests arrive on Sunday morning with their two dogs",
		},
		{
			"iso-8859-1", charmap.ISO8859_1,
			[]string{"Jörg Müller", "Käthe Weiß", "Björn Öström"},
			[]string{"Schlüssel für den Keller", "Grüße aus Köln", "Rückfrage zur Rechnung"},
			"für die Übergabe müssen wir noch früh genug die Schlüssel holen und das große Tor schließen",
		},
		{
			"utf-8", nil,
			[]string{"Zoë Lefèvre", "Łukasz Żak", "Dvořák Jiří"},
			[]string{"Réunion de jeudi 🎻", "Zażółć gęślą jaźń", "Příští týden"},
			"nous verrons demain si l’été revient — peut-être avec du café et un gâteau, naïvement",
		},
		{
			"koi8-r", charmap.KOI8R,
			[]string{"Анна Петрова", "Игорь Смирнов"},
			[]string{"Отчёт за неделю", "Билеты на поезд"},
			"завтра утром мы поедем на дачу и будем собирать яблоки до самого вечера",
		},
		{
			"iso-2022-jp", japanese.ISO2022JP,
			[]string{"田中花子", "山本太郎"},
			[]string{"会議の件", "明日の予定について"},
			"明日 の 会議 は 午後 三時 から 始まります よろしく お願い します",
		},
		{
			"utf-8", nil,
			[]string{"محمد الأمين", "نوال حداد"},
			[]string{"موعد الاجتماع", "صور الرحلة"},
			"سوف نلتقي غدا في المكتب صباحا لمناقشة الخطة الجديدة مع الفريق",
		},
		{
			"utf-8", nil,
			[]string{"王小明", "김민준"},
			[]string{"週末的計劃", "다음 주 일정"},
			"我們 週末 去 爬山 吧 天氣 很好 다음 주에 만나요 감사합니다",
		},
	}
}

func (g *generator) message(i int) Message {
	id := fmt.Sprintf("<%d.%d@made.example>", i+1, g.seed)
	t := g.thread(id)
	// Evenly over three years, so that lists and searches by date have work to do.
	start := time.Date(2023, 1, 1, 8, 0, 0, 0, time.UTC)
	step := 3 * 365 * 24 * time.Hour / time.Duration(max(g.n, 1))
	date := start.Add(time.Duration(i) * step).Truncate(time.Second)

	var b strings.Builder
	g.header(&b, t, id, i, date)
	g.body(&b, t.tongue, i)
	return Message{Raw: []byte(b.String()), Flags: g.flags(), Date: date}
}

// thread goes on with one of the last conversations, or begins a new one.
func (g *generator) thread(id string) thread {
	if len(g.threads) > 0 && g.r.IntN(100) < 45 {
		t := &g.threads[g.r.IntN(len(g.threads))]
		now := *t
		t.references = append(slices.Clone(t.references), id)
		return now
	}
	tongue := pick(g.r, tongues())
	t := thread{tongue: tongue, subject: pick(g.r, tongue.subjects)}
	started := t
	started.references = []string{id}
	g.threads = append(g.threads, started)
	if len(g.threads) > 40 {
		g.threads = g.threads[1:]
	}
	return t
}

func (g *generator) header(b *strings.Builder, t thread, id string, i int, date time.Time) {
	from := pick(g.r, t.tongue.people)
	subject := fmt.Sprintf("%s #%d", t.subject, i+1)
	if len(t.references) > 0 {
		subject = "Re: " + subject
	}
	field := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	field("From", fmt.Sprintf("%s <p%d@people.example>", name(from), g.r.IntN(200)))
	field("To", "u1@"+Domain)
	if g.r.IntN(10) == 0 {
		field("Cc", fmt.Sprintf("%s <p%d@people.example>, u2@%s", name(pick(g.r, t.tongue.people)), g.r.IntN(200), Domain))
	}
	field("Subject", word(subject))
	field("Date", date.In(time.FixedZone("", (g.r.IntN(25)-12)*3600)).Format(time.RFC1123Z))
	field("Message-ID", id)
	if n := len(t.references); n > 0 {
		field("In-Reply-To", t.references[n-1])
		field("References", strings.Join(t.references, "\r\n "))
	}
	if g.r.IntN(12) == 0 {
		field("List-Id", "The bird watchers <birds.lists.example>")
	}
	field("MIME-Version", "1.0")
}

func (g *generator) flags() []string {
	var out []string
	if g.r.IntN(5) != 0 {
		out = append(out, `\Seen`)
	}
	if g.r.IntN(20) == 0 {
		out = append(out, `\Flagged`)
	}
	if g.r.IntN(8) == 0 {
		out = append(out, `\Answered`)
	}
	return out
}

// body writes one of the common shapes of a message.
func (g *generator) body(b *strings.Builder, t tongue, i int) {
	mixed := fmt.Sprintf("mixed-%d", i)
	switch kind := g.r.IntN(10); {
	case kind < 5:
		g.text(b, t, "plain")
	case kind < 8:
		g.alternative(b, t, i)
	case kind < 9:
		fmt.Fprintf(b, "Content-Type: multipart/mixed; boundary=%q\r\n\r\n--%[1]s\r\n", mixed)
		g.alternative(b, t, i)
		g.attachments(b, mixed, i)
	default:
		fmt.Fprintf(b, "Content-Type: multipart/mixed; boundary=%q\r\n\r\n--%[1]s\r\n", mixed)
		g.text(b, t, "plain")
		g.attachments(b, mixed, i)
	}
}

func (g *generator) alternative(b *strings.Builder, t tongue, i int) {
	boundary := fmt.Sprintf("alternative-%d", i)
	fmt.Fprintf(b, "Content-Type: multipart/alternative; boundary=%q\r\n\r\n--%[1]s\r\n", boundary)
	g.text(b, t, "plain")
	fmt.Fprintf(b, "\r\n--%s\r\n", boundary)
	g.text(b, t, "html")
	fmt.Fprintf(b, "\r\n--%s--\r\n", boundary)
}

// text writes a text part with its header, in the character set of its language.
func (g *generator) text(b *strings.Builder, t tongue, subtype string) {
	text := g.prose(t)
	if subtype == "html" {
		text = "<html><body><p>" + strings.ReplaceAll(text, "\n\n", "</p>\n<p>") + "</p></body></html>"
	}
	if t.encoding != nil {
		if encoded, err := t.encoding.NewEncoder().String(text); err == nil {
			text = encoded
		}
	}
	fmt.Fprintf(b, "Content-Type: text/%s; charset=%s\r\n", subtype, t.charset)
	switch {
	case t.charset == "us-ascii" || t.charset == "iso-2022-jp":
		b.WriteString("Content-Transfer-Encoding: 7bit\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n"))
	case g.r.IntN(3) == 0:
		b.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
		base64Lines(b, []byte(text))
	default:
		b.WriteString("Content-Transfer-Encoding: quoted-printable\r\n\r\n")
		w := quotedprintable.NewWriter(b)
		_, _ = w.Write([]byte(text)) // into memory
		_ = w.Close()
	}
}

// prose writes a few paragraphs from the words of a language.
func (g *generator) prose(t tongue) string {
	words := strings.Fields(t.words)
	var b strings.Builder
	for p := range 1 + g.r.IntN(5) {
		if p > 0 {
			b.WriteString("\n\n")
		}
		width := 0
		for range 10 + g.r.IntN(60) {
			w := pick(g.r, words)
			if width += len(w) + 1; width > 72 {
				b.WriteByte('\n')
				width = len(w)
			}
			b.WriteString(w + " ")
		}
	}
	return b.String() + "\n"
}

func (g *generator) attachments(b *strings.Builder, boundary string, i int) {
	kinds := []struct{ mediaType, name string }{
		{"application/pdf", "Plan.pdf"},
		{"image/png", "Küche.png"},
		{"application/zip", "alles.zip"},
		{"text/csv", "名簿.csv"},
	}
	for n := range 1 + g.r.IntN(2) {
		k := pick(g.r, kinds)
		disposition := mime.FormatMediaType("attachment", map[string]string{"filename": fmt.Sprintf("%d-%d %s", i, n, k.name)})
		fmt.Fprintf(b, "\r\n--%s\r\nContent-Type: %s\r\nContent-Disposition: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n",
			boundary, k.mediaType, disposition)
		data := make([]byte, 200+g.r.IntN(20_000))
		for j := range data {
			data[j] = byte(g.r.Uint32())
		}
		base64Lines(b, data)
	}
	fmt.Fprintf(b, "\r\n--%s--\r\n", boundary)
}

func base64Lines(b *strings.Builder, data []byte) {
	text := base64.StdEncoding.EncodeToString(data)
	for len(text) > 76 {
		b.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	b.WriteString(text + "\r\n")
}

// name writes a display name: quoted, or as an encoded word.
func name(s string) string {
	if encoded := word(s); encoded != s {
		return encoded
	}
	return `"` + s + `"`
}

// word encodes what is not ASCII; long words are folded by the encoder.
func word(s string) string {
	return strings.ReplaceAll(mime.BEncoding.Encode("utf-8", s), "?= =?", "?=\r\n =?")
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
