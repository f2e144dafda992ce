package provider

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// server is a provider with all that this one serves. The last two are optional
// to plugin-go, which asks for them by a type assertion: whatever wraps a server
// must have them too, or there are no actions and lists.
type server interface {
	tfprotov6.ProviderServer
	tfprotov6.ActionServer
	tfprotov6.ListResourceServer
}

// frameworkServer is the framework's server.
func frameworkServer(p provider.Provider) server {
	//nolint:errcheck,forcetypeassert // the framework's type has all of them
	return providerserver.NewProtocol6(p)().(server)
}

// stopGrace is how long a stop waits for what is running: for some seconds, if the
// answer to a DELETE is on its way, and hardly at all otherwise.
const stopGrace = 20 * time.Second

// stopServer lets streams come to their end before it says that the provider has
// stopped.
//
// Actions and lists answer in streams, and plugin-go ends all streams as soon as
// StopProvider has returned. Terraform takes a stream that ends without a last
// word for a success: an interrupted action would be reported as complete, however
// little of it was done.
type stopServer struct {
	server
	grace time.Duration

	mu       sync.Mutex
	stopping int // calls of StopProvider that have not returned
	streams  map[*stream]struct{}
}

// stream is one that runs.
type stream struct {
	cancel context.CancelFunc
	ended  chan struct{}
}

func newStopServer(inner server) *stopServer {
	return &stopServer{server: inner, grace: stopGrace, streams: map[*stream]struct{}{}}
}

// StopProvider tells what is running to stop, and waits until it has.
func (s *stopServer) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	streams := s.stop()
	defer s.stopped()
	resp, err := s.server.StopProvider(ctx, req)
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

// stop cancels the streams that are running, and keeps others from being started.
func (s *stopServer) stop() []*stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping++
	streams := slices.Collect(maps.Keys(s.streams))
	for _, running := range streams {
		running.cancel()
	}
	return streams
}

// stopped lets streams be started again: a provider that runs in a debugger
// outlives the command that stopped it.
func (s *stopServer) stopped() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping--
}

// start begins a stream with a context of its own, unless the provider is stopping.
func (s *stopServer) start(ctx context.Context) (context.Context, *stream) {
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

func (s *stopServer) end(running *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.streams, running)
	running.cancel()
	close(running.ended)
}

// InvokeAction is a stream until its last event was sent.
func (s *stopServer) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	ctx, running := s.start(ctx)
	if running == nil {
		completed := tfprotov6.CompletedInvokeActionEventType{Diagnostics: notStarted("The action")}
		return &tfprotov6.InvokeActionServerStream{Events: func(push func(tfprotov6.InvokeActionEvent) bool) {
			push(tfprotov6.InvokeActionEvent{Type: completed})
		}}, nil
	}
	resp, err := s.server.InvokeAction(ctx, req)
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

// ListResource is a stream until its last result was sent.
func (s *stopServer) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	ctx, running := s.start(ctx)
	if running == nil {
		return &tfprotov6.ListResourceServerStream{Results: func(push func(tfprotov6.ListResourceResult) bool) {
			push(tfprotov6.ListResourceResult{Diagnostics: notStarted("The list")})
		}}, nil
	}
	resp, err := s.server.ListResource(ctx, req)
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
