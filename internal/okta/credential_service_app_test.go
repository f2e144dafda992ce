package okta

import (
	"context"
	"crypto/elliptic"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// signInPath is the token endpoint.
const signInPath = "/oauth2/v1/token"

// serviceID is the service app of every test.
const serviceID = "0oaservice"

// serviceKey is its private key.
var serviceKey = sync.OnceValue(func() string { return sec1(ecKey(elliptic.P256())) })

// atEndpoint and atAPI match the two kinds of requests.
var atEndpoint = oktafake.On(http.MethodPost, signInPath)

func atAPI(r *http.Request) bool { return !atEndpoint(r) }

// bearer is the change to a service app that needs no proofs.
func bearer(app *oktafake.ServiceApp) { app.DPoP = oktafake.DPoPOff }

// serviceOrg is an org with a service app that has every right, and an app with this
// many tokens.
func serviceOrg(t *testing.T, tokens int, changes ...func(*oktafake.ServiceApp)) *oktafake.Org {
	t.Helper()
	org := oktafake.NewOrg()
	key := must(parseKeyOf(serviceKey(), ""))
	app := oktafake.ServiceApp{ClientID: serviceID, Keys: []jose.JSONWebKey{key.Public()}, Scopes: Scopes(false)}
	for _, change := range changes {
		change(&app)
	}
	org.AddServiceApp(app)
	for i := range tokens {
		org.AddToken(oktafake.Token{ID: tokenID(i), ClientID: "0oa1", UserID: "00u1"})
	}
	org.AddClient(oktafake.App{ID: "0oa2"})
	return org
}

func tokenID(i int) string { return fmt.Sprintf("oar%04d", i) }

// asService is the change to a client that signs in with the test's key.
func asService(cfg *Config) {
	cfg.Credential = must(ServiceApp(serviceID, serviceKey(), "", Scopes(false)))
}

// serviceClient is a client of an org that signs in.
func serviceClient(network http.RoundTripper, changes ...func(*Config)) *Client {
	return testClient(network, append([]func(*Config){asService}, changes...)...)
}

// list reads the list of an app's tokens.
func list(t *testing.T, c *Client) error {
	t.Helper()
	_, err := collect(t, c.RefreshTokens(t.Context(), App("0oa1")))
	return err
}

// revokeAtOnce revokes tokens at the same time. Each has to succeed.
func revokeAtOnce(t *testing.T, c *Client, from, to int) {
	t.Helper()
	var group sync.WaitGroup
	for i := from; i < to; i++ {
		group.Go(func() {
			if err := revoke(t.Context(), c, tokenID(i)); err != nil {
				t.Errorf("token %d: got %v, want no error", i, err)
			}
		})
	}
	group.Wait()
}

// wantSignIns fails the test unless the token endpoint got this many requests, gave this
// many tokens, and nothing was sent twice.
func wantSignIns(t *testing.T, org *oktafake.Org, requests, signIns int) {
	t.Helper()
	if got := org.TokenRequests(); got != requests {
		t.Errorf("got %d token requests, want %d", got, requests)
	}
	if got := len(org.SignIns()); got != signIns {
		t.Errorf("got %d sign-ins, want %d", got, signIns)
	}
	wantNoReplays(t, org)
}

func wantNoReplays(t *testing.T, org *oktafake.Org) {
	t.Helper()
	if got := org.Replays(); len(got) > 0 {
		t.Errorf("got the replays %q, want none", got)
	}
}

// statuses counts what the API answered, sign-ins left out.
func statuses(org *oktafake.Org) map[int]int {
	count := map[int]int{}
	for _, r := range org.Requests() {
		if r.Path != signInPath {
			count[r.Status]++
		}
	}
	return count
}

// eachKind runs a test for a service app with proofs and for one without.
func eachKind(t *testing.T, test func(t *testing.T, proofs bool, change func(*oktafake.ServiceApp))) {
	t.Helper()
	bubble(t, "bearer", func(t *testing.T) { test(t, false, bearer) })
	bubble(t, "DPoP", func(t *testing.T) { test(t, true, func(*oktafake.ServiceApp) {}) })
}

func TestServiceAppSignsInOnceForAll(t *testing.T) {
	t.Parallel()
	eachKind(t, func(t *testing.T, proofs bool, change func(*oktafake.ServiceApp)) {
		org := serviceOrg(t, 50, change)
		org.Latency = 20 * time.Millisecond
		c := serviceClient(org, func(cfg *Config) { cfg.Parallelism = 50 })
		if len(org.Requests()) != 0 {
			t.Error("got a request before any was asked for")
		}
		revokeAtOnce(t, c, 0, 50)
		// Okta asks for a proof, then for a nonce in it.
		want := map[bool]int{false: 1, true: 3}[proofs]
		wantSignIns(t, org, want, 1)
		if diff := cmp.Diff(map[int]int{http.StatusNoContent: 50}, statuses(org)); diff != "" {
			t.Errorf("answers of the API (-want +got):\n%s", diff)
		}
		signIn := oktafake.SignIn{ClientID: serviceID, Scopes: Scopes(false), DPoP: proofs}
		if diff := cmp.Diff([]oktafake.SignIn{signIn}, org.SignIns()); diff != "" {
			t.Errorf("sign-ins (-want +got):\n%s", diff)
		}
	})
}

// The org can verify a signature of every kind of key.
func TestServiceAppSignsWithEachKindOfKey(t *testing.T) {
	t.Parallel()
	other := must(parseKeyOf(sec1(ecKey(elliptic.P256())), "other"))
	for name, material := range map[string]string{
		"RSA": pkcs8(rsaKey()), "RSA with RS512": jwk(rsaKey(), "", "RS512"),
		"P-256": sec1(ecKey(elliptic.P256())), "P-384": pkcs8(ecKey(elliptic.P384())), "P-521": jwk(ecKey(elliptic.P521()), "", ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := must(parseKeyOf(material, "mine"))
			org := serviceOrg(t, 1, func(app *oktafake.ServiceApp) { app.Keys = []jose.JSONWebKey{other.Public(), key.Public()} })
			wantError(t, list(t, serviceClient(org, func(cfg *Config) {
				cfg.Credential = must(ServiceApp(serviceID, material, "mine", Scopes(true)))
			})), "")
			wantSignIns(t, org, 3, 1)
		})
	}
}

func TestServiceAppRenewsBeforeTheEnd(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ lifetime, renewal time.Duration }{
		"an hour":          {time.Hour, 59 * time.Minute},
		"a minute and 1/2": {90 * time.Second, 45 * time.Second},
	} {
		bubble(t, name, func(t *testing.T) {
			org := serviceOrg(t, 1)
			org.TokenLifetime = tc.lifetime
			c := serviceClient(org)
			wantError(t, list(t, c), "")
			for _, step := range []struct {
				wait     time.Duration
				requests int
			}{
				{tc.renewal - time.Second, 3},
				{time.Second, 4},
				{tc.renewal - time.Second, 4},
				{time.Second, 5},
				{24 * time.Hour, 6},
			} {
				wantError(t, sleep(t.Context(), step.wait), "")
				wantError(t, list(t, c), "")
				wantSignIns(t, org, step.requests, step.requests-2)
			}
			if diff := cmp.Diff(map[int]int{http.StatusOK: 6}, statuses(org)); diff != "" {
				t.Errorf("answers of the API (-want +got):\n%s", diff)
			}
		})
	}
}

// A token that is revoked during a run is renewed once for all requests, including those
// in the queue, and no request fails.
func TestServiceAppRenewsARevokedToken(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*oktafake.Org){
		"revoked": (*oktafake.Org).RevokeAccessTokens, "expired": (*oktafake.Org).ExpireAccessTokens,
	} {
		eachKind(t, func(t *testing.T, proofs bool, change func(*oktafake.ServiceApp)) {
			org := serviceOrg(t, 100, change)
			org.Latency = 20 * time.Millisecond
			c := serviceClient(org, func(cfg *Config) { cfg.Parallelism = 8 })
			revokeAtOnce(t, c, 0, 10)
			var group sync.WaitGroup
			group.Go(func() { revokeAtOnce(t, c, 10, 100) })
			wantError(t, sleep(t.Context(), 50*time.Millisecond), "")
			end(org)
			group.Wait()
			wantSignIns(t, org, map[bool]int{false: 2, true: 4}[proofs], 2)
			if left := org.TokenIDs(); len(left) > 0 {
				t.Errorf("%s: got the tokens %v, want none left", name, left)
			}
			for _, r := range org.Requests() {
				if value := r.Header.Get("Authorization"); r.Path != signInPath && len(value) < 20 {
					t.Errorf("%s: got the authorization %q, want a token in each", name, value)
				}
			}
		})
	}
}

// A new token would fare no better than one that Okta never accepted.
func TestServiceAppKeepsATokenThatWasNeverAccepted(t *testing.T) {
	t.Parallel()
	eachKind(t, func(t *testing.T, proofs bool, change func(*oktafake.ServiceApp)) {
		org := serviceOrg(t, 1, change)
		org.Intercept = oktafake.When(atAPI, oktafake.Fail(http.StatusUnauthorized, "E0000011", "Invalid token provided"))
		c := serviceClient(org)
		for range 3 {
			if e := answered(t, list(t, c)); e.StatusCode != http.StatusUnauthorized || !IsRefused(e) {
				t.Errorf("got %v, want a refusal with 401", e)
			}
		}
		wantSignIns(t, org, map[bool]int{false: 1, true: 3}[proofs], 1)
		if got := statuses(org)[http.StatusUnauthorized]; got != 3 {
			t.Errorf("got %d requests, want 3: one each", got)
		}
	})
}

// failing are failures to sign in that another attempt may mend.
func failing() map[string]oktafake.Responder {
	return map[string]oktafake.Responder{
		"500": oktafake.Fail(http.StatusInternalServerError, "E0000009", "Internal Server Error"),
		"503": oktafake.Fail(http.StatusServiceUnavailable, "", ""),
		"429": func(w http.ResponseWriter, r *http.Request) bool {
			return oktafake.RateLimited(time.Now().Add(20*time.Second))(w, r)
		},
		"429 of concurrency": func(w http.ResponseWriter, r *http.Request) bool {
			return oktafake.ConcurrencyLimited(time.Now().Add(time.Minute))(w, r)
		},
		"lost connection": oktafake.HangUp,
	}
}

func TestServiceAppTriesToSignInAgain(t *testing.T) {
	t.Parallel()
	for name, hook := range failing() {
		for kind, send := range map[string]func(*testing.T, *Client) error{
			"list":       list,
			"revoke all": func(t *testing.T, c *Client) error { return c.RevokeAllRefreshTokens(t.Context(), App("0oa1")) },
		} {
			bubble(t, name+", "+kind, func(t *testing.T) {
				org := serviceOrg(t, 1)
				org.Intercept = oktafake.Times(2, atEndpoint, hook)
				start := time.Now()
				wantError(t, send(t, serviceClient(org)), "")
				wantSignIns(t, org, 5, 1) // two that fail, and the three that it takes
				if waited := time.Since(start); waited < time.Second/2 || waited > 50*time.Second {
					t.Errorf("got a wait of %s, want one before each new attempt", waited)
				}
				if got := len(org.Requests()); got != 6 {
					t.Errorf("got %d requests, want 6", got)
				}
			})
		}
	}
}

func TestServiceAppGivesUpWithinItsBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := serviceOrg(t, 1)
		org.Intercept = oktafake.Times(3, atEndpoint, oktafake.HangUp)
		c := serviceClient(org, func(cfg *Config) { cfg.MaxRetries = 2 })
		err := revoke(t.Context(), c, tokenID(0))
		wantError(t, err, "okta: DELETE /api/v1/apps/0oa1/tokens/oar0000: signing in as client 0oaservice: "+
			"okta: POST /oauth2/v1/token: unexpected EOF, after 3 attempts, so nothing was sent")
		if IsUncertain(err) || IsRefused(err) || !IsUnavailable(err) {
			t.Errorf("got uncertain %t, refused %t, unavailable %t, want unavailable alone", IsUncertain(err), IsRefused(err), IsUnavailable(err))
		}
		wantSignIns(t, org, 3, 0)
		// That says nothing about the credential.
		wantError(t, revoke(t.Context(), c, tokenID(0)), "")
		wantSignIns(t, org, 6, 1)
	})
}

func TestServiceAppCancelledWhileSigningIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := serviceOrg(t, 2)
		org.Intercept = oktafake.Once(atEndpoint, func(_ http.ResponseWriter, r *http.Request) bool {
			<-r.Context().Done()
			return true
		})
		c := serviceClient(org)
		var group sync.WaitGroup
		group.Go(func() {
			start := time.Now()
			err := revoke(interrupted(t, 10*time.Second), c, tokenID(0))
			wantElapsed(t, start, 10*time.Second)
			if !errors.Is(err, context.Canceled) || IsUncertain(err) {
				t.Errorf("got %v, uncertain %t, want canceled and certain", err, IsUncertain(err))
			}
		})
		synctest.Wait()
		// A request that waits for the sign-in of another can give up.
		start := time.Now()
		if err := revoke(interrupted(t, time.Second), c, tokenID(0)); !errors.Is(err, context.Canceled) || IsUncertain(err) {
			t.Errorf("got %v, uncertain %t, want canceled and certain", err, IsUncertain(err))
		}
		wantElapsed(t, start, time.Second)
		// One that does not give up signs in next.
		wantError(t, revoke(t.Context(), c, tokenID(1)), "")
		wantElapsed(t, start, 10*time.Second)
		group.Wait()
		wantSignIns(t, org, 4, 1)
	})
}

func TestReadOnlyServiceAppSignsIn(t *testing.T) {
	t.Parallel()
	org := serviceOrg(t, 1)
	c := serviceClient(org, func(cfg *Config) { cfg.ReadOnly = true })
	if err := revoke(t.Context(), c, tokenID(0)); !errors.Is(err, errReadOnly) || len(org.Requests()) != 0 {
		t.Errorf("got %v after %d requests, want it refused after none", err, len(org.Requests()))
	}
	wantError(t, list(t, c), "")
	wantSignIns(t, org, 3, 1)
}

// A path of the org's URL is ignored, by the token endpoint too.
func TestServiceAppIgnoresThePathOfTheOrg(t *testing.T) {
	t.Parallel()
	org := serviceOrg(t, 1)
	wantError(t, list(t, serviceClient(org, func(cfg *Config) {
		cfg.OrgURL = &url.URL{Scheme: "https", Host: "acme.okta.com", Path: "/path"}
	})), "")
	wantSignIns(t, org, 3, 1)
}
