package acceptance

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// trouble is one way in which Okta, or what is between it and the provider, goes
// wrong with a request.
type trouble struct {
	name   string
	can    func(method, path string) bool
	strike func(*troubledNetwork, *http.Request) (*http.Response, error)
	// lasts tells that it is tried with every request from one on, too.
	lasts bool
	// honest tells that something happens in the org, and that Okta's answer is right.
	honest bool
}

// Which requests a trouble can befall.
func anyRequest(string, string) bool { return true }

func aGET(method, _ string) bool { return method == http.MethodGet }

func aDELETE(method, _ string) bool { return method == http.MethodDelete }

func aList(method, path string) bool {
	return method == http.MethodGet && (strings.HasSuffix(path, "/tokens") || strings.HasSuffix(path, "/clients"))
}

func aTokenList(method, path string) bool {
	return method == http.MethodGet && strings.HasSuffix(path, "/tokens")
}

func aBulkDELETE(method, path string) bool {
	return method == http.MethodDelete && strings.HasSuffix(path, "/tokens")
}

func belowAClient(_, path string) bool { return clientIn(path) != "" }

// clientIn is the client that a path leads below, or "".
func clientIn(path string) string {
	segments := strings.Split(path, "/")
	for _, collection := range []string{"clients", "apps"} {
		if i := slices.Index(segments, collection); i >= 0 && i+1 < len(segments) {
			return segments[i+1]
		}
	}
	return ""
}

// errorJSON is an error object of Okta's.
func errorJSON(code, summary string) string {
	return `{"errorCode":"` + code + `","errorSummary":"` + summary + `","errorLink":"` + code + `","errorId":"oaeSweep","errorCauses":[]}`
}

const htmlPage = "<!DOCTYPE html>\n<html><body><h1>Sign in to the proxy</h1></body></html>\n"

// answer is an answer that no org made.
func answer(req *http.Request, status int, body string, header ...string) *http.Response {
	h := http.Header{"Date": {time.Now().UTC().Format(http.TimeFormat)}}
	if strings.HasPrefix(body, "{") || strings.HasPrefix(body, "[") {
		h.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{
		Status: strconv.Itoa(status) + " " + http.StatusText(status), StatusCode: status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: req,
	}
}

// instead answers in place of Okta: the request has no effect.
func instead(status int, body string, header ...string) func(*troubledNetwork, *http.Request) (*http.Response, error) {
	return func(_ *troubledNetwork, req *http.Request) (*http.Response, error) {
		return answer(req, status, body, header...), nil
	}
}

// outageAfter lets a DELETE take effect, and answers nothing: while it lasts, no list says what became
// of the tokens.
func outageAfter(n *troubledNetwork, req *http.Request) (*http.Response, error) {
	lost := instead(502, htmlPage, "Content-Type", "text/html")
	if req.Method == http.MethodDelete {
		return after(lost)(n, req)
	}
	return lost(n, req)
}

// after lets the request take effect and loses Okta's answer to it.
func after(then func(*troubledNetwork, *http.Request) (*http.Response, error)) func(*troubledNetwork, *http.Request) (*http.Response, error) {
	return func(n *troubledNetwork, req *http.Request) (*http.Response, error) {
		resp, err := n.org.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		resp.Body.Close()
		return then(n, req)
	}
}

func reset(*troubledNetwork, *http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
}

func noConnection(*troubledNetwork, *http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}

// hang does not answer before the client gives up.
func hang(_ *troubledNetwork, req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, context.Cause(req.Context())
}

// rateLimited answers 429 as Okta does when a bucket is used up for half a
// minute, or when too many requests are under way.
func rateLimited(limit string) func(*troubledNetwork, *http.Request) (*http.Response, error) {
	return func(_ *troubledNetwork, req *http.Request) (*http.Response, error) {
		return answer(req, http.StatusTooManyRequests, errorJSON("E0000047", "API call exceeded rate limit due to too many requests."),
			"X-Rate-Limit-Limit", limit, "X-Rate-Limit-Remaining", "0",
			"X-Rate-Limit-Reset", strconv.FormatInt(time.Now().Add(30*time.Second).Unix(), 10)), nil
	}
}

// halfway ends the body in the middle of its first object, properly in HTTP.
func halfway(_ *troubledNetwork, req *http.Request) (*http.Response, error) {
	return answer(req, http.StatusOK, `[{"id":"oar`), nil
}

// cutOff closes the connection in the middle of the body.
func cutOff(_ *troubledNetwork, req *http.Request) (*http.Response, error) {
	resp := answer(req, http.StatusOK, "")
	resp.Body, resp.ContentLength = io.NopCloser(io.MultiReader(strings.NewReader(`[{"id":"oar`), brokenReader{})), -1
	return resp, nil
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// troubles are all that the sweep knows, by name.
var troubles = slices.Concat(breakdowns, lies, events)

// breakdowns are answers that say that something went wrong, or none.
var breakdowns = []trouble{
	{name: "400", can: anyRequest, strike: instead(400, errorJSON("E0000001", "Api validation failed"))},
	{name: "401", can: anyRequest, strike: instead(401, errorJSON("E0000011", "Invalid token provided")), lasts: true},
	{name: "403", can: anyRequest, strike: instead(403, errorJSON("E0000006", "You do not have permission to perform the requested action"))},
	{name: "403-scope", can: anyRequest, lasts: true, strike: instead(403, "",
		"WWW-Authenticate", `Bearer authorization_uri="https://org.invalid/oauth2", realm="https://org.invalid", scope="okta.users.manage", error="insufficient_scope", error_description="The access token provided does not contain the required scopes."`)},
	{name: "404-gone", can: anyRequest, strike: instead(404, errorJSON("E0000007", "Not found: Resource not found: x (OAuth2RefreshTokenTx)")), lasts: true},
	{name: "404-path", can: anyRequest, strike: instead(404, errorJSON("E0000008", "The requested path was not found")), lasts: true},
	{name: "404-html", can: anyRequest, strike: instead(404, htmlPage, "Content-Type", "text/html")},
	{name: "409", can: anyRequest, strike: instead(409, errorJSON("E0000110", "The request could not be completed"))},
	{name: "429", can: anyRequest, strike: rateLimited("50"), lasts: true},
	{name: "429-bare", can: anyRequest, strike: instead(429, ""), lasts: true},
	{name: "429-concurrency", can: anyRequest, strike: rateLimited("0")},
	{name: "500", can: anyRequest, strike: instead(500, errorJSON("E0000009", "Internal Server Error")), lasts: true},
	{name: "502", can: anyRequest, strike: instead(502, htmlPage, "Content-Type", "text/html"), lasts: true},
	{name: "502-clock", can: anyRequest, strike: instead(502, htmlPage, "Content-Type", "text/html", "Date", "Fri, 31 Dec 2100 23:59:59 GMT")},
	{name: "503", can: anyRequest, strike: instead(503, ""), lasts: true},
	{name: "504", can: anyRequest, strike: instead(504, htmlPage, "Content-Type", "text/html"), lasts: true},
	{name: "408", can: anyRequest, strike: instead(408, "")},
	{name: "425", can: anyRequest, strike: instead(425, "")},
	{name: "520", can: anyRequest, strike: instead(520, htmlPage, "Content-Type", "text/html"), lasts: true},
	{name: "524", can: anyRequest, strike: instead(524, "error code: 524", "Content-Type", "text/plain")},
	{name: "530", can: anyRequest, strike: instead(530, htmlPage, "Content-Type", "text/html")},
	{name: "error-200", can: anyRequest, strike: instead(200, errorJSON("E0000009", "Internal Server Error"))},
	{name: "302", can: anyRequest, strike: instead(302, "", "Location", "https://login.invalid/")},
	{name: "reset", can: anyRequest, strike: reset, lasts: true},
	{name: "dial", can: anyRequest, strike: noConnection, lasts: true},
	{name: "hang", can: anyRequest, strike: hang, lasts: true},
	{name: "halfway", can: anyRequest, strike: halfway, lasts: true},
	{name: "cut-off", can: anyRequest, strike: cutOff},
	{name: "html", can: anyRequest, strike: instead(200, htmlPage, "Content-Type", "text/html"), lasts: true},
	{name: "null", can: anyRequest, strike: instead(200, "null")},
	{name: "object", can: anyRequest, strike: instead(200, `{"status":"ok"}`)},
	{name: "no-ids", can: anyRequest, strike: instead(200, `[{"status":"ACTIVE"}]`)},
	{name: "nothing", can: anyRequest, strike: instead(200, "")},
	{name: "reset-after", can: aDELETE, strike: after(reset), lasts: true},
	{name: "500-after", can: aDELETE, strike: after(instead(500, errorJSON("E0000009", "Internal Server Error"))), lasts: true},
	{name: "502-after", can: aDELETE, strike: after(instead(502, htmlPage, "Content-Type", "text/html"))},
	{name: "503-after", can: aDELETE, strike: after(instead(503, ""))},
	{name: "504-after", can: aDELETE, strike: after(instead(504, htmlPage, "Content-Type", "text/html")), lasts: true},
	{name: "520-after", can: aDELETE, strike: after(instead(520, htmlPage, "Content-Type", "text/html"))},
	{name: "524-after", can: aDELETE, strike: after(instead(524, "error code: 524", "Content-Type", "text/plain")), lasts: true},
	{name: "object-after", can: aDELETE, strike: after(instead(200, "{}")), lasts: true},
	{name: "null-after", can: aDELETE, strike: after(instead(200, "null"))},
	{name: "202-after", can: aDELETE, strike: after(instead(202, `{"status":"accepted"}`))},
	{name: "hang-after", can: aDELETE, strike: after(hang), lasts: true},
	{name: "html-after", can: aDELETE, strike: after(instead(200, htmlPage, "Content-Type", "text/html")), lasts: true},
	{name: "outage-after", can: anyRequest, strike: outageAfter, lasts: true},
	{name: "cut-off-after", can: aDELETE, strike: after(cutOff)},
	{name: "400-after", can: aDELETE, strike: after(instead(400, errorJSON("E0000001", "Api validation failed")))},
}

// troubleNamed is the trouble with this name.
func troubleNamed(name string) (trouble, error) {
	i := slices.IndexFunc(troubles, func(t trouble) bool { return t.name == name })
	if i < 0 {
		return trouble{}, errors.New("there is no trouble named " + name)
	}
	return troubles[i], nil
}
