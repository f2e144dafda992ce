package report

import (
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// view has the values that the template prints.
type view struct {
	Title, Org string
	Policy     string
	Style      template.CSS
	Script     template.JS
	ReadAt     *moment // nil if the inventory does not say

	Complete bool
	Failures table[Failure]
	Totals   []total
	Counted  []term
	Chart    *chart
	Clients  table[clientRow]
	Users    *table[userRow]  // nil if the inventory has none
	Tokens   *table[tokenRow] // likewise

	readAt time.Time
}

// total is one of the figures at the top.
type total struct {
	Name   string
	Figure string
	Note   string
}

// term is a line of "What was counted".
type term struct{ Name, Value string }

func newView(title string, inventory Inventory) *view {
	v := &view{
		Title:    prose.Printable(title),
		Org:      inventory.OrgURL,
		Complete: inventory.Complete && len(inventory.Failures) == 0,
		Counted:  scopeOf(inventory),
		Chart:    newChart(inventory),
		readAt:   inventory.ReadAt.UTC(),
	}
	if !inventory.ReadAt.IsZero() {
		m := v.moment(v.readAt.Format(time.RFC3339Nano))
		v.ReadAt = &m
	}
	v.Failures = newTable(inventory.Failures, maxFailures, func(Failure) int64 { return 0 }, func(f Failure) Failure { return f })
	v.Totals = v.totals(inventory)
	v.Clients = v.clients(inventory.Clients)
	if inventory.Users != nil {
		v.Users = users(inventory.Users)
	}
	if inventory.Tokens != nil {
		v.Tokens = v.tokens(inventory.Tokens)
	}
	return v
}

func (v *view) totals(inventory Inventory) []total {
	totals := []total{{Name: "Refresh tokens", Figure: prose.Number(inventory.TokenCount)}}
	if inventory.ClientCount != nil {
		totals = append(totals, total{Name: "Clients", Figure: prose.Number(*inventory.ClientCount)})
	}
	if inventory.UserCount != nil {
		totals = append(totals, total{Name: "Users", Figure: prose.Number(*inventory.UserCount)})
	}
	// In a hand-made object, the rows may be incomplete, or lack the count.
	var counted, forever int64
	oldest := ""
	for _, client := range inventory.Clients {
		if client.NeverExpiresCount != nil {
			counted += client.TokenCount
			forever += *client.NeverExpiresCount
		}
		if at := v.moment(client.OldestCreated); at.Machine != "" && (oldest == "" || at.Machine < oldest) {
			oldest = at.Machine
		}
	}
	if counted == inventory.TokenCount {
		totals = append(totals, total{Name: "Never expire", Figure: prose.Number(forever), Note: share(forever, counted) + " of the tokens"})
	}
	if oldest != "" {
		at := v.moment(oldest)
		totals = append(totals, total{Name: "Oldest token", Figure: at.Day, Note: at.Age})
	}
	return totals
}

// scopeOf returns what an inventory counted, as far as the object says.
func scopeOf(inventory Inventory) []term {
	var terms []term
	if inventory.everyServer {
		terms = append(terms, term{"Authorization servers", "every custom one"})
	}
	for _, argument := range []struct {
		name string
		ids  *[]string
	}{
		{"Authorization servers", inventory.AuthServerIDs},
		{"Users", inventory.UserIDs},
		{"Apps", inventory.AppIDs},
		{"Only the clients", inventory.ClientIDs},
	} {
		if argument.ids != nil {
			terms = append(terms, term{argument.name, listed(*argument.ids)})
		}
	}
	for _, name := range slices.Sorted(maps.Keys(inventory.Filter)) {
		if part := inventory.Filter[name]; part != nil {
			terms = append(terms, term{"Only " + strings.ReplaceAll(name, "_", " "), filterPart(part)})
		}
	}
	return terms
}

// filterPart returns a configured part of a filter as text.
func filterPart(part any) string {
	list, ok := part.([]any)
	if !ok {
		return fmt.Sprint(part)
	}
	words := make([]string, len(list))
	for i, element := range list {
		words[i] = fmt.Sprint(element)
	}
	return listed(words)
}

// listed returns a list in words, shortened to fit into a line or two.
func listed(words []string) string {
	if len(words) == 0 {
		return "none"
	}
	return prose.List(words, maxInCell)
}
