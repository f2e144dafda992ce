package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/report"
)

var _ function.Function = (*htmlReportFunction)(nil)

func newHTMLReportFunction() function.Function { return &htmlReportFunction{} }

type htmlReportFunction struct{}

func (f *htmlReportFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "html_report"
}

func (f *htmlReportFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "An inventory as an HTML page",
		MarkdownDescription: "Writes an inventory of refresh tokens as one HTML page for people to read, print and file: totals, a chart of ages, and tables that sort and filter.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "title",
				MarkdownDescription: "Title of the page, such as `\"Refresh tokens of Acme\"`. It must not be empty.",
			},
			function.DynamicParameter{
				Name:                "inventory",
				MarkdownDescription: "An `oktatokens_inventory` data source, or an object with at least its `complete`, `token_count` and `clients`. An attribute `read_at`, in RFC 3339, says when it was read.",
				CustomType:          plainType{},
				AllowNullValue:      true, // to refuse null like any other value that is no inventory
			},
		},
		Return: function.StringReturn{},
	}
}

func (f *htmlReportFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var title string
	if resp.Error = req.Arguments.GetArgument(ctx, 0, &title); resp.Error != nil {
		return
	}
	if strings.TrimSpace(title) == "" {
		resp.Error = function.NewArgumentFuncError(0, "a page needs a title")
		return
	}
	argument, failure := plainArgument(ctx, req.Arguments, 1)
	if failure != nil {
		resp.Error = failure
		return
	}
	page, err := htmlReport(title, argument)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(1, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, page)
}

func htmlReport(title string, argument any) (string, error) {
	object, ok := argument.(map[string]any)
	if !ok {
		return "", fmt.Errorf("want an inventory, got %s", kindOf(argument))
	}
	inventory, err := report.ParseInventory(object)
	if err != nil {
		return "", err
	}
	return report.HTML(title, inventory)
}
