package okta

import (
	"errors"
	"testing"
)

// A 404 is believed when a list, read to its end, agrees with it.
func TestConfirm(t *testing.T) {
	t.Parallel()
	notFound := &Error{Method: "GET", Path: tokenPath, StatusCode: 404, Code: CodeNotFound, Summary: "Not found"}
	const said = ", which it says does not exist: okta: GET /api/v1/apps/0oa1/tokens/oar1: 404 E0000007: Not found"
	next := []string{"Link", `<` + tokensPath + `?after=2>; rel="next"`}
	token := func(c *Client) error { return c.ConfirmTokenGone(t.Context(), App("0oa1"), "oar1", notFound) }
	client := func(c *Client) error {
		return c.ConfirmClientsDeleted(t.Context(), User("00u1"), map[string]error{"0oa1": notFound})
	}
	server := func(c *Client) error { return c.ConfirmServerDeleted(t.Context(), "aus1", notFound) }
	for name, tc := range map[string]struct {
		confirm       func(*Client) error
		network       *script
		want          string // the error
		contradiction bool
		notFound      bool
		requests      int
	}{
		"a token that is not listed": {
			confirm: token, network: play(reply(200, `[{"id":"oar0"}]`, next...), reply(200, `[{"id":"oar2"}]`)), requests: 2,
		},
		"a token that is listed as revoked": {
			confirm: token, network: play(reply(200, `[{"id":"oar1","status":"REVOKED"}]`, next...)), requests: 1,
		},
		"a token on the first page": {
			confirm: token, network: play(reply(200, `[{"id":"oar1"}]`, next...)), requests: 1,
			want: "Okta still lists refresh token oar1" + said, contradiction: true,
		},
		"a token on the last page": {
			confirm: token, network: play(reply(200, `[{"id":"oar0"}]`, next...), reply(200, `[{"id":"oar1"}]`)), requests: 2,
			want: "Okta still lists refresh token oar1" + said, contradiction: true,
		},
		"a token of an unknown parent": {
			confirm: token, network: play(reply(404, oktaError(CodeNotFound, "Not found"))), requests: 1,
			want:     "asking whether refresh token oar1 is gone: okta: GET /api/v1/apps/0oa1/tokens: 404 E0000007: Not found [error ID oae1]",
			notFound: true,
		},
		"a token whose list breaks off": {
			confirm: token, network: play(reply(200, `[{"id":"oar0"}]`, next...), reply(400, "no")), requests: 2,
			want: `asking whether refresh token oar1 is gone: okta: GET /api/v1/apps/0oa1/tokens: 400 Bad Request: 2 bytes of text`,
		},
		"a client that is not listed": {
			confirm: client, network: play(reply(200, `[{"client_id":"0oa2"}]`)), requests: 1,
		},
		"a client that is listed": {
			confirm: client, network: play(reply(200, `[{"client_id":"0oa2"},{"client_id":"0oa1"}]`)), requests: 1,
			want: "Okta still lists client 0oa1" + said, contradiction: true,
		},
		"a client of an unknown user": {
			confirm: client, network: play(reply(404, oktaError(CodeNotFound, "Not found"))), requests: 1,
			want:     "asking whether client 0oa1 was deleted: okta: GET /api/v1/users/00u1/clients: 404 E0000007: Not found [error ID oae1]",
			notFound: true,
		},
		"a server that is not listed": {
			confirm: server, network: play(reply(200, `[{"id":"aus2"}]`)), requests: 1,
		},
		"a server that is listed": {
			confirm: server, network: play(reply(200, `[{"id":"aus1"}]`)), requests: 1,
			want: "Okta still lists authorization server aus1" + said, contradiction: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := tc.confirm(testClient(tc.network))
			wantError(t, err, tc.want)
			if _, ok := errors.AsType[*ContradictionError](err); ok != tc.contradiction {
				t.Errorf("got the error %v, want a contradiction: %t", err, tc.contradiction)
			}
			if IsNotFound(err) != tc.notFound {
				t.Errorf("got the error %v, want IsNotFound %t", err, tc.notFound)
			}
			if got := len(tc.network.requests()); got != tc.requests {
				t.Errorf("got %d requests, want %d", got, tc.requests)
			}
		})
	}
}

// A token that does not exist is gone when its parent says so too.
func TestLookUpRefreshToken(t *testing.T) {
	t.Parallel()
	notFound := reply(404, oktaError(CodeNotFound, "Not found"))
	for name, tc := range map[string]struct {
		network  *script
		gone     bool
		requests int
	}{
		"a token":                     {network: play(reply(200, `{"id":"oar1"}`)), requests: 1},
		"one that is not listed":      {network: play(notFound, reply(200, `[{"id":"oar2"}]`)), gone: true, requests: 2},
		"one that is listed":          {network: play(notFound, reply(200, `[{"id":"oar1"}]`)), requests: 2},
		"one of an unknown parent":    {network: play(notFound, notFound), requests: 2},
		"one that is not to be read":  {network: play(reply(400, "no")), requests: 1},
		"one whose list has an error": {network: play(notFound, reply(400, "no")), requests: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := testClient(tc.network).LookUpRefreshToken(t.Context(), App("0oa1"), "oar1")
			if _, gone := errors.AsType[*TokenGoneError](err); gone != tc.gone || (err == nil) != (name == "a token") {
				t.Errorf("got the error %v, want a TokenGoneError: %t", err, tc.gone)
			}
			if got := len(tc.network.requests()); got != tc.requests {
				t.Errorf("got %d requests, want %d", got, tc.requests)
			}
		})
	}
}
