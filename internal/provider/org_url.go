package provider

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

const (
	missingOrgURL = "Missing Org URL"
	invalidOrgURL = "Invalid Org URL"
)

// oktaDomains are the domains that Okta gives orgs a name in.
// Source: https://developer.okta.com/docs/concepts/okta-organizations/
var oktaDomains = []string{"okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com", "okta.mil"}

// orgURL is the org's origin. What the configuration says in either spelling
// beats what the environment says in any. It returns where the URL comes from too.
func (s settings) orgURL(m providerModel) (org *url.URL, from string) {
	if otherSpelling := isGiven(m.OrgName) || isGiven(m.BaseURL); isGiven(m.OrgURL) || !otherSpelling {
		if org := s.text("org_url", m.OrgURL, "OKTA_ORG_URL", "OKTA_CLIENT_ORGURL"); org.isSet() {
			return s.checkOrgURL(org), org.name()
		}
	}
	name, base := s.text("org_name", m.OrgName, "OKTA_ORG_NAME"), s.text("base_url", m.BaseURL, "OKTA_BASE_URL")
	switch {
	case !name.isSet() && base.isSet():
		s.fail(base, missingOrgURL, fmt.Sprintf(
			"%s is only the end of the org's host name. Set org_name or OKTA_ORG_NAME to its beginning, such as acme, or set org_url or OKTA_ORG_URL alone.", base.name()))
		return nil, ""
	case !name.isSet():
		s.fail(name, missingOrgURL, "Set org_url or OKTA_ORG_URL to the URL of the Okta org, such as https://acme.okta.com.")
		return nil, ""
	case !s.checkOrgName(name):
		return nil, ""
	case !base.isSet():
		base.value = "okta.com"
	case !s.checkBaseURL(name, base):
		return nil, ""
	}
	name.value = "https://" + name.value + "." + base.value
	return s.checkOrgURL(name), name.name()
}

// checkOrgName refuses what is more than the first part of a host name.
func (s settings) checkOrgName(name setting) bool {
	problem := s.fault(name)
	switch short, isAdmin := strings.CutSuffix(name.value, "-admin"); {
	case problem != "":
	case strings.ContainsAny(name.value, `./\:@?#%`):
		problem = fmt.Sprintf("%s is the first part of the org's host name only, such as acme. To name the whole host, %s instead.",
			name.name(), insteadOf(name, hostIn(name.value)))
	case isAdmin:
		problem = fmt.Sprintf("%s is the host of the admin console, which serves no API. Set %s to %s.", name.value, name.name(), short)
	default:
		return true
	}
	s.fail(name, "Invalid Org Name", problem)
	return false
}

// checkBaseURL refuses what is more or less than the domain that the org's name is
// put before.
func (s settings) checkBaseURL(name, base setting) bool {
	problem, host := s.fault(base), strings.TrimPrefix(hostIn(base.value), ".")
	switch domain := oktaDomainOf(host); {
	case problem != "":
	case !strings.Contains(host, "."):
		problem = fmt.Sprintf("%s is the end of the org's host name, such as okta.com or oktapreview.com.", base.name())
	case domain != "" && host != domain:
		problem = fmt.Sprintf("%s is the host of an org, and %s comes before it once more. Set %s to %s, or remove both and %s.",
			base.name(), name.name(), base.name(), domain, insteadOf(base, host))
	case !strings.EqualFold(host, base.value):
		problem = fmt.Sprintf("%s is the end of the org's host name alone, not a URL. Set it to %s.", base.name(), host)
	default:
		return true
	}
	s.fail(base, "Invalid Base URL", problem)
	return false
}

// oktaDomainOf is the one of Okta's domains that a host is in, or empty.
func oktaDomainOf(host string) string {
	for _, domain := range oktaDomains {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return domain
		}
	}
	return ""
}

// insteadOf advises to name the whole host, in the place where a part of it was
// named.
func insteadOf(part setting, host string) string {
	argument := "org_url"
	if part.variable != "" {
		argument = "OKTA_ORG_URL"
	}
	if host == "" || !strings.Contains(host, ".") {
		return fmt.Sprintf("set %s", argument)
	}
	return fmt.Sprintf("set %s to https://%s", argument, host)
}

// maxLabel is how long a part of a host name can be. Source: RFC 1035 section 2.3.4.
const maxLabel = 63

// hostIn is the host in what was meant for a URL or a part of one, as Okta's API
// knows it: in lower case and without -admin. It is empty where there is none, and
// where the text may hold a password or be a token.
func hostIn(text string) string {
	_, rest, found := strings.Cut(text, "://")
	if !found {
		rest = text
	}
	u, err := url.Parse("https://" + rest)
	if err != nil || strings.Contains(text, "@") {
		return ""
	}
	for label := range strings.SplitSeq(u.Hostname(), ".") {
		if len(label) > maxLabel {
			return ""
		}
	}
	return withoutAdmin(strings.TrimSuffix(strings.ToLower(u.Host), "."))
}

func withoutAdmin(host string) string {
	first, rest, _ := strings.Cut(host, ".")
	if name, isAdmin := strings.CutSuffix(first, "-admin"); isAdmin && rest != "" {
		return name + "." + rest
	}
	return host
}

// checkOrgURL refuses what is not the origin of an org, and says what would be.
// Nothing is repeated that may be a password: what cannot be read, and what is
// on the same side of an @ as one.
func (s settings) checkOrgURL(org setting) *url.URL {
	const noUser = "%s holds no user name or password: set api_token or access_token instead."
	u, err := url.Parse(org.value)
	unreadable := err != nil || u.Hostname() == "" || u.Opaque != ""
	problem := s.fault(org)
	switch {
	case problem != "":
	case strings.Contains(org.value, "@") && (unreadable || u.User == nil):
		problem = fmt.Sprintf(noUser+" It looks like https://acme.okta.com.", org.name())
	case unreadable:
		problem = notAnOrgURL(org)
	case u.User != nil:
		problem = fmt.Sprintf(noUser+" Use https://%s.", org.name(), withoutAdmin(strings.ToLower(u.Host)))
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		problem = fmt.Sprintf("%s: %s would send the credential unencrypted. Only https is allowed, except for a loopback address. Use https://%s.",
			org.name(), u.Scheme, hostIn(org.value))
	default:
		problem = notTheOrigin(org, u)
	}
	if problem != "" {
		s.fail(org, invalidOrgURL, problem)
		return nil
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}
}

// notAnOrgURL says what a value lacks that is no URL with a host.
func notAnOrgURL(org setting) string {
	if host := hostIn(org.value); strings.Contains(host, ".") && !slices.Contains(oktaDomains, host) {
		return fmt.Sprintf("%s begins with https://. Use https://%s.", org.name(), host)
	}
	return fmt.Sprintf("%s is https:// and the host of the org, such as https://acme.okta.com.", org.name())
}

// notTheOrigin says what is wrong with a readable URL, or is empty.
func notTheOrigin(org setting, u *url.URL) string {
	host := strings.ToLower(u.Host)
	switch name := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www."); {
	case slices.Contains(oktaDomains, name):
		return fmt.Sprintf("%s names Okta itself, not an org: the host of an org begins with its name, as in https://acme.%s.", org.name(), name)
	case withoutAdmin(host) != host:
		return fmt.Sprintf("%s: %s is the host of the admin console, which serves no API. Use https://%s.", org.name(), host, withoutAdmin(host))
	case strings.HasSuffix(name, "."):
		return fmt.Sprintf("%s: the host ends with a dot. Use %s://%s.", org.name(), u.Scheme, hostIn(org.value))
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return fmt.Sprintf("%s has no path: the provider adds the path of each request itself. Use %s://%s.", org.name(), u.Scheme, host)
	default:
		return ""
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
