package main

import (
	"bytes"
	"context"
	stdjson "encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"
	gojson "github.com/goccy/go-json"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// token has the JSON fields of a token that the client reads. Times have the
// client's own type, or are strings for the decoders that cannot read that type.
type token[I any] struct {
	ID            string   `json:"id"`
	Status        string   `json:"status"`
	ClientID      string   `json:"clientId"`
	ClientIDSnake string   `json:"client_id"`
	UserID        string   `json:"userId"`
	Issuer        string   `json:"issuer"`
	Created       I        `json:"created"`
	LastUpdated   I        `json:"lastUpdated"`
	ExpiresAt     I        `json:"expiresAt"`
	Scopes        []string `json:"scopes"`
	Embedded      struct {
		Scopes []struct {
			ID          string `json:"id"`
			Name        string `json:"name"`
			DisplayName string `json:"displayName"`
			Description string `json:"description"`
		} `json:"scopes"`
	} `json:"_embedded"`
	Links struct {
		App        link `json:"app"`
		AuthServer link `json:"authorizationServer"`
		Client     link `json:"client"`
		User       link `json:"user"`
	} `json:"_links"`
}

type link struct {
	Href  string `json:"href"`
	Title string `json:"title"`
}

// recording answers requests from memory, once the org has answered them.
type recording struct {
	org     *oktafake.Org
	answers map[string]*httptest.ResponseRecorder
	pages   [][]byte // pages of tokens
}

func (r *recording) RoundTrip(req *http.Request) (*http.Response, error) {
	answer := r.answers[req.URL.RequestURI()]
	if answer == nil {
		answer = httptest.NewRecorder()
		r.org.ServeHTTP(answer, req)
		r.answers[req.URL.RequestURI()] = answer
		if len(answer.Body.Bytes()) > 0 && bytes.Contains(answer.Body.Bytes(), []byte(`"revoke"`)) {
			r.pages = append(r.pages, answer.Body.Bytes())
		}
	}
	return &http.Response{
		StatusCode: answer.Code, Header: answer.Header().Clone(), Request: req,
		ContentLength: int64(answer.Body.Len()), Body: io.NopCloser(bytes.NewReader(answer.Body.Bytes())),
	}, nil
}

// measureDecoding measures the CPU time per token: for an inventory, from the
// answers' bytes to the sums, and for decoding the same bytes only.
func measureDecoding(ctx context.Context) error {
	s := size{servers: 1, clients: 10, tokens: 4000}
	fake := oktafake.NewOrg()
	fake.NoJournal = true
	oktafake.Populate(fake, oktafake.Population{Servers: s.servers, Clients: s.clients, Tokens: s.tokens, Users: 500, Seed: 1})
	r := &recording{org: fake, answers: map[string]*httptest.ResponseRecorder{}}
	take := func() error {
		client := newClient(&url.URL{Scheme: "http", Host: "127.0.0.1"}, r, oneAtATime)
		taken, err := inventory.Take(ctx, client, inventory.Request{})
		if err == nil && taken.TokenCount != s.total() {
			err = fmt.Errorf("it counted %d tokens of %d", taken.TokenCount, s.total())
		}
		return err
	}
	if err := take(); err != nil {
		return err
	}
	works := []work{
		{"inventory: decode and sum up", take},
		{"go-json-experiment/json, which the client uses", decodeAll[okta.Time](r.pages, func(page []byte, into any) error { return json.Unmarshal(page, into) })},
		{"encoding/json", decodeAll[string](r.pages, stdjson.Unmarshal)},
		{"goccy/go-json", decodeAll[string](r.pages, gojson.Unmarshal)},
	}
	cpu, err := measureCPU(works, 7)
	if err != nil {
		return err
	}
	t := newTable(fmt.Sprintf("CPU per token, for %d tokens in pages of 200 from memory", s.total()), "work", "CPU per token", "relative to bare decoding")
	for i, w := range works {
		t.row(w.name, strconv.FormatFloat(float64(cpu[i].Nanoseconds())/float64(s.total())/1e3, 'f', 2, 64)+" µs", ratio(cpu[i], cpu[1]))
	}
	return t.print()
}

// decodeAll returns a function that decodes pages and drops them.
func decodeAll[I any](pages [][]byte, decode func(page []byte, into any) error) func() error {
	return func() error {
		for _, page := range pages {
			var tokens []token[I]
			if err := decode(page, &tokens); err != nil {
				return err
			}
		}
		return nil
	}
}

type work struct {
	name string
	do   func() error
}

// measureCPU does each work in turn, several times, and returns the median CPU time
// of each.
func measureCPU(works []work, rounds int) ([]time.Duration, error) {
	used := make([][]time.Duration, len(works))
	for range rounds {
		for i, w := range works {
			before := cpuTime()
			if err := w.do(); err != nil {
				return nil, fmt.Errorf("%s: %w", w.name, err)
			}
			used[i] = append(used[i], cpuTime()-before)
		}
	}
	medians := make([]time.Duration, len(works))
	for i := range medians {
		medians[i] = median(used[i])
	}
	return medians, nil
}

// cpuTime returns the CPU time of the process so far, including garbage collection.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // the arguments are valid
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
