package okta

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// Source is where a credential comes from. Each part is the name of an environment
// variable or of an argument. Errors quote it, so it holds no part of the credential.
type Source struct {
	APIToken    string
	AccessToken string
	ClientID    string
	PrivateKey  string
	// OrgURL is where the URL of the org comes from, and Org is that URL.
	OrgURL, Org string
	// Expires is the end of the access token by its own words, or zero.
	Expires time.Time
}

// AccessTokenExpiry is the end of an access token by its own words, or zero. It is
// only for the words of an error, because the signature is not checked.
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
