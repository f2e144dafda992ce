package okta

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestStableTextLeavesOutWhatDiffersFromReadToRead(t *testing.T) {
	t.Parallel()
	answer := func(id, request string, attempts int) error {
		return &Error{
			Method: http.MethodGet, Path: "/api/v1/apps/0oa1/tokens", StatusCode: http.StatusInternalServerError,
			Code: "E0000009", Summary: "Internal Server Error", Causes: []string{"try later"}, ID: id, RequestID: request, Attempts: attempts,
		}
	}
	for name, tc := range map[string]struct {
		first, second error
		want          string
	}{
		"an error of Okta's": {
			answer("oae1", "req1", 6), fmt.Errorf("listing: %w", answer("oae2", "req2", 2)),
			"500 E0000009: Internal Server Error (try later)",
		},
		"a foreign page": {
			&Error{StatusCode: http.StatusBadGateway, Body: "request 1 failed"}, &Error{StatusCode: http.StatusBadGateway, Body: "request 2 failed"},
			"502 Bad Gateway",
		},
		"a refused sign-in": {
			&SignInError{StatusCode: http.StatusUnauthorized, Code: "invalid_client", RequestID: "req1"},
			&SignInError{StatusCode: http.StatusUnauthorized, Code: "invalid_client", RequestID: "req2"},
			"signing in failed with 401 invalid_client",
		},
		"a rate limit": {
			&NoRoomError{Bucket: "/api/v1", Until: time.Unix(1, 0)}, &NoRoomError{Bucket: "/api/v1", Until: time.Unix(2, 0)},
			"the rate limit of /api/v1 is used up",
		},
		"the network": {
			&TransportError{Err: errors.New("read tcp 10.0.0.1:50001: connection reset")}, &TransportError{Err: errors.New("read tcp 10.0.0.1:50002: connection reset")},
			"Okta gave no complete answer",
		},
		"a contradiction": {
			&ContradictionError{What: "client 0oa1", NotFound: answer("oae1", "req1", 1)}, &ContradictionError{What: "client 0oa1", NotFound: answer("oae2", "req2", 1)},
			"Okta lists client 0oa1, which it says does not exist",
		},
		"anything else": {errors.New("the next link leads to page 1"), errors.New("the next link leads to page 2"), "the answer cannot be used"},
	} {
		for _, err := range []error{tc.first, tc.second} {
			if got := StableText(err); got != tc.want {
				t.Errorf("%s: got %q, want %q", name, got, tc.want)
			}
		}
	}
}
