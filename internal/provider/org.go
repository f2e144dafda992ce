package provider

import (
	"net/url"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// sameOrg reports whether two URLs name the same org, however they spell it.
func sameOrg(a, b string) bool { return originOf(a) == originOf(b) }

// originOf returns the origin of a URL, or the text itself if it is not one.
func originOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return raw
	}
	return okta.Origin(u).String()
}
