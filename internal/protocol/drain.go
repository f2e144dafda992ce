package protocol

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// stopGrace is how long a stop waits for running calls. They need a few seconds if a
// DELETE is waiting for its answer, and hardly any time otherwise.
const stopGrace = 20 * time.Second

// drain lets streams end before StopProvider returns.
//
// Actions and lists answer in streams. plugin-go cuts all streams off as soon as
// StopProvider returns. Terraform treats a stream without a final event as a
// success, so it would report an interrupted action as complete.
type drain struct {
	Server
	grace time.Duration

	mu       sync.Mutex
	stopping int // calls of StopProvider that have not returned
	streams  map[*stream]struct{}
}

// stream is a running stream.
type stream struct {
	cancel context.CancelFunc
	ended  chan struct{}
}

func newDrain(inner Server) *drain {
	return &drain{Server: inner, grace: stopGrace, streams: map[*stream]struct{}{}}
}

// StopProvider tells the running streams to stop, and waits until they have ended.
func (s *drain) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	streams := s.stop()
	defer s.stopped()
	resp, err := s.Server.StopProvider(ctx, req)
	ctx, cancel := context.WithTimeout(ctx, s.grace)
	defer cancel()
	for _, running := range streams {
		select {
		case <-running.ended:
		case <-ctx.Done():
		}
	}
	return resp, err
}

// stop cancels the running streams and prevents new ones.
func (s *drain) stop() []*stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping++
	streams := slices.Collect(maps.Keys(s.streams))
	for _, running := range streams {
		running.cancel()
	}
	return streams
}

// stopped allows new streams again: a provider in a debugger outlives the command
// that stopped it.
func (s *drain) stopped() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping--
}

// start begins a stream with its own context. It returns nil if the provider is
// stopping.
func (s *drain) start(ctx context.Context) (context.Context, *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping > 0 {
		return ctx, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	begun := &stream{cancel: cancel, ended: make(chan struct{})}
	s.streams[begun] = struct{}{}
	return ctx, begun
}

func (s *drain) end(running *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.streams, running)
	running.cancel()
	close(running.ended)
}

// InvokeAction counts as a stream until it has sent its last event.
func (s *drain) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	ctx, running := s.start(ctx)
	if running == nil {
		completed := tfprotov6.CompletedInvokeActionEventType{Diagnostics: notStarted("The action")}
		return &tfprotov6.InvokeActionServerStream{Events: func(push func(tfprotov6.InvokeActionEvent) bool) {
			push(tfprotov6.InvokeActionEvent{Type: completed})
		}}, nil
	}
	resp, err := s.Server.InvokeAction(ctx, req)
	if err != nil {
		s.end(running)
		return nil, err
	}
	events := resp.Events
	return &tfprotov6.InvokeActionServerStream{Events: func(push func(tfprotov6.InvokeActionEvent) bool) {
		defer s.end(running)
		events(push)
	}}, nil
}

// ListResource counts as a stream until it has sent its last result.
func (s *drain) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	ctx, running := s.start(ctx)
	if running == nil {
		return &tfprotov6.ListResourceServerStream{Results: func(push func(tfprotov6.ListResourceResult) bool) {
			push(tfprotov6.ListResourceResult{Diagnostics: notStarted("The list")})
		}}, nil
	}
	resp, err := s.Server.ListResource(ctx, req)
	if err != nil {
		s.end(running)
		return nil, err
	}
	results := resp.Results
	return &tfprotov6.ListResourceServerStream{Results: func(push func(tfprotov6.ListResourceResult) bool) {
		defer s.end(running)
		results(push)
	}}, nil
}

func notStarted(what string) []*tfprotov6.Diagnostic {
	return []*tfprotov6.Diagnostic{{
		Severity: tfprotov6.DiagnosticSeverityError,
		Summary:  "Interrupted",
		Detail:   what + " was not started, because Terraform is stopping.",
	}}
}
