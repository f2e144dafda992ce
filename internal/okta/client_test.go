package okta

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// anything answers every request with success.
func anything(req *http.Request) (*http.Response, error) {
	switch {
	case req.Method == http.MethodDelete:
		return answer(req, http.StatusNoContent, ""), nil
	case strings.HasSuffix(req.URL.Path, "/oar1"):
		return answer(req, http.StatusOK, `{"id":"oar1"}`), nil
	default:
		return answer(req, http.StatusOK, `[]`), nil
	}
}

func TestMethodsSendExactlyOneRequest(t *testing.T) {
	t.Parallel()
	parents := map[string]Parent{
		"/api/v1/authorizationServers/aus1/clients/0oa1/tokens": AuthorizationServer("aus1").Client("0oa1"),
		"/api/v1/users/00u1/clients/0oa1/tokens":                User("00u1").Client("0oa1"),
		"/api/v1/apps/0oa1/tokens":                              App("0oa1"),
	}
	for path, parent := range parents {
		for want, call := range map[string]func(context.Context, *Client) error{
			"GET " + path + "?limit=200": func(ctx context.Context, c *Client) error {
				_, err := collect(t, c.RefreshTokens(ctx, parent))
				return err
			},
			"GET " + path + "?expand=scope&limit=200": func(ctx context.Context, c *Client) error {
				_, err := collect(t, c.RefreshTokenPages(ctx, parent, WithScopeDetails()))
				return err
			},
			"GET " + path + "/oar1": func(ctx context.Context, c *Client) error {
				_, err := c.RefreshToken(ctx, parent, "oar1")
				return err
			},
			"GET " + path + "/oar1?expand=scope": func(ctx context.Context, c *Client) error {
				_, err := c.RefreshToken(ctx, parent, "oar1", WithScopeDetails())
				return err
			},
			"DELETE " + path + "/oar1": func(ctx context.Context, c *Client) error {
				return c.RevokeRefreshToken(ctx, parent, "oar1")
			},
			"DELETE " + path: func(ctx context.Context, c *Client) error {
				return c.RevokeAllRefreshTokens(ctx, parent)
			},
		} {
			wantOneRequest(t, want, call)
		}
	}
	for want, call := range map[string]func(context.Context, *Client) error{
		"GET /api/v1/authorizationServers?limit=200": func(ctx context.Context, c *Client) error {
			_, err := collect(t, c.AuthServers(ctx))
			return err
		},
		"GET /api/v1/authorizationServers/aus1/clients": func(ctx context.Context, c *Client) error {
			_, err := collect(t, c.Clients(ctx, AuthorizationServer("aus1")))
			return err
		},
		"GET /api/v1/users/00u1/clients": func(ctx context.Context, c *Client) error {
			_, err := collect(t, c.Clients(ctx, User("00u1")))
			return err
		},
		"DELETE /api/v1/users/00u1/sessions?oauthTokens=true": func(ctx context.Context, c *Client) error {
			return c.EndSessions(ctx, "00u1")
		},
	} {
		wantOneRequest(t, want, call)
	}
}

func wantOneRequest(t *testing.T, want string, call func(context.Context, *Client) error) {
	t.Helper()
	network := play(anything)
	if err := call(t.Context(), testClient(network)); err != nil {
		t.Errorf("%s: got %v, want no error", want, err)
	}
	wantRequests(t, network, want)
}

// manyTokens serves n tokens as Okta would, in pages as large as it is asked for.
func manyTokens(t *testing.T, n int) roundTripFunc {
	return func(req *http.Request) (*http.Response, error) {
		query := req.URL.Query()
		limit, err := strconv.Atoi(query.Get("limit"))
		if err != nil || limit != 200 {
			t.Errorf("got limit=%q in %s, want 200", query.Get("limit"), req.URL)
			limit = 20
		}
		first, _ := strconv.Atoi(query.Get("after")) // absent from the first request
		last := min(first+limit, n)
		page := []map[string]string{}
		for i := first; i < last; i++ {
			page = append(page, map[string]string{"id": fmt.Sprintf("oar%d", i)})
		}
		body, err := json.Marshal(page)
		if err != nil {
			return nil, err
		}
		resp := answer(req, http.StatusOK, string(body), "Link", "<"+req.URL.String()+`>; rel="self"`)
		if last < n {
			next := req.URL.JoinPath()
			next.RawQuery = url.Values{"after": {strconv.Itoa(last)}, "limit": {strconv.Itoa(limit)}}.Encode()
			resp.Header.Add("Link", "<"+next.String()+`>; rel="next"`)
		}
		return resp, nil
	}
}

func TestListingCostsOneRequestPer200Tokens(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{0: 1, 1: 1, 199: 1, 200: 1, 201: 2, 400: 2, 401: 3, 1000: 5} {
		network := play(manyTokens(t, n))
		tokens, err := collect(t, testClient(network).RefreshTokens(t.Context(), App("0oa1")))
		if err != nil || len(tokens) != n {
			t.Errorf("%d tokens: got %d, %v, want all of them", n, len(tokens), err)
		}
		if got := len(network.requests()); got != want {
			t.Errorf("%d tokens: got %d requests, want %d", n, got, want)
		}
	}
}

func TestReadOnlyClientSendsOnlyGET(t *testing.T) {
	t.Parallel()
	network := play(anything)
	c := testClient(network, func(cfg *Config) { cfg.ReadOnly = true })
	if !c.ReadOnly() {
		t.Error("ReadOnly: got false, want true")
	}
	for _, err := range []error{
		c.RevokeRefreshToken(t.Context(), App("0oa1"), "oar1"),
		c.RevokeAllRefreshTokens(t.Context(), App("0oa1")),
		c.EndSessions(t.Context(), "00u1"),
	} {
		if !errors.Is(err, errReadOnly) || IsUncertain(err) {
			t.Errorf("got %v, uncertain %t, want the refusal of a read-only client and certainty", err, IsUncertain(err))
		}
	}
	wantError(t, c.RevokeRefreshToken(t.Context(), App("0oa1"), "oar1"),
		"okta: DELETE "+tokenPath+": the client is read-only: only GET requests are sent")
	wantRequests(t, network)
	if _, err := c.RefreshToken(t.Context(), App("0oa1"), "oar1"); err != nil {
		t.Errorf("reading a token: got %v, want no error", err)
	}
	wantRequests(t, network, "GET "+tokenPath)
}

func TestNowFollowsOktasClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		date, id := "", "req1"
		c := testClient(roundTripFunc(func(req *http.Request) (*http.Response, error) {
			return answer(req, http.StatusNoContent, "", "Date", date, requestID, id), nil
		}))
		if got := c.Now(); !got.Equal(time.Now()) {
			t.Errorf("before the first answer: got %s, want this machine's %s", got, time.Now())
		}
		for _, tc := range []struct {
			date      string
			wantAhead time.Duration
		}{
			{time.Now().Add(time.Hour).UTC().Format(http.TimeFormat), time.Hour},
			{"", time.Hour},
			{"yesterday", time.Hour},
			{time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat), -time.Hour},
		} {
			date = tc.date
			if err := c.EndSessions(t.Context(), "00u1"); err != nil {
				t.Fatal(err)
			}
			if got, want := c.Now(), time.Now().Add(tc.wantAhead); !got.Equal(want) {
				t.Errorf("after the date %q: got %s, want %s", tc.date, got, want)
			}
		}
		// A proxy's own response, by a clock that is wrong.
		date, id = "Fri, 31 Dec 2100 23:59:59 GMT", ""
		if err := c.EndSessions(t.Context(), "00u1"); err != nil {
			t.Fatal(err)
		}
		later := c.Now().Add(time.Minute)
		if err := sleep(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		if got := c.Now(); !got.Equal(later) || later.Year() > 2000 {
			t.Errorf("a minute later: got %s, want %s", got, later)
		}
	})
}

func TestOrgURLIsTheOrigin(t *testing.T) {
	t.Parallel()
	network := play(anything)
	c := testClient(network, func(cfg *Config) {
		cfg.OrgURL = &url.URL{Scheme: "https", Host: "acme.okta.com", Path: "/some/path"}
	})
	if got, want := c.OrgURL(), "https://acme.okta.com"; got != want {
		t.Errorf("OrgURL: got %q, want %q", got, want)
	}
	if got, want := c.Parallelism(), 10; got != want {
		t.Errorf("Parallelism: got %d, want %d", got, want)
	}
	if err := c.RevokeRefreshToken(t.Context(), App("0oa1"), "oar1"); err != nil {
		t.Fatal(err)
	}
	if got, want := network.sent[0].URL.String(), "https://acme.okta.com"+tokenPath; got != want {
		t.Errorf("URL: got %q, want %q", got, want)
	}
}

// A proxy's login page answers 200 with HTML to whatever it is asked. Taking it
// for Okta's word would report a revocation that did not happen.
func TestDeleteIsNotConfirmedByAForeignAnswer(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"<html>Please log in</html>", `{"status":"ok"}`} {
		c := testClient(play(reply(http.StatusOK, body)), once)
		for call, err := range map[string]error{
			"RevokeRefreshToken":     c.RevokeRefreshToken(t.Context(), App("0oa1"), "oar1"),
			"RevokeAllRefreshTokens": c.RevokeAllRefreshTokens(t.Context(), App("0oa1")),
			"EndSessions":            c.EndSessions(t.Context(), "00u1"),
		} {
			if err == nil {
				t.Errorf("%s answered 200 with %s succeeded, want an error", call, body)
			}
		}
	}
}

func TestListStopsWhenTheCallerDoes(t *testing.T) {
	t.Parallel()
	network := play(manyTokens(t, 1000))
	c := testClient(network)
	var got []string
	for token, err := range c.RefreshTokens(t.Context(), App("0oa1")) {
		if err != nil {
			t.Fatal(err)
		}
		if got = append(got, token.ID); len(got) == 2 {
			break
		}
	}
	if diff := cmp.Diff([]string{"oar0", "oar1"}, got); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	for page, err := range c.RefreshTokenPages(t.Context(), App("0oa1")) {
		if err != nil || len(page.Items) != 200 || page.Last {
			t.Errorf("got %d tokens, last %t, %v, want 200 and more to come", len(page.Items), page.Last, err)
		}
		break
	}
	wantRequests(t, network, "GET "+tokensPath+"?limit=200", "GET "+tokensPath+"?limit=200")
}
