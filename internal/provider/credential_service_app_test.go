package provider

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// serviceID is the client ID of the service app of every test.
const serviceID = "0oaservice"

// serviceKey is its private key, and how that is written in PEM.
var serviceKey = sync.OnceValues(oktafake.NewServiceKey)

// newServiceOrg is an org with a token and a service app with these scopes.
func newServiceOrg(t *testing.T, scopes ...string) *oktafake.Server {
	t.Helper()
	key, _ := serviceKey()
	org := oktafake.New(t)
	org.AddServiceApp(oktafake.ServiceApp{
		ClientID: serviceID, Scopes: scopes,
		Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "key1"}},
	})
	add(org, held, "oar1")
	return org
}

func TestServiceAppErrors(t *testing.T) {
	t.Parallel()
	_, text := serviceKey()
	const (
		missing  = "Missing Okta Credentials"
		unusable = "Invalid Private Key"
	)
	for _, tc := range []struct {
		name   string
		env    map[string]string
		config attributes
		want   diagnostic
	}{
		{"no key", nil, attributes{"client_id": serviceID}, diagnostic{Summary: missing, Attribute: "client_id", Detail: "client_id names a service app, which signs in with a private key: set private_key or OKTA_API_PRIVATE_KEY, to the key or its path."}},
		{"no client", nil, attributes{"private_key": text}, diagnostic{Summary: missing, Detail: "private_key signs in as a service app: set client_id or OKTA_API_CLIENT_ID to the app's client ID."}},
		{"no key, for all the tokens in the environment", map[string]string{"OKTA_API_TOKEN": "env"}, attributes{"client_id": serviceID}, diagnostic{Summary: missing, Attribute: "client_id", Detail: "client_id names a service app, which signs in with a private key: set private_key or OKTA_API_PRIVATE_KEY, to the key or its path."}},
		{"a key that is none", nil, attributes{"client_id": serviceID, "private_key": "s3cret"}, diagnostic{Summary: unusable, Detail: "private_key cannot be used: it is neither a PEM block, nor a JSON Web Key, nor the path of a file that can be read."}},
		{"a damaged key", nil, attributes{"client_id": serviceID, "private_key": strings.ReplaceAll(text, "\n", " ")}, diagnostic{Summary: unusable, Detail: "private_key cannot be used: the PEM block is damaged: its line breaks are lost. -----BEGIN …----- and -----END …----- stand on lines of their own."}},
		{"no key for the client of the environment", map[string]string{"OKTA_API_CLIENT_ID": serviceID}, nil, diagnostic{Summary: missing, Detail: "OKTA_API_CLIENT_ID names a service app, which signs in with a private key: set private_key or OKTA_API_PRIVATE_KEY, to the key or its path."}},
		{"no client for the key of the environment", map[string]string{"OKTA_API_PRIVATE_KEY": text}, nil, diagnostic{Summary: missing, Detail: "OKTA_API_PRIVATE_KEY signs in as a service app: set client_id or OKTA_API_CLIENT_ID to the app's client ID."}},
		{"a key of the environment in quotes", map[string]string{"OKTA_API_CLIENT_ID": serviceID, "OKTA_API_PRIVATE_KEY": `"` + text + `"`}, nil, diagnostic{Summary: unusable, Detail: "OKTA_API_PRIVATE_KEY is in quotation marks. Set it to the value alone."}},
		{"a key of the environment that is nothing", map[string]string{"OKTA_API_CLIENT_ID": serviceID, "OKTA_API_PRIVATE_KEY": " \n"}, nil, diagnostic{Summary: unusable, Detail: "OKTA_API_PRIVATE_KEY is nothing but white space. Set the value, or unset it."}},
		{"a key of the environment that is none", map[string]string{"OKTA_API_CLIENT_ID": serviceID, "OKTA_API_PRIVATE_KEY": "s3cret.pem"}, nil, diagnostic{Summary: unusable, Detail: "OKTA_API_PRIVATE_KEY cannot be used: the file that it names does not exist. A path that is not absolute starts where the CLI runs."}},
		{"a client of the environment with its line break", map[string]string{"OKTA_API_CLIENT_ID": serviceID + "\r", "OKTA_API_PRIVATE_KEY": text}, nil, diagnostic{Summary: "Invalid Okta Credentials", Detail: "OKTA_API_CLIENT_ID ends with a carriage return. Set it to the value alone."}},
		{"a client in quotes", nil, attributes{"client_id": "'" + serviceID + "'", "private_key": text}, diagnostic{Summary: "Invalid Okta Credentials", Attribute: "client_id", Detail: "client_id is in quotation marks. Set it to the value alone."}},
		{"the key for its ID", nil, attributes{"client_id": serviceID, "private_key": text, "private_key_id": text}, diagnostic{Summary: "Invalid Okta Credentials", Detail: "private_key_id is an ID, and this is not one: it may be the key itself."}},
		{"a key ID of the environment with a space", map[string]string{"OKTA_API_PRIVATE_KEY_ID": " key1"}, attributes{"client_id": serviceID, "private_key": text}, diagnostic{Summary: "Invalid Okta Credentials", Detail: "OKTA_API_PRIVATE_KEY_ID begins with a space. Set it to the value alone."}},
		{"several scopes in one", nil, attributes{"client_id": serviceID, "private_key": text, "scopes": list("okta.users.read okta.apps.read")}, diagnostic{
			Summary: "Invalid Attribute Value Match", Attribute: "scopes.[…]",
			Detail: `Attribute scopes[Value("okta.users.read okta.apps.read")] must be one scope, such as okta.users.read, without spaces or commas between several, got: okta.users.read okta.apps.read`,
		}},
		{"no scopes", nil, attributes{"client_id": serviceID, "private_key": text, "scopes": list()}, diagnostic{
			Summary: "Invalid Attribute Value", Attribute: "scopes",
			Detail: "Attribute scopes set must contain at least 1 elements, got: 0",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, got := newCoreIn(t, tc.env, attributes{"org_url": "https://acme.okta.com"}.With(tc.config)).configure()
			diff(t, "errors", got, []diagnostic{tc.want})
			key := strings.Split(text, "\n")[1]
			for _, d := range got {
				if strings.Contains(d.Detail, "s3cret") || strings.Contains(d.Detail, key) {
					t.Errorf("the credential is in %+v", d)
				}
			}
		})
	}
}

// What a service app lacks, as whole diagnostics of errors that the client really
// returned.
func TestServiceAppRefusals(t *testing.T) {
	t.Parallel()
	_, text := serviceKey()
	const token = "\n\nokta: GET /api/v1/users/00u1/clients: signing in as client 0oaservice: "
	for _, tc := range []struct {
		name   string
		config attributes
		grants []string
		hook   oktafake.Responder
		want   diagnostic
	}{
		{
			"not granted", nil,
			[]string{"okta.apps.read"},
			nil,
			diagnostic{Summary: "Missing Okta Permission", Detail: clientsOfUser + "The scope okta.users.read was asked for and not granted. Grant it to the service app, under Okta API Scopes on its page. Okta granted: okta.apps.read." + toClients + "403 Forbidden: insufficient_scope: The access token provided does not contain the required scopes. [request ID req1]"},
		},
		{
			"not asked for",
			attributes{"scopes": list("okta.apps.read")},
			okta.Scopes(false), nil,
			diagnostic{Summary: "Missing Okta Permission", Detail: clientsOfUser + "The scope okta.users.read was not asked for. Add it to scopes or OKTA_API_SCOPES, and grant it to the service app, under Okta API Scopes on its page. Asked for: okta.apps.read." + toClients + "403 Forbidden: insufficient_scope: The access token provided does not contain the required scopes. [request ID req1]"},
		},
		{
			"no role", nil,
			[]string{"okta.users.manage"},
			oktafake.When(oktafake.On(http.MethodGet, ""), oktafake.Fail(403, "E0000006", "You do not have permission to perform the requested action")),
			diagnostic{Summary: "Missing Okta Permission", Detail: clientsOfUser + "The service app has the scope okta.users.read, but no role that may read: Read-Only Administrator, for example. Assign one to the app, under Admin roles on its page." + toClients + "403 E0000006: You do not have permission to perform the requested action [error ID oae1, request ID req1]"},
		},
		{
			"nothing granted",
			attributes{"scopes": list("okta.users.read")},
			[]string{"okta.apps.read"},
			nil,
			diagnostic{Summary: "Service App Cannot Sign In", Detail: clientsOfUser + "None of the scopes asked for is granted to the app. Grant them under Okta API Scopes on its page, or change scopes. Asked for: okta.users.read." + token + "400 consent_required: You are not allowed any of the requested scopes. [request ID req1], so nothing was sent"},
		},
		{
			"another client",
			attributes{"client_id": "0oaother"},
			nil, nil,
			diagnostic{Summary: "Service App Cannot Sign In", Detail: clientsOfUser + "Okta refused the signature of client 0oaother (client ID from the argument client_id, private key from the argument private_key). Check that it is the right app, that the public key of the pair is registered with it, and private_key_id if the app has several keys.\n\nokta: GET /api/v1/users/00u1/clients: signing in as client 0oaother: 401 invalid_client: "},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newServiceOrg(t, tc.grants...)
			org.Intercept = tc.hook
			config := attributes{"client_id": serviceID, "private_key": text, "max_retries": 0}.With(tc.config)
			_, got := newCoreIn(t, map[string]string{"OKTA_ORG_URL": org.URL}, config).readData("clients", attributes{"user_id": "00u1"})
			if len(got) != 1 {
				t.Fatalf("got %d diagnostics, want one: %+v", len(got), got)
			}
			d := stable(got[0])
			if before, _, cut := strings.Cut(d.Detail, "401 invalid_client: "); cut {
				d.Detail = before + "401 invalid_client: " // Okta's reason is the okta package's to test
			}
			diff(t, "diagnostic", d, tc.want)
		})
	}
}
