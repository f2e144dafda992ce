package oktafake_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

const origin = "http://org.test"

// href returns a link as in JSON, with the methods that it allows, if any.
func href(path string, allow ...any) map[string]any {
	l := map[string]any{"href": origin + path}
	if len(allow) > 0 {
		l["hints"] = map[string]any{"allow": allow}
	}
	return l
}

func with(l map[string]any, field, value string) map[string]any {
	l[field] = value
	return l
}

func TestClientsInFull(t *testing.T) {
	t.Parallel()
	org := oktafake.NewOrg(acme)
	for _, path := range []string{"/api/v1/authorizationServers/default/clients", "/api/v1/users/saml.jackson@example.com/clients"} {
		links := map[string]any{"tokens": href(path+"/0oa1/tokens", "GET", "DELETE")}
		if path[:len("/api/v1/users")] == "/api/v1/users" {
			links["grants"] = href(path+"/0oa1/grants", "GET", "DELETE")
		} else {
			links["client"] = with(href("/oauth2/v1/clients/0oa1"), "title", "Portal")
		}
		want := map[string]any{
			"client_id": "0oa1", "client_name": "Portal", "client_uri": "https://portal.example.com", "_links": links,
		}
		clients, _ := decoded(t, org, path).([]any)
		if len(clients) == 0 {
			t.Fatalf("%s: got no clients", path)
		}
		if diff := cmp.Diff(any(want), clients[0]); diff != "" {
			t.Errorf("%s: first client (-want +got):\n%s", path, diff)
		}
	}
}

func TestAuthorizationServersInFull(t *testing.T) {
	t.Parallel()
	const self = "/api/v1/authorizationServers/aus1"
	servers, _ := decoded(t, oktafake.NewOrg(acme), "/api/v1/authorizationServers").([]any)
	if len(servers) != 2 {
		t.Fatalf("got %d servers, want 2", len(servers))
	}
	kid := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == `["kid"]` }, cmp.Ignore())
	want := map[string]any{
		"id": "aus1", "name": "Orders", "description": "", "audiences": []any{"api://Orders"}, "default": true,
		"issuer": origin + "/oauth2/default", "issuerMode": "ORG_URL", "status": "ACTIVE",
		"created": "2026-03-09T03:18:06.000Z", "lastUpdated": "2026-03-09T03:18:06.000Z",
		"credentials": map[string]any{"signing": map[string]any{
			"kid": "", "rotationMode": "AUTO",
			"lastRotated": "2026-03-09T03:18:06.000Z", "nextRotation": "2026-06-07T03:18:06.000Z",
		}},
		"_links": map[string]any{
			"self":       href(self, "GET", "DELETE", "PUT"),
			"scopes":     href(self+"/scopes", "GET"),
			"claims":     href(self+"/claims", "GET"),
			"policies":   href(self+"/policies", "GET"),
			"rotateKey":  href(self+"/credentials/lifecycle/keyRotate", "POST"),
			"deactivate": href(self+"/lifecycle/deactivate", "POST"),
			"metadata": []any{
				with(href("/oauth2/default/.well-known/oauth-authorization-server", "GET"), "name", "oauth-authorization-server"),
				with(href("/oauth2/default/.well-known/openid-configuration", "GET"), "name", "openid-configuration"),
			},
		},
	}
	if diff := cmp.Diff(any(want), servers[0], kid); diff != "" {
		t.Errorf("first server (-want +got):\n%s", diff)
	}
}
