package walk_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// A list that changes while it is read can have a token on two pages, first revoked and
// then alive.
func TestPagesShowATokenOnce(t *testing.T) {
	t.Parallel()
	org := newOrg(t)
	org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
		page := `[{"id":"oar1"},{"id":"oar3"},{"id":"oar2"}]`
		if !r.URL.Query().Has("after") {
			w.Header().Set("Link", fmt.Sprintf("<%s%s?after=1>; rel=\"next\"", org.URL, r.URL.Path))
			page = `[{"id":"oar1"},{"id":"oar2","status":"REVOKED"}]`
		}
		_, err := w.Write([]byte(page))
		return err == nil
	}
	var got [][]string
	for page, err := range walk.Pages(t.Context(), newClient(t, org), server.Client("0oa1")) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, ids(page.Items))
	}
	diff(t, "pages", got, [][]string{{"oar1", "oar2"}, {"oar3", "oar2"}})
}

func TestFind(t *testing.T) {
	t.Parallel()
	age := 30 * time.Minute
	for _, tc := range []struct {
		name   string
		target walk.Target
		filter okta.Filter
		want   map[string][]string // by client
	}{
		{"a client", walk.At(server.Client("0oa2")), okta.Filter{}, map[string][]string{"0oa2": {"oar3", "oar4"}}},
		{"an app", walk.At(okta.App("0oa2")), okta.Filter{}, map[string][]string{"": {"oar3", "oar4"}}},
		{
			"every client", walk.AtEveryClient(server),
			okta.Filter{OlderThan: &age},
			map[string][]string{"0oa1": {"oar1", "oar2"}, "0oa2": {"oar3", "oar4"}, "0oa3": {"oar5", "oar6"}},
		},
		{
			"what matches", walk.AtEveryClient(okta.User("00u1")),
			okta.Filter{TokenIDs: okta.NewSet("oar4", "oar9")},
			map[string][]string{"0oa1": nil, "0oa2": {"oar4"}, "0oa3": nil},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			lists, err := walk.Find(t.Context(), newClient(t, newOrg(t)), tc.target, walk.Choice{Filter: tc.filter})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string][]string{}
			for _, l := range lists {
				got[l.ClientID()] = ids(walk.Sorted(l.Tokens))
			}
			diff(t, "tokens", got, tc.want)
		})
	}
}

// firstOf2100 sets the Date of the first answer to the year 2100.
type firstOf2100 struct {
	http.RoundTripper
	answered bool
}

func (n *firstOf2100) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := n.RoundTripper.RoundTrip(r)
	if err == nil && !n.answered {
		n.answered = true
		resp.Header.Set("Date", "Fri, 01 Jan 2100 00:00:00 GMT")
	}
	return resp, err
}

// Any answer near this machine's clock gives the time. Without one, no age is measured.
func TestFindMeasuresNoAgeByARefusedClock(t *testing.T) {
	t.Parallel()
	age := 720 * time.Hour
	for _, tc := range []struct {
		filter         okta.Filter
		size, requests int
		found          int
		refused        bool
	}{
		{okta.Filter{OlderThan: &age}, 200, 1, 0, true},
		{okta.Filter{OlderThan: &age}, 1, 2, 0, false},
		{okta.Filter{}, 200, 1, 2, false},
	} {
		org := newOrg(t)
		org.PageSize = tc.size
		client := newClient(t, org, func(cfg *okta.Config) { cfg.Network = &firstOf2100{RoundTripper: org.Org} })
		lists, err := walk.Find(t.Context(), client, walk.At(server.Client("0oa1")), walk.Choice{Filter: tc.filter})
		diff(t, "requests", len(org.Requests()), tc.requests)
		if _, refused := errors.AsType[*okta.ClockError](err); refused || tc.refused || err != nil {
			if refused != tc.refused {
				t.Errorf("got the error %v, want one of the clock: %t", err, tc.refused)
			}
			continue
		}
		diff(t, "tokens", len(lists[0].Tokens), tc.found)
	}
}

func TestEachEndsWithTheFirstError(t *testing.T) {
	t.Parallel()
	calls, failure := 0, errors.New("no")
	err := walk.Each(t.Context(), newClient(t, oktafake.New(t)), []int{1, 2, 3, 4}, func(_ context.Context, n int) error {
		if calls++; n == 2 {
			return failure
		}
		return nil
	})
	if !errors.Is(err, failure) || calls != 2 {
		t.Errorf("got the error %v after %d calls, want that of the second", err, calls)
	}
}
