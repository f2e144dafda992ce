package protocol

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// streaming is a server with streams that take some time to end after a stop.
type streaming struct {
	Server
	takes time.Duration // from the end of the context to the end of the stream
	err   error         // instead of a stream
}

func (s *streaming) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (s *streaming) run(ctx context.Context) {
	<-ctx.Done()
	<-time.After(s.takes)
}

func (s *streaming) InvokeAction(ctx context.Context, _ *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	if s.err != nil {
		return nil, s.err
	}
	return &tfprotov6.InvokeActionServerStream{Events: func(push func(tfprotov6.InvokeActionEvent) bool) {
		s.run(ctx)
		push(tfprotov6.InvokeActionEvent{Type: tfprotov6.CompletedInvokeActionEventType{}})
	}}, nil
}

func (s *streaming) ListResource(ctx context.Context, _ *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	if s.err != nil {
		return nil, s.err
	}
	return &tfprotov6.ListResourceServerStream{Results: func(push func(tfprotov6.ListResourceResult) bool) {
		s.run(ctx)
		push(tfprotov6.ListResourceResult{})
	}}, nil
}

// ends is how a stream ended.
type ends struct {
	err   error
	last  bool                    // whether its final event arrived
	diags []*tfprotov6.Diagnostic // in its final event
}

// streams start a stream of each kind and read it to its end, as plugin-go does.
var streams = map[string]func(context.Context, *drain) ends{
	"action": func(ctx context.Context, s *drain) (end ends) {
		stream, err := s.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{})
		if err != nil {
			return ends{err: err}
		}
		for event := range stream.Events {
			if completed, ok := event.Type.(tfprotov6.CompletedInvokeActionEventType); ok {
				end = ends{last: true, diags: completed.Diagnostics}
			}
		}
		return end
	},
	"list": func(ctx context.Context, s *drain) (end ends) {
		stream, err := s.ListResource(ctx, &tfprotov6.ListResourceRequest{})
		if err != nil {
			return ends{err: err}
		}
		for result := range stream.Results {
			end = ends{last: true, diags: result.Diagnostics}
		}
		return end
	},
}

// stopAfter stops a server and returns how long that took.
func stopAfter(t *testing.T, s *drain, wait time.Duration) time.Duration {
	t.Helper()
	<-time.After(wait)
	start := time.Now()
	if _, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
		t.Error(err)
	}
	return time.Since(start)
}

func TestStopWaitsForTheFinalEventOfAStream(t *testing.T) {
	t.Parallel()
	for kind, stream := range streams {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newDrain(&streaming{takes: 3 * time.Second})
				ended := make(chan ends, 2)
				for range 2 {
					go func() { ended <- stream(t.Context(), s) }()
				}
				if took := stopAfter(t, s, time.Minute); took != 3*time.Second {
					t.Errorf("the stop took %s, want 3s", took)
				}
				for range 2 {
					select {
					case end := <-ended:
						if !end.last {
							t.Error("a stream ended without its final event")
						}
					default: // plugin-go would cut it off now
						t.Error("the stop returned before a stream ended")
					}
				}
			})
		})
	}
}

func TestStopDoesNotWaitForever(t *testing.T) {
	t.Parallel()
	for kind, stream := range streams {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newDrain(&streaming{takes: time.Hour})
				go stream(t.Context(), s)
				if took := stopAfter(t, s, time.Second); took != stopGrace {
					t.Errorf("the stop took %s, want %s", took, stopGrace)
				}
				<-time.After(time.Hour) // the bubble waits for the stream
			})
		})
	}
}

func TestStopOfAnIdleProvider(t *testing.T) {
	t.Parallel()
	for kind, stream := range streams {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				inner := &streaming{err: errors.New("no stream")}
				s := newDrain(inner)
				if end := stream(t.Context(), s); !errors.Is(end.err, inner.err) {
					t.Errorf("got the error %v, want %v", end.err, inner.err)
				}
				inner.err = nil
				ended, cancel := context.WithCancel(t.Context())
				cancel()
				stream(ended, s)
				if took := stopAfter(t, s, 0); took != 0 {
					t.Errorf("the stop took %s, want nothing", took)
				}
			})
		})
	}
}

// A stream that Terraform asks for during a stop is not started and not reported as
// a success.
func TestNoStreamIsStartedDuringAStop(t *testing.T) {
	t.Parallel()
	for kind, stream := range streams {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newDrain(&streaming{takes: 3 * time.Second})
				go stream(t.Context(), s)
				stopped := make(chan time.Duration, 1)
				go func() { stopped <- stopAfter(t, s, time.Second) }()
				<-time.After(2 * time.Second)
				end := stream(t.Context(), s)
				if len(end.diags) != 1 || end.diags[0].Severity != tfprotov6.DiagnosticSeverityError || end.diags[0].Summary != "Interrupted" {
					t.Errorf("got %v, want the error Interrupted", end.diags)
				}
				<-stopped
				again, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				if end := stream(again, s); !end.last || len(end.diags) > 0 {
					t.Errorf("got %+v from a stream after the stop, want it to run", end)
				}
			})
		})
	}
}

// A decorator must not hide what the framework's server can do: plugin-go would
// report that there are no actions.
func TestEveryDecoratorHasActionsAndLists(t *testing.T) {
	t.Parallel()
	inner := &streaming{}
	for _, decorated := range []any{BulkLists(inner), nullArguments{inner}, newDrain(inner), newInterruptible(inner)} {
		if _, ok := decorated.(Server); !ok {
			t.Errorf("%T lacks actions or lists", decorated)
		}
	}
	if _, ok := served(inner).Server.(*drain); !ok {
		t.Error("the served provider cuts streams off when it is stopped")
	}
}
