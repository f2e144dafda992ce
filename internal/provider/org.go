package provider

import (
	"net/url"
	"strings"
)

// canonicalOrg is the URL of an org in the form that is stored and compared: the host in
// lower case, without the default port.
func canonicalOrg(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return raw
	}
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	return u.Scheme + "://" + host
}

// sameOrg reports whether two URLs name the same org.
func sameOrg(a, b string) bool { return canonicalOrg(a) == canonicalOrg(b) }
