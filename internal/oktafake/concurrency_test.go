package oktafake_test

import (
	"io"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestMaxConcurrent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := oktafake.NewOrg(acme)
		org.Now = time.Now
		org.Latency = time.Second
		org.MaxConcurrent = 2
		org.RateLimit = 100
		for round := range 2 {
			var (
				wg       sync.WaitGroup
				mu       sync.Mutex
				statuses = map[int]int{}
			)
			for range 5 {
				wg.Go(func() {
					got := ask(t, org, http.MethodGet, allTokens)
					mu.Lock()
					defer mu.Unlock()
					statuses[got.status]++
					if got.status == http.StatusTooManyRequests {
						wantConcurrencyLimit(t, got)
					}
				})
			}
			wg.Wait()
			if diff := cmp.Diff(map[int]int{200: 2, 429: 3}, statuses); diff != "" {
				t.Errorf("round %d: statuses (-want +got):\n%s", round, diff)
			}
		}
		// Refused requests do not count against the bucket.
		if got := ask(t, org, http.MethodGet, allTokens).header.Get("X-Rate-Limit-Remaining"); got != "95" {
			t.Errorf("got %s remaining, want 95", got)
		}
	})
}

// wantConcurrencyLimit checks what distinguishes this limit from a bucket's.
func wantConcurrencyLimit(t *testing.T, got answer) {
	t.Helper()
	if code, _ := got.errorOf(t); code != "E0000047" {
		t.Errorf("got code %s, want E0000047", code)
	}
	date, err := http.ParseTime(got.header.Get("Date"))
	if err != nil {
		t.Error(err)
	}
	want := map[string]string{
		"X-Rate-Limit-Limit": "0", "X-Rate-Limit-Remaining": "0",
		"X-Rate-Limit-Reset": strconv.FormatInt(date.Add(60*time.Second).Unix(), 10), "Retry-After": "",
	}
	for name := range maps.Keys(want) {
		if got := got.header.Get(name); got != want[name] {
			t.Errorf("got %s %q, want %q", name, got, want[name])
		}
	}
}

// A refused request has used up its proof.
func TestMaxConcurrentComesAfterTheCredentials(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	c := newService(t, org, oktafake.ServiceApp{Scopes: []string{"okta.apps.read"}})
	_, value := c.signIn(t, "okta.apps.read")
	org.MaxConcurrent = 1
	line := c.bound(value, http.MethodGet, allTokens).sign(t)
	var crowded, wrong answer
	org.AfterEffect = oktafake.Once(oktafake.On(http.MethodGet, oneToken), func(http.ResponseWriter, *http.Request) bool {
		crowded = c.call(t, "DPoP "+value, http.MethodGet, allTokens, line)
		wrong = askAs(t, org, "SSWS wrong", http.MethodGet, allTokens)
		return false
	})
	if got := ask(t, org, http.MethodGet, oneToken); got.status != http.StatusOK {
		t.Errorf("got %d for the running request, want 200", got.status)
	}
	if crowded.status != http.StatusTooManyRequests || wrong.status != http.StatusUnauthorized {
		t.Errorf("got %d beside it, and %d with a wrong credential, want 429 and 401", crowded.status, wrong.status)
	}
	if got := c.call(t, "DPoP "+value, http.MethodGet, allTokens, line); got.status != http.StatusBadRequest || len(org.Replays()) != 1 {
		t.Errorf("got %d and replays %q for the same proof again, want 400 and one", got.status, org.Replays())
	}
}

// A client may send a request as soon as it has a whole answer, over a real connection, too.
func TestAnsweredRequestsDoNotCount(t *testing.T) {
	t.Parallel()
	srv := oktafake.New(t, func(o *oktafake.Org) {
		oktafake.Populate(o, oktafake.Population{Servers: 1, Clients: 1, Tokens: 60, Users: 3, Seed: 1})
	})
	srv.MaxConcurrent = 1
	srv.PageSize = 200
	token := srv.Tokens()[0]
	base := "/api/v1/authorizationServers/default/clients/" + token.ClientID + "/tokens"
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport}
	for i := range 20 {
		for _, request := range []struct{ method, path string }{
			{http.MethodGet, base + "?limit=200"}, {http.MethodGet, base + "/" + token.ID}, {http.MethodDelete, base + "/oar9"},
		} {
			r, err := http.NewRequestWithContext(t.Context(), request.method, srv.URL+request.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", credential)
			resp, err := client.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, resp.Body); err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode == http.StatusTooManyRequests {
				t.Fatalf("round %d, %s %s: got 429 though no other request was running", i, request.method, request.path)
			}
		}
	}
}
