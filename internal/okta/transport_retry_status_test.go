package okta

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// The client waits as long as the server asks within the budget. Beyond it, the error
// names the time.
func TestRetryAfterIsWaitedFor(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		bubble(t, fmt.Sprint(status), func(t *testing.T) {
			network := play(reply(status, "", headerRetryAfter, "100"), reply(status, "", headerRetryAfter, "150"), reply(http.StatusNoContent, ""))
			start := time.Now()
			wantError(t, revoke(t.Context(), testClient(network), "oar1"), "")
			wantElapsed(t, start, 250*time.Second)

			network = play(reply(status, "", headerRetryAfter, "301"))
			start = time.Now()
			e := answered(t, revoke(t.Context(), testClient(network), "oar1"))
			wantElapsed(t, start, 0)
			if want := start.Add(301 * time.Second); !e.RetryAt.Equal(want) || len(network.requests()) != 1 {
				t.Errorf("got %s after %d requests, want %s after one", e.RetryAt, len(network.requests()), want)
			}
		})
	}
}

// A gateway that gave up on a request may have passed it on.
func TestGatewayThatGaveUpLeavesADeleteUncertain(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]bool{408: true, 425: false, 500: true, 520: true, 524: true, 530: true, 403: false, 407: false, 429: false} {
		bubble(t, fmt.Sprint(status), func(t *testing.T) {
			if err := revoke(t.Context(), testClient(play(reply(status, "")), once), ""); IsUncertain(err) != want {
				t.Errorf("got %v, uncertain %t, want %t", err, IsUncertain(err), want)
			}
			if status == 403 || status == 407 || status == 429 {
				return
			}
			network := play(reply(status, ""), reply(http.StatusNotFound, oktaError(CodeNotFound, "Not found")))
			e := answered(t, revoke(t.Context(), testClient(network), "oar1"))
			if e.MayHaveLanded != want || !IsNotFound(e) {
				t.Errorf("got %v, may have landed %t, want %t", e, e.MayHaveLanded, want)
			}
			if err := revoke(t.Context(), testClient(play(reply(status, "")), once), "oar1"); IsUnavailable(err) != (status != 500) {
				t.Errorf("got %v, unavailable %t", err, IsUnavailable(err))
			}
		})
	}
}
