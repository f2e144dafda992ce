package provider

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// ValidateConfig refuses what contradicts itself in the provider block alone.
func (p *oktatokensProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var m providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.validateCredential(&resp.Diagnostics)
	for name, value := range map[string]types.String{"org_name": m.OrgName, "base_url": m.BaseURL} {
		if isSet(m.OrgURL) && isSet(value) {
			resp.Diagnostics.AddAttributeError(path.Root(name), "Conflicting Org URL",
				fmt.Sprintf("org_url names the org in full. Remove org_url, or remove %s.", name))
		}
	}
}

// Configure prepares the client. It makes no request: a plan that touches
// nothing must not need Okta.
func (p *oktatokensProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var m providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.refuseUnknown(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	s := settings{getenv: p.getenv, diags: &resp.Diagnostics}
	cfg := okta.Config{
		OrgURL:         s.orgURL(m),
		Credential:     s.credential(ctx, m),
		UserAgent:      fmt.Sprintf("terraform-provider-oktatokens/%s (+https://github.com/oktatokens/terraform-provider-oktatokens)", p.version),
		Proxy:          s.proxy(m.HTTPProxy),
		Network:        p.network,
		MaxRetries:     int(orDefault(m.MaxRetries, 5)),
		MaxWait:        time.Duration(orDefault(m.MaxWaitSeconds, 300)) * time.Second,
		RequestTimeout: time.Duration(orDefault(m.RequestTimeout, 60)) * time.Second,
		Parallelism:    int(orDefault(m.Parallelism, 10)),
		Capacity:       s.capacity(m.MaxAPICapacity),
		ReadOnly:       s.readOnly(m.ReadOnly),
		Log: func(ctx context.Context, message string, fields map[string]any) {
			tflog.Debug(ctx, message, fields)
		},
		Notice: func(ctx context.Context, message string, fields map[string]any) {
			tflog.Info(ctx, message, fields)
		},
	}
	protected := revoke.Protected{
		ClientIDs: toSet(ctx, m.ProtectedClientIDs, &resp.Diagnostics),
		UserIDs:   toSet(ctx, m.ProtectedUserIDs, &resp.Diagnostics),
	}
	if resp.Diagnostics.HasError() {
		return
	}
	client := okta.New(cfg)
	data := &session{client: client, engine: &revoke.Engine{Client: client, Protected: protected}}
	resp.DataSourceData = data
	resp.ResourceData = data
	resp.ActionData = data
	resp.ListResourceData = data
}

// refuseUnknown reports each argument whose value is not known yet. Guessing
// could send a request to the wrong org.
func (m providerModel) refuseUnknown(diags *diag.Diagnostics) {
	for name, value := range map[string]attr.Value{
		"org_url": m.OrgURL, "org_name": m.OrgName, "base_url": m.BaseURL,
		"api_token": m.APIToken, "access_token": m.AccessToken,
		"client_id": m.ClientID, "private_key": m.PrivateKey, "private_key_id": m.PrivateKeyID, "scopes": m.Scopes,
		"http_proxy":  m.HTTPProxy,
		"max_retries": m.MaxRetries, "max_wait_seconds": m.MaxWaitSeconds,
		"request_timeout": m.RequestTimeout, "parallelism": m.Parallelism, "max_api_capacity": m.MaxAPICapacity,
		"read_only": m.ReadOnly, "protected_client_ids": m.ProtectedClientIDs, "protected_user_ids": m.ProtectedUserIDs,
	} {
		if !isKnown(value) {
			diags.AddAttributeError(path.Root(name), "Unknown Provider Configuration", fmt.Sprintf(
				"The value of %s depends on something that is not created yet. Create that first with -target, or set %s to a value that is known at plan.", name, name))
		}
	}
}

// settings reads arguments, and the environment where an argument is not set.
type settings struct {
	getenv func(string) string
	diags  *diag.Diagnostics
}

func (s settings) fail(attribute, summary, detail string) {
	s.diags.AddAttributeError(path.Root(attribute), summary, detail)
}

// text is the argument, or the first of the variables that is set.
func (s settings) text(argument types.String, variables ...string) string {
	if value := argument.ValueString(); value != "" {
		return value
	}
	for _, variable := range variables {
		if value := s.getenv(variable); value != "" {
			return value
		}
	}
	return ""
}

// orgURL is the org's origin. What the configuration says in either spelling
// beats what the environment says in any.
func (s settings) orgURL(m providerModel) *url.URL {
	if otherSpelling := isSet(m.OrgName) || isSet(m.BaseURL); isSet(m.OrgURL) || !otherSpelling {
		if raw := s.text(m.OrgURL, "OKTA_ORG_URL", "OKTA_CLIENT_ORGURL"); raw != "" {
			return s.checkOrgURL("org_url", raw)
		}
	}
	name := s.text(m.OrgName, "OKTA_ORG_NAME")
	if name == "" {
		s.fail("org_url", "Missing Org URL", "Set org_url or OKTA_ORG_URL to the URL of the Okta org, such as https://acme.okta.com.")
		return nil
	}
	base := s.text(m.BaseURL, "OKTA_BASE_URL")
	if base == "" {
		base = "okta.com"
	}
	if strings.ContainsAny(name, "./:@") {
		s.fail("org_name", "Invalid Org Name", "org_name is the first part of the host name only, such as acme. To name the whole host, set org_url"+assignment(name)+".")
		return nil
	}
	return s.checkOrgURL("org_name", "https://"+name+"."+base)
}

// assignment completes the advice to set org_url to a host that was given for
// org_name, when it is one.
func assignment(name string) string {
	u, err := url.Parse("https://" + strings.TrimPrefix(name, "https://"))
	if err != nil || u.Host == "" || strings.Contains(name, "@") {
		return "" // it is not repeated: it may hold a password
	}
	return fmt.Sprintf(" = \"https://%s\"", u.Host)
}

// checkOrgURL refuses what is not the origin of an org, and says what would be.
// Nothing is repeated that may be a password: what cannot be read, and what is
// on the same side of an @ as one.
func (s settings) checkOrgURL(attribute, raw string) *url.URL {
	const (
		summary = "Invalid Org URL"
		noUser  = "The URL of an org holds no user name or password: set api_token or access_token instead."
	)
	u, err := url.Parse(raw)
	unreadable := err != nil || u.Hostname() == "" || u.Opaque != ""
	switch {
	case strings.Contains(raw, "@") && (unreadable || u.User == nil):
		s.fail(attribute, summary, noUser+" It looks like https://acme.okta.com.")
	case unreadable:
		s.fail(attribute, summary, "This is not the URL of an org, which is https:// and the name of a host, such as https://acme.okta.com.")
	case u.User != nil:
		s.fail(attribute, summary, fmt.Sprintf("%s Use https://%s.", noUser, u.Host))
	case u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())):
		s.fail(attribute, summary, fmt.Sprintf(
			"%s would send the credential unencrypted. Only https is allowed, but for a loopback address. Use https://%s.", u.Scheme, u.Host))
	case strings.HasSuffix(strings.ToLower(strings.Split(u.Hostname(), ".")[0]), "-admin"):
		s.fail(attribute, summary, fmt.Sprintf(
			"%s is the host of the admin console, which serves no API. Use https://%s.", u.Host, strings.Replace(u.Host, "-admin.", ".", 1)))
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		s.fail(attribute, summary, fmt.Sprintf(
			"The URL of an org has no path: the provider adds the path of each request itself. Use %s://%s.", u.Scheme, u.Host))
	default:
		return &url.URL{Scheme: u.Scheme, Host: u.Host}
	}
	return nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// proxy is nil when the usual environment variables decide.
func (s settings) proxy(argument types.String) func(*http.Request) (*url.URL, error) {
	raw := s.text(argument, "OKTA_HTTP_PROXY")
	if raw == "" {
		return nil
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5" {
		// The value is not repeated: it may hold a password.
		s.fail("http_proxy", "Invalid Proxy URL", "http_proxy is not the URL of a proxy. It looks like http://proxy.example:3128.")
		return nil
	}
	return http.ProxyURL(u)
}

func (s settings) capacity(argument wholeValue) int {
	raw := s.getenv("OKTA_MAX_API_CAPACITY")
	if !argument.IsNull() || raw == "" {
		return int(orDefault(argument, 100))
	}
	percent, err := strconv.Atoi(raw)
	if err != nil || percent < 1 || percent > 100 {
		s.fail("max_api_capacity", "Invalid API Capacity", fmt.Sprintf("OKTA_MAX_API_CAPACITY is a percentage between 1 and 100, not %q.", raw))
	}
	return percent
}

func (s settings) readOnly(argument types.Bool) bool {
	raw := s.getenv("OKTATOKENS_READ_ONLY")
	if !argument.IsNull() || raw == "" {
		return argument.ValueBool()
	}
	readOnly, err := strconv.ParseBool(raw)
	if err != nil {
		s.fail("read_only", "Invalid Read-Only Setting", fmt.Sprintf("OKTATOKENS_READ_ONLY is true or false, not %q.", raw))
	}
	return readOnly
}

func orDefault(argument wholeValue, value int64) int64 {
	if argument.IsNull() {
		return value
	}
	return argument.ValueInt64()
}
