package okta

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// unexpected says what a body is that is not the expected JSON. A captive portal or
// a proxy's login page answers 200 with HTML. It is nil for a nil error.
func unexpected(body []byte, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the answer is not the JSON expected (%w): it is %s", inOurWords(err), cmp.Or(describe(body), "empty"))
}

// inOurWords says where a value is of the wrong kind. It leaves out the Go type that
// the value should have become.
func inOurWords(err error) error {
	wrong, ok := errors.AsType[*json.SemanticError](err)
	if !ok {
		return err
	}
	if err = wrong.Err; err == nil {
		kind := map[jsontext.Kind]string{'{': "object", '[': "array"}[wrong.JSONKind]
		err = fmt.Errorf("it is a JSON %s", cmp.Or(kind, wrong.JSONKind.String()))
	}
	if wrong.JSONPointer == "" {
		return err
	}
	return fmt.Errorf("at %s, %w", wrong.JSONPointer, err)
}

// itemSize is the rough size of a token in a response, in bytes. A list of smaller
// items grows while it is read.
const itemSize = 1024

// The most items in a page. Okta splits every list into pages of 200, except lists of
// clients. A page with more is not Okta's, and small items would need many times the
// memory of their text.
const (
	maxPageItems = 1_000
	maxClients   = 100_000
)

// decodeList reads a page of at most so many items. A body of null is an error,
// because it would read as an empty page.
//
// The decoder is the next one of Go's standard library, chosen for its speed; see
// the benchmark. It refuses duplicate members, so a second id cannot hide behind the
// first. It accepts text that is not UTF-8: one bad name must not cost a whole list.
func decodeList[T any](body []byte, most int) ([]T, error) {
	from := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowInvalidUTF8(true))
	if kind := from.PeekKind(); kind != '[' {
		_, err := from.ReadValue()
		if err == nil {
			return nil, fmt.Errorf("the answer is not a list: it is %s", cmp.Or(describe(body), "empty"))
		}
		return nil, unexpected(body, err)
	}
	items := make([]T, 0, min(len(body)/itemSize+1, most)) // growing would copy each item several times
	if _, err := from.ReadToken(); err != nil {
		return nil, unexpected(body, err)
	}
	for from.PeekKind() != ']' {
		if len(items) == most {
			return nil, fmt.Errorf("the answer has more than %d items, and a page of Okta's has fewer", most)
		}
		items = append(items, *new(T))
		if err := json.UnmarshalDecode(from, &items[len(items)-1]); err != nil {
			return nil, unexpected(body, err)
		}
	}
	if _, err := from.ReadToken(); err != nil {
		return nil, unexpected(body, err)
	}
	if _, err := from.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, unexpected(body, cmp.Or(err, errors.New("it goes on after the list")))
	}
	return items, nil
}
