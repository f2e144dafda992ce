package protocol

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// calling is a server with calls that take some time to answer after an interrupt.
type calling struct {
	streaming
}

func (s *calling) ReadResource(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	s.run(ctx)
	return &tfprotov6.ReadResourceResponse{}, nil
}

func (s *calling) PlanResourceChange(ctx context.Context, _ *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	s.run(ctx)
	return &tfprotov6.PlanResourceChangeResponse{}, nil
}

func (s *calling) ApplyResourceChange(ctx context.Context, _ *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	s.run(ctx)
	return &tfprotov6.ApplyResourceChangeResponse{}, nil
}

func (s *calling) ReadDataSource(ctx context.Context, _ *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	s.run(ctx)
	return &tfprotov6.ReadDataSourceResponse{}, nil
}

func (s *calling) PlanAction(ctx context.Context, _ *tfprotov6.PlanActionRequest) (*tfprotov6.PlanActionResponse, error) {
	s.run(ctx)
	return &tfprotov6.PlanActionResponse{}, nil
}

// calls make a call of each kind that sends requests, and return once it has answered.
var calls = map[string]func(context.Context, Server) error{
	"read": func(ctx context.Context, s Server) error {
		_, err := s.ReadResource(ctx, &tfprotov6.ReadResourceRequest{})
		return err
	},
	"plan": func(ctx context.Context, s Server) error {
		_, err := s.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{})
		return err
	},
	"apply": func(ctx context.Context, s Server) error {
		_, err := s.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{})
		return err
	},
	"data": func(ctx context.Context, s Server) error {
		_, err := s.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{})
		return err
	},
	"plan of an action": func(ctx context.Context, s Server) error {
		_, err := s.PlanAction(ctx, &tfprotov6.PlanActionRequest{})
		return err
	},
	"action": func(ctx context.Context, s Server) error {
		stream, err := s.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{})
		if err == nil {
			stream.Events(func(tfprotov6.InvokeActionEvent) bool { return true })
		}
		return err
	},
	"list": func(ctx context.Context, s Server) error {
		stream, err := s.ListResource(ctx, &tfprotov6.ListResourceRequest{})
		if err == nil {
			stream.Results(func(tfprotov6.ListResourceResult) bool { return true })
		}
		return err
	},
}

// The interrupt ends every running call and waits for it. Every later call is
// interrupted from the start.
func TestInterruptReachesEveryCall(t *testing.T) {
	t.Parallel()
	for kind, call := range calls {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newInterruptible(&calling{streaming{takes: 3 * time.Second}})
				answered := make(chan error, 1)
				go func() { answered <- call(t.Context(), s) }()
				<-time.After(time.Minute)
				start := time.Now()
				s.interrupt()
				s.wait(time.Hour)
				if took := time.Since(start); took != 3*time.Second {
					t.Errorf("the interrupt took %s, want 3s", took)
				}
				if err := <-answered; err != nil {
					t.Error(err)
				}
				start = time.Now()
				if err := call(t.Context(), s); err != nil || time.Since(start) != 3*time.Second {
					t.Errorf("a later call took %s with the error %v, want 3s and none", time.Since(start), err)
				}
			})
		})
	}
}

func TestInterruptDoesNotWaitForever(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newInterruptible(&calling{streaming{takes: time.Hour}})
		go func() { _ = calls["apply"](t.Context(), s) }()
		<-time.After(time.Minute)
		start := time.Now()
		s.interrupt()
		s.wait(stopGrace)
		if took := time.Since(start); took != stopGrace {
			t.Errorf("the interrupt took %s, want %s", took, stopGrace)
		}
		<-time.After(time.Hour) // the bubble waits for the call
	})
}
