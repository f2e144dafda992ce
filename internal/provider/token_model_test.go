package provider

import (
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

func TestNewTokenModel(t *testing.T) {
	t.Parallel()
	at := func(hour int) okta.Instant {
		return okta.NewInstant(time.Date(2026, time.March, 1, hour, 0, 0, 0, time.UTC))
	}
	noScopes := types.ListNull(types.StringType)
	for _, tc := range []struct {
		name  string
		token okta.RefreshToken
		want  tokenModel
	}{
		{
			"all that Okta knows",
			okta.RefreshToken{
				ID: "id", Status: "ACTIVE", ClientID: "client", UserID: "user", Issuer: "issuer",
				Created: at(1), LastUpdated: at(2), ExpiresAt: at(3), Scopes: []string{"a", "b"},
				AuthServerID: "server", AppID: "app", ClientName: "Client", UserName: "User", AuthServerName: "Server", AppName: "App",
			},
			tokenModel{
				ID: types.StringValue("id"), Status: types.StringValue("ACTIVE"), ClientID: types.StringValue("client"),
				UserID: types.StringValue("user"), Issuer: types.StringValue("issuer"),
				Created: newTime("2026-03-01T01:00:00.000Z"), LastUpdated: newTime("2026-03-01T02:00:00.000Z"), ExpiresAt: newTime("2026-03-01T03:00:00.000Z"),
				Scopes:       toList([]string{"a", "b"}),
				AuthServerID: types.StringValue("server"), AppID: types.StringValue("app"), ClientName: types.StringValue("Client"),
				UserName: types.StringValue("User"), AuthServerName: types.StringValue("Server"), AppName: types.StringValue("App"),
			},
		},
		{"nothing", okta.RefreshToken{}, tokenModel{Scopes: noScopes}},
		{"an ID", okta.RefreshToken{ID: "id"}, tokenModel{ID: types.StringValue("id"), Scopes: noScopes}},
		{"no scope granted", okta.RefreshToken{Scopes: []string{}}, tokenModel{Scopes: toList(nil)}},
	} {
		if got := newTokenModel(tc.token); !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: got %+v, want %+v", tc.name, got, tc.want)
		}
	}
}

// A field that is added to the schema must be in the objects too.
func TestTokenModelHasEveryAttribute(t *testing.T) {
	t.Parallel()
	got := newTokenModel(okta.RefreshToken{}).attributes()
	diff(t, "attributes", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(tokenType.AttrTypes)))
	for name, value := range got {
		if want := tokenType.AttrTypes[name]; !value.Type(t.Context()).Equal(want) {
			t.Errorf("%s: got the type %s, want %s", name, value.Type(t.Context()), want)
		}
	}
}
