package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	sdk "github.com/okta/okta-sdk-golang/v6/okta"
	"golang.org/x/sync/errgroup"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

const apiToken = "fake-api-token"

// listWithClient lists all tokens of all clients of the first server, side by
// side, as the provider's data sources do.
func listWithClient(ctx context.Context, o *org) (int, error) {
	origin, err := url.Parse(o.url)
	if err != nil {
		return 0, err
	}
	client := okta.New(okta.Config{
		OrgURL: origin, Credential: okta.APIToken(apiToken), UserAgent: "bench",
		MaxRetries: 5, MaxWait: 5 * time.Minute, RequestTimeout: time.Minute, Parallelism: 10, Capacity: 100,
	})
	var count atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	server := okta.AuthorizationServer("default")
	for c, err := range client.Clients(ctx, server) {
		if err != nil {
			return 0, err
		}
		group.Go(func() error {
			for _, err := range client.RefreshTokens(ctx, server.Client(c.ID)) {
				if err != nil {
					return err
				}
				count.Add(1)
			}
			return nil
		})
	}
	err = group.Wait()
	return int(count.Load()), err
}

// listWithSDK does the same with Okta's SDK, one request after another: its
// pages come from one call, and it has no way to share a limit among several.
func listWithSDK(ctx context.Context, o *org) (int, error) {
	address := strings.TrimPrefix(o.url, "http://")
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address) // the SDK drops the port of a URL
	}}
	cfg, err := sdk.NewConfiguration(
		sdk.WithOrgUrl(o.url), sdk.WithToken(apiToken), sdk.WithTestingDisableHttpsCheck(true), sdk.WithCache(false),
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
