package protocol

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func TestLeaveFailsWithoutBulkLists(t *testing.T) {
	t.Parallel()
	if err := Leave(t.Context(), Lists{"ids": {Encode("a")}}); err == nil {
		t.Error("got no error, but the lists are lost")
	}
}

func TestRecordKeepsItsListsInOrder(t *testing.T) {
	t.Parallel()
	record := Record{Lists: []RecordList{{Name: "ids", Key: Text}, {Name: "objects", Key: func(row Row) (string, error) {
		texts, err := Texts(row, "at", "id")
		if err != nil {
			return "", err
		}
		return texts[0] + " " + texts[1], nil
	}}}}
	object := func(at, id string) Row { return Encode([]Field{{"id", id}, {"at", at}}) }
	lists := Lists{}
	for _, more := range []Lists{
		{"ids": {Encode("c"), Encode("a")}, "objects": {object("2", "a"), object("", "z")}},
		{"ids": {Encode("b"), Encode("a")}, "objects": {object("1", "b"), object("2", "a")}},
		{},
	} {
		if err := record.Add(lists, more); err != nil {
			t.Fatal(err)
		}
	}
	want := Lists{
		"ids":     {Encode("a"), Encode("b"), Encode("c")},
		"objects": {object("", "z"), object("1", "b"), object("2", "a")},
	}
	if diff := cmp.Diff(want, lists); diff != "" {
		t.Errorf("lists (-want +got):\n%s", diff)
	}
}

// Evidence that cannot be sorted is kept.
func TestRecordKeepsRowsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	unreadable := errors.New("no key")
	record := Record{Lists: []RecordList{{Name: "ids", Key: func(Row) (string, error) { return "", unreadable }}}}
	lists := Lists{}
	if err := record.Add(lists, Lists{"ids": {Encode("b"), Encode("a")}}); !errors.Is(err, unreadable) {
		t.Errorf("got the error %v, want %v", err, unreadable)
	}
	if diff := cmp.Diff(Lists{"ids": {Encode("b"), Encode("a")}}, lists); diff != "" {
		t.Errorf("lists (-want +got):\n%s", diff)
	}
}

func TestTextsReadsNullAsEmpty(t *testing.T) {
	t.Parallel()
	got, err := Texts(Encode([]Field{{"id", "a"}, {"at", nil}, {"n", 7}}), "at", "id")
	if err != nil || !cmp.Equal(got, []string{"", "a"}) {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := Texts(Encode([]Field{{"n", 7}}), "n"); err == nil {
		t.Errorf("got %q of a number, want an error", got)
	}
}

// Terraform reads the value that Encode was given.
func TestEncode(t *testing.T) {
	t.Parallel()
	texts := tftypes.List{ElementType: tftypes.String}
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": tftypes.String, "b": tftypes.Number}}
	for name, tc := range map[string]struct {
		value any
		want  tftypes.Value
	}{
		"null":       {nil, tftypes.NewValue(tftypes.String, nil)},
		"no text":    {"", tftypes.NewValue(tftypes.String, nil)},
		"text":       {"é", tftypes.NewValue(tftypes.String, "é")},
		"number":     {-1, tftypes.NewValue(tftypes.Number, -1)},
		"bool":       {true, tftypes.NewValue(tftypes.Bool, true)},
		"no texts":   {[]string(nil), tftypes.NewValue(texts, nil)},
		"zero texts": {[]string{}, tftypes.NewValue(texts, []tftypes.Value{})},
		"texts":      {[]string{"a", ""}, tftypes.NewValue(texts, []tftypes.Value{tftypes.NewValue(tftypes.String, "a"), tftypes.NewValue(tftypes.String, "")})},
		"object": {[]Field{{"a", "x"}, {"b", 2}}, tftypes.NewValue(object, map[string]tftypes.Value{
			"a": tftypes.NewValue(tftypes.String, "x"), "b": tftypes.NewValue(tftypes.Number, 2),
		})},
	} {
		got, err := tfprotov6.DynamicValue{MsgPack: Encode(tc.value)}.Unmarshal(tc.want.Type())
		if err != nil || !got.Equal(tc.want) {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, tc.want)
		}
	}
}
