package provider

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/vmihailenco/msgpack/v5"
)

// add adds evidence to a record and keeps its lists in order: IDs by themselves,
// tokens by age, each once.
func (r rows) add(found rows) error {
	var idsErr, tokensErr error
	r[revokedIDsName], idsErr = inOrder(append(r[revokedIDsName], found[revokedIDsName]...), readID, strings.Compare)
	r[revokedTokensName], tokensErr = inOrder(append(r[revokedTokensName], found[revokedTokensName]...), readRecordedToken, recordedToken.compare)
	return cmp.Or(idsErr, tokensErr)
}

// inOrder sorts rows by a key that is read from each. Rows that cannot be read
// stay as they are.
func inOrder[K any](list []msgpack.RawMessage, read func(msgpack.RawMessage) (K, error), compare func(a, b K) int) ([]msgpack.RawMessage, error) {
	type keyed struct {
		key K
		row msgpack.RawMessage
	}
	sorted := make([]keyed, len(list))
	for i, row := range list {
		key, err := read(row)
		if err != nil {
			return list, err
		}
		sorted[i] = keyed{key, row}
	}
	slices.SortFunc(sorted, func(a, b keyed) int { return compare(a.key, b.key) })
	sorted = slices.CompactFunc(sorted, func(a, b keyed) bool { return compare(a.key, b.key) == 0 })
	return toRows(sorted, func(k keyed) msgpack.RawMessage { return k.row }), nil
}

func readID(row msgpack.RawMessage) (string, error) {
	var id string
	err := msgpack.Unmarshal(row, &id)
	return id, err
}

// recordedToken is what a token of a record is sorted by.
type recordedToken struct {
	id      string
	created time.Time
}

// compare orders tokens as [okta.RefreshToken.Compare] does.
func (t recordedToken) compare(other recordedToken) int {
	return cmp.Or(t.created.Compare(other.created), strings.Compare(t.id, other.id))
}

func readRecordedToken(row msgpack.RawMessage) (recordedToken, error) {
	var token struct {
		ID      string `msgpack:"id"`
		Created string `msgpack:"created"`
	}
	if err := msgpack.Unmarshal(row, &token); err != nil || token.Created == "" {
		return recordedToken{id: token.ID}, err
	}
	created, err := time.Parse(time.RFC3339, token.Created)
	return recordedToken{token.ID, created}, err
}
