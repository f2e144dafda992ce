package oktafake

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Org is a fake org: its store and the [http.Handler] in front of it. Make one with [NewOrg] or
// [New]. Set the exported fields before the first request; call the methods at any time.
type Org struct {
	// PageSize is the most items that a page of a list has, whatever the request's limit.
	PageSize int

	// APIToken is the SSWS token that the org accepts, AccessToken the bearer token. An empty
	// one is never accepted.
	APIToken, AccessToken string

	// TokenLifetime is how long the access tokens of service apps last. At Okta it is always an
	// hour.
	TokenLifetime time.Duration

	// APINonce requires a nonce in the proofs of API calls, too. Okta's documentation says that
	// it requires none there, but clients have seen it do so.
	APINonce bool

	// Now is the org's clock. It sets the Date header, the rate-limit windows, the expiry of
	// access tokens, and the default of a token's Created.
	Now func() time.Time

	// Latency delays every request and its effect, except those that Intercept answers. If the
	// client gives up sooner, the request has no effect.
	Latency time.Duration

	// RateLimit is the number of requests that a bucket admits in a RateWindow. Zero means no
	// limit; the headers then report a very large one.
	RateLimit  int
	RateWindow time.Duration

	// MaxConcurrent is the number of requests that may run at once, from their arrival to their
	// answer, hooks included. Zero means no limit.
	MaxConcurrent int

	// ClientField is the key of a token's client ID: clientId, as in Okta's answers, or
	// client_id, as in some of Okta's published examples.
	ClientField string

	// NoJournal turns the journal of requests off, for an org that serves for days.
	NoJournal bool

	// Intercept, if non-nil, sees each request first. It returns true if it has answered. The
	// request then has no effect, except that its proof and its client assertion are used up. The
	// form of a request for an access token is already in PostForm.
	Intercept func(http.ResponseWriter, *http.Request) bool

	// AfterEffect, if non-nil, sees each request that Intercept let pass, after its effect. The
	// answer's headers are set and nothing is sent. It may change the headers and return false,
	// or answer itself and return true: a lost answer, or a 500 after a revocation that
	// succeeded.
	AfterEffect func(http.ResponseWriter, *http.Request) bool

	// unrouted is called for each request that has no route.
	unrouted func(*http.Request)
	// unknownFields adds a field that no client knows to every object of every answer.
	unknownFields bool

	mux       *http.ServeMux
	gate      gate
	limiter   limiter
	journal   journal
	authority authority

	mu    sync.RWMutex // guards store and ids
	store store
	ids   idSource
}

// NewOrg returns an org for people and programs, with pages of 200 and no rate limit.
func NewOrg(seeds ...Seed) *Org {
	o := &Org{
		PageSize:      maxLimit,
		APIToken:      "fake-api-token",
		AccessToken:   "fake-access-token",
		TokenLifetime: time.Hour,
		Now:           time.Now,
		RateWindow:    time.Minute,
		ClientField:   "clientId",
		unrouted:      func(*http.Request) {},
		authority:     newAuthority(),
		store:         newStore(),
		ids:           newIDSource(1),
	}
	o.mux = o.routes()
	for _, seed := range seeds {
		seed(o)
	}
	return o
}

// ServeHTTP journals the request and answers it as Okta would.
func (o *Org) ServeHTTP(writer http.ResponseWriter, r *http.Request) {
	w := &response{ResponseWriter: writer}
	finish := o.journal.begin(o, r)
	// Deferred because a hook hangs up by panicking.
	defer func() { finish(w.status) }()
	leave, crowded := o.gate.enter(o.MaxConcurrent)
	defer leave()
	c := o.arrive(r)
	c.crowded = crowded

	setCommonHeader(w.Header(), o.Now())
	if o.Intercept != nil && o.Intercept(w, r) {
		return
	}
	if !wait(r.Context(), o.Latency) {
		return
	}
	r = withCall(r, c)
	if err := o.admit(w.Header(), r); err != nil {
		o.reply(w, r, nil, err)
		return
	}
	o.mux.ServeHTTP(w, r)
}

// admit refuses a request before it is routed: because of its credentials, too many concurrent
// requests, its bucket's rate limit, or a path that [http.ServeMux] would clean into another one.
func (o *Org) admit(h http.Header, r *http.Request) error {
	c := callOf(r)
	var err error
	if c.grant, err = o.authenticate(r); err != nil {
		return err
	}
	if c.crowded {
		// The reset is only a suggestion: no window ends then.
		now := o.Now()
		setDate(h, now)
		setRateLimit(h, 0, 0, now.Add(o.RateWindow))
		return errRateLimited
	}
	if err := o.spend(h, r); err != nil {
		return err
	}
	if !plainPath(r.URL) {
		o.unrouted(r)
		return errPathNotFound
	}
	return nil
}

// plainPath reports whether no segment of the path is empty, a dot segment or has an encoded slash.
// The empty one matters most: DELETE …/tokens/ is a request for one token that lost its ID, and must
// not become the request to revoke all.
func plainPath(u *url.URL) bool {
	path, ok := strings.CutPrefix(u.EscapedPath(), "/")
	if !ok {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		name, err := url.PathUnescape(segment)
		if err != nil || name == "" || name == "." || name == ".." || strings.Contains(name, "/") {
			return false
		}
	}
	return true
}

// wait waits for d. It returns false if ctx ends first.
func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// setCommonHeader sets the headers that Okta sends with every answer.
func setCommonHeader(h http.Header, now time.Time) {
	setDate(h, now)
	h.Set("Server", "nginx")
	h.Set("X-Okta-Request-Id", requestID())
	h.Set("Cache-Control", "no-cache, no-store")
	h.Set("Pragma", "no-cache")
	h.Set("Expires", "0")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Accept-Ch", "Sec-CH-UA-Platform-Version")
}

// setDate sets the Date by the org's clock, because clients compute their waits from it.
func setDate(h http.Header, now time.Time) {
	h.Set("Date", now.UTC().Format(http.TimeFormat))
}

// requestID returns 32 random hexadecimal digits.
func requestID() string {
	var id [16]byte
	rand.Read(id[:])
	return hex.EncodeToString(id[:])
}
