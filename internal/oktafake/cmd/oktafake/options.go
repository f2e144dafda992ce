package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

const (
	maxPageSize = 200
	// maxTokens keeps an extra zero from using up the machine's memory.
	maxTokens = 10_000_000
)

// options are the checked flags.
type options struct {
	addr        *net.TCPAddr
	apiToken    string
	population  oktafake.Population
	latency     time.Duration
	rateLimit   int
	rateWindow  time.Duration
	pageSize    int
	clientField string
	// serviceAppKey is the file with a service app's private key. It is empty for no service app.
	serviceAppKey string
}

// parseOptions reads and checks the flags. It has already printed an error when it returns one. Every
// message names the flag and says what it accepts.
func parseOptions(args []string, stderr io.Writer) (options, error) {
	var (
		opts  options
		addr  string
		flags = flag.NewFlagSet("oktafake", flag.ContinueOnError)
	)
	flags.SetOutput(stderr)
	flags.StringVar(&addr, "addr", "127.0.0.1:8080", "loopback `address` to serve on; port 0 picks a free one")
	flags.StringVar(&opts.apiToken, "api-token", "fake-api-token", "API `token` (SSWS) that the org accepts")
	flags.IntVar(&opts.population.Servers, "servers", 2, "`number` of authorization servers")
	flags.IntVar(&opts.population.Clients, "clients", 5, "`number` of clients per authorization server")
	flags.IntVar(&opts.population.Tokens, "tokens", 20, "`number` of refresh tokens per client")
	flags.IntVar(&opts.population.Users, "users", 50, "`number` of users who hold the tokens")
	flags.DurationVar(&opts.latency, "latency", 0, "`delay` of every answer")
	flags.IntVar(&opts.rateLimit, "rate-limit", 0, "`requests` per window and bucket; 0 means no limit")
	flags.DurationVar(&opts.rateWindow, "rate-window", time.Minute, "`length` of a rate-limit window")
	flags.IntVar(&opts.pageSize, "page-size", maxPageSize, "largest `page` that a list serves")
	flags.Uint64Var(&opts.population.Seed, "seed", 1, "`seed` of the org: the same seed gives the same org")
	flags.StringVar(&opts.clientField, "client-field", "clientId", "`key` of a token's client: clientId or client_id")
	flags.StringVar(&opts.serviceAppKey, "service-app-key", "",
		"private key `file` of a service app that needs DPoP, created if there is none; without this flag there is no service app")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	err := opts.check(flags.Args())
	if err == nil {
		opts.addr, err = loopback(addr)
	}
	if err != nil {
		fmt.Fprintln(stderr, "oktafake:", err)
	}
	return opts, err
}

func (o options) check(arguments []string) error {
	if len(arguments) > 0 {
		return fmt.Errorf("unexpected argument %q: use flags only", arguments[0])
	}
	p := o.population
	for _, count := range []struct {
		flag  string
		value int
	}{
		{"servers", p.Servers}, {"clients", p.Clients}, {"tokens", p.Tokens}, {"users", p.Users}, {"rate-limit", o.rateLimit},
	} {
		if count.value < 0 {
			return fmt.Errorf("-%s must not be negative, got %d", count.flag, count.value)
		}
	}
	switch {
	case o.apiToken == "":
		return errors.New("-api-token must not be empty: the org would refuse every request")
	case o.latency < 0:
		return fmt.Errorf("-latency must not be negative, got %v", o.latency)
	case o.rateWindow <= 0:
		return fmt.Errorf("-rate-window must be longer than 0s, got %v", o.rateWindow)
	case o.pageSize < 1 || o.pageSize > maxPageSize:
		return fmt.Errorf("-page-size must be from 1 to %d, got %d", maxPageSize, o.pageSize)
	case o.clientField != "clientId" && o.clientField != "client_id":
		return fmt.Errorf("-client-field must be clientId or client_id, got %q", o.clientField)
	case p.Users == 0 && tokens(p) > 0:
		return errors.New("-users must be at least 1 because every token needs a user; or use -tokens 0")
	case tokens(p) > maxTokens:
		return fmt.Errorf("-servers × -clients × -tokens must be at most %d tokens, got %.0f", maxTokens, tokens(p))
	}
	return nil
}

// tokens returns the number of tokens. It is a float because the product of three flags can overflow an
// int.
func tokens(p oktafake.Population) float64 {
	return float64(p.Servers) * float64(p.Clients) * float64(p.Tokens)
}

// loopback resolves an address and refuses one that other machines could reach: the org has no TLS, and
// its API token is in the documentation.
func loopback(addr string) (*net.TCPAddr, error) {
	resolved, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("-addr %q: %w", addr, err)
	}
	if !resolved.IP.IsLoopback() {
		return nil, fmt.Errorf("-addr must be a loopback address such as 127.0.0.1:8080, got %q", addr)
	}
	return resolved, nil
}

func (o options) org() (*oktafake.Org, error) {
	org := oktafake.NewOrg()
	org.APIToken = o.apiToken
	org.Latency = o.latency
	org.RateLimit = o.rateLimit
	org.RateWindow = o.rateWindow
	org.PageSize = o.pageSize
	org.ClientField = o.clientField
	org.NoJournal = true
	if o.serviceAppKey != "" {
		if err := addServiceApp(org, o.serviceAppKey); err != nil {
			return nil, err
		}
	}
	oktafake.Populate(org, o.population)
	return org, nil
}

// explain prints what the org holds and how to use it.
func (o options) explain(w io.Writer, url string) {
	p := o.population
	fmt.Fprintf(w, "A fake Okta org with authorization servers: %d, clients: %d, refresh tokens: %.0f, users: %d, seed: %d.\n",
		p.Servers, p.Servers*p.Clients, tokens(p), p.Users, p.Seed)
	fmt.Fprintf(w, "Point the provider at it:  export OKTA_ORG_URL=%s OKTA_API_TOKEN='%s'\n", url, o.apiToken)
	if o.serviceAppKey != "" {
		fmt.Fprintf(w, "Or as a service app:       export OKTA_ORG_URL=%s OKTA_API_CLIENT_ID=%s OKTA_API_SCOPES=%s OKTA_API_PRIVATE_KEY=\"$(cat '%s')\"\n",
			url, serviceAppID, strings.Join(serviceAppScopes, ","), o.serviceAppKey)
	}
	fmt.Fprintf(w, "Look around:               curl -H 'Authorization: SSWS %s' %s/api/v1/authorizationServers\n", o.apiToken, url)
	fmt.Fprintln(w, "It lives in memory; stop it with Ctrl-C.")
}
