package okta

import (
	"bytes"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// signedToken matches a signed token in compact form, such as an assertion or a proof.
var signedToken = regexp.MustCompile(`(eyJ[\w-]+)\.([\w-]+)\.[\w-]+`)

// wire is all of a request that the server sees, and the same with its signed tokens decoded.
func wire(t *testing.T, req *http.Request) string {
	t.Helper()
	text := fmt.Sprintln(req.Method, req.URL, req.Header)
	if req.Body != nil {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Fatal(err)
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		text += string(body)
	}
	for _, match := range signedToken.FindAllStringSubmatch(text, -1) {
		for _, part := range match[1:] {
			decoded, err := base64.RawURLEncoding.DecodeString(part)
			if err != nil {
				t.Fatal(err)
			}
			text += "\n" + string(decoded)
		}
	}
	return text
}

// Nothing of the private key leaves the machine, and neither does that of the proofs: a JSON Web Key
// that is private has a member d.
func TestPrivateKeyIsNeverSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		key := ecKey(elliptic.P256())
		scalar, err := key.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		material := sec1(key)
		lines := strings.Split(strings.TrimSpace(material), "\n")
		secrets := slices.Concat(lines[1:len(lines)-1], []string{
			`"d":`, string(scalar), hex.EncodeToString(scalar),
			base64.RawURLEncoding.EncodeToString(scalar), base64.StdEncoding.EncodeToString(scalar),
		})

		org := serviceOrg(t, 1, func(app *oktafake.ServiceApp) { app.Keys = []jose.JSONWebKey{{Key: key.Public()}} })
		var sent []string
		network := roundTripFunc(func(req *http.Request) (*http.Response, error) {
			text := wire(t, req)
			sent = append(sent, text)
			return org.RoundTrip(req)
		})
		c := serviceClient(network, func(cfg *Config) { cfg.Credential = must(ServiceApp(serviceID, material, "", Scopes(false))) })
		wantError(t, revoke(t.Context(), c, tokenID(0)), "")
		for _, text := range sent {
			for _, secret := range secrets {
				if strings.Contains(text, secret) {
					t.Errorf("a request holds %q: %s", secret, text)
				}
			}
		}
		// Otherwise nothing was checked: an assertion and a proof, each with a public key or its owner.
		all := strings.Join(sent, "\n")
		for _, part := range []string{"client_assertion=", `"iss":"` + serviceID + `"`, `"jwk":{`, `"htm":"DELETE"`} {
			if !strings.Contains(all, part) {
				t.Errorf("no request holds %s: %s", part, all)
			}
		}
	})
}

// A stolen assertion works for minutes, and only if it was not used yet.
func TestAssertionIsShortLived(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		org := serviceOrg(t, 1)
		var claims []jwt.Claims
		org.Intercept = func(_ http.ResponseWriter, r *http.Request) bool {
			if match := signedToken.FindStringSubmatch(r.PostForm.Get("client_assertion")); match != nil {
				payload, err := base64.RawURLEncoding.DecodeString(match[2])
				var own jwt.Claims
				if err == nil {
					err = json.Unmarshal(payload, &own)
				}
				if err != nil {
					t.Error(err)
				}
				claims = append(claims, own)
			}
			return false
		}
		wantError(t, list(t, serviceClient(org)), "")
		ids := map[string]bool{}
		for _, own := range claims {
			if left := time.Until(own.Expiry.Time()); left > 5*time.Minute {
				t.Errorf("an assertion lives for %s, want 5m0s at most", left)
			}
			ids[own.ID] = true
		}
		if len(claims) < 2 || len(ids) != len(claims) {
			t.Errorf("got %d assertions with %d IDs, want one ID each", len(claims), len(ids))
		}
		wantNoReplays(t, org)
	})
}
