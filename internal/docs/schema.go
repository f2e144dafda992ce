package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// describe asks a provider for its schemas, as a CLI does.
func describe(ctx context.Context, server tfprotov6.ProviderServer) (*tfjson.ProviderSchema, error) {
	resp, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	for _, d := range append(resp.Diagnostics, identities.Diagnostics...) {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return nil, fmt.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	return &tfjson.ProviderSchema{
		ConfigSchema:            newSchema(resp.Provider),
		ResourceSchemas:         each(resp.ResourceSchemas, newSchema),
		DataSourceSchemas:       each(resp.DataSourceSchemas, newSchema),
		ListResourceSchemas:     each(resp.ListResourceSchemas, newSchema),
		ActionSchemas:           each(resp.ActionSchemas, newActionSchema),
		Functions:               each(resp.Functions, newFunction),
		ResourceIdentitySchemas: each(identities.IdentitySchemas, newIdentitySchema),
	}, nil
}

func each[From, To any](from map[string]From, convert func(From) To) map[string]To {
	to := map[string]To{}
	for name, value := range from {
		to[name] = convert(value)
	}
	return to
}

func newSchema(s *tfprotov6.Schema) *tfjson.Schema {
	return &tfjson.Schema{Version: uint64(s.Version), Block: newBlock(s.Block)} //nolint:gosec // it counts from 0
}

func newActionSchema(s *tfprotov6.ActionSchema) *tfjson.ActionSchema {
	return &tfjson.ActionSchema{Block: newBlock(s.Schema.Block)}
}

func newBlock(b *tfprotov6.SchemaBlock) *tfjson.SchemaBlock {
	blocks := map[string]*tfjson.SchemaBlockType{}
	for _, nested := range b.BlockTypes {
		blocks[nested.TypeName] = &tfjson.SchemaBlockType{Block: newBlock(nested.Block), NestingMode: lower[tfjson.SchemaNestingMode](nested.Nesting)}
	}
	return &tfjson.SchemaBlock{
		Attributes:      newAttributes(b.Attributes),
		NestedBlocks:    blocks,
		Description:     b.Description,
		DescriptionKind: lower[tfjson.SchemaDescriptionKind](b.DescriptionKind),
	}
}

func newAttributes(from []*tfprotov6.SchemaAttribute) map[string]*tfjson.SchemaAttribute {
	attributes := map[string]*tfjson.SchemaAttribute{}
	for _, a := range from {
		attributes[a.Name] = &tfjson.SchemaAttribute{
			Description:     a.Description,
			DescriptionKind: lower[tfjson.SchemaDescriptionKind](a.DescriptionKind),
			Deprecated:      a.Deprecated,
			Required:        a.Required,
			Optional:        a.Optional,
			Computed:        a.Computed,
			Sensitive:       a.Sensitive,
			WriteOnly:       a.WriteOnly,
		}
		if nested := a.NestedType; nested != nil {
			attributes[a.Name].AttributeNestedType = &tfjson.SchemaNestedAttributeType{
				Attributes: newAttributes(nested.Attributes), NestingMode: lower[tfjson.SchemaNestingMode](nested.Nesting),
			}
		} else {
			attributes[a.Name].AttributeType = newType(a.Type)
		}
	}
	return attributes
}

func newIdentitySchema(s *tfprotov6.ResourceIdentitySchema) *tfjson.IdentitySchema {
	attributes := map[string]*tfjson.IdentityAttribute{}
	for _, a := range s.IdentityAttributes {
		attributes[a.Name] = &tfjson.IdentityAttribute{
			IdentityType:      newType(a.Type),
			Description:       a.Description,
			RequiredForImport: a.RequiredForImport,
			OptionalForImport: a.OptionalForImport,
		}
	}
	return &tfjson.IdentitySchema{Version: uint64(s.Version), Attributes: attributes} //nolint:gosec // it counts from 0
}

func newFunction(f *tfprotov6.Function) *tfjson.FunctionSignature {
	signature := &tfjson.FunctionSignature{Description: f.Description, Summary: f.Summary, ReturnType: newType(f.Return.Type)}
	for _, p := range f.Parameters {
		signature.Parameters = append(signature.Parameters, newParameter(p))
	}
	if f.VariadicParameter != nil {
		signature.VariadicParameter = newParameter(f.VariadicParameter)
	}
	return signature
}

func newParameter(p *tfprotov6.FunctionParameter) *tfjson.FunctionParameter {
	return &tfjson.FunctionParameter{Name: p.Name, Description: p.Description, IsNullable: p.AllowNullValue, Type: newType(p.Type)}
}

// newType converts a type of the protocol to Terraform's own. Both have the same JSON.
func newType(t tftypes.Type) cty.Type {
	var converted cty.Type
	text, err := json.Marshal(t)
	if err == nil {
		err = json.Unmarshal(text, &converted)
	}
	if err != nil {
		panic(err) // every type of a schema has JSON
	}
	return converted
}

// lower returns the JSON name of a member of one of the protocol's enumerations.
func lower[Name ~string](member fmt.Stringer) Name { return Name(strings.ToLower(member.String())) }
