package okta

import (
	"net/http"
	"strings"
	"testing"
)

// A 404 after an attempt that may have landed may be the work of that attempt.
func TestErrorTellsWhetherAnEarlierAttemptMayHaveLanded(t *testing.T) {
	t.Parallel()
	gone := reply(http.StatusNotFound, oktaError(CodeNotFound, "Not found"))
	broken := reply(http.StatusInternalServerError, "")
	for name, tc := range map[string]struct {
		steps []roundTripFunc
		want  bool
	}{
		"at once":              {[]roundTripFunc{gone}, false},
		"after 500":            {[]roundTripFunc{broken, gone}, true},
		"after 504":            {[]roundTripFunc{reply(http.StatusGatewayTimeout, ""), gone}, true},
		"after a reset":        {[]roundTripFunc{fail(errReset), gone}, true},
		"after no answer":      {[]roundTripFunc{hang, gone}, true},
		"after an empty 200":   {[]roundTripFunc{reply(http.StatusOK, ""), gone}, true},
		"after 429":            {[]roundTripFunc{limited, gone}, false},
		"after a failed dial":  {[]roundTripFunc{fail(errDial), gone}, false},
		"after 500 and 429":    {[]roundTripFunc{broken, limited, gone}, true},
		"after 429 and 500":    {[]roundTripFunc{limited, broken, gone}, true},
		"after 429 and a dial": {[]roundTripFunc{limited, fail(errDial), gone}, false},
	} {
		bubble(t, name, func(t *testing.T) {
			err := revoke(t.Context(), testClient(play(tc.steps...)), "oar1")
			e := answered(t, err)
			if !IsNotFound(err) || e.MayHaveLanded != tc.want || e.Attempts != len(tc.steps) {
				t.Errorf("got %v after %d attempts, may have landed %t, want %t", err, e.Attempts, e.MayHaveLanded, tc.want)
			}
		})
	}
}

// Whatever ends a DELETE, an earlier attempt that may have landed leaves it
// uncertain.
func TestDeleteStaysUncertain(t *testing.T) {
	t.Parallel()
	broken := reply(http.StatusInternalServerError, "")
	for name, last := range map[string]roundTripFunc{
		"429": reply(http.StatusTooManyRequests, ""), "403": reply(http.StatusForbidden, ""), "a failed dial": fail(errDial),
		"no room": fail(unsent(&NoRoomError{})),
	} {
		bubble(t, name, func(t *testing.T) {
			if err := revoke(t.Context(), testClient(play(broken, last)), "oar1"); !IsUncertain(err) {
				t.Errorf("after 500 and %s: got %v, which is certain, want uncertain", name, err)
			} else if strings.Contains(err.Error(), "nothing was sent") {
				t.Errorf("after 500 and %s: got %v, and the first attempt was sent", name, err)
			}
			if err := revoke(t.Context(), testClient(play(last)), "oar1"); IsUncertain(err) {
				t.Errorf("after %s alone: got %v, which is uncertain, want certain", name, err)
			}
		})
	}
}
