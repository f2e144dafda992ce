package revoke

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// Protected are the clients and users whose tokens must not be revoked.
type Protected struct {
	ClientIDs okta.Set
	UserIDs   okta.Set
}

func (p Protected) empty() bool { return len(p.ClientIDs) == 0 && len(p.UserIDs) == 0 }

// TooManyError is returned when a request would revoke more tokens than its MaxTokens.
// Nothing was revoked.
type TooManyError struct {
	Max   int64
	Found int64
	// EndingSessions says that the user's tokens at every client were counted, because
	// ending the user's sessions revokes them all.
	EndingSessions bool
}

func (e *TooManyError) Error() string {
	text := fmt.Sprintf("the selection has %s, more than max_tokens = %s", prose.Count(int(e.Found), "refresh token"), prose.Number(int(e.Max)))
	if e.EndingSessions {
		text = fmt.Sprintf("ending the sessions revokes the user's tokens at every client, %s, more than max_tokens = %s",
			prose.Count(int(e.Found), "refresh token"), prose.Number(int(e.Max)))
	}
	return text
}

// ProtectedError is returned when a request would affect a protected client or user.
// Nothing was revoked.
type ProtectedError struct {
	Kind    string // "client" or "user"
	ID      string // empty if it is not known
	Name    string // empty if it is not known, or is the ID
	TokenID string // the client's or user's token, if a token is at fault
	Reason  string // replaces the usual text
}

func (e *ProtectedError) Error() string {
	switch {
	case e.Reason != "":
		return e.Reason
	case e.ID == "":
		return fmt.Sprintf("Okta did not say which %s owns refresh token %s, so it may be protected", e.Kind, prose.Printable(e.TokenID))
	case e.TokenID != "":
		return e.ofToken()
	default:
		return fmt.Sprintf("%s %s is protected", e.Kind, prose.Printable(e.ID))
	}
}

// ofToken says which token led to what is protected.
func (e *ProtectedError) ofToken() string {
	owner, pronoun := prose.Printable(e.ID), "who"
	if e.Name != "" {
		owner = fmt.Sprintf(`"%s" (%s)`, strings.ReplaceAll(prose.Printable(e.Name), `"`, "'"), owner)
	}
	if e.Kind == "client" {
		pronoun = "which"
	}
	return fmt.Sprintf("refresh token %s belongs to %s %s, %s is in protected_%s_ids", prose.Printable(e.TokenID), e.Kind, owner, pronoun, e.Kind)
}

// CheckNames returns a [*ProtectedError] if the request names a protected
// client or user. It sends nothing.
func (p Protected) CheckNames(req Request) error {
	parent := req.Target.Parent()
	clients, users := []string{parent.ClientID()}, []string{req.Target.UserID()}
	if parent.Kind() == okta.KindApp {
		clients = append(clients, parent.ID()) // usually the client ID too
	}
	if f := req.Selection.filter; f != nil {
		for id := range f.ClientIDs {
			clients = append(clients, id)
		}
		for id := range f.UserIDs {
			users = append(users, id)
		}
	}
	for _, id := range clients {
		if p.ClientIDs.Has(id) {
			return &ProtectedError{Kind: "client", ID: id}
		}
	}
	for _, id := range users {
		if p.UserIDs.Has(id) {
			return &ProtectedError{Kind: "user", ID: id}
		}
	}
	if req.EndSessions && len(p.UserIDs) > 0 && !okta.User(req.Target.UserID()).NamedByID() {
		return &ProtectedError{Kind: "user", Reason: fmt.Sprintf(
			"user %s is not named by ID, so the user may be protected; set user_id to an ID to end the sessions", req.Target.UserID())}
	}
	return nil
}

// checkToken returns a [*ProtectedError] if a protected client or user owns a token, or
// if Okta does not say who owns it.
func (p Protected) checkToken(token okta.RefreshToken) error {
	for _, owner := range []struct {
		kind      string
		id, name  string
		protected okta.Set
	}{
		{"client", token.ClientID, token.ClientName, p.ClientIDs},
		{"user", token.UserID, token.UserName, p.UserIDs},
	} {
		if owner.kind == "client" && owner.protected.Has(token.AppID) {
			return &ProtectedError{Kind: "client", ID: token.AppID, TokenID: token.ID}
		}
		if len(owner.protected) > 0 && (owner.id == "" || owner.protected.Has(owner.id)) {
			if owner.name == owner.id {
				owner.name = ""
			}
			return &ProtectedError{Kind: owner.kind, ID: owner.id, Name: owner.name, TokenID: token.ID}
		}
	}
	return nil
}

func (p Protected) checkTokens(tokens []okta.RefreshToken) error {
	for _, token := range tokens {
		if err := p.checkToken(token); err != nil {
			return err
		}
	}
	return nil
}

// checkParents returns a [*ProtectedError] if the request revokes all tokens of a
// protected client, even if none was listed.
func (p Protected) checkParents(req Request, batches []*batch) error {
	for _, b := range batches {
		if id := b.parent.ClientID(); req.Selection.all && p.ClientIDs.Has(id) {
			return &ProtectedError{Kind: "client", ID: id}
		}
	}
	return nil
}

// tooMany returns a [*TooManyError] if there are more tokens than the limit.
func tooMany(limit *int64, count int64) error {
	if limit == nil || count <= *limit {
		return nil
	}
	return &TooManyError{Max: *limit, Found: count}
}

// checkRequest checks the guards as far as that needs no request to Okta.
func (e *Engine) checkRequest(req Request) error {
	if err := req.validate(); err != nil {
		return err
	}
	return e.Protected.CheckNames(req)
}

// oneByOne reports whether "all" sends a DELETE for each token rather than a bulk DELETE.
// A bulk DELETE also takes tokens that no list has shown, and these may be a protected
// user's. Below a user, every token is that user's.
func (e *Engine) oneByOne(req Request) bool {
	return req.Selection.all && len(e.Protected.UserIDs) > 0 && req.Target.UserID() == ""
}

// guards reports whether a guard limits what the request may revoke.
func (e *Engine) guards(req Request) bool { return !e.Protected.empty() || req.MaxTokens != nil }

// guarded reports whether a guard limits what the run may revoke.
func (r *run) guarded() bool { return r.guards(r.req) }

// allow counts a token that an earlier list left out, or returns why a guard refuses it.
func (r *run) allow(b *batch, token okta.RefreshToken) error {
	if err := b.owners.Check(token); err != nil {
		return err
	}
	if err := r.Protected.checkToken(token); err != nil {
		return err
	}
	err := tooMany(r.req.MaxTokens, r.selected.Add(1))
	if err != nil {
		r.selected.Add(-1)
		r.refusedTokens.Add(1)
	}
	return err
}

// check checks the guards for the tokens that were found, and that each belongs to the
// parent that lists it.
func (e *Engine) check(req Request, batches []*batch) error {
	if err := e.Protected.checkParents(req, batches); err != nil {
		return err
	}
	var owners okta.Owners
	for _, b := range batches {
		owners = owners.Next(b.parent.Parent)
		for _, it := range b.items {
			if !it.seen {
				continue // it does not exist, or nothing is protected
			}
			if err := owners.Check(it.token); err != nil {
				return err
			}
			if err := e.Protected.checkToken(it.token); err != nil {
				return err
			}
		}
		b.owners = owners
	}
	return tooMany(req.MaxTokens, count(batches))
}

// checkSessions checks the guards for all tokens of the user, because ending the user's
// sessions revokes them all, whatever the request selects.
func (e *Engine) checkSessions(ctx context.Context, req Request) ([]*batch, error) {
	if !req.EndSessions || !e.guards(req) {
		return nil, nil
	}
	everything := Request{
		Target:    walk.AtEveryClient(okta.User(req.Target.UserID())),
		Selection: Everything(),
		MaxTokens: req.MaxTokens,
	}
	batches, err := e.find(ctx, everything, true)
	if err != nil {
		return nil, err
	}
	err = e.check(everything, batches)
	if tooMany, ok := errors.AsType[*TooManyError](err); ok {
		tooMany.EndingSessions = true
	}
	return batches, err
}

// addSeen adds the selected tokens that the guards' look at the user's tokens showed, and
// that the list of their parent left out before.
func (e *Engine) addSeen(req Request, batches, seen []*batch) error {
	for _, b := range batches {
		for _, other := range seen {
			if other.parent.Parent != b.parent.Parent {
				continue
			}
			selected, err := req.Selection.choice().Among(e.Client, tokens([]*batch{other}))
			if err != nil {
				return err
			}
			b.add(selected)
		}
	}
	return nil
}
