package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/report"
)

// tab is a page in the browser, with every request that it caused.
type tab struct {
	t      *testing.T
	ctx    context.Context
	origin string

	mu       sync.Mutex
	asked    []string // URLs, as the browser sees them
	arrived  []string // paths, as the server sees them
	problems []string // from the console
}

// open runs the steps, then shows the report of an inventory.
func open(t *testing.T, title string, inventory report.Inventory, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	if errors.Is(chromium.err, errNoChromium) {
		t.Skip(chromium.err)
	}
	if chromium.err != nil {
		t.Fatal(chromium.err)
	}
	html, err := report.HTML(title, inventory)
	if err != nil {
		t.Fatal(err)
	}
	p := &tab{t: t}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		p.arrived = append(p.arrived, r.Method+" "+r.URL.Path)
		p.mu.Unlock()
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(html))
	}))
	t.Cleanup(server.Close)
	p.origin = server.URL
	ctx, closeTab := chromedp.NewContext(chromium.ctx)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	p.ctx = ctx
	p.do(chromedp.Steps()) // opens the tab
	if err := chromedp.Listen(ctx, p.hear); err != nil {
		t.Fatal(err)
	}
	go func() {
		for message, err := range chromedp.Console(ctx) {
			if err != nil {
				return // the tab is closed
			}
			p.mu.Lock()
			p.problems = append(p.problems, message.Text)
			p.mu.Unlock()
		}
	}()
	p.do(append(before, chromedp.Navigate(server.URL+"/"))...)
	return p
}

func (p *tab) hear(event any) {
	if request, ok := event.(*network.EventRequestWillBeSent); ok {
		p.mu.Lock()
		p.asked = append(p.asked, request.Request.URL)
		p.mu.Unlock()
	}
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

// eval returns the value of an expression in a page.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// emulate sets the medium and the color scheme of a tab.
func (p *tab) emulate(medium, scheme string) {
	p.t.Helper()
	if err := emulate(p.ctx, medium, scheme); err != nil {
		p.t.Fatal(err)
	}
}

// wantQuiet fails the test if the page caused any other request, or wrote to the console.
func (p *tab) wantQuiet() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	// The icon is in the page.
	asked := slices.DeleteFunc(slices.Clone(p.asked), func(url string) bool { return url == "data:," })
	if want := []string{p.origin + "/"}; !slices.Equal(asked, want) {
		p.t.Errorf("the browser asked for %q, want %q", asked, want)
	}
	if want := []string{"GET /"}; !slices.Equal(p.arrived, want) {
		p.t.Errorf("the server was asked for %q, want %q", p.arrived, want)
	}
	if len(p.problems) > 0 {
		p.t.Errorf("the console says %q", p.problems)
	}
}
