package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/report"
)

// chromium is one browser for all tests, or the reason why there is none. The tests run one after the
// other, because only the page in front has the keyboard.
var chromium struct {
	ctx context.Context
	err error
}

func TestMain(m *testing.M) {
	var stop func()
	chromium.ctx, stop, chromium.err = startChromium(context.Background())
	status := m.Run()
	if chromium.err == nil {
		stop()
	}
	os.Exit(status)
}

// acme returns the sample with everything else that a page can show: failures, tokens and more rows than
// fit.
func acme(t *testing.T) report.Inventory {
	t.Helper()
	inventory, err := sample(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	inventory.AuthServerIDs = &[]string{"aus1", "aus2"}
	inventory.Filter = map[string]any{"older_than": "1h"}
	inventory.Complete = false
	seen := int64(200)
	inventory.Failures = []report.Failure{{AuthServerID: "aus1", ClientID: "0oa1", TokensSeen: &seen, Error: "okta: 500 E0000009: Internal Server Error"}}
	for i := range 450 {
		inventory.Tokens = append(inventory.Tokens, report.Token{
			ID: fmt.Sprintf("oar%03d", i), ClientID: "0oa1", ClientName: "Till", UserID: "00u1", Created: "2026-03-01T08:00:00Z", ExpiresAt: report.TextOf(""), Scopes: []string{"openid"},
		})
	}
	inventory.Tokens[0].Status = "REVOKED"
	return inventory
}

func TestPageAsksForNothing(t *testing.T) {
	p := open(t, "Audit", acme(t))
	if got := eval[string](p, `document.title + "|" + document.querySelector("h1").textContent`); got != "Audit|Audit" {
		t.Errorf("got the title and the heading %q", got)
	}
	if got := eval[int](p, `document.querySelectorAll("#clients ~ .scroll tbody tr").length`); got != 15 {
		t.Errorf("got %d clients, want 15", got)
	}
	// Use everything on the page: it might cause requests.
	p.do(chromedp.SendKeys(chromedp.CSS("input"), "a"), chromedp.Click(chromedp.CSS("thead button")))
	p.emulate("print", "light")
	eval[float64](p, `document.querySelector("svg[role=img]").getBoundingClientRect().width`)
	p.wantQuiet()
}

// Even a page with injected code runs none of it and sends no requests.
func TestPolicyHolds(t *testing.T) {
	p := open(t, "Audit", acme(t))
	eval[bool](p, `(() => {
		const add = (html) => document.body.insertAdjacentHTML("beforeend", html);
		add('<img src="/leak.png" onerror="window.ran = true">');
		add('<link rel="stylesheet" href="/leak.css"><iframe src="/leak.html"></iframe>');
		add('<button id="inline" onclick="window.ran = true">x</button>');
		const script = document.createElement("script");
		script.textContent = "window.ran = true";
		document.body.append(script);
		document.getElementById("inline").click();
		return true;
	})()`)
	got, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`fetch("/leak").then(() => "answered", () => "refused")`, chromedp.EvalAwaitPromise))
	if err != nil || got != "refused" {
		t.Errorf("a fetch was %q, and %v, want it refused", got, err)
	}
	if eval[bool](p, `window.ran === true`) {
		t.Error("a script ran that is not the page's own")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if want := []string{"GET /"}; !slices.Equal(p.arrived, want) {
		t.Errorf("the server was asked for %q, want %q", p.arrived, want)
	}
}

func TestNamesStayText(t *testing.T) {
	const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>`
	inventory := acme(t)
	inventory.OrgURL = evil
	for i := range inventory.Clients {
		inventory.Clients[i].ClientName = evil
	}
	for i := range inventory.Users {
		inventory.Users[i].UserName = evil
	}
	p := open(t, evil, inventory) // a dialog would block loading the page
	for _, at := range []string{"h1", ".facts b", "#clients ~ .scroll tbody th", "#users ~ .scroll tbody th"} {
		if got := eval[string](p, fmt.Sprintf(`document.querySelector(%q).firstChild.textContent`, at)); got != evil {
			t.Errorf("%s says %q, want %q", at, got, evil)
		}
	}
	if got := eval[string](p, `document.title`); got != evil {
		t.Errorf("got the title %q, want %q", got, evil)
	}
	if got := eval[int](p, `document.querySelectorAll("script, img").length`); got != 1 {
		t.Errorf("got %d scripts and images, want the page's one script", got)
	}
	p.wantQuiet()
}

// column returns the texts of a column of the clients, without ages and IDs.
func (p *tab) column(n int) []string {
	p.t.Helper()
	return eval[[]string](p, fmt.Sprintf(`Array.from(document.querySelectorAll("#clients ~ .scroll tbody tr"), (row) =>
		(row.cells[%d].firstChild?.textContent ?? "").trim())`, n))
}

func (p *tab) sortedBy() string {
	p.t.Helper()
	return eval[string](p, `Array.from(document.querySelectorAll("#clients ~ .scroll [aria-sort]"), (header) =>
		header.textContent + " " + header.getAttribute("aria-sort")).join(", ")`)
}

func TestTablesSort(t *testing.T) {
	inventory := acme(t)
	inventory.Clients[3].OldestCreated = ""
	inventory.Clients[4].TokenCount = 1234567 // which sorts last as text
	p := open(t, "Audit", inventory)
	press := func(column int) {
		t.Helper()
		// With the keyboard only.
		eval[bool](p, fmt.Sprintf(`(document.querySelectorAll("#clients ~ .scroll thead button")[%d].focus(), true)`, column))
		p.do(chromedp.KeyEvent("\r"))
	}
	wantNumbers := func(order string, compare func(a, b int) int) {
		t.Helper()
		var numbers []int
		for _, text := range p.column(2) {
			var n int
			if _, err := fmt.Sscan(strings.ReplaceAll(text, ",", ""), &n); err != nil {
				t.Fatal(err)
			}
			numbers = append(numbers, n)
		}
		if !slices.IsSortedFunc(numbers, compare) || p.sortedBy() != "Tokens "+order {
			t.Errorf("got %v, said to be sorted by %q, want them %s", numbers, p.sortedBy(), order)
		}
	}
	descending := func(a, b int) int { return b - a }
	wantNumbers("descending", descending)
	press(2)
	wantNumbers("ascending", func(a, b int) int { return a - b })
	press(2)
	wantNumbers("descending", descending)

	press(0)
	if names := p.column(0); !slices.IsSorted(names) || p.sortedBy() != "Client ascending" {
		t.Errorf("got %q, said to be sorted by %q, want the names ascending", names, p.sortedBy())
	}
	for _, order := range []string{"ascending", "descending"} {
		press(5)
		days := p.column(5)
		last := days[len(days)-1]
		days = days[:len(days)-1]
		if order == "descending" {
			slices.Reverse(days)
		}
		if last != "" || !slices.IsSorted(days) || p.sortedBy() != "Oldest issued "+order {
			t.Errorf("got %q and %q at the end, said to be sorted by %q, want the days %s and none at the end", days, last, p.sortedBy(), order)
		}
	}
}

func TestTablesFilter(t *testing.T) {
	p := open(t, "Audit", acme(t))
	const shown = `Array.from(document.querySelectorAll("#clients ~ .scroll tbody tr")).filter((row) => row.checkVisibility()).length`
	const status = `document.querySelector("#clients ~ .filter output").textContent`
	field := chromedp.CSS("#clients ~ .filter input")
	p.do(chromedp.SendKeys(field, "  PAYMENTS "))
	if got, text := eval[int](p, shown), eval[string](p, status); got != 5 || text != "5 of 15 rows" {
		t.Errorf("got %d rows and the status %q, want the 5 of the server Payments", got, text)
	}
	p.do(chromedp.SendKeys(field, "no such thing"))
	if got, text := eval[int](p, shown), eval[string](p, status); got != 0 || text != "0 of 15 rows" {
		t.Errorf("got %d rows and the status %q, want none", got, text)
	}
	p.emulate("print", "light") // a filtered page says so in print
	if got := eval[bool](p, `document.querySelector("#clients ~ .filter output").checkVisibility() && !document.querySelector("#clients ~ .filter input").checkVisibility()`); !got {
		t.Error("in print, the status is missing or the field is there")
	}
	p.emulate("screen", "light")
	eval[bool](p, `(() => { const f = document.querySelector("#clients ~ .filter input"); f.value = ""; return f.dispatchEvent(new Event("input")); })()`)
	if got, text := eval[int](p, shown), eval[string](p, status); got != 15 || text != "" {
		t.Errorf("got %d rows and the status %q, want all", got, text)
	}
	if got := eval[string](p, `document.querySelector("#clients ~ .filter input").labels[0].textContent.trim()`); got != "Filter the clients shown" {
		t.Errorf("the field is labelled %q", got)
	}
}

func TestPageWithoutScript(t *testing.T) {
	p := open(t, "Audit", acme(t), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	}))
	html, err := chromedp.Run(p.ctx, chromedp.OuterHTML(chromedp.CSS("main")))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(html, "<button") || strings.Contains(html, "<input") {
		t.Error("the page has controls that do nothing")
	}
	if got, want := strings.Count(html, `<tr><th scope="row" class="name">`)+strings.Count(html, `<tr><th scope="row"><code>oar`), 15+324+400; got != want {
		t.Errorf("the page has %d clients, users and tokens, want %d", got, want)
	}
}

// poorContrast lists the texts of a page with a contrast below 4.5 to 1, or below 3 to 1 for large text:
// level AA of WCAG 2.2.
const poorContrast = `(() => {
	const channels = (color) => color.match(/[\d.]+/g).map(Number);
	const luminance = (color) => {
		const [r, g, b] = channels(color).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ground = (element) => {
		for (let e = element; e; e = e.parentElement) {
			const color = getComputedStyle(e).backgroundColor;
			if (channels(color)[3] !== 0) return color;
		}
		return "rgb(255, 255, 255)";
	};
	const poor = new Set(), seen = new Set();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const element = walker.currentNode.parentElement;
		if (!walker.currentNode.textContent.trim() || !element.checkVisibility() || element.closest("script, style, svg title, svg desc")) continue;
		const style = getComputedStyle(element), svg = element.closest("svg");
		const [a, b] = [luminance(svg ? style.fill : style.color), luminance(ground(element))];
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 600;
		seen.add(element);
		if (ratio < (large ? 3 : 4.5)) poor.add(element.outerHTML.slice(0, 80) + " has " + ratio.toFixed(2));
	}
	return [String(seen.size), ...poor];
})()`

func TestContrast(t *testing.T) {
	p := open(t, "Audit", acme(t))
	p.do(chromedp.SendKeys(chromedp.CSS("#users ~ .filter input"), "a"))
	grounds := map[string]string{}
	for _, medium := range []string{"screen", "print"} {
		for _, scheme := range []string{"light", "dark"} {
			p.emulate(medium, scheme)
			name := medium + " " + scheme
			grounds[name] = eval[string](p, `getComputedStyle(document.body).backgroundColor`)
			got := eval[[]string](p, poorContrast)
			if len(got) > 1 {
				t.Errorf("%s: too little contrast: %s", name, strings.Join(got[1:], "\n"))
			}
			var texts int
			if _, err := fmt.Sscan(got[0], &texts); err != nil || texts < 1000 {
				t.Errorf("%s: looked at %s texts, want those of the whole page", name, got[0])
			}
		}
	}
	if grounds["screen dark"] == grounds["screen light"] || grounds["print dark"] != "rgb(255, 255, 255)" {
		t.Errorf("got the backgrounds %v, want a dark one on a dark screen and white on paper", grounds)
	}
}

// In a narrow window, the tables scroll, not the page, and the keyboard can reach them.
func TestNarrowWindow(t *testing.T) {
	p := open(t, "Audit", acme(t), chromedp.EmulateViewport(360, 740))
	if got := eval[int](p, `document.documentElement.scrollWidth`); got > 360 {
		t.Errorf("the page is %d wide in a window of 360", got)
	}
	if got := eval[int](p, `Array.from(document.querySelectorAll(".scroll")).filter((e) => e.scrollWidth > e.clientWidth && e.tabIndex !== 0).length`); got != 0 {
		t.Errorf("%d tables scroll out of the keyboard's reach", got)
	}
}

func TestChartHasWords(t *testing.T) {
	p := open(t, "Audit", acme(t))
	name := eval[string](p, `document.querySelector("svg[role=img]").getAttribute("aria-labelledby").split(" ").map((id) => document.getElementById(id).textContent).join(" ")`)
	for _, want := range []string{"Number of tokens by days since they were issued", "less than 1 day: 1 token;", "365 days or more: 0 tokens."} {
		if !strings.Contains(name, want) {
			t.Errorf("the chart is called %q, want %q in it", name, want)
		}
	}
	if got := eval[bool](p, `Array.from(document.querySelectorAll("svg[role=img] rect")).every((bar) => bar.getBoundingClientRect().height >= 0)
		&& document.querySelectorAll("svg[role=img] rect").length === 7`); !got {
		t.Error("the chart does not have its seven bars")
	}
}
