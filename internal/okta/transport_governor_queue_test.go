package okta

import (
	"testing"
	"testing/synctest"
	"time"
)

// A share of one request a minute lets requests through one by one. None fails because of
// the time that others need: only the wait for one reset is bounded.
func TestGovernorLetsTheQueueTakeItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := &quota{limit: 100}
		c := testClient(q, func(cfg *Config) { cfg.Capacity, cfg.MaxWait = 1, 65*time.Second })
		start := time.Now()
		revokeMany(t, c, 10)
		if took := time.Since(start); took < 9*time.Minute || took > 10*time.Minute {
			t.Errorf("10 requests took %s, want a minute for each but the first", took)
		}
		if len(q.charged) != 10 || q.refused != 0 {
			t.Errorf("got %d requests and %d refused, want 10 and none", len(q.charged), q.refused)
		}
	})
}
