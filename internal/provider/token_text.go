package provider

import (
	"fmt"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// maxNamed is how many tokens a message names. The state has them all.
const maxNamed = 50

// describe lists tokens, a line each. Terraform does not break lines that begin
// with a space.
func describe(tokens []okta.RefreshToken) string {
	lines := make([]string, 0, min(len(tokens), maxNamed+1))
	for _, token := range tokens[:min(len(tokens), maxNamed)] {
		lines = append(lines, describeToken(token))
	}
	if rest := len(tokens) - maxNamed; rest > 0 {
		lines = append(lines, fmt.Sprintf("  … and %s more", prose.Number(rest)))
	}
	return strings.Join(lines, "\n")
}

// describeToken is a token in a line: its ID, and what Okta says of it.
func describeToken(t okta.RefreshToken) string {
	var line strings.Builder
	line.WriteString("  " + prose.Printable(t.ID))
	for _, part := range []struct{ word, value string }{
		{"client", named(t.ClientID, t.ClientName)},
		{"user", named(t.UserID, t.UserName)},
		{"created", t.Created.String()},
		{"last updated", t.LastUpdated.String()},
	} {
		if part.value != "" {
			fmt.Fprintf(&line, ", %s %s", part.word, part.value)
		}
	}
	return line.String()
}

// named is an ID with the name, if there is one. Users choose their names, and none may add a
// line to what is read before a revocation.
func named(id, name string) string {
	id = prose.Printable(id)
	if id == "" || name == "" {
		return id
	}
	return fmt.Sprintf("%s (%s)", id, prose.Printable(name))
}

// maxTitle is how many characters of a name are shown where names stand in a line.
const maxTitle = 40

// titled is a name with its ID, or the ID alone where there is no other name. No name can
// look as if it ended sooner than it does.
func titled(name, id string) string {
	id = prose.Printable(id)
	name = strings.ReplaceAll(prose.Printable(name), `"`, "'")
	switch {
	case name == "" || name == id:
		return id
	case id == "":
		return fmt.Sprintf(`"%s"`, shortened(name))
	default:
		return fmt.Sprintf(`"%s" (%s)`, shortened(name), id)
	}
}

// shortened is a name that fits into a line.
func shortened(name string) string {
	name = prose.Printable(name)
	if runes := []rune(name); len(runes) > maxTitle {
		return string(runes[:maxTitle-1]) + "…"
	}
	return name
}
