package inventory

import "github.com/oktatokens/terraform-provider-oktatokens/internal/okta"

// Inventory is the result of an audit. All lists are sorted, by IDs unless noted.
type Inventory struct {
	Failures []Failure

	TokenCount  int
	ClientCount int // distinct client IDs
	UserCount   int // distinct user IDs

	Clients []Client
	Ages    []AgeBand           // youngest first
	Users   []User              // nil unless asked for
	Tokens  []okta.RefreshToken // oldest first; nil unless asked for

	// Unreadable says which fields of tokens could not be read. Sums that need such
	// a field leave the token out.
	Unreadable okta.Unreadable
}

// Complete reports whether the sums include everything that was asked for.
func (i Inventory) Complete() bool { return len(i.Failures) == 0 }

// Client sums up the tokens that one authorization server issued to a client. The
// server's ID is empty for the org authorization server.
type Client struct {
	AuthServerID   string
	AuthServerName string
	ClientID       string
	ClientName     string

	TokenCount        int
	UserCount         int
	OldestCreated     okta.Time
	NewestCreated     okta.Time
	OldestLastUpdated okta.Time
	NeverExpiresCount int
	TokensByScope     map[string]int
}

// User sums up the tokens of a user.
type User struct {
	ID          string
	Name        string
	TokenCount  int
	ClientCount int
}

// AgeBand counts the tokens whose age in days is at least From and less than To.
type AgeBand struct {
	From  int
	To    int // 0 for the last band, which has no end
	Count int
}

// ageEdges are the starts of the age bands, in days.
var ageEdges = [...]int{0, 1, 7, 30, 90, 180, 365}
