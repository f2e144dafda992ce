package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
)

const revokeType = "oktatokens_revoke"

// asAction is the configuration of a revocation as one of the action, which has no
// evidence to give.
func asAction(config attributes) attributes {
	config = maps.Clone(config)
	delete(config, "evidence")
	return config
}

// fitsAction reports whether the action has all arguments and blocks of a configuration.
func (c *core) fitsAction(config attributes) bool {
	known := map[string]bool{}
	action := c.schemas.ActionSchemas[revokeType].Schema.Block
	for _, attribute := range action.Attributes {
		known[attribute.Name] = true
	}
	for _, block := range action.BlockTypes {
		known[block.TypeName] = true
	}
	for name := range config {
		if !known[name] {
			return false
		}
	}
	return true
}

func (c *core) actionConfig(config attributes) *tfprotov6.DynamicValue {
	c.t.Helper()
	return c.encode(c.schemas.ActionSchemas[revokeType].Schema, config)
}

// validateAction validates the configuration of the action.
func (c *core) validateAction(config attributes) []diagnostic {
	c.t.Helper()
	resp, err := c.server().ValidateActionConfig(c.t.Context(), &tfprotov6.ValidateActionConfigRequest{
		ActionType: revokeType, Config: c.actionConfig(config),
	})
	c.must(err)
	return diagnosticsOf(resp.Diagnostics)
}

// planAction validates and plans an invocation of the action.
func (c *core) planAction(config attributes) []diagnostic {
	c.t.Helper()
	if diags := c.validateAction(config); len(errorsOf(diags)) > 0 {
		return diags
	}
	resp, err := c.configured().PlanAction(c.t.Context(), &tfprotov6.PlanActionRequest{
		ActionType: revokeType, Config: c.actionConfig(config),
		ClientCapabilities: &tfprotov6.PlanActionClientCapabilities{DeferralAllowed: true},
	})
	c.must(err)
	if resp.Deferred != nil {
		c.t.Errorf("the plan was deferred because of %s, which Terraform takes for an error", resp.Deferred.Reason)
	}
	return diagnosticsOf(resp.Diagnostics)
}

// invoke invokes the action as Terraform does when it applies a plan, and returns
// the lines of its progress.
func (c *core) invoke(config attributes) ([]string, []diagnostic) {
	c.t.Helper()
	return c.invokeIn(c.t.Context(), c.configured(), config)
}

func (c *core) invokeIn(ctx context.Context, server protocol.Server, config attributes) (progress []string, diags []diagnostic) {
	c.t.Helper()
	stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: revokeType, Config: c.actionConfig(config)})
	c.must(err)
	completed := 0
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = diagnosticsOf(event.Diagnostics)
			completed++
		}
	}
	if completed != 1 {
		c.t.Errorf("got %d events that complete the action, want 1: without one Terraform takes it for a success", completed)
	}
	return progress, diags
}
