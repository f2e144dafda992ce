package protocol

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// Row is an element of a bulk list, encoded as Terraform reads it.
type Row = msgpack.RawMessage

// Lists has the elements of bulk lists by attribute.
type Lists map[string][]Row

type (
	leftKey     struct{}
	recordedKey struct{}
)

// Leave passes the elements of bulk lists on, when a data source is read or a
// [Record] is applied. The caller sets the attributes themselves to empty lists.
//
// It fails if no decorator collects them: the lists would be empty and contradict
// the counts.
func Leave(ctx context.Context, lists Lists) error {
	left, ok := ctx.Value(leftKey{}).(Lists)
	if !ok {
		return errors.New("this server does not collect bulk lists: serve the provider through protocol.New")
	}
	maps.Copy(left, lists)
	return nil
}

// Left returns the lists that this call has left so far.
func Left(ctx context.Context) Lists { return listsIn(ctx, leftKey{}) }

// Recorded returns the lists of a [Record] in the prior state. The framework sees
// them empty. What a create adds to them becomes part of its state.
func Recorded(ctx context.Context) Lists { return listsIn(ctx, recordedKey{}) }

func listsIn(ctx context.Context, key any) Lists {
	if lists, ok := ctx.Value(key).(Lists); ok {
		return lists
	}
	return Lists{} // this call has none
}

// putInto fills an object's lists with these elements. It skips unknown lists.
func (l Lists) putInto(state **tfprotov6.DynamicValue) error {
	return changeLists(state, slices.Sorted(maps.Keys(l)), func(name string, _ Row) ([]Row, error) {
		return l[name], nil
	})
}

// extract empties these lists of an object and returns their elements. It skips
// unknown lists.
func extract(state **tfprotov6.DynamicValue, names []string) (Lists, error) {
	taken := Lists{}
	for _, name := range names {
		taken[name] = nil
	}
	return taken, changeLists(state, names, func(name string, list Row) ([]Row, error) {
		var elements []Row
		err := msgpack.Unmarshal(list, &elements)
		taken[name] = elements
		return nil, err
	})
}

// changeLists replaces the elements of an object's lists. It skips unknown lists and
// keeps the encoding of everything else.
func changeLists(state **tfprotov6.DynamicValue, names []string, change func(name string, list Row) ([]Row, error)) error {
	if *state == nil {
		return nil
	}
	encoded := (*state).MsgPack
	if len(encoded) == 0 {
		return errors.New("the value is not encoded as MessagePack")
	}
	if !isMap(encoded[0]) {
		return nil // null or unknown
	}
	var attributes map[string]Row
	if err := msgpack.Unmarshal(encoded, &attributes); err != nil {
		return err
	}
	for _, name := range names {
		list := attributes[name]
		if len(list) == 0 || !isArray(list[0]) {
			continue
		}
		elements, err := change(name, list)
		if err != nil {
			return err
		}
		attributes[name] = Encode(elements)
	}
	object := make([]Field, 0, len(attributes))
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		object = append(object, Field{name, attributes[name]})
	}
	*state = &tfprotov6.DynamicValue{MsgPack: Encode(object)}
	return nil
}

func isMap(code byte) bool {
	return msgpcode.IsFixedMap(code) || code == msgpcode.Map16 || code == msgpcode.Map32
}

func isArray(code byte) bool {
	return msgpcode.IsFixedArray(code) || code == msgpcode.Array16 || code == msgpcode.Array32
}
