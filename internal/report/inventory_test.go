package report

import (
	"encoding/json"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// least returns the smallest valid object.
func least(more row) row {
	object := row{"complete": true, "token_count": json.Number("0"), "clients": []any{}}
	maps.Copy(object, more)
	return object
}

func TestParseInventory(t *testing.T) {
	t.Parallel()
	seven, two := int64(7), int64(2)
	for _, tc := range []struct {
		name   string
		object row
		want   Inventory
	}{
		{"the least", least(nil), Inventory{Complete: true, Clients: []Client{}}},
		{"every server", least(row{"auth_server_ids": nil}), Inventory{Complete: true, Clients: []Client{}, everyServer: true}},
		{"no server", least(row{"auth_server_ids": []any{}}), Inventory{Complete: true, Clients: []Client{}, AuthServerIDs: &[]string{}}},
		{"more than a page shows", least(row{"on_error": "fail", "mine": row{"a": nil}}), Inventory{Complete: true, Clients: []Client{}}},
		{
			"what is null", least(row{"users": nil, "tokens": nil, "filter": nil, "failures": nil, "client_count": nil, "read_at": nil}),
			Inventory{Complete: true, Clients: []Client{}},
		},
		{
			"all of it",
			row{
				"complete": false, "token_count": json.Number("9007199254740993"), "client_count": json.Number("2"), "org_url": "https://acme.okta.com",
				"read_at":       "2026-03-15T12:00:00+01:00",
				"failures":      []any{row{"auth_server_id": "aus1", "client_id": nil, "error": "no", "tokens_seen": json.Number("2")}},
				"filter":        row{"older_than": "720h", "user_ids": nil},
				"clients":       []any{row{"client_id": "0oa1", "auth_server_id": nil, "token_count": json.Number("2"), "scope_counts": row{"openid": json.Number("2")}}},
				"age_histogram": []any{row{"days_from": json.Number("0"), "days_to": json.Number("7"), "token_count": json.Number("1")}, row{"days_from": json.Number("7"), "days_to": nil, "token_count": json.Number("0")}},
				"users":         []any{},
				"tokens":        []any{row{"id": "oar1", "scopes": []any{"openid"}, "expires_at": nil}},
			},
			Inventory{
				TokenCount: 9007199254740993, ClientCount: &two, OrgURL: "https://acme.okta.com",
				ReadAt:       time.Date(2026, time.March, 15, 11, 0, 0, 0, time.UTC),
				Failures:     []Failure{{AuthServerID: "aus1", Error: "no", TokensSeen: &two}},
				Filter:       map[string]any{"older_than": "720h", "user_ids": nil},
				Clients:      []Client{{AuthServerID: TextOf(""), ClientID: "0oa1", TokenCount: 2, ScopeCounts: map[string]int64{"openid": 2}}},
				AgeHistogram: []Band{{DaysTo: &seven, TokenCount: 1}, {DaysFrom: 7}},
				Users:        []User{},
				Tokens:       []Token{{ID: "oar1", ExpiresAt: TextOf(""), Scopes: []string{"openid"}}},
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseInventory(tc.object)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(Inventory{}, Text{}), cmpopts.EquateApproxTime(0)); diff != "" {
				t.Errorf("inventory (-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseInventoryRefuses(t *testing.T) {
	t.Parallel()
	const how = "; pass an oktatokens_inventory data source, or an object with at least complete, token_count and clients"
	for _, tc := range []struct {
		name   string
		object row
		want   string
	}{
		{"tokens of another data source", row{"tokens": []any{}, "token_count": json.Number("0")}, "this is no inventory, because it has no complete and no clients" + how},
		{"null clients", least(row{"clients": nil}), "this is no inventory, because it has no clients" + how},
		{"a count in words", least(row{"token_count": "many"}), "this is no inventory: token_count is a string, want a whole number"},
		{"half a token", least(row{"token_count": json.Number("0.5")}), "this is no inventory: token_count is the number 0.5, want a whole number"},
		{"clients of another kind", least(row{"clients": row{}}), "this is no inventory: clients is an object, want a list"},
		{"a client of another kind", least(row{"clients": []any{row{"token_count": true}}}), "this is no inventory: clients.token_count is a bool, want a whole number"},
		{"a user instead of an object", least(row{"users": []any{"00u1"}}), "this is no inventory: users is a string, want an object"},
		{"a client without a count", least(row{"clients": []any{row{"token_count": json.Number("1")}, row{"client_id": "0oa1"}}}), "this is no inventory: clients[1] has no token_count"},
		{"a user without a count", least(row{"users": []any{row{"user_id": "00u1", "token_count": nil}}}), "this is no inventory: users[0] has no token_count"},
		{"an age without a count", least(row{"age_histogram": []any{row{}}}), "this is no inventory: age_histogram[0] has no token_count"},
		{"a number for an expiry", least(row{"tokens": []any{row{"expires_at": json.Number("1")}}}), "this is no inventory: tokens.expires_at is a number, want a string"},
		{"complete in words", least(row{"complete": "yes"}), "this is no inventory: complete is a string, want a bool"},
		{"not a time", least(row{"read_at": "yesterday"}), "read_at is not a time in RFC 3339, such as 2026-03-15T12:00:00Z"},
		{"a number for a time", least(row{"read_at": json.Number("1")}), "read_at is not a time in RFC 3339, such as 2026-03-15T12:00:00Z"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := ParseInventory(tc.object)
			if err == nil || err.Error() != tc.want {
				t.Errorf("got %v and the error\n\t%v\nwant\n\t%s", got, err, tc.want)
			}
		})
	}
}
