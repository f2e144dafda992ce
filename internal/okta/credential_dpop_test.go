package okta

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// proofClaims are the claims of a proof.
type proofClaims struct {
	Method    string           `json:"htm"`
	URL       string           `json:"htu"`
	IssuedAt  *jwt.NumericDate `json:"iat"`
	ID        string           `json:"jti"`
	Nonce     string           `json:"nonce"`
	TokenHash string           `json:"ath"`
}

// proofOf reads the proof of a request, with the key that it carries.
func proofOf(t *testing.T, header http.Header) (proofClaims, jose.Header) {
	t.Helper()
	proofs := header.Values("DPoP")
	if len(proofs) != 1 {
		t.Fatalf("got the proofs %q, want one", proofs)
	}
	token, err := jwt.ParseSigned(proofs[0], []jose.SignatureAlgorithm{jose.ES256})
	if err != nil {
		t.Fatal(err)
	}
	var claims proofClaims
	if err := token.Claims(token.Headers[0].JSONWebKey, &claims); err != nil {
		t.Fatal(err)
	}
	return claims, token.Headers[0]
}

// What the proofs of a run say, one by one.
func TestProofs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := serviceOrg(t, 3)
		org.PageSize = 2
		c := serviceClient(org)
		wantError(t, list(t, c), "") // two pages
		wantError(t, revoke(t.Context(), c, tokenID(0)), "")
		const origin = "https://acme.okta.com"
		endpoint := proofClaims{Method: http.MethodPost, URL: origin + signInPath}
		listed := proofClaims{Method: http.MethodGet, URL: origin + tokensPath}
		revoked := proofClaims{Method: http.MethodDelete, URL: origin + tokensPath + "/" + tokenID(0)}
		want := []proofClaims{endpoint, endpoint, listed, listed, revoked} // before which comes a token request without one
		seen := map[string]bool{}
		keys := map[string]bool{}
		requests := org.Requests()[1:]
		for i, r := range requests {
			got, header := proofOf(t, r.Header)
			if age := time.Since(got.IssuedAt.Time()); age < 0 || age > time.Minute {
				t.Errorf("proof %d: got an age of %s, want less than a minute", i, age)
			}
			if seen[got.ID] || len(got.ID) < 16 {
				t.Errorf("proof %d: got the ID %q again, want one of its own", i, got.ID)
			}
			seen[got.ID] = true
			wantNonce := i == 1
			if (got.Nonce != "") != wantNonce {
				t.Errorf("proof %d: got the nonce %q, want one: %t", i, got.Nonce, wantNonce)
			}
			if i >= 2 {
				sum := sha256.Sum256([]byte(r.Header.Get("Authorization")[len("DPoP "):]))
				want[i].TokenHash = base64.RawURLEncoding.EncodeToString(sum[:])
			}
			got.ID, got.IssuedAt, got.Nonce = "", nil, ""
			if diff := cmp.Diff(want[i], got); diff != "" {
				t.Errorf("proof %d (-want +got):\n%s", i, diff)
			}
			if header.ExtraHeaders[jose.HeaderType] != "dpop+jwt" || !header.JSONWebKey.IsPublic() {
				t.Errorf("proof %d: got %v, want typ dpop+jwt and a public key", i, header)
			}
			text, err := header.JSONWebKey.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			keys[string(text)] = true
		}
		if len(requests) != 5 || len(keys) != 1 || requests[3].RawQuery == "" {
			t.Errorf("got %d requests with %d keys, want 5 with one, and a query in the fourth", len(requests), len(keys))
		}
	})
}

// A proof that was sent is used up, even if the request failed.
func TestEveryAttemptHasAProofOfItsOwn(t *testing.T) {
	t.Parallel()
	for name, hook := range failing() {
		for _, method := range []string{http.MethodGet, http.MethodDelete} {
			bubble(t, method+" "+name, func(t *testing.T) {
				org := serviceOrg(t, 1)
				org.Intercept = oktafake.Times(3, oktafake.On(method, "/api/v1/*/*/*"), hook)
				org.Intercept = oktafake.First(org.Intercept, oktafake.Times(3, oktafake.On(method, "/api/v1/*/*/*/*"), hook))
				c := serviceClient(org)
				send := map[string]func() error{
					http.MethodGet:    func() error { return list(t, c) },
					http.MethodDelete: func() error { return revoke(t.Context(), c, tokenID(0)) },
				}[method]
				wantError(t, send(), "")
				wantSignIns(t, org, 3, 1)
				proofs := map[string]bool{}
				for _, r := range org.RequestsOf(method) {
					claims, _ := proofOf(t, r.Header)
					proofs[claims.ID] = true
				}
				if len(proofs) != 4 {
					t.Errorf("got %d proofs, want 4: three that fail, and the last", len(proofs))
				}
			})
		}
	}
}

// The nonce of the token endpoint is used for renewals, and replaced when it is stale.
func TestStaleNonceIsReplaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := serviceOrg(t, 1)
		c := serviceClient(org)
		for _, step := range []struct {
			change   func()
			requests int
		}{
			{func() {}, 3},
			{org.RevokeAccessTokens, 4},
			{func() { org.RevokeAccessTokens(); org.RotateNonce() }, 6},
			{org.RevokeAccessTokens, 7},
		} {
			step.change()
			wantError(t, list(t, c), "")
			if got := org.TokenRequests(); got != step.requests {
				t.Errorf("got %d token requests, want %d", got, step.requests)
			}
		}
		wantNoReplays(t, org)
	})
}

// Okta's API may ask for a nonce too. Many requests at a time may get the same one.
func TestNonceOfTheAPI(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := serviceOrg(t, 60)
		org.APINonce = true
		org.Latency = 20 * time.Millisecond
		c := serviceClient(org, once)
		revokeAtOnce(t, c, 0, 20)
		if got := statuses(org)[http.StatusBadRequest]; got == 0 || got > 10 {
			t.Errorf("got %d challenges, want some, and not one for each request", got)
		}
		org.RotateNonce()
		revokeAtOnce(t, c, 20, 40)
		var group sync.WaitGroup
		group.Go(func() { revokeAtOnce(t, c, 40, 60) })
		wantError(t, sleep(t.Context(), 10*time.Millisecond), "")
		org.RotateNonce() // under way
		org.RevokeAccessTokens()
		group.Wait()
		if left := org.TokenIDs(); len(left) > 0 {
			t.Errorf("got the tokens %v, want none left", left)
		}
		wantNoReplays(t, org)
	})
}

// The challenge may have either status, and may not say what it wants.
func TestNonceChallengeWithoutWords(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusUnauthorized} {
		var taken atomic.Int64
		org := serviceOrg(t, 1)
		org.Intercept = oktafake.When(atAPI, func(w http.ResponseWriter, r *http.Request) bool {
			if claims, _ := proofOf(t, r.Header); claims.Nonce == "api-nonce" {
				taken.Add(1)
				return false
			}
			w.Header().Set("DPoP-Nonce", "api-nonce")
			w.WriteHeader(status)
			return true
		})
		wantError(t, list(t, serviceClient(org, once)), "")
		wantSignIns(t, org, 3, 1)
		if got := taken.Load(); got != 1 {
			t.Errorf("%d: got %d proofs with the nonce, want 1", status, got)
		}
	}
}

// A server that keeps asking for the nonce that it got is given up.
func TestNonceChallengeWithoutEnd(t *testing.T) {
	t.Parallel()
	for name, next := range map[string]func(n int64) string{
		"the same": func(int64) string { return "nonce" },
		"another":  func(n int64) string { return string(rune('a' + n)) },
	} {
		var n atomic.Int64
		org := serviceOrg(t, 1)
		org.Intercept = oktafake.When(atAPI, func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("DPoP-Nonce", next(n.Add(1)))
			w.Header().Set("WWW-Authenticate", `DPoP error="use_dpop_nonce", error_description="Authorization server requires nonce in DPoP proof."`)
			w.WriteHeader(http.StatusBadRequest)
			return true
		})
		e := answered(t, list(t, serviceClient(org)))
		if e.StatusCode != http.StatusBadRequest || e.Challenge.Code != "use_dpop_nonce" {
			t.Errorf("%s: got %v, want the challenge", name, e)
		}
		if got := n.Load(); got < 2 || got > 3 {
			t.Errorf("%s: got %d requests, want 2 or 3", name, got)
		}
		wantNoReplays(t, org)
	}
}

// A kept-alive connection that dies makes Go's own transport send a request a
// second time, unseen. The proof or the assertion in it would be a replay.
func TestLostConnectionSendsNothingTwice(t *testing.T) {
	t.Parallel()
	for name, match := range map[string]oktafake.Match{
		"GET": oktafake.On(http.MethodGet, tokensPath), "DELETE": oktafake.On(http.MethodDelete, tokensPath+"/*"), "sign-in": atEndpoint,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var armed, lost atomic.Int64
			org := serviceOrg(t, 2)
			org.Intercept = oktafake.When(match, func(w http.ResponseWriter, r *http.Request) bool {
				if armed.Load() == 0 {
					return false
				}
				lost.Add(1)
				return oktafake.HangUp(w, r)
			})
			server := httptest.NewServer(org)
			defer server.Close()
			c := serverClient(t, server.URL, asService)
			wantError(t, list(t, c), "")
			armed.Store(1)
			if name == "sign-in" {
				org.RevokeAccessTokens()
			}
			send := func() error { return list(t, c) }
			if name == "DELETE" {
				send = func() error { return revoke(t.Context(), c, tokenID(0)) }
			}
			if e := transportError(t, send()); e.MayHaveLanded != (name != "sign-in") {
				t.Errorf("got %v, sent %t, want sent unless it was the sign-in", e, e.MayHaveLanded)
			}
			if got := lost.Load(); got != 1 {
				t.Errorf("got %d requests on connections that die, want 1", got)
			}
			wantNoReplays(t, org)
			armed.Store(0)
			wantError(t, send(), "")
			wantNoReplays(t, org)
		})
	}
}
