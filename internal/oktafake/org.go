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
// [New]. The exported fields are set before the first request; the methods may be called at any
// time.
type Org struct {
	// PageSize is the most that one page of a list holds, whatever the request's limit.
	PageSize int

	// APIToken is what the org takes as an SSWS token, and AccessToken as a bearer token. An
	// empty one is never accepted.
	APIToken, AccessToken string

	// TokenLifetime is how long the access tokens of service apps last: an hour at Okta, where
	// it cannot be changed.
	TokenLifetime time.Duration

	// APINonce demands a nonce of the proofs on calls of the API, too. Okta's documentation says
	// that it does not, but clients have met it.
	APINonce bool

	// Now is the org's clock: the Date header, the rate-limit windows, the life of access tokens,
	// and the default of a token's Created.
	Now func() time.Time

	// Latency delays every answer but those of Intercept, and the effect of the request with it.
	// A client that gives up sooner has caused no effect.
	Latency time.Duration

	// RateLimit is the number of requests that one bucket admits in a RateWindow. Zero means no
	// limit; the headers then tell of a very large one.
	RateLimit  int
	RateWindow time.Duration

	// MaxConcurrent is the number of requests that may be under way at once, from their arrival
	// to their answer, hooks included. Zero means no limit.
	MaxConcurrent int

	// ClientField is the key of a token's client ID: clientId, which Okta answers with, or
	// client_id, which some of Okta's published examples show.
	ClientField string

	// NoJournal stops the org from keeping its requests, for an org that serves for days.
	NoJournal bool

	// Intercept, if non-nil, sees each request first. Returning true means it has answered, and
	// the request has no effect, but that its proof and its client assertion are used up. The form
	// of a request for an access token has been read; it is in PostForm.
	Intercept func(http.ResponseWriter, *http.Request) bool

	// AfterEffect, if non-nil, sees each request that Intercept let pass once it has had its
	// effect, with the answer's headers set and nothing sent. It may change the headers and
	// return false, or answer itself and return true: a lost answer, or a 500 from a
	// revocation that took place.
	AfterEffect func(http.ResponseWriter, *http.Request) bool

	// unrouted is told of each request for which there is no route.
	unrouted func(*http.Request)
	// unknownFields adds a field that no client can know to every object of every answer.
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

// NewOrg returns an org for people and programs: pages of 200 and no limit of requests.
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
	// Deferred because a hook that hangs up does so by panicking.
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

// admit refuses a request before it is routed: for its credentials, for the requests beside it, for
// its bucket's rate limit, or for a path that [http.ServeMux] would clean into a different request.
func (o *Org) admit(h http.Header, r *http.Request) error {
	c := callOf(r)
	var err error
	if c.grant, err = o.authenticate(r); err != nil {
		return err
	}
	if c.crowded {
		// The reset is a suggestion; a client that takes it for a window's end waits in vain.
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

// plainPath reports whether every segment of the path stands for itself. An empty one matters
// most: DELETE …/tokens/ is a token's request that has lost its ID, and must not become the
// request to revoke all.
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

// wait waits for d, and reports false if ctx ended first.
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

// setCommonHeader sets what Okta sends with every answer.
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

// setDate sets the Date to the org's clock, since clients measure how long to wait from it.
func setDate(h http.Header, now time.Time) {
	h.Set("Date", now.UTC().Format(http.TimeFormat))
}

// requestID is 32 hexadecimal digits.
func requestID() string {
	var id [16]byte
	rand.Read(id[:])
	return hex.EncodeToString(id[:])
}
