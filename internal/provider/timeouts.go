package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

// timeoutsBlock is the timeouts of a resource with a description, without which
// the library makes them. It is a block for the reason that filterBlock is one.
func timeoutsBlock(ctx context.Context, description string, operations timeouts.Opts) schema.Block {
	block := timeouts.Block(ctx, operations)
	if nested, ok := block.(schema.SingleNestedBlock); ok { // it always is
		nested.MarkdownDescription = description
		block = nested
	}
	return block
}
