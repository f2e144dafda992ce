package oktafake

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
)

const (
	idLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	idLength  = 20
	// idSuffix ends every ID, as all IDs of an org end alike.
	idSuffix = "5d7"
)

// idSource makes up IDs. The same seed gives the same IDs in the same order.
type idSource struct{ random *rand.Rand }

func newIDSource(seed uint64) idSource {
	// #nosec G404 -- IDs must be reproducible, and guard nothing.
	return idSource{rand.New(rand.NewPCG(seed, 0))}
}

// next returns an ID of 20 characters, like Okta's.
func (s idSource) next(prefix string) string {
	var id strings.Builder
	id.Grow(idLength)
	id.WriteString(prefix)
	for id.Len() < idLength-len(idSuffix) {
		id.WriteByte(idLetters[s.random.IntN(len(idLetters))])
	}
	id.WriteString(idSuffix)
	return id.String()
}

// derivedID returns an ID for something that is not stored. The same names give the same ID.
func derivedID(prefix string, length int, names ...string) string {
	hash := fnv.New64a()
	for _, name := range names {
		_, _ = hash.Write([]byte(name + "\x00"))
	}
	source := newIDSource(hash.Sum64())
	id := []byte(prefix)
	for len(id) < length {
		id = append(id, idLetters[source.random.IntN(len(idLetters))])
	}
	return string(id)
}

// IDs are n IDs, in the order of the alphabet.
func IDs(prefix string, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s%04d", prefix, i+1)
	}
	return ids
}
