package protocol

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"github.com/vmihailenco/msgpack/v5"
)

// Field is an attribute of an object in a [Row]. An empty text and a nil value are
// null.
type Field struct {
	Name  string
	Value any
}

// Rows returns a row for each item.
func Rows[T any](items []T, row func(T) Row) []Row {
	made := make([]Row, len(items))
	for i, item := range items {
		made[i] = row(item)
	}
	return made
}

// Encode encodes a value as Terraform reads it: nil, a string, an int, a bool, a
// slice of strings, a map of ints, the fields of an object, rows, or a Stringer.
func Encode(value any) Row {
	var buffer bytes.Buffer
	encoder := msgpack.GetEncoder()
	defer msgpack.PutEncoder(encoder)
	encoder.Reset(&buffer)
	if err := encodeTo(encoder, value); err != nil {
		panic(err) // writing to a buffer cannot fail
	}
	return buffer.Bytes()
}

func encodeTo(encoder *msgpack.Encoder, value any) error {
	switch value := value.(type) {
	case nil:
		return encoder.EncodeNil()
	case Row:
		return encoder.Encode(value)
	case string:
		if value == "" {
			return encoder.EncodeNil()
		}
		return encoder.EncodeString(value)
	case int:
		return encoder.EncodeInt(int64(value))
	case []string:
		if value == nil {
			return encoder.EncodeNil()
		}
		return encodeEach(encoder, value, func(text string) error { return encoder.EncodeString(text) })
	case map[string]int:
		return encodeCounts(encoder, value)
	case []Field:
		return encodeObject(encoder, value)
	case []Row:
		return encodeEach(encoder, value, func(row Row) error { return encoder.Encode(row) })
	case fmt.Stringer:
		return encodeTo(encoder, value.String())
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

func encodeObject(encoder *msgpack.Encoder, fields []Field) error {
	err := encoder.EncodeMapLen(len(fields))
	for _, f := range fields {
		if err == nil {
			err = encoder.EncodeString(f.Name)
		}
		if err == nil {
			err = encodeTo(encoder, f.Value)
		}
	}
	return err
}

func encodeCounts(encoder *msgpack.Encoder, counts map[string]int) error {
	object := make([]Field, 0, len(counts))
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		object = append(object, Field{name, counts[name]})
	}
	return encodeObject(encoder, object)
}

// Text decodes a row that is a string.
func Text(row Row) (string, error) {
	var text string
	err := msgpack.Unmarshal(row, &text)
	return text, err
}

// Texts decodes attributes of a row that is an object. Each is a string, or null, which
// becomes "".
func Texts(row Row, names ...string) ([]string, error) {
	var object map[string]Row
	if err := msgpack.Unmarshal(row, &object); err != nil {
		return nil, err
	}
	texts := make([]string, len(names))
	for i, name := range names {
		if len(object[name]) == 0 {
			continue // null is decoded as an empty row
		}
		if err := msgpack.Unmarshal(object[name], &texts[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return texts, nil
}
