package provider

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// faults are what can become of any request, and the summary of the error that
// tells of it.
var faults = []struct {
	name    string
	respond oktafake.Responder
	want    string // "" for what hangs on the request
}{
	{"401", oktafake.Fail(401, "E0000011", "Invalid token provided"), "Okta Rejected the Credentials"},
	{"no API Access Management", oktafake.Fail(401, "E0000015", "You do not have permission to access the feature you are requesting"), "auth_server_id: API Access Management Is Not Enabled"},
	{"403", oktafake.Fail(403, "E0000006", "You do not have permission to perform the requested action"), "Missing Okta Permission"},
	{"missing scope", oktafake.InsufficientScope("okta.authorizationServers.manage"), "Missing Okta Permission"},
	{"404 of a URL", oktafake.Fail(404, "E0000008", "The requested path was not found"), "Not an Okta API"},
	{"429", oktafake.RateLimited(time.Now().Add(time.Minute)), "Okta Rate Limit Exceeded"},
	{"500", oktafake.Fail(500, "E0000009", "Internal Server Error"), ""},
	{"not JSON", answering("<html>"), ""},
	{"half an answer", oktafake.Truncate, ""},
}

// sabotage makes the n-th request from now on meet a fault, and later ones if it
// lasts.
type sabotage struct {
	seen   atomic.Int64
	attack atomic.Pointer[attack]
}

type attack struct {
	at, until int64
	respond   oktafake.Responder
}

func (s *sabotage) intercept(org *oktafake.Org) {
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
		attack := s.attack.Load()
		if attack == nil {
			return false
		}
		n := s.seen.Add(1)
		return n >= attack.at && n <= attack.until && attack.respond(w, r)
	}
}

// arm is for one request.
func (s *sabotage) arm(n int, respond oktafake.Responder) {
	s.seen.Store(0)
	s.attack.Store(&attack{int64(n), int64(n), respond})
}

// armFrom is for a request and all after it.
func (s *sabotage) armFrom(n int, respond oktafake.Responder) {
	s.seen.Store(0)
	s.attack.Store(&attack{int64(n), math.MaxInt64, respond})
}

// Whatever happens to whichever request: an error leaves the state as it was, the
// state never calls a token revoked that lives, and the next apply does the rest.
func TestRefreshTokenFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		from, to attributes
		gone     bool // whether the token goes away before
		requests int  // of the apply, without a fault
		live     bool // whether it leaves the token alive
	}{
		{"adopt", nil, adopted, false, 1, true},
		{"adopt and revoke", nil, revokeAdopted, false, 3, false},
		{"adopt as revoked", nil, revokeAdopted, true, 2, false},
		{"revoke", adopted, revokeAdopted, false, 2, false},
		{"revoke what is gone", adopted, revokeAdopted, true, 2, false},
		{"destroy and revoke", adoptedForNow, nil, false, 2, false},
		{"destroy what is gone", adoptedForNow, nil, true, 2, false},
	} {
		for n := 1; n <= tc.requests; n++ {
			for _, fault := range faults {
				t.Run(fmt.Sprintf("%s/request %d/%s", tc.name, n, fault.name), func(t *testing.T) {
					t.Parallel()
					s := &sabotage{}
					org := newAdoptionOrg(t, s.intercept)
					c := newCore(t, org, attributes{"max_retries": 0}).of("refresh_token")
					state := c.noState()
					if tc.from != nil {
						state = c.create(tc.from)
					}
					p := c.planned(state, tc.to)
					if tc.gone {
						org.RemoveToken("oar1")
					}
					org.ResetRequests()
					s.arm(n, fault.respond)
					after, diags := c.applyWith(c.configured(), p)
					failures := errorsOf(diags)
					lives := slices.Contains(org.TokenIDs(), "oar1")
					switch {
					case len(failures) > 0 && !after.Equal(state):
						t.Errorf("got the state %s after the error, want %s", after, state)
					case len(failures) == 0 && lives && !tc.live:
						t.Errorf("got no error, and the token lives: requests %v", requests(org))
					}
					if got := summaries(failures); fault.want != "" && !slices.Equal(got, []string{fault.want}) {
						t.Errorf("got the errors %q, want %q", got, fault.want)
					}
					if got := org.PathsOf(http.MethodDelete); len(got) > 1 {
						t.Errorf("got the DELETEs %v, want one at most", got)
					}
					c.finish(after, tc.to)
					if lives := slices.Contains(org.TokenIDs(), "oar1"); lives != tc.live {
						t.Errorf("after the next apply the token lives: %t, want %t", lives, tc.live)
					}
				})
			}
		}
	}
}

// finish refreshes and applies once more, without an error.
func (c *core) finish(state tftypes.Value, config attributes) {
	c.t.Helper()
	if state.IsNull() && config == nil {
		return
	}
	if !state.IsNull() {
		var diags []diagnostic
		state, diags = c.refresh(state)
		c.none(diags)
	}
	c.update(state, config)
}

// A refresh that fails changes nothing, whichever request it is.
func TestRefreshTokenRefreshFaults(t *testing.T) {
	t.Parallel()
	for _, gone := range []bool{false, true} {
		for n := 1; n <= 2; n++ {
			for _, fault := range faults {
				if !gone && n == 2 {
					continue // one request says that it is there
				}
				t.Run(fmt.Sprintf("gone %t/request %d/%s", gone, n, fault.name), func(t *testing.T) {
					t.Parallel()
					s := &sabotage{}
					org := newAdoptionOrg(t, s.intercept)
					c := newCore(t, org, attributes{"max_retries": 0}).of("refresh_token")
					state := c.create(adopted)
					if gone {
						org.RemoveToken("oar1")
					}
					s.arm(n, fault.respond)
					after, diags := c.refresh(state)
					if got := summaries(errorsOf(diags)); len(got) != 1 || fault.want != "" && got[0] != fault.want {
						t.Errorf("got the errors %q, want %q", got, fault.want)
					}
					if !after.Equal(state) {
						t.Errorf("got the state %s, want %s", after, state)
					}
					after, diags = c.refresh(state)
					c.none(diags)
					c.wantState(after, attributes{"status": map[bool]string{true: "REVOKED", false: "ACTIVE"}[gone]})
				})
			}
		}
	}
}

func TestRefreshTokenErrorTexts(t *testing.T) {
	t.Parallel()
	broken := oktafake.Fail(500, "E0000009", "Internal Server Error")
	const advice = "Okta, or a proxy before it, failed to answer. Try again; https://status.okta.com reports outages."
	for _, tc := range []struct {
		name    string
		request int
		want    string
	}{
		{"the read", 1, "Could not revoke " + ofAdopted + ". " + advice},
		{"the look after it", 3, "Could not make sure that " + ofAdopted + " is gone, though Okta has confirmed that it is revoked. " + advice},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := &sabotage{}
			org := newAdoptionOrg(t, s.intercept)
			c := newCore(t, org, attributes{"max_retries": 0}).of("refresh_token")
			p := c.planned(c.noState(), revokeAdopted)
			s.arm(tc.request, broken)
			_, diags := c.applyWith(c.configured(), p)
			diff(t, "errors", summaries(diags), []string{"Unable to Revoke Refresh Token"})
			detail, words := splitDetail(diags[0])
			diff(t, "detail", detail, tc.want)
			if !strings.Contains(words, "Okta said: 500 E0000009: Internal Server Error") {
				t.Errorf("got %q, want Okta's words", words)
			}
		})
	}
}

// Time runs out in every operation that asks Okta, and says so.
func TestRefreshTokenTimeouts(t *testing.T) {
	t.Parallel()
	hasty := func(operation string) attributes { return attributes{"timeouts": attributes{operation: "1ns"}} }
	for _, tc := range []struct {
		name  string
		apply func(c *core) []diagnostic
	}{
		{"create", func(c *core) []diagnostic {
			_, diags := c.apply(c.plan(c.noState(), adopted.With(hasty("create"))))
			return diags
		}},
		{"read", func(c *core) []diagnostic {
			_, diags := c.refresh(c.create(adopted.With(hasty("read"))))
			return diags
		}},
		{"update", func(c *core) []diagnostic {
			_, diags := c.applyWith(c.configured(), c.planned(c.create(adopted), revokeAdopted.With(hasty("update"))))
			return diags
		}},
		{"delete", func(c *core) []diagnostic {
			_, diags := c.applyWith(c.configured(), c.planned(c.create(adoptedForNow.With(hasty("delete"))), nil))
			return diags
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newAdoptionOrg(t)
			diff(t, "errors", summaries(errorsOf(tc.apply(newCore(t, org, nil).of("refresh_token")))), []string{"Out of Time"})
			wantReads(t, org)
		})
	}
}
