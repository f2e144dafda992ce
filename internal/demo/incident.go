package main

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// incident is a fake org in which a client's secret has leaked.
type incident struct {
	*oktafake.Org
	server, client string
	leaked         string   // when the secret leaked, in RFC 3339
	tokens         []string // IDs of the client's tokens issued since, sorted
}

// newIncident fills an org. A client's secret leaked 36 hours ago, and the client got five more tokens
// since.
func newIncident(now time.Time) *incident {
	org := oktafake.NewOrg()
	org.Now = func() time.Time { return now } // token ages count from now
	oktafake.Populate(org, oktafake.Population{Servers: 2, Clients: 4, Tokens: 12, Users: 30, Seed: 7})
	issued := org.Tokens()
	leaked := now.Add(-36 * time.Hour).Truncate(time.Hour)
	like := issued[0]
	for i, other := range issued[1:6] {
		created := leaked.Add(time.Duration(i+1) * 97 * time.Minute)
		expires := created.Add(7 * 24 * time.Hour)
		org.AddToken(oktafake.Token{
			AuthServerID: like.AuthServerID, ClientID: like.ClientID, UserID: other.UserID, Scopes: like.Scopes,
			Created: created, ExpiresAt: &expires,
		})
	}
	org.Now = time.Now
	in := &incident{Org: org, server: like.AuthServerID, client: like.ClientID, leaked: leaked.Format(time.RFC3339)}
	for _, token := range org.Tokens() {
		if token.AuthServerID == in.server && token.ClientID == in.client && token.Created.After(leaked) {
			in.tokens = append(in.tokens, token.ID)
		}
	}
	return in
}

// serve serves an org on loopback until ctx ends, and returns its URL.
func serve(ctx context.Context, org *oktafake.Org) (string, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: org, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // returns when the server is closed
	context.AfterFunc(ctx, func() { _ = server.Close() })
	return "http://" + listener.Addr().String(), nil
}
