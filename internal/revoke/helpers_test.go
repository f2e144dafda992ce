package revoke_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// The parent of most tests, what a token of it looks like, and where its tokens
// are, as patterns of the fake's hooks.
var (
	server = okta.AuthorizationServer("aus1")
	parent = server.Client("0oa1")
	held   = oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1"}
)

const (
	allTokens = "/api/v1/authorizationServers/aus1/clients/0oa1/tokens"
	oneToken  = allTokens + "/*"
)

// inBubble runs a test of an org in a bubble, where waiting costs no time. The
// org answers in memory, because a socket never counts as waiting.
func inBubble(t *testing.T, test func(t *testing.T, org *oktafake.Server)) {
	t.Helper()
	org := oktafake.New(t)
	org.PageSize = 200 // as Okta's
	synctest.Test(t, func(t *testing.T) { test(t, org) })
}

// newEngine is an engine for an org that answers in memory.
func newEngine(org *oktafake.Server, changes ...func(*okta.Config)) *revoke.Engine {
	inMemory := func(cfg *okta.Config) { cfg.Network = org.Org }
	return &revoke.Engine{Client: newClient(org, append([]func(*okta.Config){inMemory}, changes...)...)}
}

// newClient has the provider's defaults.
func newClient(org *oktafake.Server, changes ...func(*okta.Config)) *okta.Client {
	address, err := url.Parse(org.URL)
	if err != nil {
		panic(err) // the fake's own
	}
	cfg := okta.Config{
		OrgURL:         address,
		Credential:     okta.APIToken(org.APIToken),
		UserAgent:      "test",
		MaxRetries:     5,
		MaxWait:        5 * time.Minute,
		RequestTimeout: time.Minute,
		Parallelism:    10,
		Capacity:       100,
	}
	for _, change := range changes {
		change(&cfg)
	}
	return okta.New(cfg)
}

// oneAtATime makes the order of requests certain.
func oneAtATime(cfg *okta.Config) { cfg.Parallelism = 1 }

// add gives an org tokens like this one. They are an hour old, each a second
// younger than the one before.
func add(org *oktafake.Server, like oktafake.Token, ids ...string) {
	for i, id := range ids {
		like.ID = id
		like.Created = org.Now().Add(-time.Hour + time.Duration(i)*time.Second).Truncate(time.Second)
		org.AddToken(like)
	}
}

// number names n tokens, in the order of their age and of the alphabet.
func number(prefix string, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s%04d", prefix, i+1)
	}
	return ids
}

// within is a context that ends after a time.
func within(t *testing.T, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// everything is the request that revokes all tokens of the parent.
func everything() revoke.Request {
	return revoke.Request{Target: walk.At(parent), Selection: revoke.Everything()}
}

// named is the request that revokes these tokens of the parent.
func named(ids ...string) revoke.Request {
	return revoke.Request{Target: walk.At(parent), Selection: revoke.Tokens(ids...)}
}

// matching is the request that revokes the tokens of the parent with a scope.
func matching(scope string) revoke.Request {
	return revoke.Request{
		Target:    walk.At(parent),
		Selection: revoke.Matching(okta.Filter{AnyScopes: okta.NewSet(scope)}),
	}
}

// with is a request with less evidence.
func with(evidence revoke.Evidence, req revoke.Request) revoke.Request {
	req.Evidence = evidence
	return req
}

// atMost is a request with a bound.
func atMost(limit int64, req revoke.Request) revoke.Request {
	req.MaxTokens = &limit
	return req
}

// outcome is a [revoke.Outcome] by IDs. Its count is that of Revoked, unless it
// is not known.
type outcome struct {
	Revoked       []string
	Uncounted     bool
	AlreadyGone   int64
	Left          []string
	Appeared      []string
	SessionsEnded bool
}

func wantOutcome(t *testing.T, got revoke.Outcome, want outcome) {
	t.Helper()
	if got.Count != nil && *got.Count != int64(len(got.Revoked)) {
		t.Errorf("got the count %d of %d revoked tokens", *got.Count, len(got.Revoked))
	}
	diff(t, "outcome", outcome{
		Revoked:       ids(got.Revoked),
		Uncounted:     got.Count == nil,
		AlreadyGone:   got.AlreadyGone,
		Left:          got.Left,
		Appeared:      ids(got.Appeared),
		SessionsEnded: got.SessionsEnded,
	}, want)
}

// wantSuccess fails the test unless a revocation ended without an error, and so.
func wantSuccess(t *testing.T, got revoke.Outcome, err error, want outcome) {
	t.Helper()
	if err != nil {
		t.Errorf("got the error %v, want none", err)
	}
	wantOutcome(t, got, want)
}

// wantIncomplete fails the test unless a revocation ended early, and so.
func wantIncomplete(t *testing.T, got revoke.Outcome, err error, want outcome) revoke.IncompleteError {
	t.Helper()
	incomplete, ok := errors.AsType[*revoke.IncompleteError](err)
	if !ok {
		t.Fatalf("got the error %v, want an *IncompleteError; the outcome is %+v", err, got)
	}
	wantOutcome(t, got, want)
	wantOutcome(t, incomplete.Outcome, want)
	return *incomplete
}

// wantRefusal fails the test unless a guard kept all from being revoked.
func wantRefusal(t *testing.T, org *oktafake.Server, got revoke.Outcome, err, want error) {
	t.Helper()
	if err == nil {
		t.Fatalf("got no error, want %v", want)
	}
	diff(t, "error", err, want)
	if got.Acted() || got.Count != nil {
		t.Errorf("got the outcome %+v of a refused request, want none", got)
	}
	wantSent(t, org, http.MethodDelete)
}

// wantSent fails the test unless just these requests of a method were sent, in
// any order, each named by its path below /api/v1.
func wantSent(t *testing.T, org *oktafake.Server, method string, want ...string) {
	t.Helper()
	var got []string
	for _, r := range org.RequestsOf(method) {
		got = append(got, strings.TrimPrefix(r.Path, "/api/v1"))
	}
	slices.Sort(got)
	diff(t, method+" requests", got, slices.Sorted(slices.Values(want)))
}

// wantTokens fails the test unless just these tokens live.
func wantTokens(t *testing.T, org *oktafake.Server, want ...string) {
	t.Helper()
	diff(t, "live tokens", org.TokenIDs(), slices.Sorted(slices.Values(want)))
}

// wantTraffic fails the test unless these requests were sent, in this order:
// method and last segment, * for the ID of a token, and how many in a row.
func wantTraffic(t *testing.T, org *oktafake.Server, want ...string) {
	t.Helper()
	var got []string
	in := 0
	for _, r := range org.Requests() {
		path := r.Path[strings.LastIndexByte(r.Path, '/')+1:]
		if strings.HasPrefix(path, "oar") {
			path = "tokens/*"
		}
		request := r.Method + " " + path
		if len(got) > 0 && strings.TrimSuffix(got[len(got)-1], fmt.Sprintf(" x%d", in)) == request {
			in++
			got[len(got)-1] = fmt.Sprintf("%s x%d", request, in)
			continue
		}
		got, in = append(got, request), 1
	}
	diff(t, "requests", got, want)
}

// diff compares; nothing and an empty list are the same.
func diff(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// ids are the IDs of tokens, in their order.
func ids(tokens []okta.RefreshToken) []string {
	var ids []string
	for _, token := range tokens {
		ids = append(ids, token.ID)
	}
	return ids
}

// without are the members of a list that are not in another.
func without(ids []string, others ...string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(others, id) })
}

// noContent answers that it is done. As [oktafake.Org.Intercept], it lies.
func noContent(w http.ResponseWriter, _ *http.Request) bool {
	w.WriteHeader(http.StatusNoContent)
	return true
}

// serverError answers 500.
var serverError = oktafake.Fail(http.StatusInternalServerError, "E0000009", "Internal Server Error")

// meanwhile does something and lets the request pass.
func meanwhile(do func()) oktafake.Responder {
	return func(http.ResponseWriter, *http.Request) bool {
		do()
		return false
	}
}

// answer answers with a body.
func answer(body string) oktafake.Responder {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
		return true
	}
}
