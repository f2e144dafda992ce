package revoke_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

func TestTargetsHaveNames(t *testing.T) {
	t.Parallel()
	for want, target := range map[string]walk.Target{
		"client 0oa1 of authorization server aus1": walk.At(parent),
		"app 0oa1":                 walk.At(okta.App("0oa1")),
		"all clients of user 00u1": walk.AtEveryClient(okta.User("00u1")),
	} {
		if got := target.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTokensKeepsItsArgument(t *testing.T) {
	t.Parallel()
	ids := []string{"oar2", "oar1", "oar2"}
	revoke.Tokens(ids...)
	if want := []string{"oar2", "oar1", "oar2"}; !slices.Equal(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
}

func TestNothingIsARequestWithoutEffect(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		req  revoke.Request
		want bool
	}{
		{"the zero request", revoke.Request{}, true},
		{"no IDs", named(), true},
		{"no IDs at every client", revoke.Request{Target: everyClientOfUser, Selection: revoke.Tokens()}, true},
		{"an ID", named("oar1"), false},
		{"filter", matching("orders"), false},
		{"everything", everything(), false},
		{"sessions", endSessions(userAndClient, revoke.Tokens()), false},
	} {
		if got := tc.req.Nothing(); got != tc.want {
			t.Errorf("%s: got %t, want %t", tc.name, got, tc.want)
		}
	}
}

// The zero values mean nothing, and least of all everything. What cannot be an
// ID never gets into a URL.
func TestRevokeSendsNothingForWhatIsNoParentAndNoID(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		req       revoke.Request
		wantError bool
	}{
		{"the zero request", revoke.Request{}, false},
		{"the zero selection", revoke.Request{Target: walk.At(parent)}, false},
		{"everything at the zero target", revoke.Request{Selection: revoke.Everything()}, true},
		{"an ID at the zero target", revoke.Request{Selection: revoke.Tokens("oar1")}, true},
		{"everything at every client of none", revoke.Request{Target: walk.AtEveryClient(okta.Holder{}), Selection: revoke.Everything()}, true},
		{"everything at a client without ID", revoke.Request{Target: walk.At(server.Client("")), Selection: revoke.Everything()}, true},
		{"everything at an app without ID", revoke.Request{Target: walk.At(okta.App("")), Selection: revoke.Everything()}, true},
		{"a filter without a part", revoke.Request{Target: walk.At(parent), Selection: revoke.Matching(okta.Filter{})}, true},
		{"an empty ID", named(""), true},
		{"a dot", named("."), true},
		{"dots", named(".."), true},
		{"a path", named("oar1/.."), true},
	} {
		for name, evidence := range evidences {
			t.Run(tc.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					addThree(org)
					got, err := newEngine(org).Revoke(t.Context(), with(evidence, tc.req))
					if (err != nil) != tc.wantError || got.Acted() || got.AlreadyGone > 0 {
						t.Errorf("got %+v and the error %v, want an error: %t", got, err, tc.wantError)
					}
					wantTraffic(t, org)
					wantTokens(t, org, number("oar", 3)...)
				})
			})
		}
	}
}

// One ID that is none means a mistake in what named the others, too.
func TestAnIDThatIsNoneIsAnErrorBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	for _, target := range []walk.Target{walk.At(parent), walk.AtEveryClient(server)} {
		for _, id := range []string{"", ".", "..", "oar1/.."} {
			t.Run(fmt.Sprintf("%s/%q", target, id), func(t *testing.T) {
				t.Parallel()
				inBubble(t, func(t *testing.T, org *oktafake.Server) {
					addThree(org)
					engine := newEngine(org)
					req := revoke.Request{Target: target, Selection: revoke.Tokens("oar0001", id)}
					if got, err := engine.Revoke(t.Context(), req); err == nil || got.Acted() {
						t.Errorf("Revoke: got %+v and the error %v, want an error alone", got, err)
					}
					if _, err := engine.Find(t.Context(), req); err == nil {
						t.Error("Find: got no error, want one")
					}
					if _, err := engine.Preview(t.Context(), req); err == nil {
						t.Error("Preview: got no error, want one")
					}
					wantTraffic(t, org)
				})
			})
		}
	}
}
