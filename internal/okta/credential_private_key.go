package okta

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// minRSABits is the shortest RSA key that RFC 7518 section 3.3 allows.
const minRSABits = 2048

// minKeyLine is the shortest line of PEM that is kept secret. The last line can be
// so short that ordinary words contain it.
const minKeyLine = 16

// byteOrderMark is what Windows writes at the start of a text.
const byteOrderMark = "\ufeff"

// readPrivateKey returns the text of a private key. The material is PEM as openssl
// reads it, a JSON Web Key or a set of them, or the path of a file with one of these.
//
// No error here or below quotes the material: a mistyped path may be a key.
func readPrivateKey(material string) ([]byte, error) {
	data := trimText([]byte(material))
	if looksLikeKey(data) {
		return cutKey(data)
	}
	content, err := readKeyFile(material)
	if err != nil {
		return nil, err
	}
	data = trimText(content)
	if looksLikeKey(data) {
		return cutKey(data)
	}
	if hint := hintAt(content); hint != "" {
		return nil, errors.New("the file that it names " + hint)
	}
	return nil, errors.New("the file that it names holds neither a PEM block nor a JSON Web Key")
}

func trimText(data []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(data), []byte(byteOrderMark)))
}

func looksLikeKey(data []byte) bool {
	return isJWK(data) || bytes.Contains(data, []byte(pemBegin))
}

func isJWK(data []byte) bool { return bytes.HasPrefix(data, []byte("{")) }

// cutKey removes what surrounds the key in a text that looks like one.
func cutKey(data []byte) ([]byte, error) {
	if isJWK(data) {
		return []byte(unescaped.Replace(string(data))), nil
	}
	block, err := cutPrivateKey(string(data))
	return []byte(block), err
}

// parsePrivateKey reads that text. The key ID selects a key of a set. A key without an
// ID gets this one.
func parsePrivateKey(data []byte, keyID string) (jose.JSONWebKey, error) {
	parse := parsePEM
	if isJWK(data) {
		parse = func(data []byte) (jose.JSONWebKey, error) { return parseJWK(data, keyID) }
	}
	key, err := parse(data)
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	if key.KeyID != "" && keyID != "" && key.KeyID != keyID {
		return jose.JSONWebKey{}, fmt.Errorf("the key says that its ID is %q, and private_key_id that it is %q", key.KeyID, keyID)
	}
	if key.KeyID == "" {
		key.KeyID = keyID
	}
	return withAlgorithm(key)
}

func parseJWK(data []byte, keyID string) (jose.JSONWebKey, error) {
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(data, &set); err == nil && len(set.Keys) > 0 {
		keys := set.Keys
		if keyID != "" {
			keys = set.Key(keyID)
		}
		if len(keys) != 1 {
			return jose.JSONWebKey{}, fmt.Errorf("%d keys of the JSON Web Key set fit: name one of them in private_key_id", len(keys))
		}
		return keys[0], nil
	}
	var key jose.JSONWebKey
	if err := json.Unmarshal(data, &key); err != nil {
		return jose.JSONWebKey{}, errors.New("the JSON Web Key cannot be read")
	}
	return key, nil
}

// withAlgorithm checks that a key can sign for Okta, and sets its algorithm.
// Source: https://developer.okta.com/docs/api/openapi/okta-oauth/guides/client-auth/
func withAlgorithm(key jose.JSONWebKey) (jose.JSONWebKey, error) {
	var fitting jose.SignatureAlgorithm
	switch k := key.Key.(type) {
	case *rsa.PrivateKey:
		if k.N.BitLen() < minRSABits {
			return key, fmt.Errorf("the RSA key has %d bits: at least %d are needed", k.N.BitLen(), minRSABits)
		}
		fitting = jose.RS256
		if alg := jose.SignatureAlgorithm(key.Algorithm); alg == jose.RS384 || alg == jose.RS512 {
			fitting = alg
		}
	case *ecdsa.PrivateKey:
		fitting = map[elliptic.Curve]jose.SignatureAlgorithm{
			elliptic.P256(): jose.ES256, elliptic.P384(): jose.ES384, elliptic.P521(): jose.ES512,
		}[k.Curve]
		if fitting == "" {
			return key, fmt.Errorf("Okta takes no key on the curve %s: use P-256, P-384 or P-521", k.Curve.Params().Name)
		}
	case *rsa.PublicKey, *ecdsa.PublicKey:
		return key, errors.New(publicKey)
	default:
		return key, errors.New("it is neither an RSA nor an EC key, which are those that Okta takes")
	}
	if key.Algorithm != "" && key.Algorithm != string(fitting) {
		return key, fmt.Errorf("the key's alg is %q, and its kind would take %s", key.Algorithm, fitting)
	}
	key.Algorithm = string(fitting)
	return key, nil
}

// privateParts are the parts of a key's text that must stay private: the lines of
// PEM, and the numbers of a JSON Web Key.
func privateParts(data []byte, key jose.JSONWebKey) ([]string, error) {
	var parts []string
	if block, _ := pem.Decode(data); block != nil {
		for line := range strings.Lines(string(data)) {
			if line = strings.TrimSpace(line); len(line) >= minKeyLine && !strings.HasPrefix(line, "-----") {
				parts = append(parts, line)
			}
		}
	}
	text, err := key.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var numbers struct{ D, P, Q, DP, DQ, QI string }
	if err := json.Unmarshal(text, &numbers); err != nil {
		return nil, err
	}
	for _, number := range []string{numbers.D, numbers.P, numbers.Q, numbers.DP, numbers.DQ, numbers.QI} {
		if number != "" {
			parts = append(parts, number)
		}
	}
	return parts, nil
}
