package okta

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// Source is where a credential comes from: for each part that it has, the name of an
// environment variable or of an argument. Errors repeat it, so that it holds nothing
// of the credential.
type Source struct {
	APIToken    string
	AccessToken string
	ClientID    string
	PrivateKey  string
	// Expires is when the access token says that it ends; zero when it does not say.
	Expires time.Time
}

// AccessTokenExpiry is when an access token says that it ends, or zero. It is for the
// words of an error alone: nothing has checked the token's signature.
func AccessTokenExpiry(token string) time.Time {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return time.Time{}
	}
	var claims struct {
		Expires int64 `json:"exp"`
	}
	if json.Unmarshal(payload, &claims) != nil || claims.Expires <= 0 {
		return time.Time{}
	}
	return time.Unix(claims.Expires, 0).UTC()
}
