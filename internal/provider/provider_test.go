package provider

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	listresource "github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

func TestDescriptionsAreUniqueSentences(t *testing.T) {
	t.Parallel()
	for name, block := range everyBlock(t) {
		if !strings.HasSuffix(block.Description, ".") {
			t.Errorf("%s is described as %q, want a sentence", name, block.Description)
		}
		describedBy := map[string]string{}
		eachAttribute("", block.Attributes, func(path string, attribute *tfprotov6.SchemaAttribute) {
			if !strings.HasSuffix(attribute.Description, ".") {
				t.Errorf("%s: %s is described as %q, want a sentence", name, path, attribute.Description)
			}
			if other, taken := describedBy[attribute.Description]; taken {
				t.Errorf("%s: %s and %s are both described as %q", name, path, other, attribute.Description)
			}
			describedBy[attribute.Description] = path
		})
	}
}

// Terraform drops unknown keys of an object without a word, so an argument that is
// one hides a misspelt key. Such an argument has to be a block.
func TestNoArgumentIsAnObject(t *testing.T) {
	t.Parallel()
	for name, block := range everyBlock(t) {
		eachAttribute("", block.Attributes, func(path string, attribute *tfprotov6.SchemaAttribute) {
			if (attribute.Optional || attribute.Required) && hasKeys(attribute) {
				t.Errorf("%s: %s is an object, want a block", name, path)
			}
		})
	}
}

// hasKeys reports whether an attribute is an object, or has one inside.
func hasKeys(attribute *tfprotov6.SchemaAttribute) bool {
	if attribute.NestedType != nil {
		return true
	}
	typ := attribute.Type
	for tfcore.ElementType(typ) != nil {
		typ = tfcore.ElementType(typ)
	}
	return typ.Is(tftypes.Object{})
}

// eachAttribute visits attributes and the ones nested in them.
func eachAttribute(in string, attributes []*tfprotov6.SchemaAttribute, visit func(path string, attribute *tfprotov6.SchemaAttribute)) {
	for _, attribute := range attributes {
		visit(in+attribute.Name, attribute)
		if attribute.NestedType != nil {
			eachAttribute(in+attribute.Name+".", attribute.NestedType.Attributes, visit)
		}
	}
}

func TestCredentialsAreSensitive(t *testing.T) {
	t.Parallel()
	var got []string
	for _, attribute := range newCore(t, oktafake.New(t), nil).Schemas.Provider.Block.Attributes {
		if attribute.Sensitive {
			got = append(got, attribute.Name)
		}
	}
	diff(t, "sensitive arguments", got, []string{"access_token", "api_token", "http_proxy", "private_key"})
	for _, argument := range got {
		if !mayHoldSecret(argument, "a value") {
			t.Errorf("an error about %s would show it", argument)
		}
	}
}

// What an object is not given here it would miss at its first request.
func TestEveryObjectReceivesTheClient(t *testing.T) {
	t.Parallel()
	client := okta.New(okta.Config{OrgURL: &url.URL{}, Credential: okta.APIToken("fake"), Parallelism: 1})
	data := &session{client: client, engine: &revoke.Engine{Client: client}, kept: &keptRecords{}}
	for _, object := range everyObject(t) {
		var diags diag.Diagnostics
		object.configure(data, &diags)
		if diags.HasError() {
			t.Errorf("%T: got %v, want no errors", object.value, diags)
		}
		fields := reflect.ValueOf(object.value).Elem()
		for i := range fields.NumField() {
			if field := fields.Field(i); field.Kind() == reflect.Pointer && field.IsNil() {
				t.Errorf("%T got no %s", object.value, fields.Type().Field(i).Name)
			}
		}
	}
}

func TestEveryObjectRefusesWrongProviderData(t *testing.T) {
	t.Parallel()
	for _, object := range everyObject(t) {
		var diags diag.Diagnostics
		object.configure(nil, &diags)
		if diags.HasError() {
			t.Errorf("%T, before the provider is configured: got %v, want no errors", object.value, diags)
		}
		object.configure("a string", &diags)
		if got := diags.Errors(); len(got) != 1 || got[0].Summary() != "Unexpected Provider Data" {
			t.Errorf("%T: got %v, want the error Unexpected Provider Data", object.value, got)
		}
	}
}

// registered is a data source, a resource or an action, and how it is given its data.
type registered struct {
	value     any
	configure func(data any, diags *diag.Diagnostics)
}

// everyObject is every object that the provider registers.
func everyObject(t *testing.T) []registered {
	t.Helper()
	p := newProvider(nil)
	var objects []registered
	for _, constructor := range p.DataSources(t.Context()) {
		d, ok := constructor().(datasource.DataSourceWithConfigure)
		if !ok {
			t.Fatalf("%T cannot be configured", constructor())
		}
		objects = append(objects, registered{d, func(data any, diags *diag.Diagnostics) {
			var resp datasource.ConfigureResponse
			d.Configure(t.Context(), datasource.ConfigureRequest{ProviderData: data}, &resp)
			diags.Append(resp.Diagnostics...)
		}})
	}
	for _, constructor := range p.Resources(t.Context()) {
		r, ok := constructor().(resource.ResourceWithConfigure)
		if !ok {
			t.Fatalf("%T cannot be configured", constructor())
		}
		objects = append(objects, registered{r, func(data any, diags *diag.Diagnostics) {
			var resp resource.ConfigureResponse
			r.Configure(t.Context(), resource.ConfigureRequest{ProviderData: data}, &resp)
			diags.Append(resp.Diagnostics...)
		}})
	}
	for _, constructor := range p.Actions(t.Context()) {
		a, ok := constructor().(action.ActionWithConfigure)
		if !ok {
			t.Fatalf("%T cannot be configured", constructor())
		}
		objects = append(objects, registered{a, func(data any, diags *diag.Diagnostics) {
			var resp action.ConfigureResponse
			a.Configure(t.Context(), action.ConfigureRequest{ProviderData: data}, &resp)
			diags.Append(resp.Diagnostics...)
		}})
	}
	for _, constructor := range p.ListResources(t.Context()) {
		l, ok := constructor().(listresource.ListResourceWithConfigure)
		if !ok {
			t.Fatalf("%T cannot be configured", constructor())
		}
		objects = append(objects, registered{l, func(data any, diags *diag.Diagnostics) {
			var resp resource.ConfigureResponse
			l.Configure(t.Context(), resource.ConfigureRequest{ProviderData: data}, &resp)
			diags.Append(resp.Diagnostics...)
		}})
	}
	return objects
}

// everyBlock is each block of each object of the provider, by what it is.
func everyBlock(t *testing.T) map[string]*tfprotov6.SchemaBlock {
	t.Helper()
	blocks := newCore(t, oktafake.New(t), nil).Blocks()
	if got, want := len(blocks), 8; got < want {
		t.Errorf("got %d blocks, want at least %d", got, want)
	}
	return blocks
}
