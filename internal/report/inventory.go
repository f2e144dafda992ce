package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// Inventory is the part of an oktatokens_inventory that a page shows. The page leaves out a nil
// pointer or slice, and a [Text] that was not given: a hand-made object may lack them, which does not
// mean zero or never.
type Inventory struct {
	OrgURL   string    `json:"org_url"`
	ReadAt   time.Time `json:"read_at"` // zero if not given
	Complete bool      `json:"complete"`
	Failures []Failure `json:"failures"`

	AuthServerIDs *[]string      `json:"auth_server_ids"`
	ClientIDs     *[]string      `json:"client_ids"`
	UserIDs       *[]string      `json:"user_ids"`
	AppIDs        *[]string      `json:"app_ids"`
	Filter        map[string]any `json:"filter"`

	TokenCount   int64    `json:"token_count"`
	ClientCount  *int64   `json:"client_count"`
	UserCount    *int64   `json:"user_count"`
	Clients      []Client `json:"clients"`
	AgeHistogram []Band   `json:"age_histogram"`
	Users        []User   `json:"users"`
	Tokens       []Token  `json:"tokens"`

	// everyServer is set if auth_server_ids was given as null, which means every custom authorization
	// server. It is not set if auth_server_ids was missing.
	everyServer bool
}

// Failure is a list that could not be read.
type Failure struct {
	AuthServerID string `json:"auth_server_id"`
	UserID       string `json:"user_id"`
	AppID        string `json:"app_id"`
	ClientID     string `json:"client_id"`
	Error        string `json:"error"`
	TokensSeen   *int64 `json:"tokens_seen"`
}

// Client is a client at an authorization server. The server's ID is null for the org authorization
// server.
type Client struct {
	AuthServerID      Text             `json:"auth_server_id"`
	AuthServerName    string           `json:"auth_server_name"`
	ClientID          string           `json:"client_id"`
	ClientName        string           `json:"client_name"`
	TokenCount        int64            `json:"token_count"`
	UserCount         *int64           `json:"user_count"`
	OldestCreated     string           `json:"oldest_created"`
	NewestCreated     string           `json:"newest_created"`
	OldestLastUpdated string           `json:"oldest_last_updated"`
	NeverExpiresCount *int64           `json:"never_expires_count"`
	ScopeCounts       map[string]int64 `json:"scope_counts"`
}

// Band counts the tokens that are at least DaysFrom and less than DaysTo days old. DaysTo is nil in the
// last band.
type Band struct {
	DaysFrom   int64  `json:"days_from"`
	DaysTo     *int64 `json:"days_to"`
	TokenCount int64  `json:"token_count"`
}

// User is a user who holds tokens.
type User struct {
	UserID      string `json:"user_id"`
	UserName    string `json:"user_name"`
	TokenCount  int64  `json:"token_count"`
	ClientCount *int64 `json:"client_count"`
}

// Token is a refresh token.
type Token struct {
	ID             string   `json:"id"`
	Status         string   `json:"status"`
	ClientID       string   `json:"client_id"`
	ClientName     string   `json:"client_name"`
	UserID         string   `json:"user_id"`
	UserName       string   `json:"user_name"`
	AuthServerID   Text     `json:"auth_server_id"`
	AuthServerName string   `json:"auth_server_name"`
	Created        string   `json:"created"`
	LastUpdated    string   `json:"last_updated"`
	ExpiresAt      Text     `json:"expires_at"`
	Scopes         []string `json:"scopes"`
}

// Text is a string for which null has a meaning: a token that never expires, the org authorization
// server. The zero Text was not given at all.
type Text struct {
	value string
	given bool
}

// TextOf returns a Text that was given. An empty value means null.
func TextOf(value string) Text { return Text{value, true} }

// IsNull reports whether null was given.
func (t Text) IsNull() bool { return t.given && t.value == "" }

// UnmarshalJSON is called for null, but not for a missing attribute.
func (t *Text) UnmarshalJSON(text []byte) error {
	t.given = true
	return json.Unmarshal(text, &t.value)
}

// ParseInventory reads an inventory from an object of plain values, like those of [CSV]. It requires
// only what every page needs, and ignores unknown attributes.
func ParseInventory(object map[string]any) (Inventory, error) {
	var missing []string
	for _, name := range []string{"complete", "token_count", "clients"} {
		if object[name] == nil {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return Inventory{}, fmt.Errorf("this is no inventory, because it has no %s; pass an oktatokens_inventory data source, or an object "+
			"with at least complete, token_count and clients", strings.Join(missing, " and no "))
	}
	for _, list := range []string{"clients", "users", "age_histogram"} {
		if i := withoutCount(object[list]); i >= 0 {
			return Inventory{}, fmt.Errorf("this is no inventory: %s[%d] has no token_count", list, i)
		}
	}
	text, err := json.Marshal(printable(object))
	if err != nil {
		return Inventory{}, err
	}
	var inventory Inventory
	if err := json.Unmarshal(text, &inventory); err != nil {
		return Inventory{}, explain(err)
	}
	servers, given := object["auth_server_ids"]
	inventory.everyServer = given && servers == nil
	return inventory, nil
}

// printable makes every text in a plain value printable, see [prose.Printable].
func printable(value any) any {
	switch value := value.(type) {
	case string:
		return prose.Printable(value)
	case []any:
		list := make([]any, len(value))
		for i, element := range value {
			list[i] = printable(element)
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(value))
		for name, member := range value {
			object[prose.Printable(name)] = printable(member)
		}
		return object
	default:
		return value
	}
}

// withoutCount returns the index of the first row without a token_count, or -1.
func withoutCount(list any) int {
	rows, _ := list.([]any) // other types are refused later
	return slices.IndexFunc(rows, func(row any) bool {
		object, ok := row.(map[string]any)
		return ok && object["token_count"] == nil
	})
}

// explain says what is wrong with an inventory, with the type names of Terraform's language.
func explain(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		value := strings.TrimPrefix(wrong.Value, "number ")
		return fmt.Errorf("this is no inventory: %s is %s, want %s", wrong.Field, article(value), kindOf(wrong.Type))
	}
	return errors.New("read_at is not a time in RFC 3339, such as 2026-03-15T12:00:00Z") // no other attribute has a format
}

func article(kind string) string {
	switch kind {
	case "string", "number", "bool":
		return "a " + kind
	case "array":
		return "a list"
	case "object":
		return "an object"
	default:
		return "the number " + kind
	}
}

func kindOf(typ reflect.Type) string {
	switch typ.Kind() {
	case reflect.Bool:
		return "a bool"
	case reflect.String:
		return "a string"
	case reflect.Int64:
		return "a whole number"
	case reflect.Slice:
		return "a list"
	default:
		return "an object"
	}
}
