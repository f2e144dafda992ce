package okta

import (
	"encoding/base64"
	"testing"
	"time"
)

func TestAccessTokenExpiry(t *testing.T) {
	t.Parallel()
	encode := base64.RawURLEncoding.EncodeToString
	token := func(claims string) string { return "eyJhbGciOiJSUzI1NiJ9." + encode([]byte(claims)) + ".c2lnbmF0dXJl" }
	at := time.Date(2026, time.March, 1, 8, 0, 0, 0, time.UTC)
	for token, want := range map[string]time.Time{
		token(`{"exp":1772352000,"sub":"0oa1"}`): at,
		token(`{"sub":"0oa1"}`):                  {},
		token(`{"exp":"soon"}`):                  {},
		token(`{"exp":-1}`):                      {},
		token(`[]`):                              {},
		"eyJhbGciOiJSUzI1NiJ9.%%.c2lnbmF0dXJl":   {},
		"opaque":                                 {},
		"":                                       {},
	} {
		if got := AccessTokenExpiry(token); !got.Equal(want) {
			t.Errorf("%s: got %s, want %s", token, got, want)
		}
	}
}
