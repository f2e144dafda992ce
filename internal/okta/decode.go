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

// unexpected says what a body is that is not the JSON expected. A captive portal and
// a proxy's login page answer 200 with HTML. It is nil for nil.
func unexpected(body []byte, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the answer is not the JSON expected (%w): it is %s", inOurWords(err), cmp.Or(describe(body), "empty"))
}

// inOurWords says where a value is of the wrong kind, without the Go type that
// it was to become.
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

// itemSize is about how many bytes of an answer a token takes. A list of smaller items
// grows while it is read.
const itemSize = 1024

// How many items a page may have. Okta pages all lists but those of clients, and by
// 200. More of them are no honest answer, and small ones would take many times the
// memory of their text.
const (
	maxPageItems = 1_000
	maxClients   = 100_000
)

// decodeList reads a page of at most so many items. A body of null is no page: it
// would read as an empty one.
//
// The decoder is the next one of Go's own library, for its speed; see the
// benchmark. Of two members with one name it makes an error, so no second id can
// hide behind a first. A name that is not UTF-8 is not worth a whole list.
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
