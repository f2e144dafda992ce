package revoke

import (
	"context"
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

// location is what a search for tokens of a parent has found so far.
type location struct {
	alive    map[string]okta.RefreshToken // of the wanted tokens
	others   []okta.RefreshToken          // alive, and not among the wanted
	revoked  okta.Set                     // listed with the status REVOKED
	notFound okta.Set                     // read by ID and answered with 404
	toEnd    bool                         // whether a list was read to its end
	complete bool                         // whether every wanted token was looked for
}

func newLocation() location {
	return location{alive: map[string]okta.RefreshToken{}, revoked: okta.Set{}, notFound: okta.Set{}}
}

// add records a token that was read, and whether it was wanted.
func (l *location) add(token okta.RefreshToken, wanted bool) {
	switch {
	case !token.Alive():
		l.revoked.Add(token.ID)
	case wanted:
		l.alive[token.ID] = token
		delete(l.notFound, token.ID)
	default:
		l.others = append(l.others, token)
	}
}

// checkOwners compares the owners of the tokens that were shown alive.
func (l *location) checkOwners(parent okta.Parent) error {
	owners := parent.Owners()
	if err := walk.CheckOwners(&owners, l.others); err != nil {
		return err
	}
	return walk.CheckOwners(&owners, slices.SortedFunc(maps.Values(l.alive), okta.RefreshToken.Compare))
}

// unseen returns the tokens that were neither shown alive nor said to be gone.
func (l *location) unseen(ids []string) okta.Set {
	unseen := okta.NewSet(ids...)
	for id := range unseen {
		if _, lives := l.alive[id]; lives || l.revoked.Has(id) || l.notFound.Has(id) {
			delete(unseen, id)
		}
	}
	return unseen
}

// locate finds out which of these tokens of a parent are alive, with at most budget
// requests.
//
// The list costs a request for every 200 tokens, wanted or not. Reading tokens by ID
// costs a request each. Which is cheaper depends on the length of the list, which is
// not known. So locate reads the list until that has cost as many requests as reading
// the missing tokens by ID would, and then reads those: at worst twice as many requests
// as the cheaper way. A token that is then not found needs [Engine.confirm].
func (e *Engine) locate(ctx context.Context, parent okta.Parent, ids []string, budget int) (location, error) {
	found := newLocation()
	wanted, missing := okta.NewSet(ids...), okta.NewSet(ids...)
	spent := 0
	if len(missing) > 1 {
		for page, err := range e.Client.RefreshTokenPages(ctx, parent) {
			if err != nil {
				return found, err
			}
			spent++
			for _, token := range page.Items {
				delete(missing, token.ID)
				found.add(token, wanted.Has(token.ID))
			}
			if found.toEnd = page.Last; page.Last || len(missing) == 0 {
				found.complete = true
				return found, nil
			}
			if spent+1 >= len(missing) || spent == budget {
				break
			}
		}
	}
	if spent+len(missing) > budget {
		return found, nil
	}
	found.complete = true
	return found, e.readEach(ctx, parent, missing, &found)
}

// readEach reads tokens by their IDs.
func (e *Engine) readEach(ctx context.Context, parent okta.Parent, ids okta.Set, found *location) error {
	var mu sync.Mutex
	inOrder := slices.Sorted(maps.Keys(ids)) // the same each time
	return walk.Each(ctx, e.Client, inOrder, func(ctx context.Context, id string) error {
		token, err := e.Client.RefreshToken(ctx, parent, id)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case okta.IsNotFound(err):
			found.notFound.Add(id)
			return nil
		case err == nil:
			found.add(token, true)
		}
		return err
	})
}

// confirm lists the parent to check the 404s of tokens that were read by ID: a token that
// is listed is alive. The error matches [okta.IsNotFound] if the parent does not exist.
func (e *Engine) confirm(ctx context.Context, parent okta.Parent, found *location) error {
	if len(found.notFound) == 0 || found.toEnd {
		return nil
	}
	alive, err := e.Client.ListedAlive(ctx, parent, found.notFound)
	if err != nil {
		return err
	}
	for _, token := range alive {
		found.add(token, true)
	}
	return nil
}

// readList reads a parent's list to its end.
func (e *Engine) readList(ctx context.Context, parent okta.Parent, ids okta.Set) (location, error) {
	found := newLocation()
	for page, err := range walk.Pages(ctx, e.Client, parent) {
		if err != nil {
			return found, err
		}
		for _, token := range page.Items {
			found.add(token, ids.Has(token.ID))
		}
	}
	found.toEnd, found.complete = true, true
	return found, nil
}

// noBudget does not limit a search.
const noBudget = math.MaxInt
