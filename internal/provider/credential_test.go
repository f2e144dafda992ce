package provider

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// newSignInOrg is an org with tokens, and a service app that may do everything
// with any of these keys.
func newSignInOrg(t *testing.T, mode oktafake.DPoPMode, keys ...jose.JSONWebKey) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2", "oar3")
	org.AddServiceApp(oktafake.ServiceApp{ClientID: serviceID, Keys: keys, Scopes: okta.Scopes(false), DPoP: mode})
	return org
}

// inPEM is a private key in PEM.
func inPEM(t *testing.T, key *ecdsa.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
}

// Which key signs in, as which app, shows where each setting came from: the org
// knows one key by one ID only.
func TestServiceAppSettings(t *testing.T) {
	t.Parallel()
	ownKey, own := serviceKey()
	otherKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other := inPEM(t, otherKey)
	path := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(path, []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	keys := []jose.JSONWebKey{{Key: ownKey.Public(), KeyID: "own"}, {Key: otherKey.Public(), KeyID: "other"}}
	env := func(id, key, keyID string) map[string]string {
		return map[string]string{"OKTA_API_CLIENT_ID": id, "OKTA_API_PRIVATE_KEY": key, "OKTA_API_PRIVATE_KEY_ID": keyID}
	}
	config := func(id, key, keyID string) attributes {
		return attributes{"client_id": id, "private_key": key, "private_key_id": keyID}
	}
	for _, tc := range []struct {
		name   string
		env    map[string]string
		config attributes
	}{
		{"configured", nil, config(serviceID, own, "own")},
		{"configured, with a path", nil, config(serviceID, path, "own")},
		{"in the environment", env(serviceID, own, "own"), nil},
		{"in the environment, with a path", env(serviceID, path, "own"), nil},
		{"in the environment, on one line", env(serviceID, strings.ReplaceAll(own, "\n", `\n`), "own"), nil},
		{"configured against the environment", env("0oawrong", other, "other"), config(serviceID, own, "own")},
		{"the client ID beats the environment", env("0oawrong", own, "own"), attributes{"client_id": serviceID}},
		{"the key beats the environment", env(serviceID, other, "own"), attributes{"private_key": own}},
		{"the key ID beats the environment", env(serviceID, own, "other"), attributes{"private_key_id": "own"}},
		{"empty arguments are none", env(serviceID, own, "own"), config("", "", "")},
		{"an app beats an API token in the environment", map[string]string{"OKTA_API_TOKEN": "env"}, config(serviceID, own, "own")},
		{"an app beats an access token in the environment", map[string]string{"OKTA_ACCESS_TOKEN": "env"}, config(serviceID, own, "own")},
		{"its ID alone beats an API token in the environment", map[string]string{
			"OKTA_API_TOKEN": "env", "OKTA_API_PRIVATE_KEY": own, "OKTA_API_PRIVATE_KEY_ID": "own",
		}, attributes{"client_id": serviceID}},
		{"its key alone beats an API token in the environment", map[string]string{
			"OKTA_API_TOKEN": "env", "OKTA_API_CLIENT_ID": serviceID, "OKTA_API_PRIVATE_KEY_ID": "own",
		}, attributes{"private_key": own}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newSignInOrg(t, oktafake.DPoPRequired, keys...)
			env := map[string]string{"OKTA_ORG_URL": org.URL}
			maps.Copy(env, tc.env)
			_, diags := newCoreIn(t, env, tc.config).readData("clients", attributes{"user_id": "00u1"})
			diff(t, "diagnostics", diags, []diagnostic{})
			diff(t, "sign-ins", org.SignIns(), []oktafake.SignIn{{ClientID: serviceID, Scopes: okta.Scopes(false), DPoP: true}})
			diff(t, "replays", org.Replays(), []string{})
		})
	}
}

// What the configuration sets beats the app that the environment sets.
func TestOtherCredentialsBeatAServiceApp(t *testing.T) {
	t.Parallel()
	key, own := serviceKey()
	for name, config := range map[string]attributes{
		"SSWS":   {"api_token": "fake-api-token"},
		"Bearer": {"access_token": "fake-access-token"},
	} {
		org := newSignInOrg(t, oktafake.DPoPRequired, jose.JSONWebKey{Key: key.Public()})
		env := map[string]string{"OKTA_ORG_URL": org.URL, "OKTA_API_CLIENT_ID": serviceID, "OKTA_API_PRIVATE_KEY": own}
		_, diags := newCoreIn(t, env, config).readData("clients", attributes{"user_id": "00u1"})
		diff(t, "diagnostics", diags, []diagnostic{})
		if got := org.Requests()[0].Header.Get("Authorization"); !strings.HasPrefix(got, name+" ") || org.TokenRequests() != 0 {
			t.Errorf("got the authorization %q after %d token requests, want %s after none", got, org.TokenRequests(), name)
		}
	}
}

func TestServiceAppScopes(t *testing.T) {
	t.Parallel()
	key, own := serviceKey()
	for _, tc := range []struct {
		name, env string
		config    attributes
		want      []string
	}{
		{"by default", "", nil, []string{
			"okta.apps.manage", "okta.apps.read", "okta.authorizationServers.manage", "okta.authorizationServers.read", "okta.users.manage", "okta.users.read",
		}},
		{"read-only", "", attributes{"read_only": true}, []string{"okta.apps.read", "okta.authorizationServers.read", "okta.users.read"}},
		{"configured", "", attributes{"scopes": list("okta.users.read", "okta.apps.read")}, []string{"okta.apps.read", "okta.users.read"}},
		{"configured, and read-only", "", attributes{"read_only": true, "scopes": list("okta.users.manage")}, []string{"okta.users.manage"}},
		{"in the environment", "okta.users.read,okta.apps.read", nil, []string{"okta.apps.read", "okta.users.read"}},
		{"in the environment, with spaces", " okta.users.read okta.apps.read\t", nil, []string{"okta.apps.read", "okta.users.read"}},
		{"in the environment, with both", ",okta.users.read ,\n okta.apps.read,, okta.users.read", nil, []string{"okta.apps.read", "okta.users.read"}},
		{"configured against junk in the environment", " , ", attributes{"scopes": list("okta.users.read")}, []string{"okta.users.read"}},
		{"configured against the environment", "okta.apps.read", attributes{"scopes": list("okta.users.read")}, []string{"okta.users.read"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newSignInOrg(t, oktafake.DPoPOff, jose.JSONWebKey{Key: key.Public()})
			env := map[string]string{"OKTA_ORG_URL": org.URL, "OKTA_API_SCOPES": tc.env}
			config := attributes{"client_id": serviceID, "private_key": own}.With(tc.config)
			_, diags := newCoreIn(t, env, config).readData("clients", attributes{"user_id": "00u1"})
			diff(t, "diagnostics", diags, []diagnostic{})
			diff(t, "sign-ins", org.SignIns(), []oktafake.SignIn{{ClientID: serviceID, Scopes: tc.want}})
		})
	}
}

// What the environment asks for is asked for, or is an error: to ask for all that
// there is instead would widen it.
func TestServiceAppScopeErrors(t *testing.T) {
	t.Parallel()
	_, own := serviceKey()
	const looks = " It looks like okta.users.read,okta.apps.read."
	for text, want := range map[string]string{
		" , ":                 "OKTA_API_SCOPES names no scope. Unset it to ask for all that the provider can use.",
		" \r\n":               "OKTA_API_SCOPES names no scope. Unset it to ask for all that the provider can use.",
		`"okta.users.read"`:   "OKTA_API_SCOPES is in quotation marks. Set it to the value alone.",
		"'okta.users.read' ":  "OKTA_API_SCOPES is in quotation marks. Set it to the value alone.",
		`["okta.users.read"]`: `OKTA_API_SCOPES holds "[\"okta.users.read\"]", which is not a scope.` + looks,
		"okta.users.réad":     `OKTA_API_SCOPES holds "okta.users.réad", which is not a scope.` + looks,
	} {
		env := map[string]string{"OKTA_API_CLIENT_ID": serviceID, "OKTA_API_PRIVATE_KEY": own, "OKTA_API_SCOPES": text}
		_, got := newCoreIn(t, env, attributes{"org_url": "https://acme.okta.com"}).configure()
		diff(t, "errors of "+text, got, []diagnostic{{Summary: "Invalid Scopes", Detail: want}})
	}
}

// Scopes narrow what a credential may do. With one that they say nothing to, they
// would narrow nothing, and look as if they did.
func TestServiceAppArgumentsWithATokenOfTheEnvironment(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{"private_key_id": "own", "scopes": list("okta.users.read")} {
		for variable, env := range map[string]map[string]string{
			"OKTA_API_TOKEN": {"OKTA_API_TOKEN": "s3cret"}, "OKTA_CLIENT_TOKEN": {"OKTA_CLIENT_TOKEN": "s3cret"},
			"OKTA_ACCESS_TOKEN": {"OKTA_ACCESS_TOKEN": "s3cret"},
		} {
			_, got := newCoreIn(t, env, attributes{"org_url": "https://acme.okta.com", name: value}).configure()
			diff(t, "errors", got, []diagnostic{{
				Summary: "Conflicting Okta Credentials", Attribute: name,
				Detail: fmt.Sprintf("%s belongs to a service app, and the credential is the one in %s. Remove %s, or set client_id and private_key.", name, variable, name),
			}})
		}
	}
}

// A service app's own arguments contradict a token, each of them.
func TestServiceAppConflicts(t *testing.T) {
	t.Parallel()
	_, own := serviceKey()
	for _, token := range []string{"api_token", "access_token"} {
		for name, value := range map[string]any{
			"client_id": serviceID, "private_key": own, "private_key_id": "own", "scopes": list("okta.apps.read"),
		} {
			_, got := newCoreIn(t, nil, attributes{"org_url": "https://acme.okta.com", token: "s3cret", name: value}).configure()
			at := name
			if name == "private_key" {
				at = "" // it would be shown
			}
			diff(t, "errors of "+name+" with "+token, got, []diagnostic{{
				Summary: "Conflicting Okta Credentials", Attribute: at,
				Detail: fmt.Sprintf("%s belongs to a service app, which signs in with its private key. Remove %s, or remove %s.", name, token, name),
			}})
		}
	}
	env := map[string]string{"OKTA_ACCESS_TOKEN": "s3cret", "OKTA_API_PRIVATE_KEY": own}
	_, got := newCoreIn(t, env, attributes{"org_url": "https://acme.okta.com"}).configure()
	diff(t, "errors in the environment", got, []diagnostic{{
		Summary: "Conflicting Okta Credentials",
		Detail:  "The environment sets credentials of several kinds: OKTA_ACCESS_TOKEN and OKTA_API_PRIVATE_KEY. Set exactly one, or choose one in the provider block.",
	}})
}

// Nothing is asked of Okta before it is needed.
func TestConfigureSignsInNowhere(t *testing.T) {
	t.Parallel()
	key, own := serviceKey()
	org := newSignInOrg(t, oktafake.DPoPRequired, jose.JSONWebKey{Key: key.Public()})
	newCoreIn(t, map[string]string{"OKTA_ORG_URL": org.URL}, attributes{"client_id": serviceID, "private_key": own}).configured()
	wantNoRequests(t, org)
}

// Every kind of credential, through a data source and a revocation.
func TestAccCredentials(t *testing.T) { //nolint:tparallel // the test framework makes the subtests parallel
	t.Parallel()
	key, own := serviceKey()
	app := map[string]string{"OKTA_API_CLIENT_ID": serviceID, "OKTA_API_PRIVATE_KEY": own}
	for _, tc := range []struct {
		name   string
		mode   oktafake.DPoPMode
		env    map[string]string
		scheme string
	}{
		{"API token", oktafake.DPoPOff, map[string]string{"OKTA_API_TOKEN": "fake-api-token"}, "SSWS"},
		{"access token", oktafake.DPoPOff, map[string]string{"OKTA_ACCESS_TOKEN": "fake-access-token"}, "Bearer"},
		{"service app", oktafake.DPoPOff, app, "Bearer"},
		{"service app with DPoP", oktafake.DPoPRequired, app, "DPoP"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			org := newSignInOrg(t, tc.mode, jose.JSONWebKey{Key: key.Public()})
			env := map[string]string{"OKTA_ORG_URL": org.URL}
			maps.Copy(env, tc.env)
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
					"oktatokens": func() (tfprotov6.ProviderServer, error) { return newServer(newProvider(env)), nil },
				},
				Steps: []resource.TestStep{
					{
						Config:            data("refresh_tokens", ofClient),
						ConfigStateChecks: known{"token_ids": listOf("oar1", "oar2", "oar3")}.state(tokensAddress),
					},
					{
						Config:            revoking(ofClient.With(attributes{"token_ids": list("oar1", "oar3")})),
						ConfigStateChecks: known{"revoked_count": count(2)}.record(),
					},
				},
			})
			wantRevoked(t, org, "oar1", "oar3")
			diff(t, "replays", org.Replays(), []string{})
			for _, r := range org.Requests() {
				scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
				if r.Method == http.MethodPost { // sign-ins, which prove themselves in their form
					scheme = tc.scheme
				}
				if proven := r.Header.Get("DPoP") != ""; scheme != tc.scheme || proven && tc.mode != oktafake.DPoPRequired {
					t.Errorf("%s: got the scheme %s, with a proof: %t, want %s", r, scheme, proven, tc.scheme)
				}
			}
			if signsIn := tc.env["OKTA_API_CLIENT_ID"] != ""; (org.TokenRequests() > 0) != signsIn {
				t.Errorf("got %d token requests, want some: %t", org.TokenRequests(), signsIn)
			}
		})
	}
}

// An empty text is not set: it contradicts nothing, and nothing is read into it.
func TestEmptyArgumentsAreNotSet(t *testing.T) {
	t.Parallel()
	empty := attributes{
		"org_url": "", "org_name": "", "base_url": "", "api_token": "", "access_token": "",
		"client_id": "", "private_key": "", "private_key_id": "", "http_proxy": "",
	}
	env := map[string]string{"OKTA_ORG_URL": "https://env.okta.com", "OKTA_API_TOKEN": "env"}
	for _, config := range []attributes{
		{},
		{"org_url": "https://acme.okta.com"},
		{"org_name": "acme"},
		{"org_name": "acme", "base_url": "okta.com"},
		{"api_token": "config"},
		{"access_token": "config"},
	} {
		newCoreIn(t, env, empty.With(config)).configured()
	}
	for _, variable := range []string{
		"OKTA_CLIENT_ORGURL", "OKTA_ORG_NAME", "OKTA_BASE_URL", "OKTA_CLIENT_TOKEN", "OKTA_ACCESS_TOKEN", "OKTA_API_CLIENT_ID",
		"OKTA_API_PRIVATE_KEY", "OKTA_API_PRIVATE_KEY_ID", "OKTA_API_SCOPES", "OKTA_HTTP_PROXY", "OKTA_MAX_API_CAPACITY", "OKTATOKENS_READ_ONLY",
	} {
		env[variable] = ""
	}
	newCoreIn(t, env, nil).configured()
}
