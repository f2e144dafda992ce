package oktafake

import "sync"

// gate counts the requests under way.
type gate struct {
	mu       sync.Mutex
	underWay int
}

// enter counts a request until it leaves, unless there are limit requests under way already, which
// makes it crowded. A limit of zero is none.
func (g *gate) enter(limit int) (leave func(), crowded bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if limit > 0 && g.underWay >= limit {
		return func() {}, true
	}
	g.underWay++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.underWay--
	}, false
}
