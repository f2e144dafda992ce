package okta

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var badIDs = []string{
	"", ".", "..",
	"a/b", "a?b", `a\b`, "/", "?", `\`,
	" ", " a", "a ", "a\tb", "a\nb", "a\u00a0b", "a\u2028b",
	"\x00", "a\x1b[0m", "a\u007f", "a\u0085", "a\u200bb", "a\u202eb",
	strings.Repeat("a", 256),
}

var goodIDs = []string{
	"0oa1", "default", "me", "...", "a..b", ".a", "-", "~",
	"Client$-_.+!*'(),",
	"jane.doe+audit@example.com",
	"jane:doe;x=1&y",
	"renée",
	strings.Repeat("a", 255),
}

// onlyLogins can name a user, and nothing else.
var onlyLogins = []string{"#", "%", "a#b", "a%b", "a%2fb", "a%2f..%2fb", "a b", "a  b", "jane doe#50%@example.com"}

func TestCheckIDRefusesWhatChangesTheURL(t *testing.T) {
	t.Parallel()
	for _, id := range slices.Concat(onlyLogins, badIDs) {
		if err := CheckID(id); err == nil {
			t.Errorf("CheckID(%q) succeeded, want an error", id)
		}
	}
	for _, id := range goodIDs {
		if err := CheckID(id); err != nil {
			t.Errorf("CheckID(%q): got %v, want no error", id, err)
		}
	}
}

func TestCheckUserAllowsWhatALoginCanHold(t *testing.T) {
	t.Parallel()
	for _, login := range slices.Concat(onlyLogins, goodIDs) {
		if err := CheckUser(login); err != nil {
			t.Errorf("CheckUser(%q): got %v, want no error", login, err)
		}
	}
	for _, id := range badIDs {
		if err := CheckUser(id); err == nil {
			t.Errorf("CheckUser(%q) succeeded, want an error", id)
		}
	}
}

func TestCheckUserSaysToUseTheID(t *testing.T) {
	t.Parallel()
	for login, want := range map[string]string{
		"":                       "an ID cannot be empty",
		"..":                     `".." is a path segment with a meaning of its own, not an ID`,
		"ACME/jane":              `"ACME/jane" holds '/', which cannot be sent in the path of a request: use the user's ID, such as 00u1a2b3c4d5e6f7g8h9`,
		`ACME\jane`:              `"ACME\\jane" holds '\\', which cannot be sent in the path of a request: use the user's ID, such as 00u1a2b3c4d5e6f7g8h9`,
		"jane?":                  `"jane?" holds '?', which cannot be sent in the path of a request: use the user's ID, such as 00u1a2b3c4d5e6f7g8h9`,
		"jane\x1b[0m":            `"jane\x1b[0m" holds '\x1b', which cannot be sent in the path of a request: use the user's ID, such as 00u1a2b3c4d5e6f7g8h9`,
		"\u0020jane@example.com": `" jane@example.com" begins or ends with a space: remove it`,
		"jane@example.com\r\n":   `"jane@example.com\r\n" begins or ends with a space: remove it`,
	} {
		wantError(t, CheckUser(login), want)
	}
}

func TestCheckIDNamesTheFault(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"":                       "an ID cannot be empty",
		"..":                     `".." is a path segment with a meaning of its own, not an ID`,
		"a/b":                    `"a/b" holds '/', which no Okta ID can`,
		"a\x1b[0m":               `"a\x1b[0m" holds '\x1b', which no Okta ID can`,
		strings.Repeat("a", 300): "an ID has at most 255 characters, this one has 300",
	} {
		wantError(t, CheckID(id), want)
	}
}

// parentsWith are the parents of which one ID is id.
func parentsWith(id string) []Parent {
	return []Parent{
		AuthorizationServer(id).Client("0oa1"),
		AuthorizationServer("aus1").Client(id),
		User(id).Client("0oa1"),
		User("00u1").Client(id),
		App(id),
	}
}

// callsWith are calls of the public methods in which one ID of the path is id.
func callsWith(t *testing.T, c *Client, id string) map[string]error {
	t.Helper()
	errs := map[string]error{}
	for _, parent := range append(parentsWith(id), Parent{}) {
		where := " of " + parent.String()
		_, errs["RefreshTokens"+where] = collect(t, c.RefreshTokens(t.Context(), parent))
		_, errs["RefreshTokenPages"+where] = collect(t, c.RefreshTokenPages(t.Context(), parent))
		_, errs["RefreshToken"+where] = c.RefreshToken(t.Context(), parent, "oar1")
		_, errs["LookUpRefreshToken"+where] = c.LookUpRefreshToken(t.Context(), parent, "oar1")
		errs["RevokeRefreshToken"+where] = c.RevokeRefreshToken(t.Context(), parent, "oar1")
		errs["RevokeAllRefreshTokens"+where] = c.RevokeAllRefreshTokens(t.Context(), parent)
		errs["ConfirmTokenGone"+where] = c.ConfirmTokenGone(t.Context(), parent, "oar1", errors.New("404"))
		_, errs["ListedAlive"+where] = c.ListedAlive(t.Context(), parent, NewSet("oar1"))
	}
	for _, parent := range parentsWith("0oa1") {
		_, errs["RefreshToken in "+parent.String()] = c.RefreshToken(t.Context(), parent, id)
		errs["RevokeRefreshToken in "+parent.String()] = c.RevokeRefreshToken(t.Context(), parent, id)
	}
	for _, holder := range []Holder{AuthorizationServer(id), User(id), {}} {
		_, errs["Clients of "+holder.String()] = collect(t, c.Clients(t.Context(), holder))
		errs["ConfirmClientsDeleted of "+holder.String()] = c.ConfirmClientsDeleted(t.Context(), holder, map[string]error{"0oa1": errors.New("404")})
	}
	errs["EndSessions"] = c.EndSessions(t.Context(), id)
	_, errs["UserAccount"] = c.UserAccount(t.Context(), id)
	return errs
}

// A lost token ID turns "revoke one" into "revoke all", and ".." turns one
// resource into another.
func TestNoMethodSendsAnIDThatChangesTheURL(t *testing.T) {
	t.Parallel()
	network := play(reply(http.StatusNoContent, ""))
	c := testClient(network)
	for _, id := range badIDs {
		for call, err := range callsWith(t, c, id) {
			if err == nil {
				t.Errorf("%s with the ID %q succeeded, want an error", call, id)
			}
		}
	}
	wantRequests(t, network)
}

// An ID that is only valid as a login is only sent in the place of a user.
func TestOnlyUsersGoByLogins(t *testing.T) {
	t.Parallel()
	for _, login := range onlyLogins {
		network := play(reply(http.StatusNoContent, ""))
		for call, err := range callsWith(t, testClient(network, once), login) {
			ofUser := strings.HasSuffix(call, "user "+login) || call == "EndSessions"
			if err == nil && !ofUser {
				t.Errorf("%s with the ID %q succeeded, want an error", call, login)
			}
		}
		if len(network.sent) == 0 {
			t.Errorf("the login %q reached no request, want some", login)
		}
		for _, req := range network.sent {
			want := "/api/v1/users/" + url.PathEscape(login)
			if rest, ok := strings.CutPrefix(req.URL.EscapedPath(), want); !ok || rest != "" && rest[0] != '/' {
				t.Errorf("the login %q was sent to %s, want it at or below %s", login, req.URL.EscapedPath(), want)
			}
		}
	}
}

// Every method with an ID must be among the calls of these tests.
func TestEveryMethodWithAnIDIsCalled(t *testing.T) {
	t.Parallel()
	called := []string{"ConfirmServerDeleted"} // looks the ID up in a list, and puts it into no URL
	for call := range callsWith(t, testClient(play()), "..") {
		name, _, _ := strings.Cut(call, " ")
		called = append(called, name)
	}
	for method := range reflect.TypeFor[*Client]().Methods() {
		sends := method.Type.NumIn() > 1 && method.Type.In(1) == reflect.TypeFor[context.Context]()
		takesID := sends && method.Type.NumIn() > 2 // beside the receiver and the context
		if takesID && !slices.Contains(called, method.Name) {
			t.Errorf("Client.%s takes an ID: add it to callsWith", method.Name)
		}
	}
}

func TestIDsArriveIntact(t *testing.T) {
	t.Parallel()
	var got []string
	mux := http.NewServeMux()
	mux.HandleFunc("DELETE /api/v1/users/{user}/clients/{client}/tokens/{token}", func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.PathValue("user"), r.PathValue("client"), r.PathValue("token"))
		w.WriteHeader(http.StatusNoContent)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	c := serverClient(t, server.URL)
	for _, id := range goodIDs {
		got = nil
		if err := c.RevokeRefreshToken(t.Context(), User(id).Client(id), id); err != nil {
			t.Errorf("with the ID %q: got %v, want no error", id, err)
		}
		if len(got) != 3 || got[0] != id || got[1] != id || got[2] != id {
			t.Errorf("with the ID %q: got %q, want it three times", id, got)
		}
	}
}

func TestLoginsArriveIntact(t *testing.T) {
	t.Parallel()
	var got string
	mux := http.NewServeMux()
	mux.HandleFunc("DELETE /api/v1/users/{user}/clients/0oa1/tokens/oar1", func(w http.ResponseWriter, r *http.Request) {
		got = r.PathValue("user")
		w.WriteHeader(http.StatusNoContent)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	c := serverClient(t, server.URL)
	for _, login := range slices.Concat(onlyLogins, goodIDs) {
		got = ""
		if err := c.RevokeRefreshToken(t.Context(), User(login).Client("0oa1"), "oar1"); err != nil || got != login {
			t.Errorf("with the login %q: got %q, %v", login, got, err)
		}
	}
}

func TestAPIPathEscapes(t *testing.T) {
	t.Parallel()
	for segment, want := range map[string]string{
		"Client$-_.+!*'(),":          "/api/v1/apps/Client$-_.+%21%2A%27%28%29%2C/tokens",
		"jane.doe+audit@example.com": "/api/v1/apps/jane.doe+audit@example.com/tokens",
		"jane;x":                     "/api/v1/apps/jane%3Bx/tokens",
	} {
		got, err := apiPath("apps", segment, "tokens")
		if err != nil || got != want {
			t.Errorf("apiPath of %q: got %q, %v, want %q", segment, got, err, want)
		}
		if u, err := url.Parse(got); err != nil || u.Path != "/api/v1/apps/"+segment+"/tokens" {
			t.Errorf("%q reads as %v, %v, want the path of %q", got, u, err, segment)
		}
	}
}

// Whatever the IDs are, a request for a token goes to that token or is not sent. It never
// goes to the collection, whose DELETE revokes every token.
func FuzzTokenPath(f *testing.F) {
	for _, id := range slices.Concat(badIDs, onlyLogins, goodIDs) {
		f.Add(id, "0oa1", "oar1")
		f.Add("aus1", id, "oar1")
		f.Add("aus1", "0oa1", id)
	}
	f.Add("..", "..", "tokens/")
	f.Fuzz(func(t *testing.T, server, client, token string) {
		sent := play(reply(http.StatusNoContent, ""))
		err := testClient(sent, once).RevokeRefreshToken(t.Context(), AuthorizationServer(server).Client(client), token)
		if err != nil {
			wantRequests(t, sent)
			return
		}
		if len(sent.sent) != 1 || sent.sent[0].URL.RawQuery != "" || sent.sent[0].URL.Fragment != "" {
			t.Fatalf("got the requests %v, want one without a query", sent.requests())
		}
		var segments []string
		for segment := range strings.SplitSeq(sent.sent[0].URL.EscapedPath(), "/") {
			unescaped, err := url.PathUnescape(segment)
			if err != nil || segment == "." || segment == ".." {
				t.Fatalf("got the segment %q, %v", segment, err)
			}
			segments = append(segments, unescaped)
		}
		if diff := cmp.Diff([]string{"", "api", "v1", "authorizationServers", server, "clients", client, "tokens", token}, segments); diff != "" {
			t.Errorf("segments (-want +got):\n%s", diff)
		}
	})
}
