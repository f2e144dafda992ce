package oktafake

import (
	"net/http"
	"slices"
	"strings"
	"sync"
)

// Request is one line of the journal.
type Request struct {
	Method   string
	Path     string // escaped, as it was sent
	RawQuery string
	Header   http.Header
	// Status is the status of the answer. It is zero until there is one, and if the connection
	// was closed instead.
	Status int
}

// String returns the request line.
func (r Request) String() string {
	if r.RawQuery == "" {
		return r.Method + " " + r.Path
	}
	return r.Method + " " + r.Path + "?" + r.RawQuery
}

// journal has its own lock, so a test can read it while a handler holds the store's.
type journal struct {
	mu       sync.Mutex
	requests []*Request
}

// begin journals a request when it arrives. It returns a function that records the status of the
// answer.
func (j *journal) begin(o *Org, r *http.Request) (finish func(status int)) {
	if o.NoJournal {
		return func(int) {}
	}
	// RequestURI is escaped as it was sent; URL.Path is decoded.
	path, query, _ := strings.Cut(r.RequestURI, "?")
	entry := &Request{Method: r.Method, Path: path, RawQuery: query, Header: r.Header.Clone()}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests = append(j.requests, entry)
	return func(status int) {
		j.mu.Lock()
		defer j.mu.Unlock()
		entry.Status = status
	}
}

// Requests returns the journal: every request in the order of arrival, including those that had no
// route or were intercepted.
func (o *Org) Requests() []Request {
	o.journal.mu.Lock()
	defer o.journal.mu.Unlock()
	requests := make([]Request, len(o.journal.requests))
	for i, r := range o.journal.requests {
		requests[i] = *r
	}
	return requests
}

// RequestsOf returns the journal's requests of one method.
func (o *Org) RequestsOf(method string) []Request {
	return slices.DeleteFunc(o.Requests(), func(r Request) bool { return r.Method != method })
}

// ResetRequests empties the journal.
func (o *Org) ResetRequests() {
	o.journal.mu.Lock()
	defer o.journal.mu.Unlock()
	o.journal.requests = nil
}

// response remembers the status of an answer for the journal.
type response struct {
	http.ResponseWriter
	status int
}

func (w *response) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }
