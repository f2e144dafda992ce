package okta

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClientsAreRead(t *testing.T) {
	t.Parallel()
	network := play(reply(http.StatusOK, `[
		{"client_id":"0oa1","client_name":"Native App","client_uri":null,"logo_uri":null,"_links":{"tokens":{"href":"x"}}},
		{"client_id":"Client$1","client_name":"Web App","client_uri":"https://example.com","logo_uri":"https://example.com/logo"},
		{"client_id":"0oa3"}]`))
	got, err := collect(t, testClient(network).Clients(t.Context(), AuthorizationServer("default")))
	wantError(t, err, "")
	want := []OAuth2Client{
		{ID: "0oa1", Name: "Native App"},
		{ID: "Client$1", Name: "Web App", URI: "https://example.com", LogoURI: "https://example.com/logo"},
		{ID: "0oa3"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("clients (-want +got):\n%s", diff)
	}
	wantRequests(t, network, "GET /api/v1/authorizationServers/default/clients")
}

// Okta was never seen to page clients. If it begins to, none may be missed.
func TestClientsFollowANextLink(t *testing.T) {
	t.Parallel()
	network := play(
		reply(http.StatusOK, `[{"client_id":"0oa1"}]`, "Link", `</api/v1/users/00u1/clients?after=c1>; rel="next"`),
		reply(http.StatusOK, `[{"client_id":"0oa2"}]`))
	got, err := collect(t, testClient(network).Clients(t.Context(), User("00u1")))
	wantError(t, err, "")
	if diff := cmp.Diff([]OAuth2Client{{ID: "0oa1"}, {ID: "0oa2"}}, got); diff != "" {
		t.Errorf("clients (-want +got):\n%s", diff)
	}
	wantRequests(t, network, "GET /api/v1/users/00u1/clients", "GET /api/v1/users/00u1/clients?after=c1")
}

// An odd name hides no client.
func TestClientOfAnotherFormIsRead(t *testing.T) {
	t.Parallel()
	got, err := collect(t, testClient(play(reply(http.StatusOK, `[{"client_id":"0oa1","client_name":{"en":"x"},"client_uri":[],"logo_uri":7},{"client_id":"0oa2","client_name":"y"}]`)), once).
		Clients(t.Context(), User("00u1")))
	wantError(t, err, "")
	if diff := cmp.Diff([]OAuth2Client{{ID: "0oa1"}, {ID: "0oa2", Name: "y"}}, got); diff != "" {
		t.Errorf("clients (-want +got):\n%s", diff)
	}
}

func TestClientWithoutIDIsAnError(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`[{"client_id":"0oa1"},{"client_name":"x"}]`: "a client has no client_id",
		`[null]`: "a client has no client_id",
		`null`:   `the answer is not a list: it is 4 bytes of text`,
		`{}`:     `the answer is not a list: it is 2 bytes of JSON`,
	} {
		got, err := collect(t, testClient(play(reply(http.StatusOK, body))).Clients(t.Context(), User("00u1")))
		wantError(t, err, "okta: GET /api/v1/users/00u1/clients: "+want)
		if len(got) != 0 {
			t.Errorf("%s: got %d clients, want none", body, len(got))
		}
	}
}
