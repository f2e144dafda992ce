package provider

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// attributesOf returns attributes as those of another kind of object. The framework has
// schema types for each kind, all of the same interfaces, so what several kinds have in
// common is described once, with the types of resources.
func attributesOf[Attribute any](described map[string]schema.Attribute) map[string]Attribute {
	attributes := map[string]Attribute{}
	for name, attribute := range described {
		attributes[name], _ = attribute.(Attribute) // as every one is
	}
	return attributes
}

func computedText(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

func computedTime(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, CustomType: timeType{}, Computed: true}
}

func computedCount(description string) schema.Attribute {
	return schema.Int64Attribute{MarkdownDescription: description, Computed: true}
}

func computedBool(description string) schema.Attribute {
	return schema.BoolAttribute{MarkdownDescription: description, Computed: true}
}

func computedTexts(description string) schema.Attribute {
	return schema.ListAttribute{MarkdownDescription: description, ElementType: types.StringType, Computed: true}
}

func computedObjects(description string, object schema.NestedAttributeObject) schema.Attribute {
	return schema.ListNestedAttribute{MarkdownDescription: description, NestedObject: object, Computed: true}
}

func optionalText(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: validators}
}

func optionalBool(description string) schema.Attribute {
	return schema.BoolAttribute{MarkdownDescription: description, Optional: true}
}

func optionalTime(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, CustomType: timeType{}, Optional: true}
}

func optionalDuration(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, CustomType: durationType{}, Optional: true}
}

// optionalSet is a set of texts, such as IDs, each of which isOne accepts.
func optionalSet(isOne validator.String, description string) schema.Attribute {
	return schema.SetAttribute{
		MarkdownDescription: description,
		ElementType:         types.StringType,
		Optional:            true,
		Validators:          []validator.Set{noNulls{}, setvalidator.ValueStringsAre(isOne)},
	}
}
