package okta

import (
	"context"
	"crypto/elliptic"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// signInError is err as a *SignInError, or the end of the test.
func signInError(t *testing.T, err error) *SignInError {
	t.Helper()
	e, ok := errors.AsType[*SignInError](err)
	if !ok {
		t.Fatalf("got the error %v, want a *SignInError", err)
	}
	return e
}

// page is a hook that answers with a page for people.
func page(status int, text string) oktafake.Responder {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(text)) // the client would complain
		return true
	}
}

// A refused sign-in is not repeated, because it would be refused again.
func TestRefusedSignInIsFinal(t *testing.T) {
	t.Parallel()
	const wrongID = "0oawrong"
	asOther := func(cfg *Config) { cfg.Credential = must(ServiceApp(wrongID, serviceKey(), "", Scopes(true))) }
	withOtherKey := func(cfg *Config) {
		cfg.Credential = must(ServiceApp(serviceID, sec1(ecKey(elliptic.P256())), "", Scopes(true)))
	}
	forUsers := func(cfg *Config) {
		cfg.Credential = must(ServiceApp(serviceID, serviceKey(), "", []string{"okta.users.read"}))
	}
	unknownScope := func(cfg *Config) {
		cfg.Credential = must(ServiceApp(serviceID, serviceKey(), "", []string{"okta.no.read"}))
	}
	answering := func(status int, body string) oktafake.Responder {
		return oktafake.When(atEndpoint, page(status, body))
	}
	for name, tc := range map[string]struct {
		change   func(*Config)
		hook     oktafake.Responder
		requests int
		want     SignInError
		said     string
	}{
		"wrong client ID": {asOther, nil, 1, SignInError{
			ClientID: wrongID, StatusCode: 401, Code: "invalid_client", Scopes: Scopes(true),
			Description: "The issuer claim for client_assertion is not a valid client_id.",
		}, "401 invalid_client: The issuer claim for client_assertion is not a valid client_id."},
		"wrong key": {withOtherKey, nil, 1, SignInError{
			ClientID: serviceID, StatusCode: 401, Code: "invalid_client", Scopes: Scopes(true),
			Description: "The client_assertion signature is invalid.",
		}, "401 invalid_client: The client_assertion signature is invalid."},
		"no scope granted": {forUsers, nil, 3, SignInError{
			ClientID: serviceID, StatusCode: 400, Code: "consent_required", Scopes: []string{"okta.users.read"},
			Description: "You are not allowed any of the requested scopes.",
		}, "400 consent_required: You are not allowed any of the requested scopes."},
		"unknown scope": {unknownScope, nil, 3, SignInError{
			ClientID: serviceID, StatusCode: 400, Code: "invalid_scope", Scopes: []string{"okta.no.read"},
			Description: "One or more scopes are not configured for the authorization server resource.",
		}, "400 invalid_scope: One or more scopes are not configured for the authorization server resource."},
		"an error of the API": {asService, answering(403, `{"errorCode":"E0000006","errorSummary":"You do not have permission"}`), 1, SignInError{
			ClientID: serviceID, StatusCode: 403, Code: "E0000006", Description: "You do not have permission", Scopes: Scopes(false),
		}, "403 E0000006: You do not have permission"},
		"a network zone": {asService, answering(403, `{"error":"access_denied","error_description":"Not\nfrom here"}`), 1, SignInError{
			ClientID: serviceID, StatusCode: 403, Code: "access_denied", Description: "Not�from here", Scopes: Scopes(false),
		}, "403 access_denied: Not�from here"},
		"a page of a proxy": {asService, answering(403, "<html>\n<title>Blocked</title>"), 1, SignInError{
			ClientID: serviceID, StatusCode: 403, Body: `an HTML page titled "Blocked"`, Scopes: Scopes(false),
		}, `403 Forbidden: an HTML page titled "Blocked"`},
		"nothing": {asService, answering(404, ""), 1, SignInError{
			ClientID: serviceID, StatusCode: 404, Scopes: Scopes(false),
		}, `404 Not Found`},
		"proofs without end": {asService, func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("DPoP-Nonce", fmt.Sprint(time.Now().UnixNano(), len(r.PostForm.Get("client_assertion"))))
			return answering(400, `{"error":"invalid_dpop_proof","error_description":"No"}`)(w, r)
		}, 2, SignInError{
			ClientID: serviceID, StatusCode: 400, Code: "invalid_dpop_proof", Description: "No", Scopes: Scopes(false),
		}, "400 invalid_dpop_proof: No"},
		"the same nonce again": {asService, func(w http.ResponseWriter, r *http.Request) bool {
			w.Header().Set("DPoP-Nonce", "same")
			return answering(400, `{"error":"use_dpop_nonce","error_description":"No"}`)(w, r)
		}, 2, SignInError{
			ClientID: serviceID, StatusCode: 400, Code: "use_dpop_nonce", Description: "No", Scopes: Scopes(false),
		}, "400 use_dpop_nonce: No"},
	} {
		bubble(t, name, func(t *testing.T) {
			org := serviceOrg(t, 1, func(app *oktafake.ServiceApp) { app.Scopes = []string{"okta.apps.read"} })
			org.Intercept = tc.hook
			c := serviceClient(org, tc.change)
			tc.want.Source.Org = c.OrgURL()
			var group sync.WaitGroup
			for range 20 {
				group.Go(func() {
					err := list(t, c)
					e := signInError(t, err)
					if diff := cmp.Diff(tc.want, *e, cmpopts.IgnoreFields(SignInError{}, "RequestID")); diff != "" {
						t.Errorf("error (-want +got):\n%s", diff)
					}
					wantError(t, err, "okta: GET "+tokensPath+": signing in as client "+tc.want.ClientID+": "+
						tc.said+" [request ID "+e.RequestID+"], so nothing was sent")
					if !IsRefused(err) || IsUncertain(err) || IsRateLimited(err) || e.RequestID == "" {
						t.Errorf("got refused %t, uncertain %t, limited %t, want refused alone", IsRefused(err), IsUncertain(err), IsRateLimited(err))
					}
				})
			}
			group.Wait()
			_ = signInError(t, list(t, c))
			wantSignIns(t, org, tc.requests, 0)
			if got := len(org.Requests()); got != tc.requests {
				t.Errorf("got %d requests, want %d: the API was not asked", got, tc.requests)
			}
		})
	}
}

// A 200 without a token is not Okta's. It is not quoted, in case it contains a token
// anyway.
func TestSignInAtSomethingElse(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"<html>sesame</html>", `{"token":"sesame"}`, `["sesame"]`, `{"access_token":7,"sesame":1}`} {
		org := serviceOrg(t, 1)
		org.Intercept = oktafake.When(atEndpoint, page(http.StatusOK, body))
		err := list(t, serviceClient(org))
		wantError(t, err, fmt.Sprintf("okta: GET %s: signing in as client 0oaservice: what answered at https://acme.okta.com/oauth2/v1/token "+
			"is not a token endpoint: %d bytes without an access token, so nothing was sent", tokensPath, len(body)))
		if !IsUnavailable(err) || IsUncertain(err) {
			t.Errorf("got unavailable %t, uncertain %t, want true, false", IsUnavailable(err), IsUncertain(err))
		}
		wantSignIns(t, org, 1, 0)
	}
}

// A clock that is slightly wrong does no harm. The error names one that is very wrong.
func TestSignInByAnotherClock(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ ahead, skew time.Duration }{
		{0, 0},
		{20 * time.Second, 0},
		{30 * time.Second, 0},
		{-20 * time.Second, 0},
		{-3 * time.Minute, 0},
		{40 * time.Second, 40 * time.Second},
		{2 * time.Minute, 2 * time.Minute},
		{time.Hour, time.Hour},
		{-time.Hour, -time.Hour},
		{-10 * time.Minute, -10 * time.Minute},
	} {
		eachKind(t, func(t *testing.T, _ bool, change func(*oktafake.ServiceApp)) {
			org := serviceOrg(t, 1, change)
			org.Now = func() time.Time { return time.Now().Add(-tc.ahead) }
			err := list(t, serviceClient(org))
			if tc.skew == 0 {
				if err != nil {
					t.Errorf("%s ahead: got %v, want no error", tc.ahead, err)
				}
				return
			}
			if e := signInError(t, err); e.Skew != tc.skew || e.Code != "invalid_client" {
				t.Errorf("%s ahead: got %v with a skew of %s, want %s", tc.ahead, e, e.Skew, tc.skew)
			}
			wantSignIns(t, org, 1, 0)
		})
	}
}

// secretsOf collects what no text may hold: every assertion, proof and access
// token that goes over a network.
type secretsOf struct {
	org *oktafake.Org

	mu      sync.Mutex
	secrets []string
}

func (s *secretsOf) RoundTrip(req *http.Request) (*http.Response, error) {
	_, credential, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	s.add(credential, req.Header.Get("DPoP"))
	return s.org.RoundTrip(req)
}

func (s *secretsOf) add(secrets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range secrets {
		if secret != "" && !slices.Contains(s.secrets, secret) {
			s.secrets = append(s.secrets, secret)
		}
	}
}

func TestServiceAppLeaksNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		key := ecKey(elliptic.P256())
		material := sec1(key)
		org := serviceOrg(t, 30, func(app *oktafake.ServiceApp) { app.Keys = []jose.JSONWebKey{{Key: key.Public()}} })
		org.RateLimit = 10
		network := &secretsOf{org: org}
		lines := strings.Split(strings.TrimSpace(material), "\n")
		network.add(lines[1 : len(lines)-1]...)
		scalar, err := key.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		network.add(fmt.Sprintf("%x", scalar))
		failed, keep := 0, func(_ http.ResponseWriter, r *http.Request) bool {
			network.add(r.PostForm.Get("client_assertion"))
			return false
		}
		org.Intercept = oktafake.First(keep,
			oktafake.Times(2, atEndpoint, oktafake.HangUp),
			oktafake.Times(3, atAPI, oktafake.HangUp),
			oktafake.Times(3, atAPI, oktafake.Fail(http.StatusBadRequest, "E0000001", "no")))
		var texts []string
		keepLine := func(_ context.Context, message string, fields map[string]any) {
			texts = append(texts, fmt.Sprint(message, fields))
		}
		var cfg Config
		c := testClient(network, func(own *Config) {
			own.MaxRetries, own.Parallelism = 0, 1
			own.Credential = must(ServiceApp(serviceID, material, "", Scopes(false)))
			own.Log, own.Notice = keepLine, keepLine
			cfg = *own
		})
		try := func() {
			if err := revoke(t.Context(), c, tokenID(failed)); err != nil {
				failed++
				texts = append(texts, err.Error(), fmt.Sprintf("%+v %#v", err, err))
				for ; err != nil; err = errors.Unwrap(err) {
					texts = append(texts, fmt.Sprintf("%+v %#v", err, err))
				}
			}
		}
		for range 30 {
			try()
		}
		org.Intercept = oktafake.First(keep, oktafake.When(atEndpoint, oktafake.Fail(http.StatusUnauthorized, "E0000004", "no")))
		org.RevokeAccessTokens()
		try()
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q", "%T", "%p"} {
			for _, value := range []any{cfg, &cfg, cfg.Credential, []any{cfg.Credential}, map[string]any{"": cfg.Credential}, c, *c} {
				texts = append(texts, fmt.Sprintf(verb, value))
			}
		}
		if failed < 5 || len(network.secrets) < 20 || len(texts) < 60 {
			t.Errorf("got %d failures, %d secrets and %d texts, want some of each", failed, len(network.secrets), len(texts))
		}
		for _, secret := range network.secrets {
			for _, text := range texts {
				if secret != "" && strings.Contains(text, secret) {
					t.Errorf("%q holds a secret", text)
				}
			}
		}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
			if got := fmt.Sprintf(verb, cfg.Credential); got != "(credential)" {
				t.Errorf("got %q for %s of the credential, want (credential)", got, verb)
			}
		}
	})
}

// A gateway that gave up on a sign-in did not refuse it: the next request signs in again.
func TestGatewayThatGaveUpRefusesNoSignIn(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusRequestTimeout, http.StatusTooEarly, 522} {
		org := serviceOrg(t, 1)
		org.Intercept = oktafake.Times(1, atEndpoint, func(w http.ResponseWriter, _ *http.Request) bool {
			w.WriteHeader(status)
			return true
		})
		c := serviceClient(org, once)
		if err := list(t, c); err == nil {
			t.Errorf("%d: got no error", status)
		}
		wantError(t, list(t, c), "")
	}
}

// expires_in is optional and has several forms. Whatever it is, the requests of an hour
// sign in once.
func TestLifetimeOfAnAccessTokenIsReadInAnyForm(t *testing.T) {
	t.Parallel()
	for expires, want := range map[string]time.Duration{
		``: time.Hour, `,"expires_in":null`: time.Hour, `,"expires_in":0`: time.Hour, `,"expires_in":-1`: time.Hour, `,"expires_in":""`: time.Hour,
		`,"expires_in":"soon"`: time.Hour, `,"expires_in":{}`: time.Hour, `,"expires_in":"NaN"`: time.Hour,
		`,"expires_in":3600`: time.Hour, `,"expires_in":"3600"`: time.Hour, `,"expires_in":3600.5`: time.Hour, `,"expires_in":600`: 10 * time.Minute,
		`,"expires_in":9223372036854775807`: 24 * time.Hour, `,"expires_in":1e300`: 24 * time.Hour, `,"expires_in":99999999999999999999999`: 24 * time.Hour,
	} {
		bubble(t, expires, func(t *testing.T) {
			signedIn := 0
			network := roundTripFunc(func(req *http.Request) (*http.Response, error) {
				if req.URL.Path == signInPath {
					signedIn++
					return answer(req, http.StatusOK, `{"access_token":"t","token_type":"Bearer","scope":"okta.apps.read"`+expires+`}`), nil
				}
				return answer(req, http.StatusOK, "[]"), nil
			})
			c := serviceClient(network)
			for range 5 {
				wantError(t, list(t, c), "")
			}
			if signedIn != 1 {
				t.Errorf("got %d sign-ins for five requests, want 1", signedIn)
			}
			wantError(t, sleep(t.Context(), want-2*time.Minute), "")
			wantError(t, list(t, c), "")
			if signedIn != 1 {
				t.Errorf("got %d sign-ins before the end of %s, want 1", signedIn, want)
			}
			wantError(t, sleep(t.Context(), 2*time.Minute), "")
			wantError(t, list(t, c), "")
			if signedIn != 2 {
				t.Errorf("got %d sign-ins after %s, want 2", signedIn, want)
			}
		})
	}
}
