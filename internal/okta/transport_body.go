package okta

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// maxBody is above any honest answer, unpacked. 200 tokens with every scope
// expanded take about one megabyte, and 10,000 clients, which come in one page,
// five.
const maxBody = 16 << 20

// maxFailure is how much is read of the body of an answer that is no success.
const maxFailure = 1 << 20

// errBodyTooLarge is not worth another attempt.
var errBodyTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// errEncoding is a body in an encoding that was not asked for. The next one would
// be, too.
type errEncoding struct{ named string }

func (e errEncoding) Error() string {
	return fmt.Sprintf("the answer has Content-Encoding: %s, which was not asked for; a proxy or a gateway on the way may have added it", e.named)
}

// readWhole replaces the body of resp with its bytes in memory, without the mark
// that some programs put before a text (a BOM). Of an answer that is no success,
// the status counts, and the body is only read as far as it can serve.
func readWhole(resp *http.Response) error {
	defer resp.Body.Close()
	body := newWholeBody()
	success := resp.StatusCode/100 == 2
	if resp.StatusCode == http.StatusSwitchingProtocols {
		resp.Body = body // what follows is no body, and may never end
		return nil
	}
	limit := int64(maxFailure)
	if success {
		limit = maxBody + 1
	}
	_, err := body.buffer.ReadFrom(io.LimitReader(resp.Body, limit))
	encoding := encodingOf(resp, body.buffer.Bytes(), err)
	if bytes.HasPrefix(body.buffer.Bytes(), []byte("\ufeff")) {
		body.buffer.Next(len("\ufeff"))
	}
	switch {
	case encoding != "" && !success:
		body.buffer.Reset()
	case encoding != "":
		return errEncoding{encoding}
	case err != nil:
		return fmt.Errorf("reading the answer: %w", err)
	case body.buffer.Len() > maxBody:
		return errBodyTooLarge
	case resp.StatusCode == http.StatusOK && isTruncated(body.buffer.Bytes()):
		return fmt.Errorf("reading the answer: %w", io.ErrUnexpectedEOF)
	}
	resp.Body = body
	return nil
}

// encodingOf is the encoding that a body is still in, or "". Go asks for gzip, and
// undoes it; gzip may also come without being named, or be named and not come.
func encodingOf(resp *http.Response, body []byte, err error) string {
	named := quote(strings.Join(resp.Header.Values("Content-Encoding"), ", "))
	switch {
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return "gzip" // what it is not
	case len(body) == 0 || strings.EqualFold(named, "identity"):
		return ""
	case named == "" && bytes.HasPrefix(body, []byte("\x1f\x8b")):
		return "gzip" // without saying so
	default:
		return named
	}
}

// buffers are memory for bodies: large, needed for a moment, and one after the
// other.
var buffers = sync.Pool{New: func() any { return &bytes.Buffer{} }}

// maxKept is how large a buffer may be to be kept: far above a common page.
const maxKept = 4 << 20

// wholeBody is a body in memory, which is used again once the body is closed.
type wholeBody struct {
	buffer *bytes.Buffer
	closed sync.Once
}

func newWholeBody() *wholeBody {
	buffer, ok := buffers.Get().(*bytes.Buffer)
	if !ok {
		panic("a pool of buffers has something else")
	}
	return &wholeBody{buffer: buffer}
}

func (b *wholeBody) Read(p []byte) (int, error) { return b.buffer.Read(p) }

func (b *wholeBody) Close() error {
	b.closed.Do(func() {
		if b.buffer.Cap() <= maxKept {
			b.buffer.Reset()
			buffers.Put(b.buffer)
		}
		b.buffer = &bytes.Buffer{} // for who reads it all the same
	})
	return nil
}

// bytesOf returns the body that readWhole put into an answer. It is valid until the
// body is closed.
func bytesOf(resp *http.Response) []byte {
	body, ok := resp.Body.(*wholeBody)
	if !ok {
		panic("an answer did not pass readWhole")
	}
	return body.buffer.Bytes()
}

// isTruncated reports whether a body begins like a JSON array or object and does
// not end like it, or is empty. A proxy that loses its upstream can end a body
// properly in HTTP and in the middle of a token; this catches it in constant
// time, where it can be retried.
func isTruncated(body []byte) bool {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return true
	}
	first, last := body[0], body[len(body)-1]
	return first == '[' && last != ']' || first == '{' && last != '}'
}
