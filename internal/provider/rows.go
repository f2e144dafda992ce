package provider

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// rows are the elements of lists, by attribute, on their way past the framework,
// see [newServer]. They are encoded as Terraform reads them. A data source or a
// resource leaves them here and sets the attribute itself to an empty list.
type rows map[string][]msgpack.RawMessage

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

type recordKey struct{}

// asRecordIn is a context that carries the lists of a record to who continues or keeps it.
func (r rows) asRecordIn(ctx context.Context) context.Context {
	return context.WithValue(ctx, recordKey{}, r)
}

// recordOf are the lists of the record in the prior state, which the framework sees empty.
func recordOf(ctx context.Context) rows {
	if r, ok := ctx.Value(recordKey{}).(rows); ok {
		return r
	}
	return rows{} // of a caller that has none
}

// putInto fills the lists of an object with their rows, where the lists are known.
func (r rows) putInto(state **tfprotov6.DynamicValue) error {
	return changeLists(state, slices.Sorted(maps.Keys(r)), func(name string, _ msgpack.RawMessage) ([]msgpack.RawMessage, error) {
		return r[name], nil
	})
}

// takeOut leaves these lists of an object empty, where they are known, and returns
// what was in them.
func takeOut(state **tfprotov6.DynamicValue, names ...string) (rows, error) {
	taken := rows{}
	for _, name := range names {
		taken[name] = nil
	}
	return taken, changeLists(state, names, func(name string, list msgpack.RawMessage) ([]msgpack.RawMessage, error) {
		var elements []msgpack.RawMessage
		err := msgpack.Unmarshal(list, &elements)
		taken[name] = elements
		return nil, err
	})
}

// changeLists replaces the elements of lists of an object, where they are known.
// Everything else stays as it is encoded.
func changeLists(state **tfprotov6.DynamicValue, names []string, change func(name string, list msgpack.RawMessage) ([]msgpack.RawMessage, error)) error {
	if *state == nil {
		return nil
	}
	encoded := (*state).MsgPack
	if len(encoded) == 0 {
		return errors.New("a value is not encoded as MessagePack")
	}
	if !isMap(encoded[0]) {
		return nil // null or unknown
	}
	var attributes map[string]msgpack.RawMessage
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
		attributes[name] = encode(elements)
	}
	object := make([]member, 0, len(attributes))
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		object = append(object, member{name, attributes[name]})
	}
	*state = &tfprotov6.DynamicValue{MsgPack: encode(object)}
	return nil
}

func isMap(code byte) bool {
	return msgpcode.IsFixedMap(code) || code == msgpcode.Map16 || code == msgpcode.Map32
}

func isArray(code byte) bool {
	return msgpcode.IsFixedArray(code) || code == msgpcode.Array16 || code == msgpcode.Array32
}

// member is an attribute of a row: null for an empty text, which is one that Okta
// left out, and for a nil value.
type member struct {
	name  string
	value any
}

// encode writes a value as Terraform reads it.
func encode(value any) msgpack.RawMessage {
	var buffer bytes.Buffer
	encoder := msgpack.GetEncoder()
	defer msgpack.PutEncoder(encoder)
	encoder.Reset(&buffer)
	if err := encodeTo(encoder, value); err != nil {
		panic(err) // a buffer takes everything
	}
	return buffer.Bytes()
}

func encodeTo(encoder *msgpack.Encoder, value any) error {
	switch value := value.(type) {
	case nil:
		return encoder.EncodeNil()
	case msgpack.RawMessage:
		return encoder.Encode(value)
	case string:
		if value == "" {
			return encoder.EncodeNil()
		}
		return encoder.EncodeString(value)
	case okta.Instant:
		return encodeTo(encoder, value.String())
	case int:
		return encoder.EncodeInt(int64(value))
	case []string:
		if value == nil {
			return encoder.EncodeNil()
		}
		return encodeEach(encoder, value, func(text string) error { return encoder.EncodeString(text) })
	case map[string]int:
		return encodeCounts(encoder, value)
	case []member:
		return encodeObject(encoder, value)
	case []msgpack.RawMessage:
		return encodeEach(encoder, value, func(row msgpack.RawMessage) error { return encoder.Encode(row) })
	default:
		return encoder.Encode(value)
	}
}

func encodeEach[T any](encoder *msgpack.Encoder, elements []T, encodeOne func(T) error) error {
	err := encoder.EncodeArrayLen(len(elements))
	for _, element := range elements {
		if err == nil {
			err = encodeOne(element)
		}
	}
	return err
}

func encodeObject(encoder *msgpack.Encoder, members []member) error {
	err := encoder.EncodeMapLen(len(members))
	for _, m := range members {
		if err == nil {
			err = encoder.EncodeString(m.name)
		}
		if err == nil {
			err = encodeTo(encoder, m.value)
		}
	}
	return err
}

func encodeCounts(encoder *msgpack.Encoder, counts map[string]int) error {
	object := make([]member, 0, len(counts))
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		object = append(object, member{name, counts[name]})
	}
	return encodeObject(encoder, object)
}

// toRows makes a row of each item.
func toRows[T any](items []T, row func(T) msgpack.RawMessage) []msgpack.RawMessage {
	made := make([]msgpack.RawMessage, len(items))
	for i, item := range items {
		made[i] = row(item)
	}
	return made
}

// idRow is a row of a list of IDs.
func idRow(id string) msgpack.RawMessage { return encode(id) }

// tokenRow is a token object: what [newTokenModel] becomes in the framework.
func tokenRow(t okta.RefreshToken) msgpack.RawMessage { return encode(tokenMembers(t)) }

// detailedTokenRow is tokenRow with scope_details, which are null unless they are
// to be expanded.
func detailedTokenRow(expand bool) func(okta.RefreshToken) msgpack.RawMessage {
	return func(t okta.RefreshToken) msgpack.RawMessage {
		details := member{"scope_details", nil}
		if expand && t.ScopeDetails != nil {
			details.value = toRows(t.ScopeDetails, scopeRow)
		}
		return encode(append(tokenMembers(t), details))
	}
}

func scopeRow(s okta.Scope) msgpack.RawMessage {
	return encode([]member{{"id", s.ID}, {"name", s.Name}, {"display_name", s.DisplayName}, {"description", s.Description}})
}

func tokenMembers(t okta.RefreshToken) []member {
	return []member{
		{"id", t.ID},
		{"status", t.Status},
		{"client_id", t.ClientID},
		{"user_id", t.UserID},
		{"issuer", t.Issuer},
		{"created", t.Created},
		{"last_updated", t.LastUpdated},
		{"expires_at", t.ExpiresAt},
		{"scopes", t.Scopes},
		{"auth_server_id", t.AuthServerID},
		{"app_id", t.AppID},
		{"client_name", t.ClientName},
		{"user_name", t.UserName},
		{"auth_server_name", t.AuthServerName},
		{"app_name", t.AppName},
	}
}
