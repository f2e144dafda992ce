package provider

import (
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// sessionOf is what a provider makes of its environment and configuration.
func sessionOf(t *testing.T, env map[string]string, config attributes) *session {
	t.Helper()
	p := newProvider(env)
	var schema provider.SchemaResponse
	p.Schema(t.Context(), provider.SchemaRequest{}, &schema)
	raw := value(t, schema.Schema.Type().TerraformType(t.Context()), config)
	var resp provider.ConfigureResponse
	p.Configure(t.Context(), provider.ConfigureRequest{Config: tfsdk.Config{Schema: schema.Schema, Raw: raw}}, &resp)
	if resp.Diagnostics.HasError() {
		t.Fatalf("got %v, want no errors", resp.Diagnostics)
	}
	if resp.DataSourceData != resp.ResourceData {
		t.Error("data sources and resources got different data, want one client for both")
	}
	s, ok := resp.ResourceData.(*session)
	if !ok {
		t.Fatalf("got the data %v, want a session", resp.ResourceData)
	}
	return s
}

func TestOrgURL(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		env    map[string]string
		config attributes
		want   string
	}{
		{"org_url", nil, attributes{"org_url": "https://acme.okta.com"}, "https://acme.okta.com"},
		{"a slash at its end", nil, attributes{"org_url": "https://acme.okta.com/"}, "https://acme.okta.com"},
		{"a custom domain", nil, attributes{"org_url": "https://login.acme.example:8443"}, "https://login.acme.example:8443"},
		{"loopback", nil, attributes{"org_url": "http://127.0.0.1:8080"}, "http://127.0.0.1:8080"},
		{"another loopback", nil, attributes{"org_url": "http://127.8.0.1"}, "http://127.8.0.1"},
		{"loopback in IPv6", nil, attributes{"org_url": "http://[::1]:8080"}, "http://[::1]:8080"},
		{"loopback by name", nil, attributes{"org_url": "http://localhost:8080"}, "http://localhost:8080"},
		{"the other spelling", nil, attributes{"org_name": "acme"}, "https://acme.okta.com"},
		{"the other spelling in full", nil, attributes{"org_name": "acme", "base_url": "oktapreview.com"}, "https://acme.oktapreview.com"},
		{"environment", map[string]string{"OKTA_ORG_URL": "https://env.okta.com"}, nil, "https://env.okta.com"},
		{"environment of the SDK", map[string]string{"OKTA_CLIENT_ORGURL": "https://sdk.okta.com"}, nil, "https://sdk.okta.com"},
		{"both variables", map[string]string{"OKTA_ORG_URL": "https://env.okta.com", "OKTA_CLIENT_ORGURL": "https://sdk.okta.com"}, nil, "https://env.okta.com"},
		{"the other spelling in the environment", map[string]string{"OKTA_ORG_NAME": "env", "OKTA_BASE_URL": "okta-emea.com"}, nil, "https://env.okta-emea.com"},
		{"both spellings in the environment", map[string]string{"OKTA_ORG_URL": "https://env.okta.com", "OKTA_ORG_NAME": "other"}, nil, "https://env.okta.com"},
		{"org_url beats the environment", map[string]string{"OKTA_ORG_URL": "https://env.okta.com", "OKTA_ORG_NAME": "env"}, attributes{"org_url": "https://acme.okta.com"}, "https://acme.okta.com"},
		{"org_name beats the environment", map[string]string{"OKTA_ORG_URL": "https://env.okta.com"}, attributes{"org_name": "acme"}, "https://acme.okta.com"},
		{"base_url beats the environment", map[string]string{"OKTA_ORG_NAME": "env", "OKTA_BASE_URL": "okta.com"}, attributes{"base_url": "oktapreview.com"}, "https://env.oktapreview.com"},
		{"base_url beats a URL in the environment", map[string]string{"OKTA_ORG_URL": "https://env.okta.com", "OKTA_ORG_NAME": "env"}, attributes{"base_url": "oktapreview.com"}, "https://env.oktapreview.com"},
		{"an empty argument is none", map[string]string{"OKTA_ORG_URL": "https://env.okta.com"}, attributes{"org_url": ""}, "https://env.okta.com"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := sessionOf(t, tc.env, attributes{"api_token": "00B-token"}.with(tc.config)).client.OrgURL()
			if got != tc.want {
				t.Errorf("got the org %s, want %s", got, tc.want)
			}
		})
	}
}

func TestOrgURLErrors(t *testing.T) {
	t.Parallel()
	const (
		missing   = "Missing Org URL"
		invalid   = "Invalid Org URL"
		noURL     = "This is not the URL of an org, which is https:// and the name of a host, such as https://acme.okta.com."
		noUser    = "The URL of an org holds no user name or password: set api_token or access_token instead."
		looks     = " It looks like https://acme.okta.com."
		wholeHost = "org_name is the first part of the host name only, such as acme. To name the whole host, set org_url"
		plainHTTP = "http would send the credential unencrypted. Only https is allowed, but for a loopback address. Use https://"
	)
	for _, tc := range []struct {
		name   string
		env    map[string]string
		config attributes
		want   diagnostic
	}{
		{"nothing", nil, nil, diagnostic{Summary: missing, Attribute: "org_url", Detail: "Set org_url or OKTA_ORG_URL to the URL of the Okta org, such as https://acme.okta.com."}},
		{"base_url alone", nil, attributes{"base_url": "okta.com"}, diagnostic{Summary: missing, Attribute: "org_url", Detail: "Set org_url or OKTA_ORG_URL to the URL of the Okta org, such as https://acme.okta.com."}},
		{"no scheme", nil, attributes{"org_url": "acme.okta.com"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noURL}},
		{"no host", nil, attributes{"org_url": "https://"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noURL}},
		{"only a port", nil, attributes{"org_url": "https://:443"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noURL}},
		{"a host and port", nil, attributes{"org_url": "acme.okta.com:443"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noURL}},
		{"http", nil, attributes{"org_url": "http://acme.okta.com"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: plainHTTP + "acme.okta.com."}},
		{"http to a name like loopback", nil, attributes{"org_url": "http://127.0.0.1.example.com"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: plainHTTP + "127.0.0.1.example.com."}},
		{"http in the environment", map[string]string{"OKTA_ORG_URL": "http://acme.okta.com"}, nil, diagnostic{Summary: invalid, Attribute: "org_url", Detail: plainHTTP + "acme.okta.com."}},
		{"a password", nil, attributes{"org_url": "https://admin:S3CRET@acme.okta.com"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noUser + " Use https://acme.okta.com."}},
		{"a password, and a path", nil, attributes{"org_url": "https://admin:S3CRET@acme.okta.com:8443/S3CRET"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noUser + " Use https://acme.okta.com:8443."}},
		{"a password over http", nil, attributes{"org_url": "http://admin:S3CRET@acme.okta.com"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noUser + " Use https://acme.okta.com."}},
		{"a password with a percent sign", nil, attributes{"org_url": "https://admin:S3CRET%zz@acme.okta.com"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noUser + looks}},
		{"a password without a scheme", nil, attributes{"org_url": "admin:S3CRET@acme.okta.com"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noUser + looks}},
		{"a password with a slash", nil, attributes{"org_url": "https://admin:1/S3CRET@acme.okta.com"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noUser + looks}},
		{"a password with a question mark", nil, attributes{"org_url": "https://S3CRET:1?x@acme.okta.com"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noUser + looks}},
		{"a password in the environment", map[string]string{"OKTA_ORG_URL": "https://admin:S3CRET%zz@acme.okta.com"}, nil, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noUser + looks}},
		{"a password before an escaped @", nil, attributes{"org_url": "https://admin:S3CRET%40acme.okta.com"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noURL}},
		{"an API token", nil, attributes{"org_url": "00BS3CRET"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: noURL}},
		{"org_name with a password", nil, attributes{"org_name": "https://admin:S3CRET@acme.okta.com"}, diagnostic{Summary: "Invalid Org Name", Attribute: "org_name", Detail: wholeHost + "."}},
		{"org_name with a password alone", nil, attributes{"org_name": "S3CRET@acme"}, diagnostic{Summary: "Invalid Org Name", Attribute: "org_name", Detail: wholeHost + "."}},
		{"org_name is no host", nil, attributes{"org_name": "admin:S3CRET%zz"}, diagnostic{Summary: "Invalid Org Name", Attribute: "org_name", Detail: wholeHost + "."}},
		{"the admin console", nil, attributes{"org_url": "https://acme-admin.okta.com"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: "acme-admin.okta.com is the host of the admin console, which serves no API. Use https://acme.okta.com."}},
		{"the admin console by name", nil, attributes{"org_name": "acme-admin"}, diagnostic{Summary: invalid, Attribute: "org_name", Detail: "acme-admin.okta.com is the host of the admin console, which serves no API. Use https://acme.okta.com."}},
		{"a path", nil, attributes{"org_url": "https://acme.okta.com/api/v1"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: "The URL of an org has no path: the provider adds the path of each request itself. Use https://acme.okta.com."}},
		{"a query", nil, attributes{"org_url": "https://acme.okta.com?x=1"}, diagnostic{Summary: invalid, Attribute: "org_url", Detail: "The URL of an org has no path: the provider adds the path of each request itself. Use https://acme.okta.com."}},
		{"org_name is a host", nil, attributes{"org_name": "acme.okta.com"}, diagnostic{Summary: "Invalid Org Name", Attribute: "org_name", Detail: wholeHost + ` = "https://acme.okta.com".`}},
		{"org_name is a URL", nil, attributes{"org_name": "https://acme.okta.com"}, diagnostic{Summary: "Invalid Org Name", Attribute: "org_name", Detail: wholeHost + ` = "https://acme.okta.com".`}},
		{"both spellings", nil, attributes{"org_url": "https://acme.okta.com", "org_name": "acme"}, diagnostic{Summary: "Conflicting Org URL", Attribute: "org_name", Detail: "org_url names the org in full. Remove org_url, or remove org_name."}},
		{"half of the other", nil, attributes{"org_url": "https://acme.okta.com", "base_url": "okta.com"}, diagnostic{Summary: "Conflicting Org URL", Attribute: "base_url", Detail: "org_url names the org in full. Remove org_url, or remove base_url."}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, got := newCoreIn(t, tc.env, attributes{"api_token": "00B-token"}.with(tc.config)).configure()
			diff(t, "errors", got, []diagnostic{tc.want})
			if strings.Contains(fmt.Sprint(got), "S3CRET") {
				t.Errorf("the password is in %+v", got)
			}
		})
	}
}

func TestConfigureSendsNothing(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	newCore(t, org, nil).configured()
	wantNoRequests(t, org)
}

// An org must not be guessed, nor a guard left out, because a value is not known
// yet.
func TestUnknownProviderConfiguration(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	arguments := newCore(t, org, nil).schemas.Provider.Block.Attributes
	for _, argument := range arguments {
		t.Run(argument.Name, func(t *testing.T) {
			t.Parallel()
			_, got := newCore(t, org, attributes{argument.Name: unknown{}}).configure()
			diff(t, "errors", got, []diagnostic{{
				Summary: "Unknown Provider Configuration", Attribute: argument.Name,
				Detail: "The value of " + argument.Name + " depends on something that is not created yet. Create that first with -target, or set " +
					argument.Name + " to a value that is known at plan.",
			}})
		})
	}
	_, got := newCore(t, org, attributes{"protected_user_ids": []any{"00u1", unknown{}}}).configure()
	diff(t, "errors of a set with an unknown member", summaries(got), []string{"protected_user_ids: Unknown Provider Configuration"})
	wantNoRequests(t, org)
}

func TestProviderBounds(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	for _, tc := range []struct {
		argument    string
		least, most int
	}{
		{argument: "max_retries", least: 0, most: 100},
		{argument: "max_wait_seconds", least: 0, most: 3600},
		{argument: "request_timeout", least: 1, most: 3600},
		{argument: "parallelism", least: 1, most: 100},
		{argument: "max_api_capacity", least: 1, most: 100},
	} {
		for _, bad := range []int{tc.least - 1, tc.most + 1} {
			_, got := newCore(t, org, attributes{tc.argument: bad}).configure()
			diff(t, "errors", summaries(got), []string{tc.argument + ": Invalid Attribute Value"})
		}
		for _, good := range []int{tc.least, tc.most} {
			newCore(t, org, attributes{tc.argument: good}).configured()
		}
	}
}

// Whatever is given for the org's URL, a credential goes to the host that it names
// and is encrypted, but on this machine; anything else is refused and said to be.
func FuzzOrgURL(f *testing.F) {
	for _, raw := range []string{
		"https://acme.okta.com", "https://acme.okta.com/", "https://acme-admin.okta.com", "http://acme.okta.com", "http://127.0.0.1:8080",
		"http://localhost.evil.example", "http://[::1]:80", "https://user:password@acme.okta.com", "https://acme.okta.com/api/v1", "https://acme.okta.com?x",
		"https:acme.okta.com", "//acme.okta.com", "acme.okta.com", "https://acme.okta.com\\@evil.example", "https://%61cme.okta.com", "https://acme.okta.com:443#", "https://:443",
	} {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var diags diag.Diagnostics
		got := settings{diags: &diags}.checkOrgURL("org_url", raw)
		if (got == nil) != diags.HasError() {
			t.Fatalf("%q: got %v and the diagnostics %v, want one of them", raw, got, diags)
		}
		if got == nil {
			return
		}
		given, err := url.Parse(raw)
		if err != nil || got.Host != given.Host || got.Hostname() == "" {
			t.Errorf("%q: got the host %q, %v", raw, got.Host, err)
		}
		if local := got.Hostname() == "localhost" || net.ParseIP(got.Hostname()).IsLoopback(); got.Scheme != "https" && !(got.Scheme == "http" && local) {
			t.Errorf("%q: got %s, which is not encrypted", raw, got)
		}
		if *got != (url.URL{Scheme: got.Scheme, Host: got.Host}) || strings.HasSuffix(strings.Split(got.Hostname(), ".")[0], "-admin") {
			t.Errorf("%q: got %s, want the origin of an org", raw, got)
		}
		if again, err := url.Parse(got.String()); err != nil || again.Host != got.Host {
			t.Errorf("%q: got %s, which reads as %v, %v", raw, got, again, err)
		}
	})
}
