package provider

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestFiltersThatMatchNothingAreRefused(t *testing.T) {
	t.Parallel()
	const (
		early, late = "2026-03-14T02:30:00Z", "2026-03-14T04:30:00+01:00" // an hour apart
		same        = "2026-03-14T04:30:00+02:00"                         // as early
		never       = "No token can match: never_expires = true asks for tokens that never expire, and "
	)
	for _, tc := range []struct {
		name   string
		filter attributes
		at     string // "" where the filter is allowed
		detail string
	}{
		{"created", attributes{"created_after": late, "created_before": early}, "created_before", `No token can match: created_after = "` + late + `" is not earlier than created_before = "` + early + `". A token matches if it was issued between the two.`},
		{"created at once", attributes{"created_after": early, "created_before": same}, "created_before", `No token can match: created_after = "` + early + `" is not earlier than created_before = "` + same + `". A token matches if it was issued between the two.`},
		{"last updated", attributes{"last_updated_after": late, "last_updated_before": early}, "last_updated_before", `No token can match: last_updated_after = "` + late + `" is not earlier than last_updated_before = "` + early + `". A token matches if it was last used between the two.`},
		{"expires", attributes{"expires_after": late, "expires_before": early}, "expires_before", `No token can match: expires_after = "` + late + `" is not earlier than expires_before = "` + early + `". A token matches if it expires between the two.`},
		{"used before it was issued", attributes{"created_after": late, "last_updated_before": early}, "last_updated_before", `No token can match: created_after = "` + late + `" is not earlier than last_updated_before = "` + early + `". No token was last used before it was issued.`},
		{"expires before it is issued", attributes{"created_after": late, "expires_before": early}, "expires_before", `No token can match: created_after = "` + late + `" is not earlier than expires_before = "` + early + `". No token expires before it is issued.`},
		{"never expires before", attributes{"never_expires": true, "expires_before": early}, "expires_before", never + "expires_before for tokens that do. Remove one of them."},
		{"never expires after", attributes{"never_expires": true, "expires_after": early}, "expires_after", never + "expires_after for tokens that do. Remove one of them."},
		{"another client", attributes{"client_ids": list("0oa2", "0oa3")}, "client_ids", `No token can match: every token of the parent has client_id = "0oa1", which is not among the filter's client_ids. Remove client_ids from the filter, or correct one of them.`},
		{"another server", attributes{"auth_server_ids": list("aus2")}, "auth_server_ids", `No token can match: every token of the parent has auth_server_id = "aus1", which is not among the filter's auth_server_ids. Remove auth_server_ids from the filter, or correct one of them.`},

		{"an hour", attributes{"created_after": early, "created_before": late}, "", ""},
		{"one bound is not known", attributes{"created_after": late, "created_before": unknown{}}, "", ""},
		{"neither bound is known", attributes{"created_after": unknown{}, "created_before": unknown{}}, "", ""},
		{"not known whether it expires", attributes{"never_expires": unknown{}, "expires_before": early}, "", ""},
		{"expires", attributes{"never_expires": false, "expires_before": early}, "", ""},
		{"issued before it was used", attributes{"created_before": early, "last_updated_after": late}, "", ""},
		{"the client among others", attributes{"client_ids": list("0oa1", "0oa2")}, "", ""},
		{"clients of which one is not known", attributes{"client_ids": []any{"0oa2", unknown{}}}, "", ""},
		{"clients that are not known", attributes{"client_ids": unknown{}, "never_expires": true}, "", ""},
		{"no clients on purpose", attributes{"client_ids": list()}, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			c := newCore(t, org, nil)
			var want []diagnostic
			if tc.at != "" {
				want = []diagnostic{{Summary: "Filter Matches Nothing", Attribute: "filter." + tc.at, Detail: tc.detail}}
			}
			config := ofClient.With(attributes{"filter": tc.filter})
			diff(t, "errors of a revocation", c.validate(config), want)
			diff(t, "errors of an action", c.validateAction(config), want)
			diff(t, "errors of a data source", c.validateData("refresh_tokens", config), want)
			diff(t, "errors of a list", c.of("refresh_token").ValidateList(config), want)
			wantNoRequests(t, org)
		})
	}
}

func TestFiltersOfOtherParentsAreRefused(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name           string
		parent, filter attributes
		want           []string
	}{
		{"another user", attributes{"user_id": "00u1", "client_id": "0oa1"}, attributes{"user_ids": list("00u2")}, []string{"filter.user_ids: Filter Matches Nothing"}},
		{"a user by login, who may be among them", attributes{"user_id": "jane@example.com", "client_id": "0oa1"}, attributes{"user_ids": list("00u2")}, nil},
		{"a server by its alias, which may be among them", attributes{"auth_server_id": "default", "client_id": "0oa1"}, attributes{"auth_server_ids": list("aus1")}, nil},
		{"every client", attributes{"user_id": "00u1", "all_clients": true}, attributes{"client_ids": list("0oa2")}, nil},
		{"an app, whose client may go by another ID", attributes{"app_id": "0oa1"}, attributes{"client_ids": list("0oa2")}, nil},
		{"a user who is not known yet", attributes{"user_id": unknown{}, "client_id": "0oa1"}, attributes{"user_ids": list("00u2")}, nil},
	} {
		c := newCore(t, oktafake.New(t), nil)
		diff(t, tc.name, summaries(c.validate(tc.parent.With(attributes{"filter": tc.filter}))), tc.want)
	}
}

// What an action's filter turns out to be is checked when it is invoked.
func TestActionRefusesFiltersThatMatchNothing(t *testing.T) {
	t.Parallel()
	for name, filter := range map[string]attributes{
		"filter.user_ids: Invalid User ID":              {"user_ids": list("jane@example.com")},
		"filter.created_before: Filter Matches Nothing": {"created_after": "2026-03-14T02:30:00Z", "created_before": "2026-03-14T02:30:00Z"},
		"filter.client_ids: Filter Matches Nothing":     {"client_ids": list("0oa2")},
	} {
		org := newSelectionOrg(t)
		_, diags := newCore(t, org, nil).invoke(ofClient.With(attributes{"filter": filter}))
		diff(t, "errors", summaries(diags), []string{name})
		wantNoRequests(t, org)
	}
}

// The same filter in other words is no change, and revokes nothing.
func TestFilterInOtherWordsIsNoChange(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, nil)
	before := ofClient.With(attributes{"filter": attributes{"created_after": "2020-01-01T00:00:00Z", "older_than": "1d"}})
	after := ofClient.With(attributes{"filter": attributes{"created_after": "2020-01-01T01:00:00+01:00", "older_than": "24h"}})
	state := c.create(before)
	org.ResetRequests()
	p := c.planned(state, after)
	if !p.Planned.Equal(state) {
		t.Errorf("got the plan %s, want no change of %s", p.Planned, state)
	}
	wantNoRequests(t, org)
}

func TestAccFilterInOtherWordsIsNoChange(t *testing.T) {
	org := newSelectionOrg(t)
	config := func(filter attributes) string { return revoking(ofClient.With(attributes{"filter": filter})) }
	accept(t, org,
		resource.TestStep{Config: config(attributes{"created_after": "2020-01-01T00:00:00Z", "older_than": "1d"})},
		again(config(attributes{"created_after": "2020-01-01T01:00:00+01:00", "older_than": "24h"})),
	)
	if got := len(org.RequestsOf(http.MethodDelete)); got > 3 {
		t.Errorf("got %d DELETEs, want those of the create only", got)
	}
}
