package htmlmail

import (
	"strings"

	"golang.org/x/net/html"
)

// Public identifiers that ask for quirks (HTML, 13.2.6.4.1).
var quirky = []string{
	"+//silmaril//dtd html pro v0r11 19970101//", "-//as//dtd html 3.0 aswedit + extensions//",
	"-//advasoft ltd//dtd html 3.0 aswedit + extensions//", "-//ietf//dtd html", "-//metrius//dtd metrius presentational//",
	"-//microsoft//dtd internet explorer", "-//netscape comm. corp.//dtd", "-//o'reilly and associates//dtd html",
	"-//spyglass//dtd html 2.0 extended//", "-//sq//dtd html 2.0 hotmetal + extensions//", "-//softquad",
	"-//sun microsystems corp.//dtd hotjava", "-//w3c//dtd html 3", "-//w3c//dtd html 4.0 frameset//",
	"-//w3c//dtd html 4.0 transitional//", "-//w3c//dtd html experimental", "-//w3c//dtd w3 html 3.0//",
	"-//w3o//dtd w3 html", "-//webtechs//dtd mozilla html",
}

// mode tells how a document is laid out.
func mode(root *html.Node) Mode {
	for n := root.FirstChild; n != nil; n = n.NextSibling {
		if n.Type == html.DoctypeNode {
			return doctypeMode(n)
		}
		if n.Type == html.ElementNode {
			break
		}
	}
	return Quirks
}

func doctypeMode(n *html.Node) Mode {
	public, system, hasSystem := "", "", false
	for _, a := range n.Attr {
		switch a.Key {
		case "public":
			public = strings.ToLower(a.Val)
		case "system":
			system, hasSystem = strings.ToLower(a.Val), true
		}
	}
	loose := strings.HasPrefix(public, "-//w3c//dtd html 4.01 frameset//") || strings.HasPrefix(public, "-//w3c//dtd html 4.01 transitional//")
	switch {
	case !strings.EqualFold(n.Data, "html"), system == "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd",
		public == "-//w3o//dtd w3 html strict 3.0//en//", public == "-/w3c/dtd html 4.0 transitional/en", public == "html",
		loose && !hasSystem:
		return Quirks
	case loose, strings.HasPrefix(public, "-//w3c//dtd xhtml 1.0 frameset//"), strings.HasPrefix(public, "-//w3c//dtd xhtml 1.0 transitional//"):
		return LimitedQuirks
	}
	for _, q := range quirky {
		if strings.HasPrefix(public, q) {
			return Quirks
		}
	}
	return Standards
}
