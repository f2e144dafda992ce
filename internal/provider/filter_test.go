package provider

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// filterOf is the filter that a configuration is read as.
func filterOf(t *testing.T, from attributes) okta.Filter {
	t.Helper()
	var schema datasource.SchemaResponse
	(&refreshTokensDataSource{}).Schema(t.Context(), datasource.SchemaRequest{}, &schema)
	raw := value(t, schema.Schema.Type().TerraformType(t.Context()), attributes{"filter": from})
	var object types.Object
	diags := (tfsdk.Config{Schema: schema.Schema, Raw: raw}).GetAttribute(t.Context(), path.Root("filter"), &object)
	filter := toFilter(t.Context(), object, &diags)
	if diags.HasError() {
		t.Fatal(diags)
	}
	return filter
}

func TestToFilter(t *testing.T) {
	t.Parallel()
	at := func(month time.Month) *time.Time { return new(time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC)) }
	for _, tc := range []struct {
		name string
		from attributes
		want okta.Filter
	}{
		{
			"every part",
			attributes{
				"token_ids": list("oar1"), "user_ids": list("00u1"), "client_ids": list("0oa1"), "auth_server_ids": list("aus1"),
				"any_scopes": list("a", "b"), "all_scopes": list("c"),
				"created_before": "2026-01-01T00:00:00Z", "created_after": "2026-02-01T00:00:00Z",
				"last_updated_before": "2026-03-01T00:00:00Z", "last_updated_after": "2026-04-01T00:00:00Z",
				"expires_before": "2026-05-01T00:00:00Z", "expires_after": "2026-06-01T02:00:00.000+02:00",
				"older_than": "720h", "idle_for": "90m", "never_expires": true,
			},
			okta.Filter{
				TokenIDs: okta.NewSet("oar1"), UserIDs: okta.NewSet("00u1"), ClientIDs: okta.NewSet("0oa1"), AuthServerIDs: okta.NewSet("aus1"),
				AnyScopes: okta.NewSet("a", "b"), AllScopes: okta.NewSet("c"),
				CreatedBefore: at(time.January), CreatedAfter: at(time.February), LastUpdatedBefore: at(time.March),
				LastUpdatedAfter: at(time.April), ExpiresBefore: at(time.May), ExpiresAfter: at(time.June),
				OlderThan: new(720 * time.Hour), IdleFor: new(90 * time.Minute), NeverExpires: new(true),
			},
		},
		{"a part that is false", attributes{"never_expires": false}, okta.Filter{NeverExpires: new(false)}},
		{"days", attributes{"older_than": "90d", "idle_for": "1d12h"}, okta.Filter{OlderThan: new(90 * 24 * time.Hour), IdleFor: new(36 * time.Hour)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			diff(t, "filter", filterOf(t, tc.from), tc.want)
		})
	}
}

// An empty set matches nothing, and must not be read as a part that is not set.
func TestToFilterKeepsEmptySets(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"token_ids", "user_ids", "client_ids", "auth_server_ids", "any_scopes", "all_scopes"} {
		f := filterOf(t, attributes{name: list()})
		set := map[string]okta.Set{
			"token_ids": f.TokenIDs, "user_ids": f.UserIDs, "client_ids": f.ClientIDs,
			"auth_server_ids": f.AuthServerIDs, "any_scopes": f.AnyScopes, "all_scopes": f.AllScopes,
		}[name]
		if set == nil {
			t.Errorf("%s: got a nil set, want an empty one", name)
		}
		token := okta.RefreshToken{ID: "oar1", UserID: "00u1", ClientID: "0oa1", AuthServerID: "aus1", Scopes: []string{"a"}}
		if matches, err := f.Match(token, epoch); matches || err != nil {
			t.Errorf("%s: the empty set matches a token", name)
		}
	}
}

// Every part of the schema is in the model, or decoding it would fail.
func TestFilterPartsAreDecoded(t *testing.T) {
	t.Parallel()
	for name, part := range filterParts() {
		var v any
		switch part.GetType() {
		case types.BoolType:
			v = true
		case durationType{}:
			v = "1h"
		case timeType{}:
			v = "2026-01-01T00:00:00Z"
		default:
			v = list("00u1")
		}
		got := filterOf(t, attributes{name: v})
		if matches, err := got.Match(okta.RefreshToken{}, epoch); matches != (name == "never_expires") || err != nil {
			t.Errorf("%s has no effect: got %+v", name, got)
		}
	}
}
