package revoke

import (
	"context"
	"errors"
	"fmt"

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

// TooManyError says that a request would hit more tokens than its MaxTokens.
// Nothing was revoked.
type TooManyError struct {
	Max   int64
	Found int64
	// EndingSessions tells that the tokens of every client of the user were
	// counted, because ending the user's sessions revokes them all.
	EndingSessions bool
}

func (e *TooManyError) Error() string {
	noun := "tokens"
	if e.Found == 1 {
		noun = "token"
	}
	text := fmt.Sprintf("it would revoke %d refresh %s, and max_tokens is %d", e.Found, noun, e.Max)
	if e.EndingSessions {
		text += "; ending a user's sessions revokes the user's tokens at every client, so all of them count"
	}
	return text
}

// ProtectedError says that a request would touch a protected client or user.
// Nothing was revoked.
type ProtectedError struct {
	Kind    string // "client" or "user"
	ID      string // empty when it could not be told
	TokenID string // the token that led there, if it was one
	Reason  string // in place of the usual words
}

func (e *ProtectedError) Error() string {
	switch {
	case e.Reason != "":
		return e.Reason
	case e.ID == "":
		return fmt.Sprintf("Okta does not say which %s refresh token %s belongs to, so that it may be a protected one", e.Kind, prose.Printable(e.TokenID))
	case e.TokenID != "":
		return fmt.Sprintf("refresh token %s belongs to %s %s, which is protected", prose.Printable(e.TokenID), e.Kind, prose.Printable(e.ID))
	default:
		return fmt.Sprintf("%s %s is protected", e.Kind, prose.Printable(e.ID))
	}
}

// CheckNames returns a [*ProtectedError] when the request names a protected
// client or user. It sends nothing.
func (p Protected) CheckNames(req Request) error {
	parent := req.Target.Parent()
	clients, users := []string{parent.ClientID()}, []string{req.Target.UserID()}
	if parent.Kind() == okta.KindApp {
		clients = append(clients, parent.ID()) // the client ID too, unless it was chosen by hand
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
			"user %s is not named by ID, so that it cannot be told from the protected users before the sessions are ended", req.Target.UserID())}
	}
	return nil
}

// checkToken returns a [*ProtectedError] when a token belongs to a protected
// client or user, or when Okta does not say to whom it belongs.
func (p Protected) checkToken(token okta.RefreshToken) error {
	for _, owner := range []struct {
		kind      string
		id        string
		protected okta.Set
	}{
		{"client", token.ClientID, p.ClientIDs},
		{"user", token.UserID, p.UserIDs},
	} {
		if len(owner.protected) > 0 && (owner.id == "" || owner.protected.Has(owner.id)) {
			return &ProtectedError{Kind: owner.kind, ID: owner.id, TokenID: token.ID}
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

// checkParents returns a [*ProtectedError] when all tokens of a protected client
// are to be revoked, even if none of them was listed.
func (p Protected) checkParents(req Request, batches []*batch) error {
	for _, b := range batches {
		if id := b.parent.ClientID(); req.Selection.all && p.ClientIDs.Has(id) {
			return &ProtectedError{Kind: "client", ID: id}
		}
	}
	return nil
}

// tooMany returns a [*TooManyError] when there are more tokens than the limit.
func tooMany(limit *int64, count int64) error {
	if limit == nil || count <= *limit {
		return nil
	}
	return &TooManyError{Max: *limit, Found: count}
}

// checkRequest holds what is known of a request without sending anything against
// the guards.
func (e *Engine) checkRequest(req Request) error {
	if err := req.validate(); err != nil {
		return err
	}
	return e.Protected.CheckNames(req)
}

// oneByOne reports whether every token of the target is revoked by a DELETE of its own.
// The one DELETE of all tokens also reaches those that no list has shown, a protected
// user's among them. Below a user, no token is another user's.
func (e *Engine) oneByOne(req Request) bool {
	return req.Selection.all && len(e.Protected.UserIDs) > 0 && req.Target.UserID() == ""
}

// guards reports whether something bounds what the request may revoke.
func (e *Engine) guards(req Request) bool { return !e.Protected.empty() || req.MaxTokens != nil }

// guarded reports whether something bounds what the run may revoke.
func (r *run) guarded() bool { return r.guards(r.req) }

// allow returns the error with which a token that turned up late is refused, and
// counts it otherwise.
func (r *run) allow(parent okta.Parent, token okta.RefreshToken) error {
	if err := parent.CheckOwner(token); err != nil {
		return err
	}
	if err := r.Protected.checkToken(token); err != nil {
		return err
	}
	err := tooMany(r.req.MaxTokens, r.selected.Add(1))
	if err != nil {
		r.selected.Add(-1)
	}
	return err
}

// check holds the tokens that were found against the guards, and against the
// parent that lists them.
func (e *Engine) check(req Request, batches []*batch) error {
	if err := e.Protected.checkParents(req, batches); err != nil {
		return err
	}
	for _, b := range batches {
		for _, it := range b.items {
			if !it.seen {
				continue // not there, or nothing protects it
			}
			if err := b.parent.CheckOwner(it.token); err != nil {
				return err
			}
			if err := e.Protected.checkToken(it.token); err != nil {
				return err
			}
		}
	}
	return tooMany(req.MaxTokens, count(batches))
}

// checkSessions holds all tokens of the user against the guards, because ending
// the user's sessions revokes them all, whatever the request selects.
func (e *Engine) checkSessions(ctx context.Context, req Request) error {
	if !req.EndSessions || !e.guards(req) {
		return nil
	}
	everything := Request{
		Target:    walk.AtEveryClient(okta.User(req.Target.UserID())),
		Selection: Everything(),
		MaxTokens: req.MaxTokens,
	}
	batches, err := e.find(ctx, everything, true)
	if err != nil {
		return err
	}
	err = e.check(everything, batches)
	if tooMany, ok := errors.AsType[*TooManyError](err); ok {
		tooMany.EndingSessions = true
	}
	return err
}
