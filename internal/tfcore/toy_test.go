package tfcore_test

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// toy is a provider of notes, as small as one gets. It can do what Terraform forbids.
type toy struct{ fault fault }

type fault string

const (
	otherPlan  fault = "plans what is not configured"
	otherState fault = "returns what was not planned"
	unknownEnd fault = "leaves a value unknown"
)

func (toy) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "toy"
}

func (toy) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (toy) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (toy) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (t toy) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return note(t) }}
}

var (
	_ provider.Provider               = toy{}
	_ resource.ResourceWithModifyPlan = note{}
)

type note struct{ fault fault }

func (note) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "toy_note"
}

func (note) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"topic":  schema.StringAttribute{Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}},
		"text":   schema.StringAttribute{Optional: true},
		"length": schema.Int64Attribute{Computed: true},
	}}
}

func (n note) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if n.fault == otherPlan && !req.Plan.Raw.IsNull() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("text"), "bye")...)
	}
}

func (n note) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var topic, text types.String
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("topic"), &topic)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("text"), &text)...)
	if text.ValueString() == "" {
		resp.Diagnostics.AddAttributeWarning(path.Root("text"), "Empty Note", fmt.Sprintf("The note about %s says nothing.", topic.ValueString()))
	}
	resp.State.Raw = req.Plan.Raw.Copy()
	if n.fault != unknownEnd {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("length"), int64(len(text.ValueString())))...)
	}
	if n.fault == otherState {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("text"), text.ValueString()+"!")...)
	}
}

func (note) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (note) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw.Copy()
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("length"), int64(0))...)
}

func (note) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
