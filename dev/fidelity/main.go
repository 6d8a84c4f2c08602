// Command fidelity asks Chromium where it puts every word and box of the test
// mails, and writes that beside them for the tests to compare with:
//
//	go run ./dev/fidelity [-chromium PATH] mailcore/htmlpage/testdata/mails
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"html"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

//go:embed measure.js
var script string

//go:embed fonts.conf
var fontsConf []byte

var output = regexp.MustCompile(`(?s)<pre id="linnet-geometry">(.*?)</pre>`)

func main() {
	log.SetFlags(0)
	chromium := flag.String("chromium", "chromium", "the browser")
	flag.Parse()
	dir, err := os.MkdirTemp("", "fidelity")
	if err != nil {
		log.Fatal(err)
	}
	err = measureAll(*chromium, dir, flag.Args())
	os.RemoveAll(dir)
	if err != nil {
		log.Fatal(err)
	}
}

func measureAll(chromium, dir string, folders []string) error {
	if err := os.WriteFile(filepath.Join(dir, "fonts.conf"), fontsConf, 0o600); err != nil {
		return fmt.Errorf("write the fonts' settings: %w", err)
	}
	for _, folder := range folders {
		mails, err := filepath.Glob(filepath.Join(folder, "*.html"))
		if err != nil {
			return fmt.Errorf("look into %s: %w", folder, err)
		}
		for _, mail := range mails {
			if err := measure(chromium, dir, mail); err != nil {
				return fmt.Errorf("measure %s: %w", mail, err)
			}
		}
	}
	return nil
}

// measure lets Chromium lay a mail out with a script behind it, which leaves the
// geometry in the document.
func measure(chromium, dir, mail string) error {
	source, err := os.ReadFile(mail)
	if err != nil {
		return err
	}
	page := filepath.Join(dir, "page.html")
	source = append(source, "<script>"+script+"</script>"...)
	if err := os.WriteFile(page, append([]byte("\xef\xbb\xbf"), source...), 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--hide-scrollbars",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--window-size=640,100", "--user-data-dir="+filepath.Join(dir, "profile"), "--dump-dom", "file://"+page)
	cmd.Env = append(os.Environ(), "FONTCONFIG_FILE="+filepath.Join(dir, "fonts.conf"))
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	found := output.FindSubmatch(out)
	if found == nil {
		return fmt.Errorf("no geometry came: %.200s", out)
	}
	var pretty bytes.Buffer
	if err := json.Compact(&pretty, []byte(html.UnescapeString(string(found[1])))); err != nil {
		return err
	}
	pretty.WriteByte('\n')
	return os.WriteFile(strings.TrimSuffix(mail, ".html")+".json", pretty.Bytes(), 0o600)
}
