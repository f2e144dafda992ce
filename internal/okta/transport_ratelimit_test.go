package okta

import (
	"math"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

func TestBucketOf(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/api/v1/authorizationServers":                          "/api/v1",
		"/api/v1/authorizationServers/aus1/clients/0oa1/tokens": "/api/v1",
		"/api/v1/users/00u1/clients/0oa1/tokens/oar1":           "/api/v1/users",
		"/api/v1/users/00u1/sessions":                           "/api/v1/users",
		"/api/v1/users":                                         "/api/v1/users",
		"/api/v1/users/amara%40example.com":                     "/api/v1/users/{id}",
		"/api/v1/usersettings":                                  "/api/v1",
		"/api/v1/apps/0oa1/tokens":                              "/api/v1/apps",
		"/api/v1/appsettings":                                   "/api/v1",
	} {
		if got := bucketOf(path); got != want {
			t.Errorf("bucketOf %q: got %q, want %q", path, got, want)
		}
	}
}

func TestUntilReset(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		date := time.Now().Add(time.Hour)
		for name, tc := range map[string]struct {
			date, reset string
			want        time.Duration
		}{
			"reset ahead":   {date.UTC().Format(http.TimeFormat), epoch(date, 20), 21 * time.Second},
			"reset at once": {date.UTC().Format(http.TimeFormat), epoch(date, 0), time.Second},
			"reset in past": {date.UTC().Format(http.TimeFormat), epoch(date, -20), 0},
			"no date":       {"", epoch(time.Now(), 20), 21 * time.Second},
			"no reset":      {date.UTC().Format(http.TimeFormat), "", time.Second},
			"garbage":       {"now", "soon", time.Second},
			"RFC 850 date":  {date.UTC().Format(time.RFC850), epoch(date, 20), 21 * time.Second},
			"fraction":      {date.UTC().Format(http.TimeFormat), "1.5", time.Second},
		} {
			h := http.Header{"Date": {tc.date}, headerReset: {tc.reset}}
			if got := untilReset(h); got != tc.want {
				t.Errorf("%s: got %s, want %s", name, got, tc.want)
			}
		}
	})
}

// Whatever the headers say, a later reset never means a shorter wait, and a wait is never
// negative.
func FuzzUntilReset(f *testing.F) {
	f.Add("Tue, 28 Oct 2025 17:36:58 GMT", int64(1761673038), int64(60))
	f.Add("Tue, 28 Oct 2025 17:36:58 GMT", int64(1761673038), int64(1<<60))
	f.Add("", int64(math.MaxInt64), int64(1))
	f.Add("Mon, 01 Jan 0001 00:00:00 GMT", int64(math.MinInt64), int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, date string, reset, later int64) {
		if later < 0 || reset > math.MaxInt64-later {
			return
		}
		until := func(reset int64) time.Duration {
			return untilReset(http.Header{"Date": {date}, headerReset: {strconv.FormatInt(reset, 10)}})
		}
		sooner, wait := until(reset), until(reset+later)
		// Without a date, this machine's clock moves between the two.
		if sooner < 0 || wait < sooner-time.Second {
			t.Errorf("date %q: got a wait of %s until %d and of %s until %d", date, sooner, reset, wait, reset+later)
		}
	})
}
