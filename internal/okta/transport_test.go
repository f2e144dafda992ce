package okta

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// slowly is a step of a script that takes so long, unless it is given up.
func slowly(d time.Duration, step roundTripFunc) roundTripFunc {
	return func(req *http.Request) (*http.Response, error) {
		if err := sleep(req.Context(), d); err != nil {
			return nil, err
		}
		return step(req)
	}
}

// interrupted is a context that ends so long after now, as if by Ctrl-C.
func interrupted(t *testing.T, after time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	timer := time.AfterFunc(after, cancel)
	t.Cleanup(func() {
		timer.Stop()
		cancel()
	})
	return ctx
}

func TestInterruptedDeleteStillTellsItsAnswer(t *testing.T) {
	t.Parallel()
	down := reply(http.StatusServiceUnavailable, oktaError("E0000010", "Read only"))
	for name, tc := range map[string]struct {
		step roundTripFunc
		took time.Duration
		want string // "" for success
	}{
		"success":       {slowly(3*time.Second, anything), 3 * time.Second, ""},
		"just in time":  {slowly(12900*time.Millisecond, anything), 12900 * time.Millisecond, ""},
		"refusal":       {slowly(3*time.Second, reply(http.StatusForbidden, "")), 3 * time.Second, "403 Forbidden"},
		"failure":       {slowly(3*time.Second, down), 3 * time.Second, "503 E0000010: Read only [error ID oae1]"},
		"rate limit":    {slowly(3*time.Second, limited), 3 * time.Second, "429 E0000047: Too many [error ID oae1]"},
		"hang-up":       {slowly(3*time.Second, fail(io.EOF)), 3 * time.Second, "context canceled"},
		"not in time":   {slowly(13100*time.Millisecond, anything), 13 * time.Second, "context canceled"},
		"not at all":    {hang, 13 * time.Second, "context canceled"},
		"body too late": {trickle, 13 * time.Second, "context canceled"},
	} {
		for _, id := range []string{"oar1", ""} {
			bubble(t, name+" "+id, func(t *testing.T) {
				network := play(tc.step)
				start := time.Now()
				err := revoke(interrupted(t, time.Second), testClient(network), id)
				wantElapsed(t, start, tc.took)
				if got := len(network.requests()); got != 1 {
					t.Errorf("got %d requests, want 1: none begins after the interruption", got)
				}
				if tc.want == "" {
					wantError(t, err, "")
					return
				}
				if err == nil || !strings.HasSuffix(err.Error(), ": "+tc.want) {
					t.Errorf("got %v, want %s", err, tc.want)
				}
				answered, ok := errors.AsType[*Error](err)
				if want := !ok || answered.StatusCode == http.StatusServiceUnavailable; IsUncertain(err) != want {
					t.Errorf("%v: uncertain %t, want %t", err, IsUncertain(err), want)
				}
			})
		}
	}
}

// trickle is a step of a script: an answer whose body never comes.
func trickle(req *http.Request) (*http.Response, error) {
	resp := answer(req, http.StatusOK, "")
	resp.Body = io.NopCloser(stalled{req.Context()})
	return resp, nil
}

type stalled struct{ ctx context.Context }

func (s stalled) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}

func TestInterruptedGETEndsAtOnce(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]roundTripFunc{
		"no answer": hang, "no body": trickle, "waiting to repeat": limited,
	} {
		bubble(t, name, func(t *testing.T) {
			network := play(step)
			start := time.Now()
			_, err := testClient(network).RefreshToken(interrupted(t, time.Second), App("0oa1"), "oar1")
			wantElapsed(t, start, time.Second)
			if err == nil || len(network.requests()) != 1 {
				t.Errorf("got %v after %d requests, want an error after 1", err, len(network.requests()))
			}
		})
	}
}

// A context with a cause of its own says more than "context canceled".
func TestInterruptionKeepsItsCause(t *testing.T) {
	t.Parallel()
	errStop := errors.New("the operation was stopped")
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		timer := time.AfterFunc(time.Second, func() { cancel(errStop) })
		defer timer.Stop()
		_, err := testClient(play(hang)).RefreshToken(ctx, App("0oa1"), "oar1")
		wantError(t, err, "okta: GET "+tokenPath+": the operation was stopped")
		err = revoke(ctx, testClient(play(hang)), "oar1")
		if !errors.Is(err, errStop) || IsUncertain(err) {
			t.Errorf("got %v, uncertain %t, want %v and certainty", err, IsUncertain(err), errStop)
		}
	})
}

// The grace period is for requests that were sent. A DELETE without a connection was not,
// and must not be.
func TestInterruptedDialSendsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := newNetwork(nil, 1)
		network.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
			if err := sleep(ctx, 3*time.Second); err != nil {
				return nil, err
			}
			client, server := net.Pipe()
			go func() {
				defer server.Close()
				if req, err := http.ReadRequest(bufio.NewReader(server)); err == nil {
					t.Errorf("the server got %s %s after the interruption, want nothing", req.Method, req.URL)
				}
			}()
			return client, nil
		}
		c := testClient(network, once, func(cfg *Config) { cfg.OrgURL = &url.URL{Scheme: "http", Host: "localhost"} })
		if err := revoke(interrupted(t, time.Second), c, ""); !errors.Is(err, context.Canceled) || IsUncertain(err) {
			t.Errorf("got %v, uncertain %t, want context.Canceled and certainty", err, IsUncertain(err))
		}
		network.CloseIdleConnections()
	})
	synctest.Test(t, func(t *testing.T) {
		err := revoke(interrupted(t, time.Second), testClient(play(slowly(3*time.Second, fail(errDial)))), "")
		if IsUncertain(err) {
			t.Errorf("a dial that failed after the interruption: got %v, uncertain, want certain", err)
		}
	})
}

// A select picks one of several ready channels at random, so one try would prove nothing.
func TestNothingIsSentAfterTheInterruption(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	network := play(anything)
	c := testClient(network)
	for range 50 {
		for _, id := range []string{"oar1", ""} {
			if err := revoke(ctx, c, id); !errors.Is(err, context.Canceled) || IsUncertain(err) {
				t.Fatalf("got %v, uncertain %t, want context.Canceled and certainty", err, IsUncertain(err))
			}
		}
		if _, err := c.RefreshToken(ctx, App("0oa1"), "oar1"); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want context.Canceled", err)
		}
	}
	wantRequests(t, network)
}

func TestNoPageIsAskedForAfterTheInterruption(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	network := play(manyTokens(t, 1000))
	pages := 0
	for _, err := range testClient(network).RefreshTokenPages(ctx, App("0oa1")) {
		if pages++; pages == 2 && !errors.Is(err, context.Canceled) {
			t.Errorf("second page: got %v, want context.Canceled", err)
		}
		cancel()
	}
	wantRequests(t, network, listRequest+"?limit=200")
	if pages != 2 {
		t.Errorf("got %d pages and errors, want 2", pages)
	}
}

func TestAttemptEndsAfterItsTimeout(t *testing.T) {
	t.Parallel()
	const want = ": no complete answer within 2s"
	patient := func(cfg *Config) { cfg.RequestTimeout, cfg.MaxRetries = 2*time.Second, 0 }
	for name, step := range map[string]roundTripFunc{"no answer": hang, "no body": trickle} {
		bubble(t, name, func(t *testing.T) {
			c := testClient(play(step), patient)
			start := time.Now()
			_, err := c.RefreshToken(t.Context(), App("0oa1"), "oar1")
			wantElapsed(t, start, 2*time.Second)
			wantError(t, err, "okta: GET "+tokenPath+want)

			start = time.Now()
			err = revoke(t.Context(), c, "")
			wantElapsed(t, start, 2*time.Second)
			wantError(t, err, "okta: DELETE "+tokensPath+want)
			if !IsUncertain(err) {
				t.Errorf("%v is certain, want uncertain", err)
			}

			start = time.Now()
			err = revoke(interrupted(t, time.Second), c, "oar1")
			wantElapsed(t, start, 2*time.Second) // the grace prolongs no timeout
			wantError(t, err, "okta: DELETE "+tokenPath+want)
		})
	}
}

// lateDial is the error of a dial that timed out.
func lateDial(t *testing.T) error {
	t.Helper()
	conn, err := (&net.Dialer{Deadline: time.Unix(1, 0)}).DialContext(t.Context(), "tcp", "127.0.0.1:9")
	if err == nil {
		conn.Close()
		t.Fatal("got a connection, want none in no time")
	}
	return err
}

// Go's own timeouts look like the end of a context. A caller must only see the end of its
// own.
func TestTimeoutOfTheNetworkIsNotThatOfTheRun(t *testing.T) {
	t.Parallel()
	dial := lateDial(t)
	if !errors.Is(dial, context.DeadlineExceeded) {
		t.Fatalf("got the error %v of a dial, want one that passes for a context's", dial)
	}
	for name, tc := range map[string]struct {
		step roundTripFunc
		sent bool
	}{
		"a dial":          {fail(dial), false},
		"a connection":    {fail(&net.OpError{Op: "read", Net: "tcp", Err: context.DeadlineExceeded}), true},
		"another context": {fail(context.Canceled), true},
		"the attempt":     {hang, true},
		"its body":        {trickle, true},
	} {
		bubble(t, name, func(t *testing.T) {
			c := testClient(play(tc.step), once)
			_, reading := c.RefreshToken(t.Context(), App("0oa1"), "oar1")
			for _, err := range []error{reading, revoke(t.Context(), c, "oar1"), list(t, serviceClient(play(tc.step), once))} {
				if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || !IsUnavailable(err) {
					t.Errorf("got %v, want it to be the network's and no context's", err)
				}
			}
			err := revoke(t.Context(), c, "oar1")
			if IsUncertain(err) != tc.sent {
				t.Errorf("got %v, uncertain %t, want %t", err, IsUncertain(err), tc.sent)
			}
			if op, ok := errors.AsType[*net.OpError](err); strings.HasSuffix(name, "dial") && (!ok || op.Op != "dial") {
				t.Errorf("got %v, want it to wrap that of the dial", err)
			}

			ended, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := revoke(ended, testClient(play(slowly(2*time.Second, tc.step))), "oar1"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v after the run's own deadline, want it reported", err)
			}
		})
	}
}

func TestEachAttemptHasItsOwnTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		network := play(hang, hang, slowly(1900*time.Millisecond, anything))
		c := testClient(network, func(cfg *Config) { cfg.RequestTimeout = 2 * time.Second })
		start := time.Now()
		wantError(t, revoke(t.Context(), c, "oar1"), "")
		if got := time.Since(start); got < 5900*time.Millisecond || len(network.requests()) != 3 {
			t.Errorf("it took %s and %d requests, want over 5.9s and 3", got, len(network.requests()))
		}
	})
}

func TestBodyIsReadUpToALimit(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body string
		want bool
	}{
		"array": {"[]", false}, "object": {"{}", false}, "blanks": {" [ ]\r\n", false}, "HTML": {"<html>", false},
		"null": {"null", false}, "nothing": {"", true}, "only blanks": {" \n", true},
		"open array": {`[{"id":"x"}`, true}, "open object": {`{"id":`, true}, "mixed up": {"[}", true},
	} {
		if got := isTruncated([]byte(tc.body)); got != tc.want {
			t.Errorf("isTruncated of %s: got %t, want %t", name, got, tc.want)
		}
	}
	resp := &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(zeros{})}
	defer resp.Body.Close()
	if err := readWhole(resp); !errors.Is(err, errBodyTooLarge) {
		t.Errorf("an endless body: got %v, want %v", err, errBodyTooLarge)
	}
}
