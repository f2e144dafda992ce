package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// preview warns of what an apply hits, unless a guard or the credential's rights refuse
// it.
func (m requestModel) preview(ctx context.Context, s session, req revoke.Request, words wording, diags *diag.Diagnostics) {
	if m.refuseGrant(s.client, diags); diags.HasError() {
		return
	}
	found, err := s.engine.Preview(ctx, req)
	if err != nil {
		if unanswered(err) && !s.engine.MustRead(req) {
			addPreviewFailed(diags, m.place(nil, s.engine), err)
			return
		}
		addRevocationError(diags, words, m, req, err)
		return
	}
	if m.refuseGrant(s.client, diags); diags.HasError() {
		return // known now that the service app has signed in
	}
	report := previewReport{Preview: found, session: s, req: req, model: m, place: m.place(found.Tokens, s.engine)}
	diags.AddWarning(report.headline(), report.detail())
	addUnreadable(diags, unreadable(found.Tokens...))
}

// previewReport is a preview in words.
type previewReport struct {
	revoke.Preview
	session
	req   revoke.Request
	model requestModel
	place string // where, with names, IDs and the org
}

// place names where the model revokes, by the names that the tokens there have.
func (m requestModel) place(tokens []okta.RefreshToken, engine *revoke.Engine) string {
	where := m.holderTitle(tokens)
	switch {
	case m.AllClients.ValueBool():
		where = "all clients of " + where
	case m.ClientID.IsUnknown():
		where = "an unknown client of " + where
	case m.AllClients.IsUnknown():
		where = "unknown clients of " + where
	case m.AppID.IsNull():
		client := firstOf(tokens, func(token okta.RefreshToken) string { return token.ClientName })
		where = fmt.Sprintf("client %s of %s", titled(client, m.ClientID.ValueString()), where)
	}
	return fmt.Sprintf("%s at %s", where, engine.Client.OrgURL())
}

// holderTitle names the app, the user or the authorization server.
func (m requestModel) holderTitle(tokens []okta.RefreshToken) string {
	for _, holder := range []struct {
		kind string
		id   types.String
		name func(okta.RefreshToken) string
	}{
		{"app", m.AppID, func(token okta.RefreshToken) string { return token.AppName }},
		{"user", m.UserID, func(token okta.RefreshToken) string { return token.UserName }},
		{"authorization server", m.AuthServerID, func(token okta.RefreshToken) string { return token.AuthServerName }},
	} {
		switch {
		case holder.id.IsUnknown():
			return "an unknown " + holder.kind
		case !holder.id.IsNull():
			return fmt.Sprintf("%s %s", holder.kind, titled(firstOf(tokens, holder.name), holder.id.ValueString()))
		}
	}
	return "an unknown parent"
}

// firstOf is the first of the tokens' names that is not empty.
func firstOf(tokens []okta.RefreshToken, name func(okta.RefreshToken) string) string {
	for _, token := range tokens {
		if name := name(token); name != "" {
			return name
		}
	}
	return ""
}

// headline is the summary. Everything that a decision needs is in it, because Terraform
// folds warnings with one summary into the first of them.
func (r previewReport) headline() string {
	switch {
	case r.Count == 0 && r.req.EndSessions:
		return fmt.Sprintf("%s of user %s at %s, and Okta then revokes the user's tokens at every client; besides, %s", r.tense.endsSessions,
			titled("", r.model.UserID.ValueString()), r.engine.Client.OrgURL(), r.nothing())
	case r.Count == 0 && r.Partial:
		return fmt.Sprintf("%s refresh tokens of %s: none of the first %s matches, and the rest was not read", r.tense.mayRevoke, r.place, prose.Number(r.Read))
	case r.Count == 0:
		return "Nothing to revoke: " + r.nothing()
	}
	line := fmt.Sprintf("%s %s of %s", r.tense.revokes, r.count(), r.place)
	if facts := r.facts(); len(facts) > 0 {
		line += ": " + strings.Join(facts, ", ")
	}
	if r.req.EndSessions {
		line += "; it also ends the user's sessions, and Okta then revokes the user's other tokens too, at every client"
	}
	return line
}

// count is how many tokens, or that it is a bound.
func (r previewReport) count() string {
	if r.Named == 1 && r.model.TokenID.ValueString() != "" {
		return "refresh token " + prose.Printable(r.model.TokenID.ValueString())
	}
	return r.bounded(prose.Count(r.Count, "refresh token"))
}

// bounded is a number of tokens, or of what grows with them.
func (r previewReport) bounded(number string) string {
	switch r.Bound {
	case revoke.AtLeast:
		return "at least " + number
	case revoke.AtMost:
		return "at most " + number
	default:
		return number
	}
}

// facts are what else the headline tells: clients, users, and when the tokens were issued.
// Of a part, it tells no more than what is at least so.
func (r previewReport) facts() []string {
	if len(r.Tokens) == 0 {
		return nil
	}
	least := ""
	if r.Partial {
		least = "at least "
	}
	var facts []string
	if r.Named > len(r.Tokens) && !r.Partial {
		facts = append(facts, prose.Number(len(r.Tokens))+" found")
	}
	if r.model.AllClients.ValueBool() {
		facts = append(facts, least+prose.Count(r.Clients, "client"))
	}
	switch {
	case r.Users == 1 && !r.Partial && r.model.UserID.IsNull():
		facts = append(facts, "user "+titled(r.Tokens[0].UserName, r.Tokens[0].UserID))
	case r.Users > 0 && r.model.UserID.IsNull():
		facts = append(facts, least+prose.Count(r.Users, "user"))
	}
	if issued := r.issued(); issued != "" && !r.Partial {
		facts = append(facts, issued)
	}
	return facts
}

// issued tells the days of the oldest and the newest token.
func (r previewReport) issued() string {
	oldest, newest := r.Tokens[0].Created, r.Tokens[len(r.Tokens)-1].Created
	if oldest.IsZero() || newest.IsZero() {
		return ""
	}
	from, to := oldest.UTC().Format(dayFormat), newest.UTC().Format(dayFormat)
	if from == to {
		return "issued " + from
	}
	return fmt.Sprintf("issued %s to %s", from, to)
}

// nothing is what was looked at in vain.
func (r previewReport) nothing() string {
	switch {
	case r.Named == 1 && r.model.TokenID.ValueString() != "":
		return fmt.Sprintf("refresh token %s was not found at %s", prose.Printable(r.model.TokenID.ValueString()), r.place)
	case r.Named > 0:
		return fmt.Sprintf("none of the %s in token_ids was found at %s", prose.Count(r.Named, "refresh token"), r.place)
	case r.Read == 0:
		return fmt.Sprintf("there are no refresh tokens of %s", r.place)
	default:
		return fmt.Sprintf("none of the %s of %s matches", prose.Count(r.Read, "refresh token"), r.place)
	}
}
