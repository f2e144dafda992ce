package provider

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// newSelectionOrg is an org in which every kind of parent and selection leaves
// some token alone.
func newSelectionOrg(t *testing.T) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	for _, token := range []oktafake.Token{
		{ID: "oar1", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1", Scopes: []string{"payroll"}},
		{ID: "oar2", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1", Scopes: []string{"email"}},
		{ID: "oar3", AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u2", Scopes: []string{"payroll"}},
		{ID: "oar4", AuthServerID: "aus1", ClientID: "0oa2", UserID: "00u1", Scopes: []string{"payroll"}},
		{ID: "oar5", AuthServerID: "aus2", ClientID: "0oa1", UserID: "00u1", Scopes: []string{"payroll"}},
		{ID: "oar6", AuthServerID: "aus2", ClientID: "0oa2", UserID: "00u2", Scopes: []string{"payroll"}},
	} {
		add(org, token, token.ID)
	}
	return org
}

// Where the tokens of that org are.
const (
	ofServer1 = "/api/v1/authorizationServers/aus1/clients/0oa1/tokens"
	ofServer2 = "/api/v1/authorizationServers/aus1/clients/0oa2/tokens"
	ofUser1   = "/api/v1/users/00u1/clients/0oa1/tokens"
	ofUser2   = "/api/v1/users/00u1/clients/0oa2/tokens"
	ofApp     = "/api/v1/apps/0oa1/tokens"
)

// revocationParents are every way to name a parent: its tokens in that org by
// where they are, and those with the scope payroll.
var revocationParents = []struct {
	name       string
	attributes attributes
	tokens     map[string]string
	matching   []string
}{
	{
		"server and client", ofClient,
		map[string]string{"oar1": ofServer1, "oar2": ofServer1, "oar3": ofServer1},
		[]string{"oar1", "oar3"},
	},
	{
		"user and client",
		attributes{"user_id": "00u1", "client_id": "0oa1"},
		map[string]string{"oar1": ofUser1, "oar2": ofUser1, "oar5": ofUser1},
		[]string{"oar1", "oar5"},
	},
	{
		"app",
		attributes{"app_id": "0oa1"},
		map[string]string{"oar1": ofApp, "oar2": ofApp, "oar3": ofApp, "oar5": ofApp},
		[]string{"oar1", "oar3", "oar5"},
	},
	{
		"every client of a server",
		attributes{"auth_server_id": "aus1", "all_clients": true},
		map[string]string{"oar1": ofServer1, "oar2": ofServer1, "oar3": ofServer1, "oar4": ofServer2},
		[]string{"oar1", "oar3", "oar4"},
	},
	{
		"every client of a user",
		attributes{"user_id": "00u1", "all_clients": true},
		map[string]string{"oar1": ofUser1, "oar2": ofUser1, "oar4": ofUser2, "oar5": ofUser1},
		[]string{"oar1", "oar4", "oar5"},
	},
}

// revocationSelections are every way to select.
var revocationSelections = []struct {
	name       string
	attributes attributes
}{
	{"token_id", attributes{"token_id": "oar2"}},
	{"token_ids", attributes{"token_ids": list("oar1", "oar2")}},
	{"filter", attributes{"filter": attributes{"any_scopes": list("payroll")}}},
	{"all", attributes{"all": true}},
}

func TestAccRevocationSelections(t *testing.T) {
	for _, parent := range revocationParents {
		for _, selection := range revocationSelections {
			t.Run(parent.name+"/"+selection.name, func(t *testing.T) {
				var ids, deletes []string
				switch selection.name {
				case "token_id":
					ids = []string{"oar2"}
				case "token_ids":
					ids = []string{"oar1", "oar2"}
				case "filter":
					ids = parent.matching
				case "all":
					ids = slices.Sorted(maps.Keys(parent.tokens))
					deletes = slices.Compact(slices.Sorted(maps.Values(parent.tokens)))
				}
				if deletes == nil {
					for _, id := range ids {
						deletes = append(deletes, parent.tokens[id]+"/"+id)
					}
				}
				org := newSelectionOrg(t)
				before := org.TokenIDs()
				accept(t, org,
					resource.TestStep{
						Config: revoking(parent.attributes.With(selection.attributes)),
						ConfigPlanChecks: planned(plancheck.ResourceActionCreate,
							plancheck.ExpectUnknownValue(revocationAddress, tfjsonpath.New("revoked_token_ids"))),
						ConfigStateChecks: known{
							"revoked_count":      count(int64(len(ids))),
							"revoked_token_ids":  listOf(ids...),
							"revoked_tokens":     knownvalue.ListSizeExact(len(ids)),
							"revoked_at":         knownvalue.NotNull(),
							"already_gone_count": count(0),
							"active_token_ids":   listOf(),
						}.record(),
					},
				)
				wantDeletes(t, org, deletes...)
				wantRevoked(t, org, ids...)
				diff(t, "tokens that live", org.TokenIDs(), slices.DeleteFunc(before, func(id string) bool { return slices.Contains(ids, id) }))
			})
		}
	}
}

func TestAccRevocationIsDoneOnce(t *testing.T) {
	org := newSelectionOrg(t)
	config := revoking(allOfClient)
	accept(t, org,
		resource.TestStep{
			Config:             config,
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
			PostApplyFunc:      func() { wantReads(t, org) },
		},
		resource.TestStep{Config: config, PostApplyFunc: func() {
			wantDeletes(t, org, allTokens)
			org.ResetRequests()
		}},
		again(config),
	)
	wantNoRequests(t, org)
}

// The tokens are stored as they were just before.
func TestAccRevocationKeepsEvidence(t *testing.T) {
	org := oktafake.New(t)
	expires := epoch.AddDate(0, 0, 7)
	org.AddUser(oktafake.User{ID: "00u1", Name: "Amara Abara"})
	add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1", Scopes: []string{"openid", "email"}, ExpiresAt: &expires}, "oar1")
	add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1"}, "oar2")
	accept(t, org, resource.TestStep{
		Config: revoking(allOfClient),
		ConfigStateChecks: known{
			"revoked_tokens": knownvalue.ListExact([]knownvalue.Check{
				knownvalue.ObjectPartial(map[string]knownvalue.Check{
					"id": exact("oar1"), "status": exact("ACTIVE"), "user_name": exact("Amara Abara"),
					"created": exact("2026-03-01T08:00:00.000Z"), "expires_at": exact("2026-03-08T08:00:00.000Z"),
					"scopes": listOf("email", "openid"),
				}),
				knownvalue.ObjectPartial(map[string]knownvalue.Check{
					"id": exact("oar2"), "user_id": null, "user_name": null, "expires_at": null,
				}),
			}),
		}.record(),
	})
}

func TestAccRevocationWithoutEvidence(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1", "oar2", "oar3")
	accept(t, org, resource.TestStep{
		Config: revoking(allOfClient.With(attributes{"evidence": "none"})),
		ConfigStateChecks: known{
			"revoked_count": null, "revoked_token_ids": null, "revoked_tokens": null, "revoked_at": knownvalue.NotNull(), "active_token_ids": listOf(),
		}.record(),
	})
	wantDeletes(t, org, allTokens)
}

// With less evidence, less is read before the DELETE, and less is stored.
func TestEvidence(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		config attributes
		state  attributes
		reads  int // requests before the first DELETE
	}{
		{"ids", allOfClient.With(attributes{"evidence": "ids"}), attributes{"revoked_count": 3, "revoked_token_ids": list("oar1", "oar2", "oar3"), "revoked_tokens": nil}, 2},
		{"none", allOfClient.With(attributes{"evidence": "none"}), attributes{"revoked_count": nil, "revoked_token_ids": nil, "revoked_tokens": nil}, 0},
		{"none, with a bound", allOfClient.With(attributes{"evidence": "none", "max_tokens": 3}), attributes{"revoked_count": 3, "revoked_token_ids": nil, "revoked_tokens": nil}, 2},
		{"ids, by ID", ofClient.With(attributes{"evidence": "ids", "token_ids": list("oar1", "oar2")}), attributes{"revoked_count": 2, "revoked_token_ids": list("oar1", "oar2"), "revoked_tokens": nil}, 0},
		{"none, by ID", ofClient.With(attributes{"evidence": "none", "token_ids": list("oar1", "oar2")}), attributes{"revoked_count": 2, "revoked_token_ids": nil, "revoked_tokens": nil}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			add(org, held, "oar1", "oar2", "oar3")
			c := newCore(t, org, nil)
			p := c.plan(c.noState(), tc.config)
			org.ResetRequests()
			state, diags := c.apply(p)
			c.none(diags)
			c.wantState(state, tc.state)
			first := slices.IndexFunc(org.Requests(), func(r oktafake.Request) bool { return r.Method == http.MethodDelete })
			if first != tc.reads {
				t.Errorf("got the first DELETE after %d reads, want %d: %v", first, tc.reads, org.Requests())
			}
		})
	}
}

func TestAccRevocationOfNoTokens(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1")
	config := revoking(ofClient.With(attributes{"token_ids": list()}))
	accept(t, org, resource.TestStep{
		Config: config,
		ConfigStateChecks: known{
			"revoked_token_ids": listOf(), "revoked_tokens": listOf(), "revoked_count": count(0),
			"already_gone_count": count(0), "active_token_ids": listOf(), "revoked_at": null,
		}.record(),
	}, again(config))
	wantNoRequests(t, org)
}

// Gone is what was asked for, once it is sure that the parent exists.
func TestAccRevocationOfTokensThatAreGone(t *testing.T) {
	org := oktafake.New(t)
	add(org, held, "oar1")
	accept(t, org,
		resource.TestStep{
			Config: revoking(ofClient.With(attributes{"token_ids": list("oar1", "oar8", "oar9")})),
			ConfigStateChecks: known{
				"revoked_token_ids": listOf("oar1"), "revoked_count": count(1), "already_gone_count": count(2), "active_token_ids": listOf(),
			}.record(),
		},
		resource.TestStep{
			Config:            revoking(ofClient.With(attributes{"token_id": "oar1"})),
			ConfigPlanChecks:  planned(plancheck.ResourceActionReplace),
			ConfigStateChecks: known{"revoked_count": count(0), "already_gone_count": count(1), "revoked_at": null}.record(),
		},
		resource.TestStep{
			Config:      revoking(attributes{"auth_server_id": "aus1", "client_id": "0oa9", "token_id": "oar1"}),
			ExpectError: wrapped("Parent Not Found"),
		},
	)
}

// Client IDs of an administrator's own choosing hold characters that URLs use
// otherwise.
func TestAccRevocationOfACustomClient(t *testing.T) {
	org := oktafake.New(t)
	const client = "$till-1_a.b+c!*'(),"
	add(org, oktafake.Token{AuthServerID: "aus1", ClientID: client, UserID: "00u1"}, "oar1", "oar2")
	one := attributes{"auth_server_id": "aus1", "client_id": client, "token_id": "oar1"}
	all := attributes{"user_id": "00u1", "all_clients": true, "all": true}
	accept(t, org,
		resource.TestStep{Config: revoking(one), ConfigStateChecks: known{"revoked_token_ids": listOf("oar1")}.record()},
		resource.TestStep{Config: revoking(all), ConfigStateChecks: known{"revoked_token_ids": listOf("oar2")}.record()},
	)
	for _, r := range org.Revoked() {
		diff(t, "client of what was revoked", r.Token.ClientID, client)
	}
}

// What is not known yet can be planned, without a look at Okta, and applied.
func TestAccRevocationOfWhatIsNotKnownYet(t *testing.T) {
	for name, tc := range map[string]struct {
		later     any
		arguments attributes
		want      []string
	}{
		"token_id":           {"oar2", ofClient.With(attributes{"token_id": laterRef}), []string{"oar2"}},
		"token_ids":          {list("oar1", "oar2"), ofClient.With(attributes{"token_ids": laterRef}), []string{"oar1", "oar2"}},
		"one of token_ids":   {"oar1", ofClient.With(attributes{"token_ids": []any{"oar2", laterRef}}), []string{"oar1", "oar2"}},
		"part of the filter": {"payroll", ofClient.With(attributes{"filter": attributes{"any_scopes": []any{laterRef}}}), []string{"oar1", "oar3"}},
		"client_id":          {"0oa2", attributes{"auth_server_id": "aus1", "client_id": laterRef, "all": true}, []string{"oar4"}},
		"all":                {true, ofClient.With(attributes{"all": laterRef}), []string{"oar1", "oar2", "oar3"}},
	} {
		t.Run(name, func(t *testing.T) {
			org := newSelectionOrg(t)
			accept(t, org, resource.TestStep{
				Config: later(tc.later) + revoking(tc.arguments),
				ConfigPlanChecks: planned(plancheck.ResourceActionCreate, open("revoked_token_ids"),
					check(func() { wantNoRequests(t, org) })),
				ConfigStateChecks: known{"revoked_token_ids": listOf(tc.want...)}.record(),
			})
			wantRevoked(t, org, tc.want...)
		})
	}
}

// check is a look at something else than the plan, when it is made.
type check func()

func (c check) CheckPlan(context.Context, plancheck.CheckPlanRequest, *plancheck.CheckPlanResponse) {
	c()
}
