package provider

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// candidate is what a request named, and what may therefore be what Okta does not know.
type candidate struct {
	noun      string // in prose
	class     string // in the parentheses of Okta's words
	attribute string
	id        string // empty where the request does not show it
}

func (c candidate) String() string { return strings.TrimSpace(c.noun + " " + prose.Printable(c.id)) }

// holderCandidates are the candidates by the collection of Okta's API that they are in.
var holderCandidates = map[string]candidate{
	"authorizationServers": {noun: "authorization server", class: "AuthorizationServer", attribute: "auth_server_id"},
	"users":                {noun: "user", class: "User", attribute: "user_id"},
	"apps":                 {noun: "app", class: "AppInstance", attribute: "app_id"},
}

// holderCollections are these collections by kind.
var holderCollections = map[okta.Kind]string{
	okta.KindAuthorizationServer: "authorizationServers", okta.KindUser: "users", okta.KindApp: "apps",
}

// explainMissing names what Okta does not know, and the attribute that it comes from. Okta names
// the class of what is missing in parentheses: this serves the message, and no decision hangs on
// it. Where it does not, everything that the request named is a candidate.
func explainMissing(op operation, e *okta.Error) (advice, at string) {
	all := candidates(op, e)
	missing := all
	for _, c := range all {
		if strings.Contains(e.Summary, "("+c.class+")") {
			missing = []candidate{c}
		}
	}
	if missing[0].noun == "" {
		return fmt.Sprintf("%s does not know what was asked for. Check %s.", orgOf(e), orgSetting(e)), ""
	}
	at = op.attribute(missing[0].attribute)
	if len(missing) == 1 {
		return fmt.Sprintf("%s knows no %s. Check %s and %s.", orgOf(e), missing[0], at, orgSetting(e)), at
	}
	return fmt.Sprintf("%s does not know %s, or %s. Check %s, %s and %s.",
		orgOf(e), missing[0], missing[1], at, op.attribute(missing[1].attribute), orgSetting(e)), at
}

// orgOf is the org that was asked.
func orgOf(e *okta.Error) string { return strings.TrimSpace("The org " + e.Source.Org) }

// orgSetting is the argument or variable that the org's URL comes from.
func orgSetting(e *okta.Error) string { return cmp.Or(e.Source.OrgURL, "org_url") }

// candidates are what a request named, from the outside in.
func candidates(op operation, e *okta.Error) []candidate {
	segments := strings.Split(strings.TrimPrefix(e.Path, "/api/v1/"), "/")
	holder, known := holderCandidates[segments[0]]
	if !known {
		holder = holderCandidates[holderCollections[op.kind]]
	}
	named := func(i int) string {
		if i >= len(segments) {
			return ""
		}
		id, err := url.PathUnescape(segments[i])
		if err != nil {
			return segments[i]
		}
		return id
	}
	holder.id = named(1)
	client := candidate{noun: "client", class: "PublicClientApp", attribute: "client_id", id: named(3)}
	if named(2) == "clients" && client.id != "" {
		return []candidate{holder, client}
	}
	return []candidate{holder}
}
