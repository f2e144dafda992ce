package provider

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// The record is by Okta's clock, and what is added to it keeps its order.
func TestRevocationRecord(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	now := time.Date(2031, time.May, 1, 12, 0, 0, 0, time.UTC)
	org.Now = func() time.Time { return now }
	for id, created := range map[string]time.Time{"oar1": epoch.Add(time.Hour), "oar2": epoch, "oar3": epoch.Add(time.Minute), "oar4": epoch.Add(-time.Hour)} {
		org.AddToken(oktafake.Token{ID: id, AuthServerID: "aus1", ClientID: "0oa1", Created: created})
	}
	c := newCore(t, org, nil)
	of := func(ids ...string) attributes { return ofClient.With(attributes{"token_ids": list(ids...)}) }
	state := c.create(of("oar1", "oar2"))
	diff(t, "revoked_tokens", revokedTokens(t, state), list("oar2", "oar1"))
	c.wantState(state, attributes{"revoked_at": "2031-05-01T12:00:00.000Z", "revoked_token_ids": list("oar1", "oar2")})

	now = now.Add(time.Hour)
	state = c.update(state, of("oar1", "oar2", "oar3", "oar4", "oar9"))
	diff(t, "revoked_tokens", revokedTokens(t, state), list("oar4", "oar2", "oar3", "oar1"))
	c.wantState(state, attributes{
		"revoked_at": "2031-05-01T13:00:00.000Z", "revoked_token_ids": list("oar1", "oar2", "oar3", "oar4"),
		"revoked_count": 4, "already_gone_count": 1,
	})

	now = now.Add(time.Hour)
	state = c.update(state, of("oar8"))
	c.wantState(state, attributes{"revoked_at": "2031-05-01T13:00:00.000Z", "revoked_count": 4, "already_gone_count": 2})
}

// revokedTokens are the IDs in revoked_tokens, in their order.
func revokedTokens(t *testing.T, state tftypes.Value) []any {
	t.Helper()
	return each(t, object(t, state)["revoked_tokens"], "id")
}

// Sessions are ended when that is asked for, not with each token that is added.
func TestUpdateEndsSessionsOnce(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, nil)
	of := func(ids ...string) attributes {
		return attributes{"user_id": "00u1", "client_id": "0oa1", "token_ids": list(ids...), "end_sessions": true}
	}
	state := c.create(of("oar1"))
	c.update(state, of("oar1", "oar2"))
	if got := org.EndedSessions(); len(got) != 1 {
		t.Errorf("got the ended sessions %v, want those of the create alone", got)
	}
}

// What a dry run did not do is to be done when it ends, the sessions too.
func TestEndOfADryRun(t *testing.T) {
	t.Parallel()
	org := newSelectionOrg(t)
	c := newCore(t, org, nil)
	dryRun := attributes{"user_id": "00u1", "client_id": "0oa1", "token_ids": list("oar1"), "end_sessions": true, "dry_run": true}
	state := c.create(dryRun)
	wantReads(t, org)
	c.update(state, dryRun.With(attributes{"dry_run": false}))
	wantDeletes(t, org, ofUser1+"/oar1", "/api/v1/users/00u1/sessions")
}

// With less evidence than before, or more, the record keeps what it has.
func TestRevocationRecordWithOtherEvidence(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		before, after string
		want          attributes
	}{
		{"full", "ids", attributes{"revoked_token_ids": list("oar1", "oar2"), "revoked_count": 2}},
		{"full", "none", attributes{"revoked_token_ids": list("oar1"), "revoked_count": 2}},
		{"none", "ids", attributes{"revoked_token_ids": list("oar2"), "revoked_count": 2}},
		{"none", "full", attributes{"revoked_token_ids": list("oar2"), "revoked_count": 2}},
	} {
		t.Run(tc.before+" to "+tc.after, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			add(org, held, "oar1", "oar2")
			c := newCore(t, org, nil)
			of := func(evidence string, ids ...string) attributes {
				return ofClient.With(attributes{"token_ids": list(ids...), "evidence": evidence})
			}
			state := c.update(c.create(of(tc.before, "oar1")), of(tc.after, "oar1", "oar2"))
			c.wantState(state, tc.want)
		})
	}
}

// Once a revocation was not counted, neither is the sum.
func TestRevocationCountStaysUnknown(t *testing.T) {
	t.Parallel()
	org := oktafake.New(t)
	add(org, held, "oar1")
	c := newCore(t, org, nil)
	config := allOfClient.With(attributes{"evidence": "none", "on_reappear": "revoke"})
	state := c.create(config)
	c.wantState(state, attributes{"revoked_count": nil})
	add(org, held, "oar2")
	state, diags := c.refresh(state)
	c.none(diags)
	state = c.update(state, config.With(attributes{"evidence": "full"}))
	c.wantState(state, attributes{"revoked_count": nil, "revoked_token_ids": list("oar2"), "active_token_ids": list()})
}
