package walk

import (
	"context"
	"iter"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// Each calls do for every item, for as many at once as the client may send requests.
// The first error ends the others.
func Each[T any](ctx context.Context, client *okta.Client, items []T, do func(context.Context, T) error) error {
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(client.Parallelism())
	for _, item := range items {
		group.Go(func() error {
			if err := context.Cause(groupCtx); err != nil {
				return err
			}
			return do(groupCtx, item)
		})
	}
	return group.Wait()
}

// Pages reads a parent's list with a request for each page. It leaves out tokens that
// were alive on an earlier page.
func Pages(ctx context.Context, client *okta.Client, parent okta.Parent, options ...okta.ReadOption) iter.Seq2[okta.Page[okta.RefreshToken], error] {
	return func(yield func(okta.Page[okta.RefreshToken], error) bool) {
		shown := okta.Set{}
		for page, err := range client.RefreshTokenPages(ctx, parent, options...) {
			page.Items = slices.DeleteFunc(page.Items, func(token okta.RefreshToken) bool {
				again := shown.Has(token.ID)
				if token.Alive() {
					shown.Add(token.ID)
				}
				return again && token.Alive()
			})
			if !yield(page, err) {
				return
			}
		}
	}
}

// Read reads a parent's list to its end, and calls hand with its tokens page by page.
//
// A token that contradicts the parent, or the tokens before it, is an
// [*okta.ForeignTokenError]. If ages is set, it holds tokens back until Okta's clock is
// known, or the list ends. It returns how many tokens it read.
func Read(ctx context.Context, client *okta.Client, parent okta.Parent, ages bool, hand func([]okta.RefreshToken) error, options ...okta.ReadOption) (seen int, err error) {
	owners := parent.Owners()
	var held []okta.RefreshToken
	for page, err := range Pages(ctx, client, parent, options...) {
		if err != nil {
			return seen, err
		}
		seen += len(page.Items)
		if err := CheckOwners(&owners, page.Items); err != nil {
			return seen, err
		}
		if held == nil {
			held = page.Items
		} else {
			held = append(held, page.Items...)
		}
		if ages && !page.Last && client.CheckClock() != nil {
			continue
		}
		if err := hand(held); err != nil {
			return seen, err
		}
		held = nil
	}
	return seen, nil
}

// CheckOwners holds living tokens of one list against each other, see [okta.Owners].
func CheckOwners(owners *okta.Owners, tokens []okta.RefreshToken) error {
	for i := range tokens {
		if !tokens[i].Alive() {
			continue
		}
		if err := owners.Check(tokens[i]); err != nil {
			return err
		}
	}
	return nil
}

// Choice says which tokens of a list are wanted.
type Choice struct {
	Filter okta.Filter
	Alive  bool // whether a token must be alive
}

// Among returns the wanted tokens. It measures ages by Okta's clock. It returns an error
// if the answer depends on a field that could not be read.
func (c Choice) Among(client *okta.Client, tokens []okta.RefreshToken) ([]okta.RefreshToken, error) {
	var chosen []okta.RefreshToken
	if c.Filter.ByAge() {
		if err := client.CheckClock(); err != nil {
			return nil, err
		}
	}
	now := client.Now()
	for _, token := range tokens {
		if c.Alive && !token.Alive() {
			continue
		}
		matches, err := c.Filter.Match(token, now)
		if err != nil {
			return nil, err
		}
		if matches {
			chosen = append(chosen, token)
		}
	}
	return chosen, nil
}

// List has the wanted tokens of a parent's list.
type List struct {
	Parent
	Tokens   []okta.RefreshToken
	notFound error // the error of a list that is [Parent.Missing]
}

// Find reads the lists of a target's parents to their ends, in parallel, and returns the
// wanted tokens of each. It leaves out parents that were deleted meanwhile.
func Find(ctx context.Context, client *okta.Client, target Target, choice Choice, options ...okta.ReadOption) ([]*List, error) {
	parents, err := target.Parents(ctx, client)
	if err != nil {
		return nil, err
	}
	lists := make([]*List, len(parents))
	for i, parent := range parents {
		lists[i] = &List{Parent: parent}
	}
	err = Each(ctx, client, lists, func(ctx context.Context, l *List) error {
		_, err := Read(ctx, client, l.Parent.Parent, choice.Filter.ByAge(), func(tokens []okta.RefreshToken) error {
			chosen, err := choice.Among(client, tokens)
			l.Tokens = append(l.Tokens, chosen...)
			return err
		}, options...)
		if l.Missing(err) {
			l.notFound = err
			return nil
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	missing := map[Parent]error{}
	for _, l := range lists {
		if l.notFound != nil {
			missing[l.Parent] = l.notFound
		}
	}
	if err := ConfirmGone(ctx, client, missing); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(lists, func(l *List) bool { return l.notFound != nil }), nil
}

// Sorted sorts items, oldest first, and removes duplicates.
func Sorted[T interface{ Compare(T) int }](found []T) []T {
	slices.SortFunc(found, T.Compare)
	return slices.CompactFunc(found, func(a, b T) bool { return a.Compare(b) == 0 })
}
