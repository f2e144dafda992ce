package oktafake_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestCommonHeaders(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, acme)
	seen := map[string]bool{}
	for _, path := range []string{"/api/v1/apps/0oa1/tokens", "/api/v1/apps/0oa9/tokens", "/api/v1/users/00u1/clients"} {
		header := ask(t, srv.Org, http.MethodGet, path).header
		for name, want := range map[string]string{
			"Date":                   "Thu, 12 Mar 2026 03:18:06 GMT",
			"Content-Type":           "application/json",
			"Cache-Control":          "no-cache, no-store",
			"Pragma":                 "no-cache",
			"Expires":                "0",
			"Server":                 "nginx",
			"X-Content-Type-Options": "nosniff",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: got %s %q, want %q", path, name, got, want)
			}
		}
		id := header.Get("X-Okta-Request-Id")
		if !regexp.MustCompile(`^[0-9a-f]{32}$`).MatchString(id) || seen[id] {
			t.Errorf("%s: got request ID %q, want 32 hexadecimal digits of its own", path, id)
		}
		seen[id] = true
	}
}

func TestJournal(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	org.Intercept = oktafake.When(oktafake.On("", "/api/v1/apps/0oa2/tokens"), oktafake.Fail(500, "E0000009", "Internal Server Error"))
	ask(t, org, http.MethodGet, "/api/v1/apps/%30oa1/tokens?limit=1&expand=scope")
	ask(t, org, http.MethodDelete, "/api/v1/apps/0oa1/tokens/oar1")
	ask(t, org, http.MethodDelete, "/api/v1/apps/0oa2/tokens")
	askAs(t, org, "SSWS wrong", http.MethodGet, "/api/v1/users/00u1/clients")
	ask(t, org, http.MethodPost, "/nowhere//./at/all")
	var got []string
	for _, r := range org.Requests() {
		got = append(got, fmt.Sprintf("%v -> %d", r, r.Status))
	}
	want := []string{
		"GET /api/v1/apps/%30oa1/tokens?limit=1&expand=scope -> 200",
		"DELETE /api/v1/apps/0oa1/tokens/oar1 -> 204",
		"DELETE /api/v1/apps/0oa2/tokens -> 500",
		"GET /api/v1/users/00u1/clients -> 401",
		"POST /nowhere//./at/all -> 404",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
	if got := org.RequestsOf(http.MethodDelete); len(got) != 2 || got[0].Path != "/api/v1/apps/0oa1/tokens/oar1" {
		t.Errorf("got %v, want the two DELETEs", got)
	}
	if got := org.Requests()[3].Header.Get("Authorization"); got != "SSWS wrong" {
		t.Errorf("got Authorization %q, want what was sent", got)
	}
	org.ResetRequests()
	org.NoJournal = true
	ask(t, org, http.MethodGet, "/api/v1/users/00u1/clients")
	if got := org.Requests(); len(got) > 0 {
		t.Errorf("got %v, want an empty journal", got)
	}
}

func TestRateLimitWindows(t *testing.T) {
	t.Parallel()
	now := created.Add(500 * time.Millisecond)
	org := oktafake.NewOrg(acme)
	org.Now = func() time.Time { return now }
	org.RateLimit, org.RateWindow = 2, 10*time.Second
	reset := func(after time.Duration) string { return fmt.Sprint(created.Add(after).Unix()) }
	const (
		apps    = "/api/v1/apps/0oa1/tokens"
		missing = "/api/v1/apps/0oa9/tokens"
		users   = "/api/v1/users/00u1/clients"
		servers = "/api/v1/authorizationServers"
		clients = "/api/v1/authorizationServers/aus1/clients"
		unknown = "/api/v1/groups"
	)
	for i, step := range []struct {
		after                  time.Duration
		path                   string
		wantStatus             int
		wantRemaining, wantEnd string
	}{
		{0, apps, 200, "1", reset(10 * time.Second)},
		{time.Second, missing, 404, "0", reset(10 * time.Second)},
		{0, apps, 429, "0", reset(10 * time.Second)},
		{0, users, 200, "1", reset(11 * time.Second)},
		{0, servers, 200, "1", reset(11 * time.Second)},
		{0, clients, 200, "0", reset(11 * time.Second)},
		{0, unknown, 429, "0", reset(11 * time.Second)},
		{9*time.Second - time.Nanosecond, apps, 429, "0", reset(10 * time.Second)},
		{time.Nanosecond, apps, 200, "1", reset(20 * time.Second)},
		// The clients' window ended long ago; this request opens the next.
		{time.Hour, clients, 200, "1", reset(time.Hour + 20*time.Second)},
	} {
		now = now.Add(step.after)
		got := ask(t, org, http.MethodGet, step.path)
		if got.status != step.wantStatus {
			t.Errorf("step %d, %s: got status %d, want %d", i, step.path, got.status, step.wantStatus)
		}
		for name, want := range map[string]string{
			"X-Rate-Limit-Limit": "2", "X-Rate-Limit-Remaining": step.wantRemaining, "X-Rate-Limit-Reset": step.wantEnd,
		} {
			if got := got.header.Get(name); got != want {
				t.Errorf("step %d, %s: got %s %s, want %s", i, step.path, name, got, want)
			}
		}
		if got.status == http.StatusTooManyRequests {
			if code, _ := got.errorOf(t); code != "E0000047" || got.header.Get("Retry-After") != "" {
				t.Errorf("step %d: got code %s and Retry-After %q, want E0000047 and none", i, code, got.header.Get("Retry-After"))
			}
		}
	}
}

// In every recorded answer of Okta's, the reset is at most 60 seconds after the Date, and exactly 60
// seconds for the request that opens a window.
func TestResetIsAWindowAfterTheDate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := oktafake.NewOrg(acme)
		org.Now = time.Now
		org.Latency = 1700 * time.Millisecond
		for i, want := range []int64{60, 58, 56} {
			got := ask(t, org, http.MethodGet, "/api/v1/apps/0oa1/tokens").header
			date, err := http.ParseTime(got.Get("Date"))
			if err != nil {
				t.Fatal(err)
			}
			reset, err := strconv.ParseInt(got.Get("X-Rate-Limit-Reset"), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			if got := reset - date.Unix(); got != want {
				t.Errorf("request %d: got a reset %d s after its Date, want %d", i, got, want)
			}
		}
	})
}

// Okta's own clients wait until a second after the reset by the org's clock. The window has ended
// then, whatever fraction of a second the headers left out.
func TestWaitingForTheReset(t *testing.T) {
	t.Parallel()
	for opened := time.Duration(0); opened < time.Second; opened += 300 * time.Millisecond {
		for later := time.Duration(0); later < 2*time.Second; later += 370 * time.Millisecond {
			now := created.Add(opened)
			org := oktafake.NewOrg(acme)
			org.Now = func() time.Time { return now }
			org.RateLimit, org.RateWindow = 1, 10*time.Second
			ask(t, org, http.MethodGet, "/api/v1/apps/0oa1/tokens")
			now = now.Add(later)
			refused := ask(t, org, http.MethodGet, "/api/v1/apps/0oa1/tokens").header
			date, err := http.ParseTime(refused.Get("Date"))
			if err != nil {
				t.Fatal(err)
			}
			reset, err := strconv.ParseInt(refused.Get("X-Rate-Limit-Reset"), 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			now = now.Add(time.Unix(reset, 0).Sub(date) + time.Second)
			if got := ask(t, org, http.MethodGet, "/api/v1/apps/0oa1/tokens").status; got != http.StatusOK {
				t.Errorf("opened at %v, refused %v later: got %d after the wait, want 200", opened, later, got)
			}
		}
	}
}

func TestNoRateLimitStillSendsHeaders(t *testing.T) {
	t.Parallel()
	got := ask(t, oktafake.New(t, acme).Org, http.MethodGet, "/api/v1/apps/0oa1/tokens").header
	if got.Get("X-Rate-Limit-Limit") != "10000000" || got.Get("X-Rate-Limit-Remaining") != "9999999" {
		t.Errorf("got limit %s and remaining %s, want a very large limit and one less",
			got.Get("X-Rate-Limit-Limit"), got.Get("X-Rate-Limit-Remaining"))
	}
}

func TestLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := oktafake.NewOrg(acme)
		org.Latency = 3 * time.Second
		start := time.Now()
		ask(t, org, http.MethodDelete, "/api/v1/apps/0oa1/tokens/oar1")
		if got := time.Since(start); got != org.Latency {
			t.Errorf("the answer took %v, want %v", got, org.Latency)
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodDelete, "http://org.test/api/v1/apps/0oa1/tokens", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", credential)
		resp, err := org.RoundTrip(r)
		if !errors.Is(err, context.DeadlineExceeded) {
			resp.Body.Close()
			t.Errorf("got error %v, want that of the context", err)
		}
		if diff := cmp.Diff([]string{"oar1"}, org.RevokedIDs()); diff != "" {
			t.Errorf("revoked, though the client had given up (-want +got):\n%s", diff)
		}
	})
}

// With the race detector, this tests the locks.
func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(func(o *oktafake.Org) {
		oktafake.Populate(o, oktafake.Population{Servers: 1, Clients: 2, Tokens: 50, Users: 5, Seed: 1})
	})
	tokens := org.Tokens()
	var wg sync.WaitGroup
	for i, token := range tokens {
		wg.Go(func() {
			parent := "/api/v1/users/" + token.UserID + "/clients/" + token.ClientID + "/tokens"
			ask(t, org, http.MethodGet, parent)
			if got := ask(t, org, http.MethodDelete, parent+"/"+token.ID); got.status != http.StatusNoContent {
				t.Errorf("token %d: got %d, want 204", i, got.status)
			}
			org.AddToken(oktafake.Token{ClientID: token.ClientID, UserID: token.UserID})
			org.TokenIDs()
			org.Requests()
		})
	}
	wg.Wait()
	if got := len(org.Revoked()); got != len(tokens) {
		t.Errorf("got %d revocations, want %d", got, len(tokens))
	}
	if got := len(org.TokenIDs()); got != len(tokens) {
		t.Errorf("got %d live tokens, want the %d that were added", got, len(tokens))
	}
}
