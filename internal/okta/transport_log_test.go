package okta

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// line is a line of the log.
type line struct {
	Message string
	Fields  map[string]any
}

// logTo is the change to a client that keeps its log.
func logTo(lines *[]line) func(*Config) {
	return func(cfg *Config) {
		cfg.Log = func(_ context.Context, message string, fields map[string]any) {
			*lines = append(*lines, line{message, fields})
		}
	}
}

func TestLogTellsOfEveryAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slowly := func(req *http.Request) (*http.Response, error) {
			if err := sleep(req.Context(), 150*time.Millisecond); err != nil {
				return nil, err
			}
			return answer(req, http.StatusOK, `{"id":"oar1"}`, requestID, "req2", headerLimit, "50", headerRemaining, "49"), nil
		}
		var got []line
		c := testClient(play(fail(errReset), reply(http.StatusServiceUnavailable, "", requestID, "req1"), slowly), logTo(&got))
		if _, err := c.RefreshToken(t.Context(), App("0oa1"), "oar1", WithScopeDetails()); err != nil {
			t.Fatal(err)
		}
		const answered = "Request to Okta answered"
		want := []line{
			{"Request to Okta got no answer", map[string]any{
				"method": "GET", "path": tokenPath, "attempt": 1, "duration_ms": int64(0), "error": "read tcp: connection reset by peer",
			}},
			{answered, map[string]any{
				"method": "GET", "path": tokenPath, "attempt": 2, "duration_ms": int64(0), "status": 503, "request_id": "req1",
			}},
			{answered, map[string]any{
				"method": "GET", "path": tokenPath, "attempt": 3, "duration_ms": int64(150), "status": 200, "request_id": "req2",
				"rate_limit": "50", "rate_limit_remaining": "49",
			}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
	})
}

func TestLogHoldsNoCredentialAndNoQuery(t *testing.T) {
	t.Parallel()
	for _, last := range []roundTripFunc{
		pageOf("", "oar2"), fail(errReset), reply(http.StatusNotFound, "a body"), reply(http.StatusOK, "[{"),
	} {
		var lines []line
		c := testClient(play(pageOf(tokensPath+"?after=cursor", "oar1"), last), once, logTo(&lines))
		// The end of the list does not matter here, only its log.
		_, _ = collect(t, c.RefreshTokens(t.Context(), App("0oa1"), WithScopeDetails()))
		if len(lines) != 2 {
			t.Errorf("got %d lines, want 2", len(lines))
		}
		text := fmt.Sprint(lines)
		for _, word := range []string{secret, "SSWS", "limit=", "after", "cursor", "expand", "?", "a body"} {
			if strings.Contains(text, word) {
				t.Errorf("the log holds %q: %s", word, text)
			}
		}
	}
}
