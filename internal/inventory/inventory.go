package inventory

import "github.com/oktatokens/terraform-provider-oktatokens/internal/okta"

// Inventory is what an org was found to hold. Everything in it is sorted, by IDs
// where nothing else is said.
type Inventory struct {
	Failures []Failure

	TokenCount  int
	ClientCount int // distinct client IDs
	UserCount   int // distinct user IDs

	Clients []Client
	Ages    []AgeBand           // youngest first
	Users   []User              // nil unless asked for
	Tokens  []okta.RefreshToken // oldest first; nil unless asked for

	// Unreadable is what could not be read of the tokens in the sums. Where a sum
	// needs such a field, the token is missing from that sum.
	Unreadable okta.Unreadable
}

// Complete reports whether everything that was asked for is in the sums.
func (i Inventory) Complete() bool { return len(i.Failures) == 0 }

// Client sums up the tokens of a client that one authorization server issued. The
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

// ageEdges are where the age bands begin, in days.
var ageEdges = [...]int{0, 1, 7, 30, 90, 180, 365}
