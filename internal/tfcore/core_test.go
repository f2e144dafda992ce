package tfcore_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// strict is a test that panics when it fails.
type strict struct{}

func (strict) Helper() {}

func (strict) Context() context.Context { return context.Background() }

func (strict) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (strict) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (strict) Fatal(args ...any) { panic(fmt.Sprint(args...)) }

// A note is created, planned again, and replaced. In a test, t is the test's own.
func Example() {
	var t strict
	core := tfcore.New(t, tfcore.Options{Serve: func() protocol.Server { return protocol.Framework(toy{}) }})
	note := core.Resource("toy_note")

	plan := note.Plan(note.NoState(), tfcore.Object{"topic": "tea"})
	fmt.Println(tfcore.ObjectOf(t, plan.Planned)["length"] == tfcore.Unknown{})
	state, diags := note.Apply(plan)
	fmt.Println(tfcore.ObjectOf(t, state)["length"], diags[0].Attribute, diags[0].Summary)

	same := note.Plan(state, tfcore.Object{"topic": "tea"})
	fmt.Println(same.Planned.Equal(state))
	other := note.Plan(state, tfcore.Object{"topic": "coffee"})
	fmt.Println(other.Replace)
	// Output:
	// true
	// 0 text Empty Note
	// true
	// [topic]
}

// recorder is a test that takes down how it fails.
type recorder struct {
	*testing.T
	failed []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}

// Terraform calls each of these a bug in the provider.
func TestCoreHoldsTheProviderToTerraformsRules(t *testing.T) {
	t.Parallel()
	for fault, want := range map[fault]string{
		"":         "",
		otherPlan:  `text was configured as tftypes.String<"hello"> and became tftypes.String<"bye">`,
		otherState: `text was planned as tftypes.String<"hello"> and became tftypes.String<"hello!">`,
		unknownEnd: "the state is not known after the apply: ",
	} {
		r := &recorder{T: t}
		note := tfcore.New(r, tfcore.Options{Serve: func() protocol.Server { return protocol.Framework(toy{fault}) }}).Resource("toy_note")
		note.Create(tfcore.Object{"topic": "tea", "text": "hello"})
		got := strings.Join(r.failed, "\n")
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("a provider that %s: got the failures %q, want %q", fault, got, want)
		}
	}
}

func TestPlainIsTheReverseOfValue(t *testing.T) {
	t.Parallel()
	for _, v := range []any{
		nil, "a", true, 7, 0.5,
		tfcore.Unknown{},
		tfcore.List("a", "b"),
		[]any{"a", 1, nil},
		tfcore.Object{"a": tfcore.Object{"b": tfcore.List("c")}, "d": nil},
	} {
		got := tfcore.Plain(t, tfcore.Literal(v))
		if fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", v) {
			t.Errorf("got %#v, want %#v", got, v)
		}
	}
}

func TestHCLKnowsBlocksFromArguments(t *testing.T) {
	t.Parallel()
	got := tfcore.HCL{Blocks: []string{"filter"}}.Body(tfcore.Object{
		"filter": tfcore.Object{"ids": tfcore.List("a")}, "tags": tfcore.Object{"x": tfcore.Expression("var.x")}, "n": 1, "gone": nil,
	})
	want := "filter {\nids = [\"a\"]\n}\ngone = null\nn = 1\ntags = {\nx = var.x\n}"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
