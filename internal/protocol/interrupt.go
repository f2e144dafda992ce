package protocol

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// interruptible lets the process interrupt running calls, as the CLI can with
// StopProvider. The interrupt ends the context of every call that sends requests.
// The context of a later call has already ended, so it can only report what it left
// undone.
type interruptible struct {
	Server
	interrupted context.Context //nolint:containedctx // it lives as long as the process does
	interrupt   context.CancelFunc

	mu      sync.Mutex
	running int           // number of running calls
	idle    chan struct{} // if wait is waiting: closed when the last call ends
}

// Interruptible returns a server, and what interrupts its calls as a signal to its process does.
func Interruptible(inner Server) (interrupted Server, interrupt func()) {
	s := newInterruptible(inner)
	return s, s.interrupt
}

func newInterruptible(inner Server) *interruptible {
	s := &interruptible{Server: inner}
	s.interrupted, s.interrupt = context.WithCancel(context.Background())
	return s
}

// wait waits until all calls have answered, at most for the timeout.
func (s *interruptible) wait(timeout time.Duration) {
	s.mu.Lock()
	if s.running == 0 {
		s.mu.Unlock()
		return
	}
	idle := make(chan struct{})
	s.idle = idle
	s.mu.Unlock()
	select {
	case <-idle:
	case <-time.After(timeout):
	}
}

// begin returns a call's context, and the function that ends the call.
func (s *interruptible) begin(ctx context.Context) (context.Context, func()) {
	s.mu.Lock()
	s.running++
	s.mu.Unlock()
	ctx, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(s.interrupted, cancel)
	if s.interrupted.Err() != nil {
		cancel() // at once; AfterFunc runs in its own goroutine
	}
	return ctx, func() {
		stop()
		cancel()
		s.end()
	}
}

func (s *interruptible) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running--; s.running == 0 && s.idle != nil {
		close(s.idle)
		s.idle = nil
	}
}

// once runs a call that has one answer.
func once[Req, Resp any](ctx context.Context, s *interruptible, req Req, call func(context.Context, Req) (Resp, error)) (Resp, error) {
	ctx, end := s.begin(ctx)
	defer end()
	return call(ctx, req)
}

func (s *interruptible) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return once(ctx, s, req, s.Server.ReadResource)
}

func (s *interruptible) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return once(ctx, s, req, s.Server.PlanResourceChange)
}

func (s *interruptible) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return once(ctx, s, req, s.Server.ApplyResourceChange)
}

func (s *interruptible) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return once(ctx, s, req, s.Server.ReadDataSource)
}

func (s *interruptible) PlanAction(ctx context.Context, req *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	return once(ctx, s, req, s.Server.PlanAction)
}

// InvokeAction counts as a running call until it has sent its last event.
func (s *interruptible) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	ctx, end := s.begin(ctx)
	resp, err := s.Server.InvokeAction(ctx, req)
	if err != nil {
		end()
		return nil, err
	}
	events := resp.Events
	return &tfprotov6.InvokeActionServerStream{Events: func(push func(tfprotov6.InvokeActionEvent) bool) {
		defer end()
		events(push)
	}}, nil
}

// ListResource counts as a running call until it has sent its last result.
func (s *interruptible) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	ctx, end := s.begin(ctx)
	resp, err := s.Server.ListResource(ctx, req)
	if err != nil {
		end()
		return nil, err
	}
	results := resp.Results
	return &tfprotov6.ListResourceServerStream{Results: func(push func(tfprotov6.ListResourceResult) bool) {
		defer end()
		results(push)
	}}, nil
}
