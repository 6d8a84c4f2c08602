package oauth

import (
	"html/template"
	"net/http"
)

// Outcome is what the browser shows at the end.
type Outcome string

// The outcomes.
const (
	Done   Outcome = "done"   // the rest happens in Linnet
	Denied Outcome = "denied" // somebody said no
	Failed Outcome = "failed"
	Stray  Outcome = "stray" // this does not belong to a sign-in that goes on
)

// Page is the words of an Outcome.
type Page struct {
	Language    string // BCP 47
	Title, Text string
}

// landing has no script and asks for nothing more; colours follow the system's.
var landing = template.Must(template.New("landing").Parse(`<!DOCTYPE html>
<html lang="{{.Language}}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{{.Title}}</title>
<style>
:root { color-scheme: light dark }
body { font: 17px/1.5 system-ui, sans-serif; max-width: 30em; margin: 18vh auto; padding: 0 1.5em }
h1 { font-size: 1.4em; margin: 0 0 .5em }
</style>
<h1>{{.Title}}</h1>
<p>{{.Text}}</p>
</html>
`))

func (r *receiver) show(w http.ResponseWriter, status int, o Outcome) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer") // the address has the code in it
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	var p Page
	if r.page != nil {
		p = r.page(o)
	}
	_ = landing.Execute(w, p) // a browser that is gone misses nothing
}
