package okta

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// maxBody is far above any honest answer: 200 tokens with every scope expanded
// take about one megabyte, and 10,000 clients, which come in one page, five.
const maxBody = 64 << 20

// errBodyTooLarge is not worth another attempt.
var errBodyTooLarge = fmt.Errorf("the answer is larger than %d MiB", maxBody>>20)

// readWhole replaces the body of resp with its bytes in memory.
func readWhole(resp *http.Response) error {
	defer resp.Body.Close()
	body := newWholeBody()
	_, err := body.buffer.ReadFrom(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return fmt.Errorf("reading the answer: %w", err)
	case body.buffer.Len() > maxBody:
		return errBodyTooLarge
	case resp.StatusCode == http.StatusOK && cutShort(body.buffer.Bytes()):
		return fmt.Errorf("reading the answer: %w", io.ErrUnexpectedEOF)
	}
	resp.Body = body
	return nil
}

// buffers are memory for bodies: large, needed for a moment, and one after the
// other.
var buffers = sync.Pool{New: func() any { return &bytes.Buffer{} }}

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
		b.buffer.Reset()
		buffers.Put(b.buffer)
		b.buffer = &bytes.Buffer{} // for who reads it all the same
	})
	return nil
}

// bodyOf is a body of this text.
func bodyOf(text string) *wholeBody {
	body := newWholeBody()
	body.buffer.WriteString(text)
	return body
}

// bytesOf is a body's bytes. They are good until it is closed.
func bytesOf(body io.ReadCloser) ([]byte, error) {
	if whole, ok := body.(*wholeBody); ok {
		return whole.buffer.Bytes(), nil
	}
	return io.ReadAll(body)
}

// cutShort reports whether a body begins like a JSON array or object and does
// not end like it, or is empty. A proxy that loses its upstream can end a body
// properly in HTTP and in the middle of a token; this catches it in constant
// time, where it can be retried.
func cutShort(body []byte) bool {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return true
	}
	first, last := body[0], body[len(body)-1]
	return first == '[' && last != ']' || first == '{' && last != '}'
}
