package provider

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// timeoutsBlock is the timeouts of a resource: a duration for each operation, with its
// description. It is a block for the reason that filterBlock is one.
func timeoutsBlock(description string, operations map[string]string) schema.Block {
	attributes := map[string]schema.Attribute{}
	for operation, description := range operations {
		attributes[operation] = optionalDuration(description)
	}
	return schema.SingleNestedBlock{MarkdownDescription: description, Attributes: attributes}
}

// timeoutOf is how long an operation may take, by a timeouts block or else by default.
func timeoutOf(timeouts types.Object, operation string, byDefault time.Duration, diags *diag.Diagnostics) time.Duration {
	if value, ok := setAs[durationValue](timeouts.Attributes()[operation]); ok {
		return *toDuration(value, diags)
	}
	return byDefault
}
