package oktafake_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

const (
	oneToken  = "/api/v1/apps/0oa1/tokens/oar1"
	allTokens = "/api/v1/apps/0oa1/tokens"
)

func TestInterceptStopsTheEffect(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	srv.Intercept = oktafake.Once(oktafake.On(http.MethodDelete, "/api/v1/apps/*/tokens/*"), oktafake.Fail(503, "E0000181", "Unavailable", "a cause"))
	for i, want := range []int{http.StatusServiceUnavailable, http.StatusNoContent} {
		if got := ask(t, srv.Org, http.MethodDelete, oneToken); got.status != want {
			t.Errorf("DELETE %d: got %d, want %d", i, got.status, want)
		}
		if got := len(srv.Revoked()); got != i {
			t.Errorf("DELETE %d: %d tokens were revoked, want %d", i, got, i)
		}
	}
}

func TestAfterEffectKeepsTheEffect(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	srv.AfterEffect = oktafake.Once(oktafake.On(http.MethodDelete, ""), oktafake.Fail(500, "E0000009", "Internal Server Error"))
	got := ask(t, srv.Org, http.MethodDelete, allTokens)
	if code, _ := got.errorOf(t); got.status != http.StatusInternalServerError || code != "E0000009" {
		t.Errorf("got %d %s, want 500 E0000009", got.status, code)
	}
	if got := ask(t, srv.Org, http.MethodDelete, allTokens); got.status != http.StatusNoContent {
		t.Errorf("got %d for the second DELETE, want 204", got.status)
	}
	if diff := cmp.Diff([]string{"oar1", "oar2", "oar3", "oar5"}, srv.RevokedIDs()); diff != "" {
		t.Errorf("revoked (-want +got):\n%s", diff)
	}
}

func TestResponders(t *testing.T) {
	t.Parallel()
	deletes := oktafake.On(http.MethodDelete, "")
	fail := oktafake.Fail(500, "E0000009", "Internal Server Error")
	for _, tc := range []struct {
		name      string
		intercept oktafake.Responder
		method    string
		path      string
		want      []int
	}{
		{"when", oktafake.When(deletes, fail), http.MethodDelete, oneToken, []int{500, 500, 500}},
		{"when not", oktafake.When(deletes, fail), http.MethodGet, oneToken, []int{200, 200, 200}},
		{"times", oktafake.Times(2, deletes, fail), http.MethodDelete, oneToken, []int{500, 500, 204}},
		{"first", oktafake.First(oktafake.Once(deletes, oktafake.RateLimited(created)), oktafake.Once(deletes, fail)), http.MethodDelete, oneToken, []int{429, 500, 204}},
		{"segment", oktafake.When(oktafake.On("", "/api/v1/*/0oa1/tokens"), fail), http.MethodGet, oneToken, []int{200}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			srv := oktafake.New(t, acme)
			srv.Intercept = tc.intercept
			var got []int
			for range tc.want {
				got = append(got, ask(t, srv.Org, tc.method, tc.path).status)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("statuses (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLimitedResponders(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	for want, intercept := range map[string]oktafake.Responder{
		"50": oktafake.RateLimited(created),
		"0":  oktafake.ConcurrencyLimited(created),
	} {
		srv.Intercept = intercept
		got := ask(t, srv.Org, http.MethodGet, oneToken)
		code, _ := got.errorOf(t)
		if got.status != http.StatusTooManyRequests || code != "E0000047" {
			t.Errorf("got %d %s, want 429 E0000047", got.status, code)
		}
		limits := []string{got.header.Get("X-Rate-Limit-Limit"), got.header.Get("X-Rate-Limit-Remaining"), got.header.Get("X-Rate-Limit-Reset")}
		if diff := cmp.Diff([]string{want, "0", "1773026286"}, limits); diff != "" {
			t.Errorf("limit, remaining, reset (-want +got):\n%s", diff)
		}
	}
}

func TestInsufficientScope(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	srv.Intercept = oktafake.InsufficientScope("okta.apps.manage")
	got := ask(t, srv.Org, http.MethodDelete, oneToken)
	const want = `Bearer authorization_uri="http://org.test/oauth2/v1/authorize", realm="http://org.test", ` +
		`scope="okta.apps.manage", error="insufficient_scope", ` +
		`error_description="The access token provided does not contain the required scopes.", resource="` + oneToken + `"`
	if got.status != http.StatusForbidden || len(got.body) > 0 || got.header.Get("WWW-Authenticate") != want {
		t.Errorf("got %d with body %q and WWW-Authenticate %s, want 403, none and %s",
			got.status, got.body, got.header.Get("WWW-Authenticate"), want)
	}
}

func TestRewriteNext(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	self := ask(t, srv.Org, http.MethodGet, allTokens).link("self")
	srv.AfterEffect = oktafake.RewriteNext(func(next string) string {
		return strings.Replace(next, "/api/v1/apps/0oa1/tokens", "/api/v1/apps", 1)
	})
	got := ask(t, srv.Org, http.MethodGet, allTokens)
	if got.link("self") != self || !strings.HasPrefix(got.link("next"), "/api/v1/apps?after=") {
		t.Errorf("got Link %q, want only next changed", got.header["Link"])
	}
}

// Over a real connection, because what the client sees depends on the transport.
func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]oktafake.Responder{"hang up": oktafake.HangUp, "truncate": oktafake.Truncate} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := oktafake.New(t, acme)
			srv.AfterEffect = broken
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, srv.URL+oneToken, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", credential)
			resp, err := client.Do(r)
			if err == nil {
				_, err = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("got error %v, want an unexpected end", err)
			}
			if diff := cmp.Diff([]string{"oar1"}, srv.RevokedIDs()); diff != "" {
				t.Errorf("revoked (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHangUpWithoutANetwork(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	srv.Intercept = oktafake.HangUp
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://org.test"+oneToken, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := srv.RoundTrip(r)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		resp.Body.Close()
		t.Errorf("got error %v, want an unexpected EOF", err)
	}
	if got := srv.Requests(); len(got) != 1 || got[0].Status != 0 {
		t.Errorf("got journal %v, want one request without a status", got)
	}
}

func TestRoundTripKeepsTheOrigin(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://acme.okta.com"+allTokens, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", credential)
	want := []string{"<https://acme.okta.com" + allTokens + `?limit=20>; rel="self"`}
	if diff := cmp.Diff(want, send(t, org, r).header["Link"]); diff != "" {
		t.Errorf("Link (-want +got):\n%s", diff)
	}
}
