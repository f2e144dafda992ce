package okta

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const never = time.Duration(-1)
	type span struct{ from, to time.Duration }
	no, first, third := span{never, never}, span{250 * time.Millisecond, 500 * time.Millisecond}, span{time.Second, 2 * time.Second}
	exactly := func(d time.Duration) span { return span{d, d} }
	status := func(code int) roundTripFunc { return reply(code, "") }
	synctest.Test(t, func(t *testing.T) {
		reset := epoch(time.Now(), 20)
		tooMany := func(fields ...string) roundTripFunc { return reply(http.StatusTooManyRequests, "", fields...) }
		for name, tc := range map[string]struct {
			step    roundTripFunc
			attempt int
			want    span // of a request that may be replayed
			unsafe  span // of one that may not
		}{
			"200": {status(200), 1, no, no}, "204": {status(204), 1, no, no}, "302": {status(302), 1, no, no},
			"400": {status(400), 1, no, no}, "401": {status(401), 1, no, no}, "403": {status(403), 1, no, no},
			"404": {status(404), 1, no, no}, "501": {status(501), 1, no, no}, "505": {status(505), 1, no, no},
			"500": {status(500), 1, first, no}, "502": {status(502), 1, first, no},
			"503": {status(503), 1, first, no}, "504": {status(504), 3, third, no},

			"429":                       {tooMany(rateLimit(0, 50, 0, 20)...), 1, exactly(21 * time.Second), exactly(21 * time.Second)},
			"429, clock ahead":          {tooMany(rateLimit(time.Hour, 50, 0, 20)...), 1, exactly(21 * time.Second), exactly(21 * time.Second)},
			"429, clock behind":         {tooMany(rateLimit(-time.Hour, 50, 0, 20)...), 3, exactly(21 * time.Second), exactly(21 * time.Second)},
			"429 without a date":        {tooMany(headerLimit, "50", headerReset, reset), 1, exactly(21 * time.Second), exactly(21 * time.Second)},
			"429 with a date of no use": {tooMany("Date", "today", headerReset, reset), 1, exactly(21 * time.Second), exactly(21 * time.Second)},
			"429 without a reset":       {tooMany(), 1, exactly(time.Second), exactly(time.Second)},
			"429, reset of no use":      {tooMany(headerReset, "soon"), 1, exactly(time.Second), exactly(time.Second)},
			"429, reset in the past":    {tooMany(headerReset, "1"), 3, third, third},
			"429, reset just now":       {tooMany(rateLimit(0, 50, 0, 0)...), 1, exactly(time.Second), exactly(time.Second)},
			"429, reset now, third":     {tooMany(rateLimit(0, 50, 0, -1)...), 3, third, third},
			"429 about concurrency":     {tooMany(rateLimit(0, 0, 0, 20)...), 3, third, third},

			"429, seconds to wait":       {tooMany(headerRetryAfter, "7"), 1, exactly(7 * time.Second), exactly(7 * time.Second)},
			"429, a date to wait for":    {tooMany(headerRetryAfter, httpDate(90*time.Second), "Date", httpDate(time.Minute)), 1, exactly(30 * time.Second), exactly(30 * time.Second)},
			"429, a date, no clock":      {tooMany(headerRetryAfter, httpDate(45*time.Second)), 1, exactly(45 * time.Second), exactly(45 * time.Second)},
			"429, wait beyond the reset": {tooMany(append(rateLimit(0, 50, 0, 20), headerRetryAfter, "40")...), 1, exactly(40 * time.Second), exactly(40 * time.Second)},
			"429, reset beyond the wait": {tooMany(append(rateLimit(0, 50, 0, 20), headerRetryAfter, "4")...), 1, exactly(21 * time.Second), exactly(21 * time.Second)},
			"429, concurrency and wait":  {tooMany(append(rateLimit(0, 0, 0, 20), headerRetryAfter, "4")...), 1, exactly(4 * time.Second), exactly(4 * time.Second)},
			"429, wait of no use":        {tooMany(append(rateLimit(0, 50, 0, 20), headerRetryAfter, "soon")...), 1, exactly(21 * time.Second), exactly(21 * time.Second)},
			"429, wait in the past":      {tooMany(headerRetryAfter, "-5"), 1, exactly(time.Second), exactly(time.Second)},
			"429, wait of ages":          {tooMany(headerRetryAfter, "99999999999999999999"), 1, exactly(24 * time.Hour), exactly(24 * time.Hour)},
			"429, headers joined":        {tooMany("Date", httpDate(0), headerLimit, "50, 50", headerRemaining, "0, 0", headerReset, reset+", "+reset), 1, exactly(21 * time.Second), exactly(21 * time.Second)},
			"503, seconds to wait":       {reply(503, "", headerRetryAfter, "7"), 1, exactly(7 * time.Second), no},
			"503, a date to wait for":    {reply(503, "", headerRetryAfter, httpDate(30*time.Second), "Date", httpDate(0)), 1, exactly(30 * time.Second), no},

			"408": {status(408), 1, first, no}, "425": {status(425), 1, first, no}, "407": {status(407), 1, no, no}, "451": {status(451), 1, no, no},
			"520": {status(520), 1, first, no}, "522": {status(522), 1, first, no}, "524": {status(524), 3, third, no}, "530": {status(530), 1, first, no},
			"519": {status(519), 1, no, no}, "531": {status(531), 1, no, no}, "511": {status(511), 1, no, no},

			"connection refused": {fail(errDial), 1, first, first},
			"connection reset":   {fail(errReset), 3, third, no},
			"closed":             {fail(io.EOF), 1, first, no},
			"truncated":          {fail(fmt.Errorf("reading: %w", io.ErrUnexpectedEOF)), 1, first, no},
			"nothing sent":       {fail(unsent(errors.New("x"))), 1, first, first},
			"unknown name":       {fail(&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}), 1, no, no},
			"resolver down":      {fail(&net.OpError{Op: "dial", Err: &net.DNSError{IsTemporary: true}}), 1, first, first},
			"certificate":        {fail(&tls.CertificateVerificationError{Err: io.EOF}), 1, no, no},
			"too large":          {fail(errBodyTooLarge), 1, no, no},
			"no room":            {fail(unsent(&NoRoomError{})), 1, no, no},
		} {
			for kind, ctx := range map[string]context.Context{"safe": t.Context(), "unsafe": withoutReplay(t.Context())} {
				want := tc.want
				if kind == "unsafe" {
					want = tc.unsafe
				}
				req, err := http.NewRequestWithContext(ctx, http.MethodDelete, "https://acme.okta.com"+tokenPath, nil)
				if err != nil {
					t.Fatal(err)
				}
				resp, err := tc.step(req)
				if err == nil {
					defer resp.Body.Close()
				}
				got, worthwhile := retryAfter(req, resp, err, tc.attempt)
				if !worthwhile {
					got = never
				}
				if got < want.from || got > want.to {
					t.Errorf("%s, %s: got %s, want %s to %s", name, kind, got, want.from, want.to)
				}
			}
		}
	})
}

func TestRetryAfterGivesUpWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://acme.okta.com"+tokenPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, worthwhile := retryAfter(req, nil, errReset, 1); worthwhile {
		t.Error("another attempt is worthwhile after the context ended, want it not to be")
	}
}

func TestBackoffDoublesWithinBounds(t *testing.T) {
	t.Parallel()
	for attempt, full := range map[int]time.Duration{
		1: 500 * time.Millisecond, 2: time.Second, 3: 2 * time.Second, 6: 16 * time.Second,
		7: 30 * time.Second, 11: 30 * time.Second, 64: 30 * time.Second, 1000: 30 * time.Second,
	} {
		var waits []time.Duration
		for range 100 {
			waits = append(waits, backoff(attempt))
		}
		shortest, longest := slices.Min(waits), slices.Max(waits)
		if shortest < full/2 || longest > full || shortest == longest {
			t.Errorf("attempt %d: got waits from %s to %s, want differing ones from %s to %s", attempt, shortest, longest, full/2, full)
		}
	}
}

// revoke revokes one token, or all of them, of an app.
func revoke(ctx context.Context, c *Client, id string) error {
	if id == "" {
		return c.RevokeAllRefreshTokens(ctx, App("0oa1"))
	}
	return c.RevokeRefreshToken(ctx, App("0oa1"), id)
}

func TestRetrierRepeatsWhatIsSafe(t *testing.T) {
	t.Parallel()
	done := reply(http.StatusNoContent, "")
	down := reply(http.StatusServiceUnavailable, "")
	for name, tc := range map[string]struct {
		step     roundTripFunc
		id       string // "" revokes all
		attempts int
	}{
		"one after 503":            {down, "oar1", 2},
		"one after a reset":        {fail(errReset), "oar1", 2},
		"one after 429":            {limited, "oar1", 2},
		"one after a failed dial":  {fail(errDial), "oar1", 2},
		"one after 403":            {reply(http.StatusForbidden, ""), "oar1", 1},
		"all after 503":            {down, "", 1},
		"all after 500":            {reply(http.StatusInternalServerError, ""), "", 1},
		"all after a reset":        {fail(errReset), "", 1},
		"all after no answer":      {hang, "", 1},
		"all after an empty 200":   {reply(http.StatusOK, ""), "", 1},
		"all after 429":            {limited, "", 2},
		"all after a failed dial":  {fail(errDial), "", 2},
		"all after an unknown CA":  {fail(&tls.CertificateVerificationError{Err: io.EOF}), "", 1},
		"one after an unknown CA":  {fail(&tls.CertificateVerificationError{Err: io.EOF}), "oar1", 1},
		"one after an unknown org": {fail(&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}), "oar1", 1},
	} {
		bubble(t, name, func(t *testing.T) {
			network := play(tc.step, done)
			err := revoke(t.Context(), testClient(network), tc.id)
			if got := len(network.requests()); got != tc.attempts {
				t.Errorf("got %d requests, want %d", got, tc.attempts)
			}
			if (err == nil) != (tc.attempts == 2) {
				t.Errorf("got %v after %d attempts", err, tc.attempts)
			}
		})
	}
}

func TestRetrierRepeatsGET(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]roundTripFunc{
		"500": reply(http.StatusInternalServerError, ""), "502": reply(http.StatusBadGateway, ""),
		"503": reply(http.StatusServiceUnavailable, ""), "504": reply(http.StatusGatewayTimeout, ""), "429": limited,
		"a reset": fail(errReset), "a failed dial": fail(errDial), "no answer": hang, "half an answer": reply(http.StatusOK, "[{"),
	} {
		bubble(t, name, func(t *testing.T) {
			network := play(step, step, pageOf("", "oar1"))
			tokens, err := collect(t, testClient(network).RefreshTokens(t.Context(), App("0oa1")))
			if err != nil || len(tokens) != 1 || len(network.requests()) != 3 {
				t.Errorf("got %d tokens, %v after %d requests, want 1 after 3", len(tokens), err, len(network.requests()))
			}
		})
	}
}

func TestRetrierWaitsForTheServersClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{-time.Hour, 0, time.Hour} {
		bubble(t, ahead.String(), func(t *testing.T) {
			network := play(reply(http.StatusTooManyRequests, "", rateLimit(ahead, 50, 0, 20)...), reply(http.StatusNoContent, ""))
			start := time.Now()
			wantError(t, revoke(t.Context(), testClient(network), "oar1"), "")
			wantElapsed(t, start, 21*time.Second)
			wantRequests(t, network, "DELETE "+tokenPath, "DELETE "+tokenPath)
		})
	}
}

// Okta calls the reset of a concurrency limit a suggestion.
func TestRetrierDoesNotWaitForTheResetOfAConcurrencyLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := play(reply(http.StatusTooManyRequests, "", rateLimit(0, 0, 0, 60)...), reply(http.StatusNoContent, ""))
		start := time.Now()
		wantError(t, revoke(t.Context(), testClient(network), "oar1"), "")
		if got := time.Since(start); got < 250*time.Millisecond || got > 500*time.Millisecond {
			t.Errorf("it took %s, want 250ms to 500ms", got)
		}
	})
}

func TestRetrierKeepsToItsAttempts(t *testing.T) {
	t.Parallel()
	tooMany := reply(http.StatusTooManyRequests, oktaError("E0000047", "Too many"))
	for _, maxRetries := range []int{0, 1, 5} {
		bubble(t, fmt.Sprint(maxRetries), func(t *testing.T) {
			network := play(tooMany)
			err := revoke(t.Context(), testClient(network, func(cfg *Config) { cfg.MaxRetries = maxRetries }), "oar1")
			after := ""
			if maxRetries > 0 {
				after = fmt.Sprintf(", after %d attempts", maxRetries+1)
			}
			wantError(t, err, "okta: DELETE "+tokenPath+": 429 E0000047: Too many [error ID oae1]"+after)
			if got := len(network.requests()); got != maxRetries+1 || !IsRateLimited(err) {
				t.Errorf("got %d requests, rate limited %t, want %d and true", got, IsRateLimited(err), maxRetries+1)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		err := revoke(t.Context(), testClient(play(fail(errReset))), "oar1")
		wantError(t, err, "okta: DELETE "+tokenPath+": read tcp: connection reset by peer, after 6 attempts")
	})
}

func TestRetrierKeepsToItsWait(t *testing.T) {
	t.Parallel()
	for maxWait, want := range map[time.Duration]struct {
		requests int
		elapsed  time.Duration
	}{
		0:                {1, 0},
		20 * time.Second: {1, 0},
		21 * time.Second: {2, 21 * time.Second},
		41 * time.Second: {2, 21 * time.Second},
		42 * time.Second: {3, 42 * time.Second},
	} {
		bubble(t, maxWait.String(), func(t *testing.T) {
			network := play(limited)
			start := time.Now()
			err := revoke(t.Context(), testClient(network, func(cfg *Config) { cfg.MaxWait = maxWait }), "oar1")
			wantElapsed(t, start, want.elapsed)
			if e := answered(t, err); e.Code != "E0000047" || e.Attempts != want.requests || len(network.requests()) != want.requests {
				t.Errorf("MaxWait %s: got %v after %d requests, want Okta's words after %d", maxWait, err, len(network.requests()), want.requests)
			}
		})
	}
}

func TestRetrierLeavesTheRequestAsItWas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://acme.okta.com"+tokenPath, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := (&retrier{next: play(limited, anything), budget: budget{retries: 1, wait: time.Minute}}).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if len(req.Header) != 0 {
			t.Errorf("the caller's request got the header %v, want it untouched", req.Header)
		}
	})
}

func TestRetrierMarksRepeatedRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := play(
			reply(http.StatusServiceUnavailable, "", requestID, "req1"), fail(errReset),
			reply(http.StatusServiceUnavailable, "", requestID, "req3"), reply(http.StatusNoContent, ""))
		wantError(t, revoke(t.Context(), testClient(network), "oar1"), "")
		for i, want := range []struct{ count, of string }{{"", ""}, {"1", "req1"}, {"2", "req1"}, {"3", "req3"}} {
			header := network.sent[i].Header
			if header.Get("X-Okta-Retry-Count") != want.count || header.Get("X-Okta-Retry-For") != want.of {
				t.Errorf("attempt %d: got count %q of %q, want %q of %q", i+1,
					header.Get("X-Okta-Retry-Count"), header.Get("X-Okta-Retry-For"), want.count, want.of)
			}
		}
	})
}

func TestRetrierStopsWaitingWithTheContext(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		step          roundTripFunc
		wantUncertain bool
		want          string
	}{
		"429": {limited, false, "429 E0000047: Too many [error ID oae1]"},
		"503": {reply(http.StatusServiceUnavailable, ""), true, "503 Service Unavailable"},
	} {
		bubble(t, name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			network := play(tc.step)
			start := time.Now()
			err := revoke(ctx, testClient(network), "oar1")
			wantElapsed(t, start, 100*time.Millisecond)
			wantError(t, err, "okta: DELETE "+tokenPath+": "+tc.want)
			if IsUncertain(err) != tc.wantUncertain {
				t.Errorf("uncertain: got %t, want %t", IsUncertain(err), tc.wantUncertain)
			}
			wantRequests(t, network, "DELETE "+tokenPath)
		})
	}
}

// The end of a wait does not hide how the request before it failed.
func TestInterruptedWaitKeepsWhatFailedBefore(t *testing.T) {
	t.Parallel()
	for failed, wantUncertain := range map[error]bool{errDial: false, errReset: true} {
		bubble(t, failed.Error(), func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			err := revoke(ctx, testClient(play(fail(failed))), "oar1")
			if e := transportError(t, err); e.MayHaveLanded != wantUncertain || !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, failed) {
				t.Errorf("got %v, sent %t, want both %v and the interruption, sent %t", err, e.MayHaveLanded, failed, wantUncertain)
			}
		})
	}
}

// httpDate is a later time as a header has it.
func httpDate(later time.Duration) string { return time.Now().Add(later).UTC().Format(http.TimeFormat) }
