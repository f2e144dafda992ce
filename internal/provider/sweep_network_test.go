package provider

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// placement is a trouble and the request that it befalls, counted from 0: the
// first from there on that it can, or all of them until the attempt ends.
type placement struct {
	trouble
	from int
	all  bool
}

// String is how a placement is replayed: "502@7", or "502@7+" for all.
func (p placement) String() string {
	if p.all {
		return fmt.Sprintf("%s@%d+", p.name, p.from)
	}
	return fmt.Sprintf("%s@%d", p.name, p.from)
}

// parsePlacements reads what is joined with spaces.
func parsePlacements(text string) ([]placement, error) {
	var placements []placement
	for field := range strings.FieldsSeq(text) {
		name, at, _ := strings.Cut(field, "@")
		number, all := strings.CutSuffix(at, "+")
		from, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("%s is not a placement, such as 502@7", field)
		}
		t, err := troubleNamed(name)
		if err != nil {
			return nil, err
		}
		placements = append(placements, placement{t, from, all})
	}
	return placements, nil
}

// asked is a request that the provider sent.
type asked struct {
	method, path string
	line         string // the request, and what struck it
}

// troubledNetwork is between the provider and an org. It also is the world around
// the org: it knows what others do to tokens, and what Okta lied about.
type troubledNetwork struct {
	org      *oktafake.Server
	stop     func()                // interrupts the walk under way
	like     func() oktafake.Token // a token that is selected
	selected func() []string       // live tokens that are selected
	read     func() bool           // whether tokens are read before they are revoked

	mu       sync.Mutex
	left     []placement // that have not struck, or strike on
	requests []asked
	answers  map[string]recorded // the first answer to each GET of the attempt

	// Since the attempt began.
	struck       int
	contradicted bool // whether a list showed what was revoked
	interrupted  bool
	deleted      map[string]bool // clients that are gone
	issued       map[string]int  // tokens that came, and with which request

	// Since the revocation was created.
	taken   map[string]bool // tokens that others revoked
	murky   []string        // paths of DELETEs of which nobody can know what they revoked
	hidden  map[string]bool // tokens that Okta's answers left out
	honest  map[string]bool // tokens whose DELETE was confirmed and true
	feigned map[string]bool // tokens that Okta said were revoked or gone, and were not
	lied    bool            // whether any answer hid something

	serial int // of tokens that came
}

// recorded is an answer that can be given again.
type recorded struct {
	status int
	header http.Header
	body   []byte
}

func (n *troubledNetwork) RoundTrip(req *http.Request) (*http.Response, error) {
	at, hit := n.take(req)
	if hit == nil {
		return n.pass(req)
	}
	if hit.hides && (req.Method == http.MethodGet || !n.read()) {
		n.hide(req)
	}
	resp, err := hit.strike(n, req)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.requests[at].line += " ← " + hit.String() + outcomeOf(resp, err)
	if req.Method == http.MethodDelete && !hit.honest {
		n.murky = append(n.murky, req.URL.Path)
		for _, id := range n.meant(req) {
			n.feigned[id] = n.feigned[id] || hit.feigns
		}
	}
	return resp, err
}

// meant are the live tokens that a request is about: those of its client, or the
// one that it names.
func (n *troubledNetwork) meant(req *http.Request) []string {
	var ids []string
	for _, token := range n.org.Tokens() {
		client, id := clientIn(req.URL.Path), last(req.URL.Path)
		if (client == "" || client == token.ClientID) && (!strings.HasPrefix(id, "oar") || id == token.ID) {
			ids = append(ids, token.ID)
		}
	}
	return ids
}

func outcomeOf(resp *http.Response, err error) string {
	if err != nil {
		return ": " + err.Error()
	}
	return ": " + strconv.Itoa(resp.StatusCode)
}

// take notes a request and finds what strikes it.
func (n *troubledNetwork) take(req *http.Request) (at int, hit *placement) {
	n.mu.Lock()
	defer n.mu.Unlock()
	at = len(n.requests)
	n.requests = append(n.requests, asked{req.Method, req.URL.Path, req.Method + " " + req.URL.RequestURI()})
	for i, p := range n.left {
		if at >= p.from && p.can(req.Method, req.URL.Path) {
			n.struck++
			n.contradicted = n.contradicted || p.lags
			if !p.all {
				n.left = slices.Delete(slices.Clone(n.left), i, i+1)
			}
			return at, &p
		}
	}
	return at, nil
}

// pass lets a request through to the org, of which a client may be gone.
func (n *troubledNetwork) pass(req *http.Request) (*http.Response, error) {
	n.mu.Lock()
	gone := n.deleted[clientIn(req.URL.Path)]
	n.mu.Unlock()
	if gone {
		return answer(req, http.StatusNotFound, errorJSON("E0000007", "Not found: Resource not found: "+clientIn(req.URL.Path)+" (PublicClientApp)")), nil
	}
	resp, err := n.org.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if req.Method == http.MethodDelete && resp.StatusCode == http.StatusNoContent {
		n.honest[last(req.URL.Path)] = true
		if !strings.HasPrefix(last(req.URL.Path), "oar") {
			n.murky = append(n.murky, req.URL.Path)
		}
	}
	if req.Method == http.MethodGet {
		return n.keep(req, resp)
	}
	return resp, nil
}

func last(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// keep remembers the first answer to a request.
func (n *troubledNetwork) keep(req *http.Request, resp *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if _, known := n.answers[req.URL.String()]; !known {
		n.answers[req.URL.String()] = recorded{resp.StatusCode, resp.Header.Clone(), body}
	}
	return resp, nil
}

// answerAsBefore answers a GET as it was first answered in the attempt: an index
// that lags behind.
func (n *troubledNetwork) answerAsBefore(req *http.Request) (*http.Response, error) {
	n.mu.Lock()
	before, known := n.answers[req.URL.String()]
	n.mu.Unlock()
	if !known {
		return n.pass(req)
	}
	resp := answer(req, before.status, string(before.body))
	for _, name := range []string{"Link", "Content-Type"} {
		if values := before.header.Values(name); len(values) > 0 {
			resp.Header[name] = values
		}
	}
	return resp, nil
}

// hide notes which tokens an answer leaves out.
func (n *troubledNetwork) hide(req *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lied = true
	for _, id := range n.meant(req) {
		n.hidden[id] = true
	}
}

// issue has a client get a token that is selected.
func (n *troubledNetwork) issue() {
	token := n.like()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.serial++
	token.ID = fmt.Sprintf("oarNew%02d", n.serial)
	token.Created = time.Now().Truncate(time.Second)
	token.LastUpdated, token.Status = token.Created, ""
	n.issued[n.org.AddToken(token).ID] = len(n.requests) - 1
}

// vanish has somebody else revoke a selected token.
func (n *troubledNetwork) vanish() {
	live := n.selected()
	if len(live) == 0 {
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	id := live[len(n.requests)%len(live)]
	n.taken[id] = true
	n.org.RemoveToken(id)
}

// deleteClient has somebody delete a client, for as long as the attempt lasts.
func (n *troubledNetwork) deleteClient(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.deleted[id] = true
	for _, token := range n.org.Tokens() {
		if token.ClientID == id {
			n.taken[token.ID] = true
			n.org.RemoveToken(token.ID)
		}
	}
}

func (n *troubledNetwork) interrupt() {
	n.mu.Lock()
	n.interrupted = true
	n.mu.Unlock()
	n.stop()
}

// beginAttempt forgets what was about the attempt before.
func (n *troubledNetwork) beginAttempt() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.struck, n.contradicted, n.interrupted = 0, false, false
	n.deleted, n.issued, n.answers = map[string]bool{}, map[string]int{}, map[string]recorded{}
}

// endAttempt ends the troubles that strike on.
func (n *troubledNetwork) endAttempt() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.left = slices.DeleteFunc(slices.Clone(n.left), func(p placement) bool { return p.all && p.from < len(n.requests) })
}

// beginRevocation forgets what was about the revocation before.
func (n *troubledNetwork) beginRevocation() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.taken, n.hidden, n.honest, n.feigned = map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	n.murky, n.lied = nil, false
}

// journal is what was asked, a line each.
func (n *troubledNetwork) journal() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var text strings.Builder
	for i, r := range n.requests {
		fmt.Fprintf(&text, "%3d %s\n", i, r.line)
	}
	return text.String()
}
