package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v6/okta"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// listers list all tokens of an org with one authorization server.
var listers = []struct {
	name string
	list func(context.Context, *org) (tokens int, err error)
}{
	{"this client", listWithClient},
	{"okta-sdk-golang", listWithSDK},
}

// measureListing measures how long each client needs to list an org with latency.
func measureListing(ctx context.Context) error {
	s := size{servers: 1, clients: 10, tokens: 1000}
	const latency = 50 * time.Millisecond
	t := newTable(fmt.Sprintf("Listing %d clients with %d tokens each, %s per request", s.clients, s.tokens, latency),
		"client", "requests", "tokens", "wall", "speedup")
	slow := func(o *oktafake.Org) { o.Latency = latency }
	walls, requests, err := runListers(ctx, s, 5, slow)
	if err != nil {
		return err
	}
	for i, lister := range listers {
		t.row(lister.name, fmt.Sprint(requests[i].answered), fmt.Sprint(s.total()), seconds(walls[i]), ratio(walls[1], walls[i]))
	}
	return t.print()
}

// measureRateLimit measures how much of a rate limit each client uses.
func measureRateLimit(ctx context.Context) error {
	s := size{servers: 1, clients: 10, tokens: 4000}
	const limit, window, latency = 50, 5 * time.Second, 20 * time.Millisecond
	t := newTable(fmt.Sprintf("Listing %d clients with %d tokens each, with a limit of %d requests in %s, %s per request", s.clients, s.tokens, limit, window, latency),
		"client", "requests", "429s", "tokens", "wall", "ideal", "ideal/wall")
	walls, requests, err := runListers(ctx, s, 1, func(o *oktafake.Org) { o.RateLimit, o.RateWindow, o.Latency = limit, window, latency })
	if err != nil {
		return err
	}
	for i, lister := range listers {
		ideal := time.Duration((requests[i].answered-1)/limit) * window
		t.row(lister.name, fmt.Sprint(requests[i].answered), fmt.Sprint(requests[i].refused), fmt.Sprint(s.total()),
			seconds(walls[i]), seconds(ideal), ratio(ideal, walls[i]))
	}
	return t.print()
}

// counted has the numbers of requests of one run.
type counted struct{ answered, refused int }

// runListers runs every lister several times, in turn, each time on a new org. It
// returns each lister's median time and its requests.
func runListers(ctx context.Context, s size, rounds int, change func(*oktafake.Org)) ([]time.Duration, []counted, error) {
	walls, requests := make([][]time.Duration, len(listers)), make([]counted, len(listers))
	for range rounds {
		for i, lister := range listers {
			o, err := newOrg(s, change)
			if err != nil {
				return nil, nil, err
			}
			start := time.Now()
			tokens, err := lister.list(ctx, o)
			walls[i] = append(walls[i], time.Since(start))
			requests[i].answered, requests[i].refused = o.requests()
			o.close()
			if err == nil && tokens != s.total() {
				err = fmt.Errorf("it listed %d tokens of %d", tokens, s.total())
			}
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", lister.name, err)
			}
		}
	}
	medians := make([]time.Duration, len(listers))
	for i := range medians {
		medians[i] = median(walls[i])
	}
	return medians, requests, nil
}

// listWithClient lists tokens as the provider's inventory does.
func listWithClient(ctx context.Context, o *org) (int, error) {
	taken, err := inventory.Take(ctx, o.client(), inventory.Request{AuthServerIDs: []string{"default"}, KeepTokens: true})
	return len(taken.Tokens), err
}

// listWithSDK lists tokens with Okta's SDK, one request after the other: the SDK has
// no way to share a rate limit among parallel calls.
func listWithSDK(ctx context.Context, o *org) (int, error) {
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, o.url.Host) // the SDK drops the port of a URL
	}}
	cfg, err := sdk.NewConfiguration(
		sdk.WithOrgUrl(o.url.String()), sdk.WithToken(apiToken), sdk.WithTestingDisableHttpsCheck(true), sdk.WithCache(false),
		sdk.WithHttpClientPtr(&http.Client{Transport: transport}),
		sdk.WithRateLimitMaxRetries(5), sdk.WithRateLimitMaxBackOff(300),
	)
	if err != nil {
		return 0, err
	}
	api := sdk.NewAPIClient(cfg).AuthorizationServerClientsAPI
	clients, _, err := api.ListOAuth2ClientsForAuthorizationServer(ctx, "default").Execute()
	if err != nil {
		return 0, err
	}
	count := 0
	for _, c := range clients {
		page, resp, err := api.ListRefreshTokensForAuthorizationServerAndClient(ctx, "default", c.GetClientId()).Limit(200).Execute()
		for {
			if err != nil {
				return count, err
			}
			count += len(page)
			if !resp.HasNextPage() {
				break
			}
			page = nil
			if resp, err = resp.Next(&page); resp == nil && err == nil {
				return count, errors.New("the SDK lost a page")
			}
		}
	}
	return count, nil
}
