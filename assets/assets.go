// Package assets embeds what Linnet ships with: the words it says, its icons
// and the demo mail.
package assets

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"sort"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed translations/*.json
var translations embed.FS

// Args are the named values of a sentence: {{.Name}} in the translation.
type Args = map[string]any

// Words says every sentence a person can see, in one language.
// It does not change once made and may be used from any goroutine.
type Words struct {
	bundle    *i18n.Bundle
	localizer *i18n.Localizer
}

// NewWords returns the words for the first of the given BCP 47 tags that is
// there, English otherwise.
func NewWords(tags ...string) (*Words, error) {
	bundle := i18n.NewBundle(language.English)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	names, err := fs.Glob(translations, "translations/*.json")
	if err != nil {
		return nil, fmt.Errorf("list translations: %w", err)
	}
	sort.Strings(names)
	for _, name := range names {
		data, err := translations.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		if _, err := bundle.ParseMessageFileBytes(data, name); err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
	}
	return &Words{bundle: bundle, localizer: i18n.NewLocalizer(bundle, tags...)}, nil
}

// Say returns the sentence of key with args filled in. A missing key comes back
// as itself, so that a gap is seen and never hides what happened.
func (w *Words) Say(key string, args ...Args) string {
	return w.localize(key, &i18n.LocalizeConfig{MessageID: key, TemplateData: merge(args)})
}

// Count returns the sentence of key in the plural form for n; {{.Count}} is n.
func (w *Words) Count(key string, n int, args ...Args) string {
	data := merge(args)
	data["Count"] = n
	return w.localize(key, &i18n.LocalizeConfig{MessageID: key, TemplateData: data, PluralCount: n})
}

func (w *Words) localize(key string, c *i18n.LocalizeConfig) string {
	s, err := w.localizer.Localize(c)
	if err != nil && s == "" {
		return key
	}
	return strings.ReplaceAll(s, "<no value>", "")
}

func merge(args []Args) Args {
	out := Args{}
	for _, a := range args {
		for k, v := range a {
			out[k] = v
		}
	}
	return out
}
