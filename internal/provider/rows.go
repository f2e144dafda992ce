package provider

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// rows are the elements of lists, by attribute, on their way past the framework,
// see [newServer]. A data source or a resource leaves them here and sets the
// attribute itself to an empty list.
type rows map[string][]tftypes.Value

type rowsKey struct{}

// in is a context that carries the rows to whoever makes them.
func (r rows) in(ctx context.Context) context.Context { return context.WithValue(ctx, rowsKey{}, r) }

// rowsOf is where to leave rows.
func rowsOf(ctx context.Context) rows {
	if r, ok := ctx.Value(rowsKey{}).(rows); ok {
		return r
	}
	return rows{} // of a caller that does not want any
}

// putInto fills the lists of an object with their rows, where the lists are
// known.
func (r rows) putInto(state **tfprotov6.DynamicValue, typ tftypes.Type) error {
	return changeLists(state, typ, r, func(name string, _ tftypes.Value) ([]tftypes.Value, error) { return r[name], nil })
}

// changeLists replaces the elements of those of an object's lists that have rows,
// where they are known.
func changeLists(state **tfprotov6.DynamicValue, typ tftypes.Type, lists rows, elements func(name string, list tftypes.Value) ([]tftypes.Value, error)) error {
	if *state == nil {
		return nil
	}
	value, err := (*state).Unmarshal(typ)
	if err != nil || value.IsNull() || !value.IsKnown() {
		return err
	}
	var attributes map[string]tftypes.Value
	if err := value.As(&attributes); err != nil {
		return err
	}
	for name := range lists {
		list := attributes[name]
		if list.IsNull() || !list.IsKnown() {
			continue
		}
		changed, err := elements(name, list)
		if err != nil {
			return err
		}
		attributes[name] = tftypes.NewValue(list.Type(), slices.Clip(append([]tftypes.Value{}, changed...)))
	}
	changed, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, attributes))
	*state = &changed
	return err
}

// toRows makes a row of each item.
func toRows[T any](items []T, row func(T) tftypes.Value) []tftypes.Value {
	made := make([]tftypes.Value, len(items))
	for i, item := range items {
		made[i] = row(item)
	}
	return made
}

// rowType is the type of a row whose framework type is typ.
func rowType(typ attr.Type) tftypes.Object {
	object, ok := typ.TerraformType(context.Background()).(tftypes.Object)
	if !ok {
		panic("a row is an object")
	}
	return object
}

var (
	rowScopes       = tftypes.List{ElementType: tftypes.String}
	rowToken        = rowType(tokenType)
	rowDetailed     = rowType(detailedTokenType)
	rowScope        = rowType(scopeType)
	rowScopeDetails = tftypes.List{ElementType: rowScope}
)

// textRow is null where Okta left a field out.
func textRow(value string) tftypes.Value {
	if value == "" {
		return tftypes.NewValue(tftypes.String, nil)
	}
	return tftypes.NewValue(tftypes.String, value)
}

func numberRow(value int) tftypes.Value { return tftypes.NewValue(tftypes.Number, int64(value)) }

// idRow is a row of a list of IDs.
func idRow(id string) tftypes.Value { return tftypes.NewValue(tftypes.String, id) }

// tokenRow is a token object: what [newTokenModel] becomes in the framework.
func tokenRow(t okta.RefreshToken) tftypes.Value {
	return tftypes.NewValue(rowToken, tokenMembers(t))
}

// detailedTokenRow is tokenRow with scope_details, which are null unless they are
// to be expanded.
func detailedTokenRow(expand bool) func(okta.RefreshToken) tftypes.Value {
	return func(t okta.RefreshToken) tftypes.Value {
		members := tokenMembers(t)
		members["scope_details"] = tftypes.NewValue(rowScopeDetails, nil)
		if expand && t.ScopeDetails != nil {
			members["scope_details"] = tftypes.NewValue(rowScopeDetails, toRows(t.ScopeDetails, scopeRow))
		}
		return tftypes.NewValue(rowDetailed, members)
	}
}

func scopeRow(s okta.Scope) tftypes.Value {
	return tftypes.NewValue(rowScope, map[string]tftypes.Value{
		"id": textRow(s.ID), "name": textRow(s.Name), "display_name": textRow(s.DisplayName), "description": textRow(s.Description),
	})
}

func tokenMembers(t okta.RefreshToken) map[string]tftypes.Value {
	scopes := tftypes.NewValue(rowScopes, nil)
	if t.Scopes != nil {
		scopes = tftypes.NewValue(rowScopes, toRows(t.Scopes, idRow))
	}
	return map[string]tftypes.Value{
		"id": textRow(t.ID), "status": textRow(t.Status), "client_id": textRow(t.ClientID), "user_id": textRow(t.UserID),
		"issuer": textRow(t.Issuer), "created": textRow(t.Created.String()), "last_updated": textRow(t.LastUpdated.String()),
		"expires_at": textRow(t.ExpiresAt.String()), "scopes": scopes,
		"auth_server_id": textRow(t.AuthServerID), "app_id": textRow(t.AppID), "client_name": textRow(t.ClientName),
		"user_name": textRow(t.UserName), "auth_server_name": textRow(t.AuthServerName), "app_name": textRow(t.AppName),
	}
}
