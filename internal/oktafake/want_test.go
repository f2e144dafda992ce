package oktafake_test

import (
	"net/http"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// recorder is a test that counts how often it fails.
type recorder struct {
	testing.TB
	failures int
}

func (*recorder) Helper() {}

func (r *recorder) Errorf(string, ...any) { r.failures++ }

// Tests rely on these to fail.
func TestWantFails(t *testing.T) {
	t.Parallel()
	const path = "/api/v1/authorizationServers/aus1/clients/0oa1/tokens"
	for name, tc := range map[string]struct {
		want          func(testing.TB, *oktafake.Server)
		before, after bool // whether it holds before and after a DELETE
	}{
		"no requests":     {func(t testing.TB, o *oktafake.Server) { o.WantNoRequests(t) }, true, false},
		"reads":           {func(t testing.TB, o *oktafake.Server) { o.WantReads(t) }, true, false},
		"nothing revoked": {func(t testing.TB, o *oktafake.Server) { o.WantRevoked(t) }, true, false},
		"one revoked":     {func(t testing.TB, o *oktafake.Server) { o.WantRevoked(t, "oar0001") }, false, true},
		"two revoked":     {func(t testing.TB, o *oktafake.Server) { o.WantRevoked(t, "oar0001", "oar0002") }, false, false},
		"one DELETE":      {func(t testing.TB, o *oktafake.Server) { o.WantDeletes(t, path+"/oar0001") }, false, true},
		"another DELETE":  {func(t testing.TB, o *oktafake.Server) { o.WantDeletes(t, path+"/oar0002") }, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.InMemory(t)
			org.AddTokens(oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1"}, oktafake.IDs("oar", 2)...)
			for _, holds := range []bool{tc.before, tc.after} {
				r := &recorder{TB: t}
				if tc.want(r, org); (r.failures == 0) != holds {
					t.Errorf("got %d failures after %d requests, want it to hold: %t", r.failures, len(org.Requests()), holds)
				}
				ask(t, org.Org, http.MethodDelete, path+"/oar0001")
			}
		})
	}
}
