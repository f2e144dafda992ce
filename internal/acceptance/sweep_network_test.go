package acceptance

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
	stop     func()                // interrupts the walk under way, as its CLI does
	signal   func()                // interrupts it as a signal does
	like     func() oktafake.Token // a token that is selected
	selected func() []string       // live tokens that are selected
	filters  func(string) bool     // whether the filter has this part

	mu       sync.Mutex
	left     []placement // that have not struck, or strike on
	requests []asked
	answers  map[string]recorded // the first answer to each GET of the attempt

	// Since the attempt began.
	struck      int
	interrupted bool
	killed      bool
	deleted     map[string]bool    // clients that are gone
	issued      map[string]int     // tokens that came, and with which request
	homes       map[string]string  // paths of tokens that other parents listed, and where they are
	late        string             // a token that Okta's index has yet to hear of
	walks       map[string]reading // lists that are being read, by path
	bulk        map[string]bool    // DELETEs of all tokens that were confirmed
	confirmedAt map[string]int     // with which request

	// Since the revocation was created.
	words    map[string]word // the last that Okta said of a live token
	shown    map[string]bool // tokens that an answer has shown since the apply began
	promised map[string]bool // tokens of which a DELETE was answered with 204
	unnamed  map[string]bool // hidden tokens whose client was hidden
	taken    map[string]bool // tokens that others revoked
	lost     map[string]bool // tokens whose revocation only a killed process knew, or that no answer had shown
	denied   map[string]bool // paths of DELETEs that were refused, whatever their effect
	owed     map[string]bool // tokens that were shown, and whose revocation was not answered
	murky    []string        // paths of DELETEs of which nobody can know what they revoked
	honest   map[string]bool // tokens whose DELETE was confirmed and true
	lied     bool            // whether any answer hid something

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
	resp, err := n.answer(req, hit)
	n.mu.Lock()
	defer n.mu.Unlock()
	if hit != nil {
		n.requests[at].line += " ← " + hit.String() + outcomeOf(resp, err)
		if req.Method == http.MethodDelete && !hit.honest {
			n.murky = append(n.murky, req.URL.Path)
		}
	}
	if err == nil {
		if hit != nil && req.Method == http.MethodDelete && resp.StatusCode == http.StatusBadRequest {
			n.denied[req.URL.Path] = true
		}
		n.hear(req, resp)
	}
	return resp, err
}

func (n *troubledNetwork) answer(req *http.Request, hit *placement) (*http.Response, error) {
	n.mu.Lock()
	killed := n.killed
	n.mu.Unlock()
	switch {
	case killed:
		return noConnection(n, req)
	case hit == nil:
		return n.pass(req)
	default:
		return hit.strike(n, req)
	}
}

// meant are the live tokens that a request is about: those below its path.
func (n *troubledNetwork) meant(req *http.Request) []string {
	path, ofSessions := strings.CutSuffix(req.URL.Path, "/sessions")
	var ids []string
	for _, token := range n.org.Tokens() {
		if token.Status != "REVOKED" && hangsFrom(path, token) && !ofSessions {
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
	gone, late, home := n.deleted[clientIn(req.URL.Path)], n.late, n.homes[req.URL.Path]
	n.mu.Unlock()
	if gone {
		return answer(req, http.StatusNotFound, errorJSON("E0000007", "Not found: Resource not found: "+clientIn(req.URL.Path)+" (PublicClientApp)")), nil
	}
	resp, err := n.reach(req, late, home)
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

// reach sends a request to the org: a DELETE to where its token is, wherever that was listed, and
// any without a token that the org's index has yet to hear of.
func (n *troubledNetwork) reach(req *http.Request, late, home string) (*http.Response, error) {
	isDELETE := req.Method == http.MethodDelete
	if isDELETE && home != "" {
		req = req.Clone(req.Context())
		req.URL.Path = home
	}
	if late != "" && aList(req.Method, req.URL.Path) {
		return relisted(omitting(late))(n, req)
	}
	if token := n.token(late); token.ID != "" && aBulkDELETE(req.Method, req.URL.Path) {
		defer n.org.AddToken(token)
		n.org.RemoveToken(late)
	}
	if isDELETE {
		n.mu.Lock()
		n.late = ""
		n.mu.Unlock()
	}
	return n.org.RoundTrip(req)
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
	n.struck, n.interrupted, n.killed, n.late = 0, false, false, ""
	n.deleted, n.issued, n.answers = map[string]bool{}, map[string]int{}, map[string]recorded{}
	n.homes, n.walks = map[string]string{}, map[string]reading{}
	n.bulk, n.confirmedAt = map[string]bool{}, map[string]int{}
}

// beginApply forgets which tokens were shown to another run: it did not revoke them.
func (n *troubledNetwork) beginApply() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.shown = map[string]bool{}
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
	n.denied, n.taken, n.honest, n.lost, n.owed = map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}
	n.words, n.unnamed, n.promised = map[string]word{}, map[string]bool{}, map[string]bool{}
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
