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

// maxBody is more than any real response, uncompressed. 200 tokens with every scope
// expanded need about one megabyte. 10,000 clients, which come in one page, need five.
const maxBody = 16 << 20

// maxFailure is how much is read of the body of an unsuccessful response.
const maxFailure = 1 << 20

// errBodyTooLarge is permanent: the next response would be as large.
var errBodyTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// errEncoding is a body in an encoding that was not requested. It is permanent.
type errEncoding struct{ named string }

func (e errEncoding) Error() string {
	return fmt.Sprintf("the answer has Content-Encoding: %s, which was not asked for; a proxy or a gateway on the way may have added it", e.named)
}

// readWhole reads the body of resp into memory, without a byte order mark. The status
// of an unsuccessful response matters more than its body, so an unreadable body is no
// error.
func readWhole(resp *http.Response) error {
	defer resp.Body.Close()
	body := newWholeBody()
	success := resp.StatusCode/100 == 2
	if resp.StatusCode == http.StatusSwitchingProtocols {
		resp.Body = body // what follows is not a body, and may never end
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

// encodingOf is the encoding that a body still has, or "". Go requests gzip and decodes
// it. A server may also send gzip without naming it, or name it without sending it.
func encodingOf(resp *http.Response, body []byte, err error) string {
	named := quote(strings.Join(resp.Header.Values("Content-Encoding"), ", "))
	switch {
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return "gzip" // named, but not sent
	case len(body) == 0 || strings.EqualFold(named, "identity"):
		return ""
	case named == "" && bytes.HasPrefix(body, []byte("\x1f\x8b")):
		return "gzip" // sent, but not named
	default:
		return named
	}
}

// buffers are reused for bodies, which are large and short-lived.
var buffers = sync.Pool{New: func() any { return &bytes.Buffer{} }}

// maxKept is the largest buffer that is reused, far above a usual page.
const maxKept = 4 << 20

// wholeBody is a body in memory. Its buffer is reused once the body is closed.
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
		b.buffer = &bytes.Buffer{} // a read after Close must not see another body
	})
	return nil
}

// bytesOf returns a body that readWhole has read. It is valid until the body is closed.
func bytesOf(resp *http.Response) []byte {
	body, ok := resp.Body.(*wholeBody)
	if !ok {
		panic("an answer did not pass readWhole")
	}
	return body.buffer.Bytes()
}

// isTruncated reports whether a body is empty, or begins like a JSON array or object
// and does not end like one. A proxy that loses its upstream can end a response in the
// middle of a token. This check is cheap, and finds it where it can be retried.
func isTruncated(body []byte) bool {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return true
	}
	first, last := body[0], body[len(body)-1]
	return first == '[' && last != ']' || first == '{' && last != '}'
}
