package okta

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAuthServersAreRead(t *testing.T) {
	t.Parallel()
	network := play(
		reply(http.StatusOK, `[{"id":"aus1","name":"default","issuer":"https://acme.okta.com/oauth2/default","status":"ACTIVE","default":true,"description":"Orders","audiences":["api://default"]}]`,
			"Link", `<https://acme.okta.com/api/v1/authorizationServers?after=aus1&limit=200>; rel="next"`),
		reply(http.StatusOK, `[{"id":"aus2","status":"INACTIVE"}]`))
	got, err := collect(t, testClient(network).AuthServers(t.Context()))
	wantError(t, err, "")
	want := []AuthServer{
		{ID: "aus1", Name: "default", Description: "Orders", Issuer: "https://acme.okta.com/oauth2/default", Status: "ACTIVE", Default: true, Audiences: []string{"api://default"}},
		{ID: "aus2", Status: "INACTIVE"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("servers (-want +got):\n%s", diff)
	}
	wantRequests(t, network, "GET /api/v1/authorizationServers?limit=200", "GET /api/v1/authorizationServers?after=aus1&limit=200")
}

// A server without an ID would be skipped when its clients are listed.
func TestAuthServerWithoutIDIsAnError(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`[{"name":"x"}]`, `[null]`} {
		_, err := collect(t, testClient(play(reply(http.StatusOK, body))).AuthServers(t.Context()))
		wantError(t, err, "okta: GET /api/v1/authorizationServers: an authorization server has no id")
	}
}
