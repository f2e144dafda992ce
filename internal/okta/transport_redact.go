package okta

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// secrets are texts that no error and no line of the log may show. A server other than
// Okta may quote them: some proxies show the request that they refuse, with its
// headers.
type secrets struct {
	mu      sync.Mutex
	known   []string // the longest first
	needles map[string]needle
}

// secretsIn are the secrets in a client's configuration.
func secretsIn(cfg Config) *secrets {
	s := newSecrets(cfg.Credential.secrets()...)
	proxy, err := cfg.Proxy(&http.Request{URL: cfg.OrgURL})
	if err != nil || proxy == nil || proxy.User == nil {
		return s
	}
	password, _ := proxy.User.Password()
	sent := base64.StdEncoding.EncodeToString([]byte(proxy.User.Username() + ":" + password))
	s.add(password, sent)
	return s
}

func newSecrets(texts ...string) *secrets {
	s := &secrets{needles: map[string]needle{}}
	s.add(texts...)
	return s
}

// add adds secrets.
func (s *secrets) add(texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.known = slices.Concat(s.known, texts) // a new slice, because the old one may be in use
	slices.SortFunc(s.known, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
}

func (s *secrets) all() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known
}

const (
	redacted = "[redacted]"
	// minSecret is the length of the shortest secret that is searched for. Shorter ones
	// are parts of ordinary words.
	minSecret = 4
	// tellingPart is how much of a secret's beginning counts as the secret, because a
	// text may be cut off in the middle of one.
	tellingPart = 8
)

// jws is a signed token in compact form, or its beginning. Assertions, proofs and most
// access tokens have this form. They are too many to keep.
var jws = regexp.MustCompile(`eyJ[\w-]{8,}(?:\.[\w-]+)*`)

// redact returns text without secrets.
func (s *secrets) redact(text string) string {
	text = s.redactVerbatim(text)
	plain := unescape(text)
	if clean := s.redactVerbatim(plain); clean != plain {
		text, plain = clean, clean
	}
	for _, secret := range s.all() {
		if clean := s.needle(secret).redact(plain); clean != plain {
			text, plain = clean, clean
		}
	}
	return text
}

// needle returns the needle of a secret, which is built once.
func (s *secrets) needle(secret string) needle {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, ok := s.needles[secret]
	if !ok {
		n = newNeedle(secret)
		s.needles[secret] = n
	}
	return n
}

// redactVerbatim replaces secrets that are spelled as they are.
func (s *secrets) redactVerbatim(text string) string {
	for _, secret := range s.all() {
		text = redactPrefix(text, secret)
	}
	return jws.ReplaceAllString(text, redacted)
}

// redactPrefix replaces a secret, or as much of its beginning as the text has.
func redactPrefix(text, secret string) string {
	if len(secret) < minSecret {
		return text
	}
	var result strings.Builder
	for {
		before, after, found := strings.Cut(text, secret[:min(len(secret), tellingPart)])
		result.WriteString(before)
		if !found {
			return result.String()
		}
		result.WriteString(redacted)
		rest := secret[min(len(secret), tellingPart):]
		for rest != "" && after != "" && rest[0] == after[0] {
			rest, after = rest[1:], after[1:]
		}
		text = after
	}
}

// escapes are the escapes of URLs, JSON and Go's quotes. Package html knows those of
// pages.
var escapes = regexp.MustCompile(`%[0-9A-Fa-f]{2}|\\u00[0-9A-Fa-f]{2}|\\[\\"/]`)

// unescape returns text without escapes, on one line.
func unescape(text string) string {
	if !strings.ContainsAny(text, `%\&`) {
		return text
	}
	text = escapes.ReplaceAllStringFunc(html.UnescapeString(text), func(escape string) string {
		if len(escape) == 2 {
			return escape[1:]
		}
		code, _ := strconv.ParseUint(escape[len(escape)-2:], 16, 8) // never fails: the pattern has digits there
		return string([]byte{byte(code)})
	})
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
}

// redactError returns an error without secrets. An error with a secret becomes plain
// text, because the errors that it wraps have the secret too.
func (s *secrets) redactError(err error) error {
	text := err.Error()
	clean := s.redact(text)
	switch {
	case clean == text:
		return err
	case deliveryOf(nil, err) == notSent:
		return unsent(errors.New(clean))
	default:
		return errors.New(clean)
	}
}

// redactLog returns a log that redacts its fields.
func (s *secrets) redactLog(next LogFunc) LogFunc {
	return func(ctx context.Context, message string, fields map[string]any) {
		for name, value := range fields {
			if text, ok := value.(string); ok {
				fields[name] = s.redact(text)
			}
		}
		next(ctx, message, fields)
	}
}

// redactor removes secrets from failures of the network and from the headers of
// unsuccessful responses, so the layers above need not. Quotes of a body are redacted
// when they are read.
type redactor struct {
	next    http.RoundTripper
	secrets *secrets
}

// unredacted are headers that the client reads and never shows.
var unredacted = map[string]bool{
	http.CanonicalHeaderKey(headerDPoPNonce): true, "Date": true, headerLimit: true, headerRemaining: true, headerReset: true,
}

func (r *redactor) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		return nil, r.secrets.redactError(err)
	}
	if resp.StatusCode/100 == 2 && req.Method != http.MethodDelete {
		return resp, nil // data is left alone; Client.do redacts its errors
	}
	for name, values := range resp.Header {
		for i := range values {
			if !unredacted[name] {
				values[i] = r.secrets.redact(values[i])
			}
		}
	}
	return resp, nil
}
