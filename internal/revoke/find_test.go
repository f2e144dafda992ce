package revoke_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

func TestFindListsWhatIsAliveAndChangesNothing(t *testing.T) {
	t.Parallel()
	everyClient := walk.AtEveryClient(server)
	for _, tc := range []struct {
		name string
		req  revoke.Request
		want []string
	}{
		{"one ID", named("oarA2"), tokenIDs("A2")},
		{"one ID that is gone", named("oarGone"), nil},
		{"one ID of another client", named("oarB1"), nil},
		{"several IDs", named("oarA3", "oarGone", "oarA1"), tokenIDs("A1 A3")},
		{"no IDs", named(), nil},
		{"filter", matching("orders"), tokenIDs("A1 A2")},
		{"everything", everything(), tokenIDs("A1 A2 A3")},
		{"everything, without evidence", with(revoke.NoEvidence, everything()), tokenIDs("A1 A2 A3")},
		{"one ID, without evidence", with(revoke.NoEvidence, named("oarA2")), tokenIDs("A2")},
		{"IDs at every client", revoke.Request{Target: everyClient, Selection: revoke.Tokens(tokenIDs("B2 C1 A1")...)}, tokenIDs("A1 B2")},
		{"no IDs at every client", revoke.Request{Target: everyClient}, nil},
		{"filter at every client", revoke.Request{Target: everyClient, Selection: matching("orders").Selection}, tokenIDs("A1 A2 B1")},
		{"beyond the bound", atMost(1, everything()), tokenIDs("A1 A2 A3")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := company(t)
			like := held
			like.Status, like.Scopes = "REVOKED", []string{"orders"}
			add(org, like, "oarRevoked")
			before := org.TokenIDs()
			got, err := (&revoke.Engine{Client: newClient(org)}).Find(t.Context(), tc.req)
			if err != nil {
				t.Fatal(err)
			}
			diff(t, "tokens", ids(got), tc.want)
			wantSent(t, org, http.MethodDelete)
			wantTokens(t, org, before...)
			if tc.req.Nothing() {
				wantTraffic(t, org)
			}
		})
	}
}

// One token that lives proves its parent, and so does any list.
func TestFindAsksForTheParentOnlyInDoubt(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		req  revoke.Request
		want []string
	}{
		{named("oar0001"), []string{"GET tokens/*"}},
		{named("oarGone"), []string{"GET tokens/*", "GET tokens"}},
		{named("oarGone", "oarLost"), []string{"GET tokens"}},
		{everything(), []string{"GET tokens"}},
	} {
		inBubble(t, func(t *testing.T, org *oktafake.Server) {
			addThree(org)
			if _, err := newEngine(org).Find(t.Context(), tc.req); err != nil {
				t.Error(err)
			}
			wantTraffic(t, org, tc.want...)
		})
	}
}

func TestFindFailsAtAnUnknownParent(t *testing.T) {
	t.Parallel()
	target := walk.At(server.Client("0oa9"))
	for name, selection := range map[string]revoke.Selection{
		"one ID":      revoke.Tokens("oar0001"),
		"several IDs": revoke.Tokens(number("oar", 3)...),
		"filter":      revoke.Matching(okta.Filter{OlderThan: new(time.Duration)}),
		"everything":  revoke.Everything(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				got, err := newEngine(org).Find(t.Context(), revoke.Request{Target: target, Selection: selection})
				if !okta.IsNotFound(err) || got != nil {
					t.Errorf("got %v and the error %v, want one that IsNotFound", ids(got), err)
				}
			})
		})
	}
}

// An incomplete list is not taken for the whole.
func TestFindFailsWithItsLastPage(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"filter", "everything", "every client"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				req := ways[name]
				org.PageSize = 1
				org.Intercept = oktafake.When(func(r *http.Request) bool {
					return r.URL.Path == allTokens && r.URL.Query().Has("after")
				}, serverError)
				got, err := newEngine(org).Find(t.Context(), req)
				if err == nil || got != nil {
					t.Errorf("got %v and the error %v, want an error alone", ids(got), err)
				}
				out, err := newEngine(org).Revoke(t.Context(), req)
				if err == nil || out.Acted() {
					t.Errorf("got %+v and the error %v, want an error alone", out, err)
				}
				wantSent(t, org, http.MethodDelete)
			})
		})
	}
}

// Okta's lists have been short before. A token that is named is revoked whether
// or not the list has it.
func TestRevokeTakesNamedTokensThatTheListLeavesOut(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		org.Intercept = oktafake.Once(oktafake.On(http.MethodGet, allTokens), func(w http.ResponseWriter, _ *http.Request) bool {
			_, err := w.Write([]byte("[]"))
			return err == nil
		})
		got, err := newEngine(org).Revoke(t.Context(), named(number("oar", 2)...))
		wantSuccess(t, got, err, outcome{Revoked: number("oar", 2)})
		wantTokens(t, org, "oar0003")
	})
}

// A list that changes while it is read may show a token twice.
func TestFindTakesATokenOnce(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		org.PageSize = 2
		replica := oktafake.NewOrg(oktafake.Tokens(org.Tokens()...))
		second := func(r *http.Request) bool { return r.Method == http.MethodGet && r.URL.Query().Has("after") }
		org.Intercept = oktafake.When(second, func(w http.ResponseWriter, r *http.Request) bool {
			r.URL.RawQuery = "limit=200" // all of it again
			replica.ServeHTTP(w, r)
			return true
		})
		got, err := newEngine(org).Revoke(t.Context(), atMost(3, matching("orders")))
		wantSuccess(t, got, err, outcome{Revoked: number("oar", 3)})
		if sent := len(org.RequestsOf(http.MethodDelete)); sent != 3 {
			t.Errorf("got %d DELETE requests, want 3", sent)
		}
	})
}

// Looking for tokens by ID costs at most twice as much as the better of reading
// the list until all are found, and reading each. Where one is not there, the list
// is read to its end besides.
func TestFindSpendsAtMostTwiceTheBetterWay(t *testing.T) {
	t.Parallel()
	const pageSize = 5
	for _, length := range []int{0, 1, 5, 6, 23, 60, 200} {
		for _, wanted := range []int{1, 2, 3, 5, 8, 20, 60} {
			list := number("oar", length)
			for name, ids := range map[string][]string{
				"first":        list[:min(wanted, length)],
				"last":         list[length-min(wanted, length):],
				"first, last":  slices.Concat(list[:min(wanted/2, length/2)], list[length-min((wanted+1)/2, (length+1)/2):]),
				"last, gone":   slices.Concat(list[length-min(wanted/2, length):], number("oarGone", (wanted+1)/2)),
				"first, gone":  slices.Concat(list[:min(wanted-1, length)], number("oarGone", 1)),
				"gone":         number("oarGone", wanted),
				"every second": everySecond(list, wanted),
			} {
				t.Run(fmt.Sprintf("%d of %d/%s", wanted, length, name), func(t *testing.T) {
					t.Parallel()
					inBubble(t, func(t *testing.T, org *oktafake.Server) {
						org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: "aus1"})
						org.AddClient(oktafake.App{ID: "0oa1"})
						org.PageSize = pageSize
						add(org, held, list...)
						got, err := newEngine(org).Find(t.Context(), named(ids...))
						if err != nil {
							t.Fatal(err)
						}
						want := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !slices.Contains(list, id) })
						slices.Sort(want)
						diff(t, "tokens", tokensByID(got), want)

						pages := max(1, (length+pageSize-1)/pageSize)
						if len(want) == len(ids) && len(want) > 0 {
							pages = slices.Index(list, want[len(want)-1])/pageSize + 1
						}
						most := 2 * min(pages, len(ids))
						if len(want) < len(ids) {
							most += pages // which say that what is not there is gone
						}
						if cost := len(org.Requests()); cost > most {
							t.Errorf("got %d requests, want at most %d", cost, most)
						}
					})
				})
			}
		}
	}
}

func everySecond(list []string, n int) []string {
	var ids []string
	for i := 0; i < len(list) && len(ids) < n; i += 2 {
		ids = append(ids, list[i])
	}
	return ids
}

func tokensByID(tokens []okta.RefreshToken) []string {
	return slices.Sorted(slices.Values(ids(tokens)))
}

func TestCheckHoldsTokensAgainstTheGuards(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		engine := newEngine(org)
		found := []okta.RefreshToken{{ID: "oar1", ClientID: "0oa1", UserID: "00u1"}, {ID: "oar2", ClientID: "0oa1", UserID: "00u2"}}
		diff(t, "error", engine.Check(atMost(2, matching("orders")), found), nil)
		diff(t, "error", engine.Check(atMost(1, matching("orders")), found), error(&revoke.TooManyError{Max: 1, Found: 2}))
		engine.Protected.UserIDs = okta.NewSet("00u2")
		diff(t, "error", engine.Check(matching("orders"), found), error(&revoke.ProtectedError{Kind: "user", ID: "00u2", TokenID: "oar2"}))
		diff(t, "error", engine.Check(matching("orders"), found[:1]), nil)
		engine.Protected = revoke.Protected{ClientIDs: okta.NewSet("0oa1")}
		diff(t, "error", engine.Check(matching("orders"), nil), error(&revoke.ProtectedError{Kind: "client", ID: "0oa1"}))
		wantTraffic(t, org)
	})
}
