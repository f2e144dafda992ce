package tfcore

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Action is [Core] for one action.
type Action struct {
	*Core
	Name string // of its type
}

// Action is this core for the action of this type.
func (c *Core) Action(name string) Action { return Action{c, name} }

// Fits reports whether the action has all arguments and blocks of a configuration.
func (a Action) Fits(config Object) bool {
	known := map[string]bool{}
	block := a.Schemas.ActionSchemas[a.Name].Schema.Block
	for _, attribute := range block.Attributes {
		known[attribute.Name] = true
	}
	for _, nested := range block.BlockTypes {
		known[nested.TypeName] = true
	}
	for name := range config {
		if !known[name] {
			return false
		}
	}
	return true
}

func (a Action) config(config Object) *tfprotov6.DynamicValue {
	a.t.Helper()
	return a.Encode(a.Schemas.ActionSchemas[a.Name].Schema, config)
}

// Validate validates a configuration, as terraform validate does.
func (a Action) Validate(config Object) []Diagnostic {
	a.t.Helper()
	resp, err := a.Serve().ValidateActionConfig(a.t.Context(), &tfprotov6.ValidateActionConfigRequest{
		ActionType: a.Name, Config: a.config(config),
	})
	a.Must(err)
	return DiagnosticsOf(resp.Diagnostics)
}

// Plan validates and plans an invocation.
func (a Action) Plan(config Object) []Diagnostic {
	a.t.Helper()
	if diags := a.Validate(config); len(Errors(diags)) > 0 {
		return diags
	}
	resp, err := a.Configured().PlanAction(a.t.Context(), &tfprotov6.PlanActionRequest{
		ActionType: a.Name, Config: a.config(config),
		ClientCapabilities: &tfprotov6.PlanActionClientCapabilities{DeferralAllowed: true},
	})
	a.Must(err)
	if resp.Deferred != nil {
		a.t.Errorf("the plan was deferred because of %s, which Terraform takes for an error", resp.Deferred.Reason)
	}
	return DiagnosticsOf(resp.Diagnostics)
}

// Invoke invokes the action as Terraform does when it applies a plan, and returns the lines of
// its progress.
func (a Action) Invoke(config Object) (progress []string, diags []Diagnostic) {
	a.t.Helper()
	return a.InvokeWith(a.t.Context(), a.Configured(), config)
}

// InvokeWith makes the one call that invokes, in a context and at a provider of the caller's.
func (a Action) InvokeWith(ctx context.Context, server tfprotov6.ActionServer, config Object) (progress []string, diags []Diagnostic) {
	a.t.Helper()
	stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: a.Name, Config: a.config(config)})
	a.Must(err)
	completed := 0
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = DiagnosticsOf(event.Diagnostics)
			completed++
		}
	}
	if completed != 1 {
		a.t.Errorf("got %d events that complete the action, want 1: without one Terraform takes it for a success", completed)
	}
	return progress, diags
}
