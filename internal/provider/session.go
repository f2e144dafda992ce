package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// session is what the provider hands to its data sources, resources and actions: one
// client, and so one budget of requests, for a provider configuration.
type session struct {
	client *okta.Client
	engine *revoke.Engine
	kept   *keptRecords
	tense  tense // of what a plan says of its apply
}

// configure begins the session with what the provider hands over. That is nothing
// before the provider is configured, while Terraform validates.
func (s *session) configure(data any, diags *diag.Diagnostics) {
	switch data := data.(type) {
	case nil:
	case withheld:
		data.report(diags)
	case *session:
		*s = *data
	default:
		diags.AddError("Unexpected Provider Data",
			fmt.Sprintf("Got %T. This is a bug in the provider; please report it.", data))
	}
}

// The framework configures each kind of object with types of its own. Objects embed
// one of these.
type (
	dataSourceSession struct{ session }
	resourceSession   struct{ session } // list resources too
	actionSession     struct{ session }
)

func (s *dataSourceSession) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	s.configure(req.ProviderData, &resp.Diagnostics)
}

func (s *resourceSession) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	s.configure(req.ProviderData, &resp.Diagnostics)
}

func (s *actionSession) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	s.configure(req.ProviderData, &resp.Diagnostics)
}
