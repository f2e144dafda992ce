package main

import (
	"context"
	"net/url"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/report"
)

// sampleTitle is the title of the report in the README.
const sampleTitle = "Refresh tokens of Acme, March 2026"

// sample returns the inventory in the README: of a fake org, and the same at every call.
func sample(ctx context.Context) (report.Inventory, error) {
	now := time.Date(2026, time.March, 15, 9, 30, 0, 0, time.UTC)
	org := oktafake.NewOrg()
	org.Now = func() time.Time { return now }
	oktafake.Populate(org, oktafake.Population{Servers: 3, Clients: 5, Tokens: 220, Users: 400, Seed: 11})
	thin(org)
	client := okta.New(okta.Config{
		OrgURL: &url.URL{Scheme: "https", Host: "acme.okta.com"}, Credential: okta.APIToken(org.APIToken), Network: org,
		RequestTimeout: time.Minute, Parallelism: 1, Capacity: 100,
	})
	taken, err := inventory.Take(ctx, client, inventory.Request{CountUsers: true})
	if err != nil {
		return report.Inventory{}, err
	}
	return reported(taken, now), nil
}

// thin removes tokens, more from some clients than from others: in a populated org, every client has
// the same number.
func thin(org *oktafake.Org) {
	kept, seen := map[string]int{}, map[string]int{}
	for _, token := range org.Tokens() {
		key := token.AuthServerID + token.ClientID
		if _, known := kept[key]; !known {
			kept[key] = 219 * 3 / (3 + len(kept)*len(kept))
		}
		if seen[key]++; seen[key] > kept[key] {
			org.RemoveToken(token.ID)
		}
	}
}

// reported returns an inventory as the data source would pass it on.
func reported(taken inventory.Inventory, at time.Time) report.Inventory {
	clients, users := int64(taken.ClientCount), int64(taken.UserCount)
	r := report.Inventory{
		OrgURL: "https://acme.okta.com", ReadAt: at, Complete: taken.Complete(),
		TokenCount: int64(taken.TokenCount), ClientCount: &clients, UserCount: &users,
	}
	for _, c := range taken.Clients {
		scopes, users, forever := map[string]int64{}, int64(c.UserCount), int64(c.NeverExpiresCount)
		for name, n := range c.TokensByScope {
			scopes[name] = int64(n)
		}
		r.Clients = append(r.Clients, report.Client{
			AuthServerID: report.TextOf(c.AuthServerID), AuthServerName: c.AuthServerName, ClientID: c.ClientID, ClientName: c.ClientName,
			TokenCount: int64(c.TokenCount), UserCount: &users, NeverExpiresCount: &forever,
			OldestCreated: c.OldestCreated.String(), NewestCreated: c.NewestCreated.String(), OldestLastUpdated: c.OldestLastUpdated.String(),
			ScopeCounts: scopes,
		})
	}
	for i, band := range taken.Ages {
		b := report.Band{DaysFrom: int64(band.From), TokenCount: int64(band.Count)}
		if i < len(taken.Ages)-1 {
			to := int64(band.To)
			b.DaysTo = &to
		}
		r.AgeHistogram = append(r.AgeHistogram, b)
	}
	for _, u := range taken.Users {
		clients := int64(u.ClientCount)
		r.Users = append(r.Users, report.User{UserID: u.ID, UserName: u.Name, TokenCount: int64(u.TokenCount), ClientCount: &clients})
	}
	return r
}
