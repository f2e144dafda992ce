package walk_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

var notFound = oktafake.Fail(http.StatusNotFound, okta.CodeNotFound, "Not found")

// deleting deletes these tokens, and answers 404 to requests for the tokens of two clients.
func deleting(org *oktafake.Server, tokens ...string) oktafake.Responder {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasPrefix(r.URL.Path, clients+"/0oa2/") && !strings.HasPrefix(r.URL.Path, clients+"/0oa3/") {
			return false
		}
		for _, id := range tokens {
			org.RemoveToken(id)
		}
		return notFound(w, r)
	}
}

// One list confirms any number of missing clients.
func TestFindListsTheClientsOnceMoreWhereSomeAreMissing(t *testing.T) {
	t.Parallel()
	org := newOrg(t)
	org.Intercept = deleting(org, "oar3", "oar4", "oar5", "oar6")
	lists, err := walk.Find(t.Context(), newClient(t, org), walk.AtEveryClient(server), walk.Choice{})
	if err != nil || len(lists) != 1 || lists[0].ClientID() != "0oa1" {
		t.Errorf("got %d lists and the error %v, want that of 0oa1", len(lists), err)
	}
	diff(t, "requests", paths(org), []string{clients, clients + "/0oa1/tokens", clients + "/0oa2/tokens", clients + "/0oa3/tokens", clients})
}

func TestFindBelievesNo404OfAClientThatIsStillListed(t *testing.T) {
	t.Parallel()
	org := newOrg(t)
	org.Intercept = deleting(org, "oar3", "oar4")
	lists, err := walk.Find(t.Context(), newClient(t, org), walk.AtEveryClient(server), walk.Choice{})
	if _, ok := errors.AsType[*okta.ContradictionError](err); !ok || lists != nil || !strings.Contains(err.Error(), "client 0oa3") {
		t.Errorf("got %v and the error %v, want the contradiction of client 0oa3", lists, err)
	}
}

// If a person named the parent, the name may be wrong.
func TestFindBelievesThe404OfANamedParent(t *testing.T) {
	t.Parallel()
	for _, target := range []walk.Target{
		walk.At(server.Client("0oa9")), walk.At(okta.App("0oa9")), walk.AtEveryClient(okta.AuthorizationServer("aus9")),
	} {
		org := newOrg(t)
		_, err := walk.Find(t.Context(), newClient(t, org), target, walk.Choice{})
		if !okta.IsNotFound(err) || len(org.Requests()) != 1 {
			t.Errorf("%s: got the error %v after %d requests, want the 404 of one", target, err, len(org.Requests()))
		}
	}
}

// Something that existed before is gone only if a list agrees with the 404.
func TestWhatWasThereOnceIsGone(t *testing.T) {
	t.Parallel()
	client, app := server.Client("0oa1"), okta.App("0oa1")
	for _, tc := range []struct {
		name     string
		parent   okta.Parent
		hook     oktafake.Responder
		unproven bool
		requests int
	}{
		{"a token that is not listed", client, nil, false, 1},
		{"a client that is not listed", server.Client("0oa9"), nil, false, 2},
		{"a client that is listed", client, oktafake.When(oktafake.On(http.MethodGet, clients+"/0oa1/tokens"), notFound), true, 2},
		{"a holder", okta.AuthorizationServer("aus9").Client("0oa1"), nil, true, 2},
		{"an app", app, oktafake.When(oktafake.On(http.MethodGet, "/api/v1/apps/0oa1/tokens"), notFound), true, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := newOrg(t)
			org.Intercept = tc.hook
			err := walk.ConfirmTokenGone(t.Context(), newClient(t, org), tc.parent, "oar9", errors.New("404"))
			if okta.IsUnproven(err) != tc.unproven || (err == nil) == tc.unproven {
				t.Errorf("got the error %v, want one that is unproven: %t", err, tc.unproven)
			}
			diff(t, "requests", len(org.Requests()), tc.requests)
		})
	}
}
