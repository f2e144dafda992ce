package provider

import (
	"fmt"
	"maps"
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
		{"no empty argument is one", map[string]string{"OKTA_ORG_URL": "https://env.okta.com", "OKTA_ORG_NAME": "", "OKTA_BASE_URL": ""}, attributes{
			"org_url": "", "org_name": "", "base_url": "", "access_token": "", "client_id": "", "private_key": "", "private_key_id": "", "http_proxy": "",
		}, "https://env.okta.com"},
		{"empty beside its other spelling", nil, attributes{"org_url": "", "org_name": "acme", "base_url": ""}, "https://acme.okta.com"},
		{"beside empty other spellings", nil, attributes{"org_url": "https://acme.okta.com", "org_name": "", "base_url": ""}, "https://acme.okta.com"},
		{"an empty variable is none", map[string]string{"OKTA_ORG_URL": "", "OKTA_CLIENT_ORGURL": "https://sdk.okta.com"}, nil, "https://sdk.okta.com"},
		{"capitals", nil, attributes{"org_url": "HTTPS://ACME.Okta.com:443/"}, "https://acme.okta.com"},
		{"capitals in the other spelling", nil, attributes{"org_name": "Acme", "base_url": "OktaPreview.com"}, "https://acme.oktapreview.com"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := sessionOf(t, tc.env, attributes{"api_token": "00B-token"}.With(tc.config)).client.OrgURL()
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
		name      = "Invalid Org Name"
		base      = "Invalid Base URL"
		conflict  = "Conflicting Org URL"
		noURL     = " is https:// and the host of the org, such as https://acme.okta.com."
		noScheme  = " begins with https://. Use https://"
		noUser    = " holds no user name or password: set api_token or access_token instead."
		looks     = " It looks like https://acme.okta.com."
		wholeHost = "org_name is the first part of the org's host name only, such as acme. To name the whole host, set org_url"
		plainHTTP = ": http would send the credential unencrypted. Only https is allowed, except for a loopback address. Use https://"
		console   = " is the host of the admin console, which serves no API. "
		noPath    = " has no path: the provider adds the path of each request itself. Use https://acme.okta.com."
		noOrg     = " names Okta itself, not an org: the host of an org begins with its name, as in https://acme."
		end       = " is the end of the org's host name alone, not a URL. Set it to okta.com."
		notEnd    = " is the end of the org's host name, such as okta.com or oktapreview.com."
		alone     = " Set it to the value alone."
	)
	env := func(pairs ...string) map[string]string {
		env := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			env[pairs[i]] = pairs[i+1]
		}
		return env
	}
	for _, tc := range []struct {
		name    string
		env     map[string]string
		config  attributes
		at      string
		summary string
		want    string
	}{
		{"nothing", nil, nil, "", missing, "Set org_url or OKTA_ORG_URL to the URL of the Okta org, such as https://acme.okta.com."},
		{"base_url alone", nil, attributes{"base_url": "okta.com"}, "base_url", missing, "base_url is only the end of the org's host name. Set org_name or OKTA_ORG_NAME to its beginning, such as acme, or set org_url or OKTA_ORG_URL alone."},
		{"OKTA_BASE_URL alone", env("OKTA_BASE_URL", "okta.com"), nil, "", missing, "OKTA_BASE_URL is only the end of the org's host name. Set org_name or OKTA_ORG_NAME to its beginning, such as acme, or set org_url or OKTA_ORG_URL alone."},
		{"no scheme", nil, attributes{"org_url": "acme.okta.com"}, "org_url", invalid, "org_url" + noScheme + "acme.okta.com."},
		{"no scheme in the environment", env("OKTA_CLIENT_ORGURL", "acme.okta.com"), nil, "", invalid, "OKTA_CLIENT_ORGURL" + noScheme + "acme.okta.com."},
		{"no scheme, for the admin console", nil, attributes{"org_url": "acme-admin.okta.com/"}, "org_url", invalid, "org_url" + noScheme + "acme.okta.com."},
		{"no host", nil, attributes{"org_url": "https://"}, "", invalid, "org_url" + noURL},
		{"only a port", nil, attributes{"org_url": "https://:443"}, "", invalid, "org_url" + noURL},
		{"a host and port", nil, attributes{"org_url": "acme.okta.com:443"}, "org_url", invalid, "org_url" + noScheme + "acme.okta.com:443."},
		{"http", nil, attributes{"org_url": "http://acme.okta.com"}, "org_url", invalid, "org_url" + plainHTTP + "acme.okta.com."},
		{"http to the admin console", nil, attributes{"org_url": "http://acme-admin.okta.com"}, "org_url", invalid, "org_url" + plainHTTP + "acme.okta.com."},
		{"http to a name like loopback", nil, attributes{"org_url": "http://127.0.0.1.example.com"}, "org_url", invalid, "org_url" + plainHTTP + "127.0.0.1.example.com."},
		{"http in the environment", env("OKTA_ORG_URL", "http://acme.okta.com"), nil, "", invalid, "OKTA_ORG_URL" + plainHTTP + "acme.okta.com."},
		{"Okta itself", nil, attributes{"org_url": "https://okta.com"}, "org_url", invalid, "org_url" + noOrg + "okta.com."},
		{"Okta's site", env("OKTA_ORG_URL", "https://www.Okta.com/login"), nil, "", invalid, "OKTA_ORG_URL" + noOrg + "okta.com."},
		{"Okta's preview", env("OKTA_ORG_URL", "https://oktapreview.com"), nil, "", invalid, "OKTA_ORG_URL" + noOrg + "oktapreview.com."},
		{"Okta itself, without a scheme", env("OKTA_ORG_URL", "okta.com"), nil, "", invalid, "OKTA_ORG_URL" + noURL},
		{"a dot at its end", nil, attributes{"org_url": "https://acme.okta.com."}, "org_url", invalid, "org_url: the host ends with a dot. Use https://acme.okta.com."},
		{"a password", nil, attributes{"org_url": "https://admin:S3CRET@acme.okta.com"}, "", invalid, "org_url" + noUser + " Use https://acme.okta.com."},
		{"a password, and a path", nil, attributes{"org_url": "https://admin:S3CRET@acme.okta.com:8443/S3CRET"}, "", invalid, "org_url" + noUser + " Use https://acme.okta.com:8443."},
		{"a password over http", nil, attributes{"org_url": "http://admin:S3CRET@acme.okta.com"}, "", invalid, "org_url" + noUser + " Use https://acme.okta.com."},
		{"a password with a percent sign", nil, attributes{"org_url": "https://admin:S3CRET%zz@acme.okta.com"}, "", invalid, "org_url" + noUser + looks},
		{"a password without a scheme", nil, attributes{"org_url": "admin:S3CRET@acme.okta.com"}, "", invalid, "org_url" + noUser + looks},
		{"a password with a slash", nil, attributes{"org_url": "https://admin:1/S3CRET@acme.okta.com"}, "", invalid, "org_url" + noUser + looks},
		{"a password with a question mark", nil, attributes{"org_url": "https://S3CRET:1?x@acme.okta.com"}, "", invalid, "org_url" + noUser + looks},
		{"a password in the environment", env("OKTA_ORG_URL", "https://admin:S3CRET%zz@acme.okta.com"), nil, "", invalid, "OKTA_ORG_URL" + noUser + looks},
		{"a password in quotes", nil, attributes{"org_url": "'https://admin:S3CRET@acme.okta.com'"}, "", invalid, "org_url is in quotation marks." + alone},
		{"a password before an escaped @", nil, attributes{"org_url": "https://admin:S3CRET%40acme.okta.com"}, "", invalid, "org_url" + noURL},
		{"an API token", nil, attributes{"org_url": "00BS3CRET"}, "", invalid, "org_url" + noURL},
		{"an access token", nil, attributes{"org_url": "eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJBVC5TM0NSRVQifQ." + strings.Repeat("S3CRET", 20)}, "", invalid, "org_url" + noURL},
		{"a carriage return in the environment", env("OKTA_ORG_URL", "https://acme.okta.com\r"), nil, "", invalid, "OKTA_ORG_URL ends with a carriage return." + alone},
		{"quotation marks in the environment", env("OKTA_ORG_URL", `"https://acme.okta.com"`), nil, "", invalid, "OKTA_ORG_URL is in quotation marks." + alone},
		{"a byte order mark in the environment", env("OKTA_ORG_URL", byteOrderMark+"https://acme.okta.com"), nil, "", invalid, "OKTA_ORG_URL begins with a byte order mark." + alone},
		{"white space in the environment", env("OKTA_ORG_URL", " ", "OKTA_CLIENT_ORGURL", "https://other.okta.com"), nil, "", invalid, "OKTA_ORG_URL is nothing but white space. Set the value, or unset it."},
		{"the admin console", nil, attributes{"org_url": "https://Acme-Admin.okta.com"}, "org_url", invalid, "org_url: acme-admin.okta.com" + console + "Use https://acme.okta.com."},
		{"a path", nil, attributes{"org_url": "https://acme.okta.com/api/v1"}, "org_url", invalid, "org_url" + noPath},
		{"a query", nil, attributes{"org_url": "https://acme.okta.com?x=1"}, "org_url", invalid, "org_url" + noPath},

		{"org_name with a password", nil, attributes{"org_name": "https://admin:S3CRET@acme.okta.com"}, "", name, wholeHost + " instead."},
		{"org_name with a password alone", nil, attributes{"org_name": "S3CRET@acme"}, "", name, wholeHost + " instead."},
		{"org_name is no host", nil, attributes{"org_name": "admin:S3CRET%zz"}, "", name, wholeHost + " instead."},
		{"the admin console by name", nil, attributes{"org_name": "acme-admin"}, "org_name", name, "acme-admin" + console + "Set org_name to acme."},
		{"org_name is a host", nil, attributes{"org_name": "acme.okta.com"}, "org_name", name, wholeHost + " to https://acme.okta.com instead."},
		{"org_name is a URL", nil, attributes{"org_name": "https://acme-admin.okta.com/admin"}, "org_name", name, wholeHost + " to https://acme.okta.com instead."},
		{"org_name is a URL over http", nil, attributes{"org_name": "http://acme.okta.com"}, "org_name", name, wholeHost + " to https://acme.okta.com instead."},
		{"OKTA_ORG_NAME is a URL", env("OKTA_ORG_NAME", "https://acme.okta.com/"), nil, "", name, "OKTA_ORG_NAME is the first part of the org's host name only, such as acme. To name the whole host, set OKTA_ORG_URL to https://acme.okta.com instead."},
		{"OKTA_ORG_NAME with a space", env("OKTA_ORG_NAME", "acme "), nil, "", name, "OKTA_ORG_NAME ends with a space." + alone},

		{"OKTA_BASE_URL is a URL", env("OKTA_ORG_NAME", "acme", "OKTA_BASE_URL", "https://okta.com"), nil, "", base, "OKTA_BASE_URL" + end},
		{"base_url is a URL with a path", nil, attributes{"org_name": "acme", "base_url": "https://Okta.com/api/v1"}, "base_url", base, "base_url" + end},
		{"base_url with a slash", nil, attributes{"org_name": "acme", "base_url": "okta.com/"}, "base_url", base, "base_url" + end},
		{"base_url with a dot", nil, attributes{"org_name": "acme", "base_url": ".okta.com"}, "base_url", base, "base_url" + end},
		{"base_url is the org's host", nil, attributes{"org_name": "acme", "base_url": "acme.okta.com"}, "base_url", base, "base_url is the host of an org, and org_name comes before it once more. Set base_url to okta.com, or remove both and set org_url to https://acme.okta.com."},
		{"OKTA_BASE_URL is the org's URL", env("OKTA_ORG_NAME", "acme", "OKTA_BASE_URL", "https://acme-admin.oktapreview.com/"), nil, "", base, "OKTA_BASE_URL is the host of an org, and OKTA_ORG_NAME comes before it once more. Set OKTA_BASE_URL to oktapreview.com, or remove both and set OKTA_ORG_URL to https://acme.oktapreview.com."},
		{"base_url with a password", nil, attributes{"org_name": "acme", "base_url": "https://admin:S3CRET@okta.com"}, "", base, "base_url" + notEnd},
		{"base_url is one word", nil, attributes{"org_name": "acme", "base_url": "S3CRET"}, "", base, "base_url" + notEnd},
		{"OKTA_BASE_URL in quotes", env("OKTA_ORG_NAME", "acme", "OKTA_BASE_URL", "'okta.com'"), nil, "", base, "OKTA_BASE_URL is in quotation marks." + alone},

		{"both spellings", nil, attributes{"org_url": "https://acme.okta.com", "org_name": "acme"}, "org_name", conflict, "org_url names the org in full. Remove org_url, or remove org_name."},
		{"half of the other", nil, attributes{"org_url": "https://acme.okta.com", "base_url": "okta.com"}, "base_url", conflict, "org_url names the org in full. Remove org_url, or remove base_url."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{"OKTA_API_TOKEN": "00B-token"}
			maps.Copy(env, tc.env)
			_, got := newCoreIn(t, env, attributes{"max_retries": 1}.With(tc.config)).configure()
			diff(t, "errors", got, []diagnostic{{Summary: tc.summary, Detail: tc.want, Attribute: tc.at}})
			if strings.Contains(strings.ToUpper(fmt.Sprint(got)), "S3CRET") {
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
	arguments := newCore(t, org, nil).Schemas.Provider.Block.Attributes
	for _, argument := range arguments {
		t.Run(argument.Name, func(t *testing.T) {
			t.Parallel()
			at := argument.Name
			if mayHoldSecret(at, "") {
				at = "" // its source would be shown
			}
			_, got := newCore(t, org, attributes{"max_retries": 1, "parallelism": 1}.With(attributes{argument.Name: unknown{}})).configure()
			diff(t, "errors", got, []diagnostic{{
				Summary: "Unknown Provider Configuration", Attribute: at,
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
		got := settings{diags: &diags}.checkOrgURL(setting{value: raw, argument: "org_url"})
		if (got == nil) != diags.HasError() {
			t.Fatalf("%q: got %v and the diagnostics %v, want one of them", raw, got, diags)
		}
		if got == nil {
			return
		}
		given, err := url.Parse(raw)
		if err != nil || got.Host != strings.ToLower(given.Host) || got.Hostname() == "" {
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
