package oktafake_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// contract is Okta's OpenAPI.
type contract struct {
	doc    *openapi3.T
	router routers.Router
}

func loadContract(t *testing.T) contract {
	t.Helper()
	file := os.Getenv("OKTA_OPENAPI")
	if file == "" {
		t.Skip("OKTA_OPENAPI does not name a copy of Okta's OpenAPI file, which is no part of this repository")
	}
	doc, err := openapi3.NewLoader().LoadFromFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// Some of the file's examples contradict its own schemas.
	if err := doc.Validate(t.Context(), openapi3.DisableExamplesValidation()); err != nil {
		t.Fatal(err)
	}
	doc.Servers = nil // The origin is the test's.
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return contract{doc, router}
}

// exchange sends a request and checks it and its answer against the contract.
func (c contract) exchange(t *testing.T, o *oktafake.Org, authorization, method, path string, want int) answer {
	t.Helper()
	got := askAs(t, o, authorization, method, path)
	if got.status != want {
		t.Errorf("%s %s: got %d with %s, want %d", method, path, got.status, got.body, want)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, "http://org.test"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	route, params, err := c.router.FindRoute(r)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	request := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{
			AuthenticationFunc:  openapi3filter.NoopAuthenticationFunc,
			SkipSettingDefaults: true,
		},
	}
	if err := openapi3filter.ValidateRequest(t.Context(), request); err != nil && got.status != http.StatusBadRequest {
		t.Errorf("%s %s: got %d for a request that the contract forbids: %v", method, path, got.status, err)
	}
	if route.Operation.Responses.Status(got.status) == nil {
		c.checkUndocumented(t, r, got)
		return got
	}
	err = openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request, Status: got.status, Header: got.header,
		Body:    io.NopCloser(bytes.NewReader(got.body)),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	})
	if err != nil {
		t.Errorf("%s %s: the %d breaks the contract: %v", method, path, got.status, err)
	}
	return got
}

// checkUndocumented checks an answer whose status Okta sends but the contract does not have. It must
// match the contract's schema of errors.
func (c contract) checkUndocumented(t *testing.T, r *http.Request, got answer) {
	t.Helper()
	switch got.status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusMethodNotAllowed:
	default:
		t.Errorf("%s %s: got %d, which the contract does not have", r.Method, r.URL, got.status)
	}
	var body any
	got.decode(t, &body)
	if err := c.doc.Components.Schemas["Error"].Value.VisitJSON(body); err != nil {
		t.Errorf("%s %s: the %d is no error of the contract: %v", r.Method, r.URL, got.status, err)
	}
}

// existing and missing are parameters for the paths of the contract.
var (
	existing = strings.NewReplacer("{authServerId}", "aus1", "{userId}", "00u1", "{appId}", "0oa1", "{clientId}", "0oa1", "{tokenId}", "oar1")
	missing  = strings.NewReplacer("{authServerId}", "aus9", "{userId}", "00u9", "{appId}", "0oa9", "{clientId}", "0oa9", "{tokenId}", "oar9")
)

// The test runs every operation of the contract, so none can be left out.
func TestEveryOperationKeepsToTheOpenAPI(t *testing.T) {
	t.Parallel()
	c := loadContract(t)
	for template, item := range c.doc.Paths.Map() {
		for method, operation := range item.Operations() {
			t.Run(operation.OperationID, func(t *testing.T) {
				t.Parallel()
				path := existing.Replace(template)
				want := http.StatusOK
				if method == http.MethodDelete {
					want = http.StatusNoContent
				}
				for _, org := range []*oktafake.Org{oktafake.NewOrg(acme), oktafake.New(t, acme).Org} {
					for _, query := range []string{"", "?expand=scope", "?limit=1", "?oauthTokens=true"} {
						if method == http.MethodDelete {
							org = oktafake.NewOrg(acme)
						}
						c.exchange(t, org, credential, method, path+query, want)
					}
					c.exchange(t, org, "", method, path, http.StatusForbidden)
					c.exchange(t, org, "SSWS wrong", method, path, http.StatusUnauthorized)
					if strings.Contains(template, "{") {
						c.exchange(t, org, credential, method, missing.Replace(template), http.StatusNotFound)
					}
					org.RateLimit = 1
					c.exchange(t, org, credential, method, path, http.StatusTooManyRequests)
				}
			})
		}
	}
}

func TestListsKeepToTheOpenAPI(t *testing.T) {
	t.Parallel()
	c := loadContract(t)
	srv := oktafake.New(t, func(o *oktafake.Org) {
		oktafake.Populate(o, oktafake.Population{Servers: 3, Clients: 4, Tokens: 5, Users: 1, Seed: 1})
	})
	token := srv.Tokens()[0]
	for _, path := range []string{
		"/api/v1/authorizationServers?q=a",
		"/api/v1/authorizationServers/" + token.AuthServerID + "/clients/" + token.ClientID + "/tokens?expand=scope&limit=-1",
		"/api/v1/users/" + token.UserID + "/clients/" + token.ClientID + "/tokens?expand=scope&limit=200",
		"/api/v1/users/" + token.UserID + "/clients/" + token.ClientID + "/tokens?expand=user",
	} {
		var items int
		for next := path; next != ""; {
			page := c.exchange(t, srv.Org, credential, http.MethodGet, next, http.StatusOK)
			var objects []json.RawMessage
			page.decode(t, &objects)
			items += len(objects)
			next = page.link("next")
		}
		if items < 3 {
			t.Errorf("%s: got %d objects, want a list of more than a page", path, items)
		}
	}
	for _, query := range []string{"?limit=0", "?limit=201", "?after=x"} {
		c.exchange(t, srv.Org, credential, http.MethodGet, "/api/v1/users/"+token.UserID+"/clients/"+token.ClientID+"/tokens"+query, http.StatusBadRequest)
	}
}

// The contract names the scope of every operation.
func TestScopesKeepToTheOpenAPI(t *testing.T) {
	t.Parallel()
	c := loadContract(t)
	for template, item := range c.doc.Paths.Map() {
		for method, operation := range item.Operations() {
			var scopes []string
			for _, requirement := range *operation.Security {
				scopes = append(scopes, requirement["oauth2"]...)
			}
			if len(scopes) != 1 {
				t.Fatalf("%s: got scopes %q in the contract, want one", operation.OperationID, scopes)
			}
			path := missing.Replace(template)
			// For an access token with another scope, the answer names the missing one.
			org := oktafake.NewOrg(acme)
			got := askAs(t, org, bearer(t, org, oktafake.ServiceApp{Scopes: []string{"okta.logs.read"}}), method, path)
			if challenge := got.header.Get("WWW-Authenticate"); !strings.Contains(challenge, `scope="`+scopes[0]+`"`) {
				t.Errorf("%s: got %d with %q, want scope %s in it", operation.OperationID, got.status, challenge, scopes[0])
			}
			got = askAs(t, org, bearer(t, org, oktafake.ServiceApp{Scopes: scopes}), method, path)
			if got.status == http.StatusForbidden {
				t.Errorf("%s: got 403 with %s, want %s to be enough", operation.OperationID, got.header.Get("WWW-Authenticate"), scopes[0])
			}
		}
	}
}
