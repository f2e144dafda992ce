package oktafake

import (
	"net/http"
	"slices"
	"testing"
)

// WantRevoked fails the test unless requests have removed just these tokens, in any order.
func (o *Org) WantRevoked(t testing.TB, ids ...string) {
	t.Helper()
	want(t, "the revoked tokens", o.RevokedIDs(), ids)
}

// WantDeletes fails the test unless the org got exactly these DELETEs, in any order.
func (o *Org) WantDeletes(t testing.TB, paths ...string) {
	t.Helper()
	want(t, "the DELETEs", o.PathsOf(http.MethodDelete), paths)
}

// WantReads fails the test if the org got a request that is not a GET.
func (o *Org) WantReads(t testing.TB) {
	t.Helper()
	for _, r := range o.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("got the request %s, want GETs only", r)
		}
	}
}

// WantNoRequests fails the test if the org got any.
func (o *Org) WantNoRequests(t testing.TB) {
	t.Helper()
	if got := o.Requests(); len(got) > 0 {
		t.Errorf("got the requests %v, want none", got)
	}
}

// PathsOf are the requests of a method, without their queries, sorted.
func (o *Org) PathsOf(method string) []string {
	var paths []string
	for _, r := range o.RequestsOf(method) {
		paths = append(paths, r.Path)
	}
	slices.Sort(paths)
	return paths
}

func want(t testing.TB, what string, got, want []string) {
	t.Helper()
	got, want = slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		t.Errorf("got %s %q, want %q", what, got, want)
	}
}
