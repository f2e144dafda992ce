package oktafake

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// reply sends a handler's answer, unless AfterEffect answers instead.
func (o *Org) reply(w http.ResponseWriter, r *http.Request, body any, err error) {
	switch answer := body.(type) {
	case list:
		for _, link := range answer.links {
			w.Header().Add("Link", link)
		}
		body = answer.items
	case accessTokenJSON:
		if answer.nonce != "" {
			w.Header().Set("DPoP-Nonce", answer.nonce)
		}
	}
	if o.AfterEffect != nil && o.AfterEffect(w, r) {
		return
	}
	switch {
	case err != nil:
		o.fail(w, err)
	case body == nil:
		w.WriteHeader(http.StatusNoContent)
	default:
		writeJSON(w, http.StatusOK, o.encode(body))
	}
}

// writeJSON is the one place that sets a Content-Type: Okta sends none without a body.
func writeJSON(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// On an error here, the client has gone away.
	_, _ = w.Write(body)
}

// encode encodes an answer of the org itself, not one of a test's hook.
func (o *Org) encode(body any) []byte {
	encoded := encode(body)
	if o.unknownFields {
		encoded = withUnknownFields(encoded)
	}
	return encoded
}

// encode encodes a value of one of our own types. That cannot fail.
func encode(body any) []byte {
	encoded, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return encoded
}

// withUnknownFields adds a field that no client knows to every object of a JSON text. Okta reserves
// the right to add fields without notice.
func withUnknownFields(text []byte) []byte {
	var (
		out      bytes.Buffer
		inString bool
		escaped  bool
	)
	for _, c := range text {
		out.WriteByte(c)
		switch {
		case escaped:
			escaped = false
		case inString && c == '\\':
			escaped = true
		case c == '"':
			inString = !inString
		case c == '{' && !inString:
			// None of our objects is empty, so a field follows.
			out.WriteString(`"addedByOktaLater":[null],`)
		}
	}
	return out.Bytes()
}
