package revoke_test

import (
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// notThere answers as for a client that is not there.
var notThere = oktafake.Fail(http.StatusNotFound, okta.CodeNotFound, "Not found: Resource not found: 0oa2 (PublicClientApp)")

// A list that changes while it is read can name a client on two pages.
func TestRevokeAtEveryClientTakesAClientOnce(t *testing.T) {
	t.Parallel()
	for name, selection := range map[string]revoke.Selection{
		"IDs": revoke.Tokens(number("oar", 3)...), "filter": matching("orders").Selection, "everything": revoke.Everything(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				org.Intercept = oktafake.When(oktafake.On(http.MethodGet, "/api/v1/authorizationServers/aus1/clients"), func(w http.ResponseWriter, _ *http.Request) bool {
					_, err := io.WriteString(w, `[{"client_id":"0oa1"},{"client_id":"0oa1"}]`)
					return err == nil
				})
				req := atMost(3, revoke.Request{Target: walk.AtEveryClient(server), Selection: selection})
				got, err := newEngine(org).Revoke(t.Context(), req)
				wantSuccess(t, got, err, outcome{Revoked: number("oar", 3)})
				deletes := len(org.RequestsOf(http.MethodDelete))
				if want := map[bool]int{true: 1, false: 3}[name == "everything"]; deletes != want {
					t.Errorf("got %d DELETE requests, want %d", deletes, want)
				}
			})
		})
	}
}

// deleted answers as for a client that has been deleted, with these tokens: it is not on
// the list of clients any more.
func deleted(org *oktafake.Server, ids ...string) oktafake.Responder {
	return func(w http.ResponseWriter, r *http.Request) bool {
		for _, id := range ids {
			org.RemoveToken(id)
		}
		return notThere(w, r)
	}
}

func TestRevokeAtEveryClientOutlivesADeletedClient(t *testing.T) {
	t.Parallel()
	const path = "/api/v1/authorizationServers/aus1/clients/0oa2/tokens"
	gone := func(org *oktafake.Server, from int64) oktafake.Responder { // from which of its requests on
		var requests atomic.Int64
		return oktafake.When(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, path) }, func(w http.ResponseWriter, r *http.Request) bool {
			return requests.Add(1) >= from && deleted(org, "oarB1", "oarB2")(w, r)
		})
	}
	for _, tc := range []struct {
		name      string
		selection revoke.Selection
		evidence  revoke.Evidence
		from      int64
		want      outcome
	}{
		{"all, before it is listed", revoke.Everything(), revoke.FullEvidence, 1, outcome{Revoked: []string{"oarA"}}},
		{"all, before it is revoked", revoke.Everything(), revoke.FullEvidence, 2, outcome{Revoked: []string{"oarA"}, AlreadyGone: 2}},
		{"all, before it is verified", revoke.Everything(), revoke.FullEvidence, 3, outcome{Revoked: tokenIDs("A B1 B2")}},
		{"all, unseen", revoke.Everything(), revoke.NoEvidence, 1, outcome{Uncounted: true}},
		{"filter, before it is listed", revoke.Matching(okta.Filter{OlderThan: new(time.Duration)}), revoke.FullEvidence, 1, outcome{Revoked: []string{"oarA"}}},
		{"filter, before it is revoked", revoke.Matching(okta.Filter{OlderThan: new(time.Duration)}), revoke.FullEvidence, 2, outcome{Revoked: []string{"oarA"}, AlreadyGone: 2}},
		{"filter, half way", revoke.Matching(okta.Filter{OlderThan: new(time.Duration)}), revoke.FullEvidence, 3, outcome{Revoked: tokenIDs("A B1"), AlreadyGone: 1}},
		{"filter, before it is verified", revoke.Matching(okta.Filter{OlderThan: new(time.Duration)}), revoke.FullEvidence, 4, outcome{Revoked: tokenIDs("A B1 B2")}},
		{"IDs, before it is listed", revoke.Tokens(tokenIDs("A B1")...), revoke.FullEvidence, 1, outcome{Revoked: []string{"oarA"}, AlreadyGone: 1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, "oarA")
				other := held
				other.ClientID = "0oa2"
				add(org, other, "oarB1", "oarB2")
				org.Intercept = gone(org, tc.from)
				got, err := newEngine(org, oneAtATime).Revoke(t.Context(), revoke.Request{
					Target: walk.AtEveryClient(server), Selection: tc.selection, Evidence: tc.evidence,
				})
				wantSuccess(t, got, err, tc.want)
				if tc.from == 1 && tc.evidence == revoke.FullEvidence {
					for _, r := range org.RequestsOf(http.MethodDelete) {
						if strings.HasPrefix(r.Path, path) {
							t.Errorf("got the request %v at a client that is known to be gone", r)
						}
					}
				}
			})
		})
	}
}

// A client that Okta says is not there, and lists all the same, is there. Its tokens are
// not taken for gone.
func TestRevokeAtEveryClientDoesNotTakeAnErrorForADeletedClient(t *testing.T) {
	t.Parallel()
	older := revoke.Matching(okta.Filter{OlderThan: new(time.Duration)})
	for _, tc := range []struct {
		name      string
		selection revoke.Selection
		evidence  revoke.Evidence
		lost      int64 // which of the requests below the client is answered so
		want      outcome
		refused   bool // whether the error comes before anything is revoked
	}{
		{"all, when it is listed", revoke.Everything(), revoke.FullEvidence, 1, outcome{}, true},
		{"all, when it is verified", revoke.Everything(), revoke.FullEvidence, 3, outcome{Revoked: tokenIDs("A B1 B2")}, false},
		{"all, unseen, when it is verified", revoke.Everything(), revoke.NoEvidence, 2, outcome{Uncounted: true}, false},
		{"filter, when it is listed", older, revoke.FullEvidence, 1, outcome{}, true},
		{"filter, when it is verified", older, revoke.FullEvidence, 4, outcome{Revoked: tokenIDs("A B1 B2")}, false},
		{"IDs, when it is listed", revoke.Tokens(tokenIDs("A B1")...), revoke.FullEvidence, 1, outcome{}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				other := held
				other.ClientID = "0oa2"
				add(org, held, "oarA")
				add(org, other, "oarB1", "oarB2")
				below := func(r *http.Request) bool {
					return strings.HasPrefix(r.URL.Path, "/api/v1/authorizationServers/aus1/clients/0oa2/")
				}
				var requests atomic.Int64
				org.Intercept = oktafake.When(below, func(w http.ResponseWriter, r *http.Request) bool {
					return requests.Add(1) == tc.lost && notThere(w, r)
				})
				// A token of later keeps the client on the list of clients.
				org.AfterEffect = oktafake.Once(func(r *http.Request) bool { return below(r) && r.Method == http.MethodDelete }, meanwhile(func() {
					org.AddToken(oktafake.Token{ID: "oarNew", AuthServerID: "aus1", ClientID: "0oa2"})
				}))
				got, err := newEngine(org, oneAtATime).Revoke(t.Context(), revoke.Request{
					Target: walk.AtEveryClient(server), Selection: tc.selection, Evidence: tc.evidence,
				})
				if err == nil || okta.IsNotFound(err) || !strings.Contains(err.Error(), "Okta still lists client") {
					t.Errorf("got the error %v, want the contradiction", err)
				}
				if tc.refused {
					wantSent(t, org, http.MethodDelete)
					return
				}
				wantIncomplete(t, got, err, tc.want)
			})
		})
	}
}

// A client's tokens outlive one DELETE, and the client is gone before the second.
// Only what Okta had confirmed was revoked here.
func TestRevokeAtEveryClientOutlivesAClientDeletedBetweenRounds(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		evidence revoke.Evidence
		first    oktafake.Responder
		want     outcome
	}{
		{"confirmed", revoke.FullEvidence, noContent, outcome{Revoked: number("oar", 3)}},
		{"failed", revoke.FullEvidence, serverError, outcome{AlreadyGone: 3}},
		{"confirmed, unseen", revoke.NoEvidence, noContent, outcome{Revoked: number("oar", 3), Uncounted: true}},
		{"failed, unseen", revoke.NoEvidence, serverError, outcome{AlreadyGone: 3, Uncounted: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				deletes := oktafake.On(http.MethodDelete, "")
				rounds := 0
				org.Intercept = oktafake.First(
					oktafake.When(deletes, meanwhile(func() { rounds++ })),
					oktafake.Once(deletes, tc.first),
					oktafake.When(func(r *http.Request) bool { return rounds > 1 && strings.HasPrefix(r.URL.Path, allTokens) }, deleted(org, number("oar", 3)...)),
				)
				got, err := newEngine(org, oneAtATime).Revoke(t.Context(), with(tc.evidence, ways["every client"]))
				wantSuccess(t, got, err, tc.want)
			})
		})
	}
}

// A client that is named is missed when it is deleted meanwhile: that may be a
// wrong name, so nothing counts as gone.
func TestRevokeAllCountsNothingAsGoneAtAClientThatIsDeleted(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, allTokens), notThere)
		got, err := newEngine(org).Revoke(t.Context(), everything())
		wantIncomplete(t, got, err, outcome{Left: number("oar", 3)})
		if !okta.IsNotFound(err) {
			t.Errorf("got the error %v, want one that IsNotFound", err)
		}
	})
}

func TestRevokeAtEveryClientNamesANewClient(t *testing.T) {
	t.Parallel()
	for name, evidence := range evidences {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				addThree(org)
				org.AfterEffect = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), meanwhile(func() {
					other := held
					other.ClientID = "0oa2"
					other.ID, other.Created = "oarNew", time.Now().Add(time.Second)
					org.AddToken(other)
				}))
				got, err := newEngine(org).Revoke(t.Context(), with(evidence, ways["every client"]))
				if err != nil {
					t.Error(err)
				}
				diff(t, "appeared", ids(got.Appeared), []string{"oarNew"})
				wantTokens(t, org, "oarNew")
				wantSent(t, org, http.MethodDelete, atServer("0oa1"))
			})
		})
	}
}

// All known clients were revoked. What a new one holds could not be read.
func TestRevokeAtEveryClientTellsWhenANewClientCannotBeRead(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		addThree(org)
		org.AfterEffect = oktafake.Once(oktafake.On(http.MethodDelete, allTokens), meanwhile(func() {
			add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u1"}, "oarNew")
		}))
		org.Intercept = oktafake.When(oktafake.On(http.MethodGet, "/api/v1/authorizationServers/aus1/clients/0oa2/tokens"), serverError)
		got, err := newEngine(org).Revoke(t.Context(), ways["every client"])
		if incomplete := wantIncomplete(t, got, err, outcome{Revoked: number("oar", 3)}); !incomplete.Unverified {
			t.Errorf("got %+v, want Unverified", incomplete)
		}
	})
}

// The second of two clients cannot be revoked. The first was, and is verified.
func TestRevokeAtEveryClientTellsWhichClientFailed(t *testing.T) {
	t.Parallel()
	for name, respond := range map[string]oktafake.Responder{
		"500 for good": serverError,
		"400":          oktafake.Fail(http.StatusBadRequest, "E0000001", "Api validation failed"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				add(org, held, "oarA")
				other := held
				other.ClientID = "0oa2"
				add(org, other, "oarB")
				org.Intercept = oktafake.When(oktafake.On(http.MethodDelete, "/api/v1/authorizationServers/aus1/clients/0oa2/tokens"), respond)
				engine := newEngine(org)
				got, err := engine.Revoke(t.Context(), ways["every client"])
				wantIncomplete(t, got, err, outcome{Revoked: []string{"oarA"}, Left: []string{"oarB"}})

				org.Intercept = nil
				got, err = engine.Revoke(t.Context(), ways["every client"])
				wantSuccess(t, got, err, outcome{Revoked: []string{"oarB"}})
			})
		})
	}
}

// In an outage the clients that remain are not even tried.
func TestRevokeAtEveryClientStopsInAnOutage(t *testing.T) {
	t.Parallel()
	down := oktafake.Fail(http.StatusServiceUnavailable, "E0000181", "Service temporarily unavailable")
	for _, tc := range []struct {
		name    string
		respond oktafake.Responder
		traffic []string
	}{
		{"of all", down, []string{"GET clients", "GET tokens x20", "DELETE tokens", "GET tokens x6"}},
		{
			"of DELETE", oktafake.When(oktafake.On(http.MethodDelete, ""), down),
			[]string{
				"GET clients", "GET tokens x20", "DELETE tokens", "GET tokens", "DELETE tokens", "GET tokens",
				"DELETE tokens", "GET tokens", "DELETE tokens", "GET tokens",
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, org *oktafake.Server) {
				all := number("oar", 20)
				for i, client := range number("0oa", 20) {
					add(org, oktafake.Token{AuthServerID: "aus1", ClientID: client, UserID: "00u1"}, all[i])
				}
				began := false
				org.Intercept = func(w http.ResponseWriter, r *http.Request) bool {
					began = began || r.Method == http.MethodDelete
					return began && tc.respond(w, r)
				}
				got, err := newEngine(org, oneAtATime).Revoke(t.Context(), ways["every client"])
				wantIncomplete(t, got, err, outcome{Left: all})
				wantTraffic(t, org, tc.traffic...)
			})
		})
	}
}

// The answer to a DELETE is lost, and then the client is deleted: its token is gone, whatever
// became of the DELETE.
func TestRevokeAtEveryClientSettlesWhatADeletedClientLeavesOpen(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, org *oktafake.Server) {
		add(org, held, "oar1", "oar2")
		lost := false
		org.Intercept = oktafake.First(
			oktafake.When(oktafake.On(http.MethodDelete, oneToken), func(w http.ResponseWriter, r *http.Request) bool {
				lost = true
				return serverError(w, r)
			}),
			oktafake.When(func(r *http.Request) bool { return lost && r.URL.Path == allTokens }, deleted(org, "oar1", "oar2")),
		)
		got, err := newEngine(org).Revoke(t.Context(), revoke.Request{
			Target: walk.AtEveryClient(server), Selection: revoke.Matching(okta.Filter{OlderThan: new(time.Duration)}),
		})
		wantSuccess(t, got, err, outcome{Revoked: []string{"oar1", "oar2"}})
	})
}
