package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/report"
)

var _ function.Function = (*csvFunction)(nil)

func newCSVFunction() function.Function { return &csvFunction{} }

type csvFunction struct{}

func (f *csvFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "csv"
}

func (f *csvFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "A list of objects as CSV",
		MarkdownDescription: "Writes a list of objects, such as the tokens of a data source, as CSV. A spreadsheet can open it without running anything in it.",
		Parameters: []function.Parameter{
			function.DynamicParameter{
				Name:                "rows",
				MarkdownDescription: "List or set of objects or maps, such as `data.oktatokens_refresh_tokens.example.tokens`. Each becomes a line of CSV.",
				CustomType:          plainType{},
				AllowNullValue:      true, // to say where a null comes from
			},
		},
		VariadicParameter: function.StringParameter{
			Name:                "columns",
			MarkdownDescription: "Names of the attributes to write, such as `\"user_name\", \"client_name\", \"created\"`, in this order. Without names, all attributes are written.",
		},
		Return: function.StringReturn{},
	}
}

func (f *csvFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	argument, failure := plainArgument(ctx, req.Arguments, 0)
	if failure != nil {
		resp.Error = failure
		return
	}
	rows, err := csvRows(argument)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	var columns []string
	if resp.Error = req.Arguments.GetArgument(ctx, 1, &columns); resp.Error != nil {
		return
	}
	if wrong, err := report.CheckColumns(rows, columns); err != nil {
		resp.Error = function.NewArgumentFuncError(int64(1+wrong), err.Error())
		return
	}
	if len(columns) == 0 {
		columns = report.Columns(rows, columnOrders...)
	}
	text, err := report.CSV(rows, columns)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, text)
}

// columnOrders are those of the objects that people keep as tables: tokens, clients and users.
var columnOrders = [][]string{
	tokenFields.names(), inventoryClientFields.names(), clientFields.names(), inventoryUserFields.names(), userFields.names(),
}

// csvRows are the objects of a list.
func csvRows(argument any) ([]map[string]any, error) {
	list, ok := argument.([]any)
	if !ok {
		return nil, fmt.Errorf("want a list of objects, got %s%s", kindOf(argument), hintAtList(argument))
	}
	rows := make([]map[string]any, len(list))
	for i, element := range list {
		row, ok := element.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("want a list of objects, got %s as rows[%d]", kindOf(element), i)
		}
		rows[i] = row
	}
	return rows, nil
}

// hintAtList says how to get a list where people are likely to have none.
func hintAtList(value any) string {
	switch value.(type) {
	case nil:
		return "; an inventory has tokens only with include_tokens = true, and users only with include_users = true"
	case map[string]any:
		return "; put it in brackets for a single row, or take values(...) of a map of objects"
	default:
		return ""
	}
}
