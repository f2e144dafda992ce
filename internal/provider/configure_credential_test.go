package provider

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// What authorizes the requests shows which credential was chosen.
func TestCredential(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		env    map[string]string
		config attributes
		want   string
	}{
		{"api_token", nil, attributes{"api_token": "config"}, "SSWS config"},
		{"access_token", nil, attributes{"access_token": "config"}, "Bearer config"},
		{"API token in the environment", map[string]string{"OKTA_API_TOKEN": "env", "OKTA_CLIENT_TOKEN": "sdk"}, nil, "SSWS env"},
		{"API token of the SDK", map[string]string{"OKTA_CLIENT_TOKEN": "sdk"}, nil, "SSWS sdk"},
		{"access token in the environment", map[string]string{"OKTA_ACCESS_TOKEN": "env"}, nil, "Bearer env"},
		{"api_token beats the environment", map[string]string{"OKTA_API_TOKEN": "env"}, attributes{"api_token": "config"}, "SSWS config"},
		{"api_token beats another kind", map[string]string{"OKTA_ACCESS_TOKEN": "env"}, attributes{"api_token": "config"}, "SSWS config"},
		{"access_token beats another kind", map[string]string{"OKTA_API_TOKEN": "env", "OKTA_CLIENT_TOKEN": "sdk"}, attributes{"access_token": "config"}, "Bearer config"},
		{"an empty argument is none", map[string]string{"OKTA_API_TOKEN": "env"}, attributes{"api_token": ""}, "SSWS env"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			env := map[string]string{"OKTA_ORG_URL": org.URL}
			maps.Copy(env, tc.env)
			// The org takes none of them.
			_, diags := newCoreIn(t, env, tc.config).readData("clients", attributes{"user_id": "00u1"})
			diff(t, "errors", summaries(diags), []string{"Okta Rejected the Credentials"})
			if got := org.Requests()[0].Header.Get("Authorization"); got != tc.want {
				t.Errorf("got the authorization %q, want %q", got, tc.want)
			}
		})
	}
}

func TestCredentialErrors(t *testing.T) {
	t.Parallel()
	const (
		invalid     = "Invalid Okta Credentials"
		conflicting = "Conflicting Okta Credentials"
		several     = "The environment sets credentials of several kinds: "
		choose      = ". Set exactly one, or choose one in the provider block."
		space       = " holds a space, a line break or another character that no token has."
		alone       = " Set it to the value alone."
		fromFile    = " Set it to the value alone; from a file, with trimspace(file(…))."
	)
	for _, tc := range []struct {
		name    string
		env     map[string]string
		config  attributes
		summary string
		want    string
	}{
		{"none", nil, nil, "Missing Okta Credentials", "Set api_token or OKTA_API_TOKEN, access_token or OKTA_ACCESS_TOKEN, or client_id and private_key of a service app, or OKTA_API_CLIENT_ID and OKTA_API_PRIVATE_KEY."},
		{"two", nil, attributes{"api_token": "s3cret", "access_token": "s3cret"}, conflicting, "api_token and access_token are both set. Remove one of them."},
		{"two in the environment", map[string]string{"OKTA_API_TOKEN": "s3cret", "OKTA_ACCESS_TOKEN": "s3cret"}, nil, conflicting, several + "OKTA_API_TOKEN and OKTA_ACCESS_TOKEN" + choose},
		{"two in the environment, by the other name", map[string]string{"OKTA_CLIENT_TOKEN": "s3cret", "OKTA_ACCESS_TOKEN": "s3cret"}, nil, conflicting, several + "OKTA_CLIENT_TOKEN and OKTA_ACCESS_TOKEN" + choose},
		{"three in the environment", map[string]string{"OKTA_API_TOKEN": "s3cret", "OKTA_ACCESS_TOKEN": "s3cret", "OKTA_API_PRIVATE_KEY": "s3cret"}, nil, conflicting, several + "OKTA_API_TOKEN, OKTA_ACCESS_TOKEN and OKTA_API_PRIVATE_KEY" + choose},
		{"a line break", nil, attributes{"api_token": "s3cret\n"}, invalid, "api_token ends with a line break." + fromFile},
		{"a carriage return in the environment", map[string]string{"OKTA_API_TOKEN": "s3cret\r"}, nil, invalid, "OKTA_API_TOKEN ends with a carriage return." + alone},
		{"a line break of Windows, by the other name", map[string]string{"OKTA_CLIENT_TOKEN": "s3cret\r\n"}, nil, invalid, "OKTA_CLIENT_TOKEN ends with a line break." + alone},
		{"a space in the environment", map[string]string{"OKTA_ACCESS_TOKEN": "s3cret "}, nil, invalid, "OKTA_ACCESS_TOKEN ends with a space." + alone},
		{"a tab before it", map[string]string{"OKTA_ACCESS_TOKEN": "\ts3cret"}, nil, invalid, "OKTA_ACCESS_TOKEN begins with a tab." + alone},
		{"quotation marks in the environment", map[string]string{"OKTA_API_TOKEN": `"s3cret"`}, nil, invalid, "OKTA_API_TOKEN is in quotation marks." + alone},
		{"other quotation marks", map[string]string{"OKTA_API_TOKEN": "“s3cret”"}, nil, invalid, "OKTA_API_TOKEN is in quotation marks." + alone},
		{"one quotation mark", map[string]string{"OKTA_API_TOKEN": "'s3cret"}, nil, invalid, "OKTA_API_TOKEN begins with a quotation mark." + alone},
		{"one quotation mark after it", nil, attributes{"api_token": `s3cret"`}, invalid, "api_token ends with a quotation mark." + alone},
		{"a byte order mark", map[string]string{"OKTA_API_TOKEN": byteOrderMark + "s3cret"}, nil, invalid, "OKTA_API_TOKEN begins with a byte order mark." + alone},
		{"white space alone", map[string]string{"OKTA_API_TOKEN": " \t"}, nil, invalid, "OKTA_API_TOKEN is nothing but white space. Set the value, or unset it."},
		{"white space alone does not fall back", map[string]string{"OKTA_API_TOKEN": " ", "OKTA_CLIENT_TOKEN": "s3cret"}, nil, invalid, "OKTA_API_TOKEN is nothing but white space. Set the value, or unset it."},
		{"a space inside", nil, attributes{"api_token": "s3 cret"}, invalid, "api_token" + space},
		{"not ASCII", nil, attributes{"api_token": "s3cret…"}, invalid, "api_token" + space},
		{"a control character in the environment", map[string]string{"OKTA_API_TOKEN": "s3cret\x7f"}, nil, invalid, "OKTA_API_TOKEN" + space},
		{"with its scheme", nil, attributes{"api_token": "SSWS s3cret"}, invalid, "api_token is the token alone, without the word SSWS before it."},
		{"with its scheme in the environment", map[string]string{"OKTA_CLIENT_TOKEN": "SSWS s3cret"}, nil, invalid, "OKTA_CLIENT_TOKEN is the token alone, without the word SSWS before it."},
		{"with its other scheme", nil, attributes{"access_token": "bearer s3cret"}, invalid, "access_token is the token alone, without the word Bearer before it."},
		{"with the scheme of the other", nil, attributes{"api_token": "Bearer s3cret"}, invalid, "api_token is the token alone, without the word Bearer before it."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, got := newCoreIn(t, tc.env, attributes{"org_url": "https://acme.okta.com"}.With(tc.config)).configure()
			diff(t, "errors", got, []diagnostic{{Summary: tc.summary, Detail: tc.want}}) // without a path, which the CLI would show
			for _, d := range got {
				if strings.Contains(d.Summary+d.Detail, "s3cret") {
					t.Errorf("the credential is in %+v", d)
				}
			}
		})
	}
}

func TestEnvironmentNumbersAndSwitches(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	const capacity, readOnly = "Invalid API Capacity", "Invalid Read-Only Setting"
	for _, tc := range []struct{ variable, text, summary, want string }{
		{"OKTA_MAX_API_CAPACITY", "0", capacity, `OKTA_MAX_API_CAPACITY is a whole number between 1 and 100, not "0".`},
		{"OKTA_MAX_API_CAPACITY", "101", capacity, `OKTA_MAX_API_CAPACITY is a whole number between 1 and 100, not "101".`},
		{"OKTA_MAX_API_CAPACITY", "half", capacity, `OKTA_MAX_API_CAPACITY is a whole number between 1 and 100, not "half".`},
		{"OKTA_MAX_API_CAPACITY", "49.5", capacity, `OKTA_MAX_API_CAPACITY is a whole number between 1 and 100, not "49.5".`},
		{"OKTA_MAX_API_CAPACITY", "50\r", capacity, "OKTA_MAX_API_CAPACITY ends with a carriage return. Set it to the value alone."},
		{"OKTA_MAX_API_CAPACITY", " ", capacity, "OKTA_MAX_API_CAPACITY is nothing but white space. Set the value, or unset it."},
		{"OKTATOKENS_READ_ONLY", "yes", readOnly, `OKTATOKENS_READ_ONLY is true or false, not "yes".`},
		{"OKTATOKENS_READ_ONLY", "'true'", readOnly, "OKTATOKENS_READ_ONLY is in quotation marks. Set it to the value alone."},
		{"OKTATOKENS_READ_ONLY", "true ", readOnly, "OKTATOKENS_READ_ONLY ends with a space. Set it to the value alone."},
		{"OKTATOKENS_READ_ONLY", " ", readOnly, "OKTATOKENS_READ_ONLY is nothing but white space. Set the value, or unset it."},
	} {
		env := environment(org)
		env[tc.variable] = tc.text
		_, got := newCoreIn(t, env, nil).configure()
		diff(t, tc.variable+"="+tc.text, got, []diagnostic{{Summary: tc.summary, Detail: tc.want}})
		// What the configuration says is not looked up.
		newCoreIn(t, env, attributes{"max_api_capacity": 50, "read_only": false}).configured()
	}
}

func TestReadOnly(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		env    string
		config attributes
		want   bool
	}{
		{"by default", "", nil, false},
		{"configured", "", attributes{"read_only": true}, true},
		{"in the environment", "true", nil, true},
		{"in the environment, as a number", "1", nil, true},
		{"in the environment, in capitals", "TRUE", nil, true},
		{"off in the environment", "false", nil, false},
		{"configured against the environment", "true", attributes{"read_only": false}, false},
	} {
		env := environment(oktafake.New(t))
		env["OKTATOKENS_READ_ONLY"] = tc.env
		if got := sessionOf(t, env, tc.config).client.ReadOnly(); got != tc.want {
			t.Errorf("%s: got read-only %t, want %t", tc.name, got, tc.want)
		}
	}
}

// A client that may have fewer requests in flight tells so.
func TestParallelism(t *testing.T) {
	t.Parallel()
	env := environment(oktafake.New(t))
	if got, want := sessionOf(t, env, nil).client.Parallelism(), 10; got != want {
		t.Errorf("got the default parallelism %d, want %d", got, want)
	}
	if got, want := sessionOf(t, env, attributes{"parallelism": 3}).client.Parallelism(), 3; got != want {
		t.Errorf("got the parallelism %d, want %d", got, want)
	}
}

// Whichever way the proxy is configured, it is asked once, whatever max_retries says,
// and the error names the way.
func TestProxy(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		status int
		env    func(proxy string) string
		config func(proxy string) attributes
		want   string
	}{
		{
			"http_proxy", 407, func(string) string { return "http://127.0.0.1:1" }, func(proxy string) attributes { return attributes{"http_proxy": proxy} },
			"It does not accept the user name and password in http_proxy, or needs some. This run does not ask it again, because repeated wrong passwords lock accounts.",
		},
		{
			"OKTA_HTTP_PROXY", 403, func(proxy string) string { return proxy }, func(string) attributes { return nil },
			"Ask whoever runs the proxy to allow connections to the host in org_url, or change OKTA_HTTP_PROXY.",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			proxy, asked := oktafake.RefusingProxy(t, tc.status)
			host := strings.TrimPrefix(proxy, "http://")
			proxy = strings.Replace(proxy, "http://", "http://user:proxy-password@", 1)
			c := newCoreIn(t, map[string]string{
				"OKTA_ORG_URL": "https://acme.okta.com", "OKTA_API_TOKEN": "secret", "OKTA_HTTP_PROXY": tc.env(proxy),
			}, tc.config(proxy))
			_, diags := c.readData("clients", attributes{"user_id": "00u1"})
			diff(t, "diagnostics", diags, []diagnostic{{
				Summary: "The Proxy Refused the Connection",
				Detail: clientsOfUser + tc.want + fmt.Sprintf("\n\nokta: GET /api/v1/users/00u1/clients: the proxy %s (from %s) refused to connect to Okta: %d %s, so nothing was sent",
					host, tc.name, tc.status, http.StatusText(tc.status)),
			}})
			diff(t, "requests at the proxy", asked(), []string{"CONNECT acme.okta.com:443 Basic dXNlcjpwcm94eS1wYXNzd29yZA=="})
		})
	}
}

// An org on loopback is reached in the clear: a proxy would see the credential. The
// variables of the environment spare it, too.
func TestProxyIsNotUsedForLoopback(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1")
	proxy, asked := oktafake.RefusingProxy(t, http.StatusForbidden)
	env := environment(org)
	env["OKTA_HTTP_PROXY"] = proxy
	for _, config := range []attributes{nil, {"http_proxy": proxy}} {
		_, diags := newCoreIn(t, env, config).readData("clients", attributes{"user_id": "00u1"})
		diff(t, "diagnostics", diags, []diagnostic{})
	}
	diff(t, "requests at the org", len(org.PathsOf(http.MethodGet)), 2)
	diff(t, "requests at the proxy", asked(), []string{})
}

func TestProxyErrors(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	const looks = " is not the URL of a proxy. It looks like http://proxy.example:3128."
	for bad, want := range map[string]string{
		"user:S3CRET@proxy.example:3128":        looks,
		"proxy.example":                         looks,
		"ftp://user:S3CRET@proxy.example":       looks,
		"http://user:S3CRET@proxy example":      looks,
		"\"http://user:S3CRET@proxy.example\"":  " is in quotation marks. Set it to the value alone.",
		byteOrderMark + "http://proxy.example":  " begins with a byte order mark. Set it to the value alone.",
		"http://user:S3CRET@proxy.example:80\r": " ends with a carriage return. Set it to the value alone.",
	} {
		env := environment(org)
		env["OKTA_HTTP_PROXY"] = bad
		_, got := newCoreIn(t, env, nil).configure()
		diff(t, "errors of "+bad, got, []diagnostic{{Summary: "Invalid Proxy URL", Detail: "OKTA_HTTP_PROXY" + want}})
		want = strings.Replace(want, "a carriage return. Set it to the value alone.", "a carriage return. Set it to the value alone; from a file, with trimspace(file(…)).", 1)
		_, got = newCore(t, org, attributes{"http_proxy": bad, "max_retries": 1}).configure()
		diff(t, "errors of "+bad, got, []diagnostic{{Summary: "Invalid Proxy URL", Detail: "http_proxy" + want}})
	}
}
