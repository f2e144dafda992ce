package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// schemas and what follows is the JSON of terraform providers schema -json.
// Source: https://developer.hashicorp.com/terraform/cli/commands/providers/schema.
type schemas struct {
	FormatVersion string                      `json:"format_version"`
	Providers     map[string]*providerSchemas `json:"provider_schemas"`
}

type providerSchemas struct {
	Provider      schema                    `json:"provider"`
	Resources     map[string]schema         `json:"resource_schemas,omitempty"`
	DataSources   map[string]schema         `json:"data_source_schemas,omitempty"`
	ListResources map[string]schema         `json:"list_resource_schemas,omitempty"`
	Actions       map[string]actionSchema   `json:"action_schemas,omitempty"`
	Functions     map[string]function       `json:"functions,omitempty"`
	Identities    map[string]identitySchema `json:"resource_identity_schemas,omitempty"`
}

type schema struct {
	Version int64 `json:"version"`
	Block   block `json:"block"`
}

// actionSchema has no version, because nothing of an action is stored.
type actionSchema struct {
	Block block `json:"block"`
}

type block struct {
	Attributes      map[string]attribute   `json:"attributes,omitempty"`
	Blocks          map[string]nestedBlock `json:"block_types,omitempty"`
	Description     string                 `json:"description,omitempty"`
	DescriptionKind string                 `json:"description_kind"`
}

type nestedBlock struct {
	Block       block  `json:"block"`
	NestingMode string `json:"nesting_mode"`
}

type attribute struct {
	Type            tftypes.Type `json:"type,omitempty"`
	NestedType      *nestedType  `json:"nested_type,omitempty"`
	Description     string       `json:"description,omitempty"`
	DescriptionKind string       `json:"description_kind"`
	Deprecated      bool         `json:"deprecated,omitempty"`
	Required        bool         `json:"required,omitempty"`
	Optional        bool         `json:"optional,omitempty"`
	Computed        bool         `json:"computed,omitempty"`
	Sensitive       bool         `json:"sensitive,omitempty"`
	WriteOnly       bool         `json:"write_only,omitempty"`
}

type nestedType struct {
	Attributes  map[string]attribute `json:"attributes"`
	NestingMode string               `json:"nesting_mode"`
}

type identitySchema struct {
	Version    int64                        `json:"version"`
	Attributes map[string]identityAttribute `json:"attributes"`
}

type identityAttribute struct {
	Type              tftypes.Type `json:"type"`
	Description       string       `json:"description,omitempty"`
	RequiredForImport bool         `json:"required_for_import,omitempty"`
	OptionalForImport bool         `json:"optional_for_import,omitempty"`
}

type function struct {
	Description       string       `json:"description,omitempty"`
	Summary           string       `json:"summary,omitempty"`
	ReturnType        tftypes.Type `json:"return_type"`
	Parameters        []parameter  `json:"parameters,omitempty"`
	VariadicParameter *parameter   `json:"variadic_parameter,omitempty"`
}

type parameter struct {
	Name        string       `json:"name,omitempty"`
	Description string       `json:"description,omitempty"`
	IsNullable  bool         `json:"is_nullable,omitempty"`
	Type        tftypes.Type `json:"type"`
}

// describe asks a provider for its schemas, as a CLI does.
func describe(ctx context.Context, server tfprotov6.ProviderServer) (*providerSchemas, error) {
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
	return &providerSchemas{
		Provider:      newSchema(resp.Provider),
		Resources:     each(resp.ResourceSchemas, newSchema),
		DataSources:   each(resp.DataSourceSchemas, newSchema),
		ListResources: each(resp.ListResourceSchemas, newSchema),
		Actions:       each(resp.ActionSchemas, newActionSchema),
		Functions:     each(resp.Functions, newFunction),
		Identities:    each(identities.IdentitySchemas, newIdentitySchema),
	}, nil
}

func each[From, To any](from map[string]From, convert func(From) To) map[string]To {
	to := map[string]To{}
	for name, value := range from {
		to[name] = convert(value)
	}
	return to
}

func newSchema(s *tfprotov6.Schema) schema {
	return schema{Version: s.Version, Block: newBlock(s.Block)}
}

func newActionSchema(s *tfprotov6.ActionSchema) actionSchema {
	return actionSchema{Block: newBlock(s.Schema.Block)}
}

func newBlock(b *tfprotov6.SchemaBlock) block {
	blocks := map[string]nestedBlock{}
	for _, nested := range b.BlockTypes {
		blocks[nested.TypeName] = nestedBlock{Block: newBlock(nested.Block), NestingMode: strings.ToLower(nested.Nesting.String())}
	}
	return block{Attributes: newAttributes(b.Attributes), Blocks: blocks, Description: b.Description, DescriptionKind: kind(b.DescriptionKind)}
}

func newAttributes(from []*tfprotov6.SchemaAttribute) map[string]attribute {
	attributes := map[string]attribute{}
	for _, a := range from {
		converted := attribute{
			Type:            a.Type,
			Description:     a.Description,
			DescriptionKind: kind(a.DescriptionKind),
			Deprecated:      a.Deprecated,
			Required:        a.Required,
			Optional:        a.Optional,
			Computed:        a.Computed,
			Sensitive:       a.Sensitive,
			WriteOnly:       a.WriteOnly,
		}
		if nested := a.NestedType; nested != nil {
			converted.NestedType = &nestedType{Attributes: newAttributes(nested.Attributes), NestingMode: strings.ToLower(nested.Nesting.String())}
		}
		attributes[a.Name] = converted
	}
	return attributes
}

func kind(k tfprotov6.StringKind) string { return strings.ToLower(k.String()) }

func newIdentitySchema(s *tfprotov6.ResourceIdentitySchema) identitySchema {
	attributes := map[string]identityAttribute{}
	for _, a := range s.IdentityAttributes {
		attributes[a.Name] = identityAttribute{
			Type:              a.Type,
			Description:       a.Description,
			RequiredForImport: a.RequiredForImport,
			OptionalForImport: a.OptionalForImport,
		}
	}
	return identitySchema{Version: s.Version, Attributes: attributes}
}

func newFunction(f *tfprotov6.Function) function {
	converted := function{Description: f.Description, Summary: f.Summary, ReturnType: f.Return.Type}
	for _, p := range f.Parameters {
		converted.Parameters = append(converted.Parameters, newParameter(p))
	}
	if f.VariadicParameter != nil {
		variadic := newParameter(f.VariadicParameter)
		converted.VariadicParameter = &variadic
	}
	return converted
}

func newParameter(p *tfprotov6.FunctionParameter) parameter {
	return parameter{Name: p.Name, Description: p.Description, IsNullable: p.AllowNullValue, Type: p.Type}
}
