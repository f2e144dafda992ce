package oktafake

import "sync"

// gate counts the requests that are running.
type gate struct {
	mu       sync.Mutex
	underWay int
}

// enter counts a request until it leaves. If limit requests are already running, the request is
// crowded and not counted. A limit of zero means no limit.
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
