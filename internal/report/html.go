package report

import (
	"crypto/sha256"
	_ "embed" // the page's parts
	"encoding/base64"
	"html/template"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

var (
	//go:embed page.html.tmpl
	pageSource string
	//go:embed page.css
	style string
	//go:embed page.js
	script string

	page = template.Must(template.New("page").Funcs(template.FuncMap{"grouped": prose.Number[int64], "counted": prose.Count[int64]}).Parse(pageSource))
)

// policy is the page's Content Security Policy. It allows the page's own style and script, by their
// hashes, and the icon in its head. Nothing else can run, apply or load, even if a name from Okta ever
// got past the escaping.
var policy = strings.Join([]string{
	"default-src 'none'",
	"style-src '" + hash(style) + "'",
	"script-src '" + hash(script) + "'",
	"img-src data:",
	"base-uri 'none'",
	"form-action 'none'",
}, "; ")

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// HTML returns an inventory as a self-contained page. It limits the rows, so the page stays under a
// megabyte for any org, and says what it leaves out.
func HTML(title string, inventory Inventory) (string, error) {
	v := newView(title, inventory)
	v.Policy = policy
	v.Style = template.CSS(style)  // #nosec G203 -- our own
	v.Script = template.JS(script) // #nosec G203 -- our own
	var text strings.Builder
	if err := page.Execute(&text, v); err != nil {
		return "", err
	}
	return text.String(), nil
}
