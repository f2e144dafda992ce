package provider

import (
	"strings"
	"testing"
	"unicode"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// hostile is an ID that would write on a terminal, and look like another token's line.
const hostile = "\x1b[2K\u202e\n  oar9"

// No ID from Okta is printed as it is: not in a plan, in an error, nor in progress.
func TestHostileIDs(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	app := attributes{"app_id": "0oa1"}
	org.AddClient(oktafake.App{ID: "0oa1"})
	add(org, oktafake.Token{ClientID: "0oa1", UserID: "00u" + hostile}, "oar1", "oar2", "oar"+hostile)
	config := app.With(attributes{"filter": attributes{"client_ids": list("0oa1")}})
	c := newCore(t, org, attributes{"max_retries": 0, "parallelism": 1})
	var texts []string
	see := func(what string, diags []diagnostic, progress ...string) {
		t.Helper()
		found := false
		for _, d := range diags {
			texts = append(texts, d.Summary, d.Detail)
			found = found || strings.Contains(d.Summary+d.Detail, "\uFFFD")
		}
		for _, line := range progress {
			texts = append(texts, line)
			found = found || strings.Contains(line, "\uFFFD")
		}
		if !found {
			t.Errorf("%s: got %+v and %q, want the ID in it, cleaned", what, diags, progress)
		}
	}
	p := c.plan(c.noState(), config)
	see("plan", p.Diags)
	nobodys := oktafake.New(t)
	add(nobodys, oktafake.Token{ClientID: "0oa1"}, "oar"+hostile)
	see("guard", newCore(t, nobodys, attributes{"protected_user_ids": list("00u1")}).plan(c.noState(), config).Diags)
	_, diags := c.applyWith(c.configured(), p)
	see("apply", diags)
	progress, diags := c.invoke(config)
	see("action", diags, progress...)
	for _, text := range texts {
		for _, r := range text {
			if r != '\n' && !unicode.IsGraphic(r) {
				t.Errorf("got %q in %q", r, text)
			}
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "  oar9") {
				t.Errorf("got the line %q, which an ID has forged, in %q", line, text)
			}
		}
	}
}
