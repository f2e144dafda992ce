package provider

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// add adds evidence to a record and keeps its lists in order: IDs by themselves,
// tokens by age.
func (r rows) add(found rows) error {
	ids := append(r[revokedIDsName], found[revokedIDsName]...)
	slices.SortFunc(ids, func(a, b tftypes.Value) int { return strings.Compare(textOf(a), textOf(b)) })
	r[revokedIDsName] = slices.CompactFunc(ids, tftypes.Value.Equal)

	byAge, err := tokensByAge(append(r[revokedTokensName], found[revokedTokensName]...))
	r[revokedTokensName] = byAge
	return err
}

// tokensByAge sorts token objects as [okta.RefreshToken.Compare] does.
func tokensByAge(tokens []tftypes.Value) ([]tftypes.Value, error) {
	type aged struct {
		created time.Time
		id      string
		value   tftypes.Value
	}
	keyed := make([]aged, len(tokens))
	for i, token := range tokens {
		var members map[string]tftypes.Value
		if err := token.As(&members); err != nil {
			return nil, err
		}
		keyed[i] = aged{id: textOf(members["id"]), value: token}
		if created := textOf(members["created"]); created != "" {
			var err error
			if keyed[i].created, err = time.Parse(time.RFC3339, created); err != nil {
				return nil, err
			}
		}
	}
	slices.SortFunc(keyed, func(a, b aged) int {
		return cmp.Or(a.created.Compare(b.created), strings.Compare(a.id, b.id))
	})
	for i, token := range keyed {
		tokens[i] = token.value
	}
	return tokens, nil
}

// textOf is a string value, or empty for null.
func textOf(value tftypes.Value) string {
	var text *string
	if err := value.As(&text); err != nil || text == nil {
		return ""
	}
	return *text
}
