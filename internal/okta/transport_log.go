package okta

import (
	"context"
	"net/http"
	"time"
)

// LogFunc writes one line of the client's log, at DEBUG level. The fields have no
// credential, no query, no body, and no header except the request ID and the rate
// limit.
type LogFunc func(ctx context.Context, message string, fields map[string]any)

// logger logs every attempt. It is above the authorizer, so it never sees a credential.
type logger struct {
	next http.RoundTripper
	log  LogFunc
}

func (l *logger) RoundTrip(req *http.Request) (*http.Response, error) {
	start := time.Now()
	resp, err := l.next.RoundTrip(req)
	fields := map[string]any{
		"method":      req.Method,
		"path":        req.URL.EscapedPath(),
		"attempt":     attemptsOf(req),
		"duration_ms": time.Since(start).Milliseconds(),
	}
	if err != nil {
		fields["error"] = err.Error()
		l.log(req.Context(), "Request to Okta got no answer", fields)
		return nil, err
	}
	fields["status"] = resp.StatusCode
	for field, name := range map[string]string{
		"request_id":           headerRequestID,
		"rate_limit":           headerLimit,
		"rate_limit_remaining": headerRemaining,
	} {
		if value := resp.Header.Get(name); value != "" {
			fields[field] = value
		}
	}
	l.log(req.Context(), "Request to Okta answered", fields)
	return resp, nil
}
