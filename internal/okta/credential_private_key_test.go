package okta

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// rsaKey is one key for all tests, because generating one is slow.
var rsaKey = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })

// must panics on an error that only a wrong test can cause.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func ecKey(curve elliptic.Curve) *ecdsa.PrivateKey {
	return must(ecdsa.GenerateKey(curve, rand.Reader))
}

// pemOf is a PEM block, ended as files are.
func pemOf(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

func pkcs8(key crypto.PrivateKey) string {
	return pemOf("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(key)))
}

func sec1(key *ecdsa.PrivateKey) string {
	return pemOf("EC PRIVATE KEY", must(x509.MarshalECPrivateKey(key)))
}

func pkix(key crypto.PublicKey) string {
	return pemOf("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(key)))
}

// jwk is a JSON Web Key, with a key ID and an algorithm unless they are empty.
func jwk(key any, keyID, algorithm string) string {
	return string(must(json.Marshal(jose.JSONWebKey{Key: key, KeyID: keyID, Algorithm: algorithm})))
}

func jwkSet(keys ...string) string { return `{"keys":[` + strings.Join(keys, ",") + `]}` }

// file is the path of a file with this content.
func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// ecParameters is what openssl ecparam -genkey writes before a key: the curve.
var ecParameters = pemOf("EC PARAMETERS", []byte{0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07})

// certificateOf is a certificate for a key, signed by itself.
func certificateOf(key *ecdsa.PrivateKey) string {
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	return pemOf("CERTIFICATE", must(x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)))
}

// oneLine is a PEM block whose base64 is not wrapped.
func oneLine(block string) string {
	lines := strings.Split(strings.TrimSpace(block), "\n")
	last := len(lines) - 1
	return lines[0] + "\n" + strings.Join(lines[1:last], "") + "\n" + lines[last]
}

// parseKeyOf reads a private key from a user's text.
func parseKeyOf(material, keyID string) (jose.JSONWebKey, error) {
	data, err := readPrivateKey(material)
	if err != nil {
		return jose.JSONWebKey{}, err
	}
	return parsePrivateKey(data, keyID)
}

func TestPrivateKeySpellings(t *testing.T) {
	t.Parallel()
	p256, p384, p521 := ecKey(elliptic.P256()), ecKey(elliptic.P384()), ecKey(elliptic.P521())
	inSet := jwkSet(jwk(rsaKey(), "first", ""), jwk(p256, "second", "ES256"))
	type want struct {
		key        interface{ Equal(crypto.PrivateKey) bool }
		alg, keyID string
	}
	for _, tc := range []struct {
		name, material, keyID string
		want                  want
	}{
		{"PKCS #1", pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey())), "", want{rsaKey(), "RS256", ""}},
		{"PKCS #8, RSA", pkcs8(rsaKey()), "kid1", want{rsaKey(), "RS256", "kid1"}},
		{"PKCS #8, P-256", pkcs8(p256), "", want{p256, "ES256", ""}},
		{"PKCS #8, P-384", pkcs8(p384), "kid1", want{p384, "ES384", "kid1"}},
		{"PKCS #8, P-521", pkcs8(p521), "", want{p521, "ES512", ""}},
		{"SEC 1, P-256", sec1(p256), "", want{p256, "ES256", ""}},
		{"SEC 1, P-384", sec1(p384), "", want{p384, "ES384", ""}},
		{"SEC 1, P-521", sec1(p521), "", want{p521, "ES512", ""}},
		{"SEC 1 after its parameters", ecParameters + sec1(p256), "", want{p256, "ES256", ""}},
		{"line breaks as in Windows", strings.ReplaceAll(pkcs8(p256), "\n", "\r\n"), "", want{p256, "ES256", ""}},
		{"line breaks as \\n", strings.ReplaceAll(pkcs8(p256), "\n", `\n`), "", want{p256, "ES256", ""}},
		{"PKCS #8 named SEC 1", strings.ReplaceAll(pkcs8(p256), "PRIVATE", "EC PRIVATE"), "", want{p256, "ES256", ""}},
		{"line breaks as \\r\\n", strings.ReplaceAll(pkcs8(p256), "\n", `\r\n`), "", want{p256, "ES256", ""}},
		{"line breaks as \\r", strings.ReplaceAll(pkcs8(p256), "\n", `\r`), "", want{p256, "ES256", ""}},
		{"a byte order mark", byteOrderMark + pkcs8(p256), "", want{p256, "ES256", ""}},
		{"a byte order mark before a JWK", byteOrderMark + jwk(p256, "", ""), "", want{p256, "ES256", ""}},
		{"indented", "    " + strings.ReplaceAll(pkcs8(rsaKey()), "\n", "\n    "), "", want{rsaKey(), "RS256", ""}},
		{"indented with tabs, as in Windows", "\t" + strings.ReplaceAll(sec1(p256), "\n", "\r\n\t"), "", want{p256, "ES256", ""}},
		{"spaces after its lines", strings.ReplaceAll(pkcs8(p256), "\n", "  \n"), "", want{p256, "ES256", ""}},
		{"text before and after it", "Bag Attributes\n    friendlyName: okta\nKey Attributes: <No Attributes>\n" + pkcs8(p256) + "\nKind regards\n", "", want{p256, "ES256", ""}},
		{"after a certificate", certificateOf(p256) + pkcs8(p256), "", want{p256, "ES256", ""}},
		{"before a certificate", pkcs8(p256) + certificateOf(p256), "", want{p256, "ES256", ""}},
		{"between others", certificateOf(p256) + pkix(p256.Public()) + ecParameters + sec1(p256) + certificateOf(p256), "", want{p256, "ES256", ""}},
		{"the first of two", ecParameters + sec1(p384) + pkcs8(p256), "", want{p384, "ES384", ""}},
		{"on one line of base64", oneLine(pkcs8(rsaKey())), "", want{rsaKey(), "RS256", ""}},
		{"JWK with line breaks as \\n", `{\n` + jwk(p256, "own", "")[1:], "", want{p256, "ES256", "own"}},
		{"a file of everything", file(t, byteOrderMark+certificateOf(p256)+"\r\n"+sec1(p256)), "", want{p256, "ES256", ""}},
		{"space around it", "\n  " + pkcs8(p256) + "\n\n", "", want{p256, "ES256", ""}},
		{"no line break at its end", strings.TrimSpace(pkcs8(p256)), "", want{p256, "ES256", ""}},
		{"JWK, RSA", jwk(rsaKey(), "", ""), "", want{rsaKey(), "RS256", ""}},
		{"JWK, RSA with RS384", jwk(rsaKey(), "own", "RS384"), "", want{rsaKey(), "RS384", "own"}},
		{"JWK, RSA with RS512", jwk(rsaKey(), "own", "RS512"), "own", want{rsaKey(), "RS512", "own"}},
		{"JWK, P-256", jwk(p256, "", "ES256"), "kid1", want{p256, "ES256", "kid1"}},
		{"JWK, P-384", jwk(p384, "", ""), "", want{p384, "ES384", ""}},
		{"JWK, P-521", jwk(p521, "own", "ES512"), "", want{p521, "ES512", "own"}},
		{"JWK with space around it", "\n" + jwk(p256, "", "") + "\n", "", want{p256, "ES256", ""}},
		{"the first of a set", inSet, "first", want{rsaKey(), "RS256", "first"}},
		{"the second of a set", inSet, "second", want{p256, "ES256", "second"}},
		{"the only one of a set", jwkSet(jwk(p256, "own", "")), "", want{p256, "ES256", "own"}},
		{"a file of PEM", file(t, ecParameters+sec1(p256)), "kid1", want{p256, "ES256", "kid1"}},
		{"a file with a JWK", file(t, "\n"+jwk(p384, "own", "")), "", want{p384, "ES384", "own"}},
		{"a file with a set", file(t, inSet), "second", want{p256, "ES256", "second"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseKeyOf(tc.material, tc.keyID)
			if err != nil {
				t.Fatalf("got %v, want a key", err)
			}
			if !tc.want.key.Equal(got.Key) {
				t.Errorf("got another %T, want the key that was written", got.Key)
			}
			if got.Algorithm != tc.want.alg || got.KeyID != tc.want.keyID {
				t.Errorf("got alg %q and kid %q, want %q and %q", got.Algorithm, got.KeyID, tc.want.alg, tc.want.keyID)
			}
		})
	}
}

// smallRSA is a key of 1024 bits, of the smallest size that Go still reads.
func smallRSA() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 1024)) }

func TestPrivateKeysRefused(t *testing.T) {
	t.Parallel()
	p256 := ecKey(elliptic.P256())
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der := must(x509.MarshalECPrivateKey(p256))
	good := pkcs8(p256)
	const (
		neither    = "it is neither a PEM block, nor a JSON Web Key, nor the path of a file that can be read"
		encrypted  = "it is encrypted: run openssl pkey -in encrypted.pem -out key.pem, and use key.pem"
		public     = "it is a public key: what is needed is the private key of the pair"
		oneLiner   = "the PEM block is damaged: its line breaks are lost. -----BEGIN …----- and -----END …----- stand on lines of their own"
		noEnd      = "the PEM block is damaged: its last line, -----END …-----, is missing"
		broken     = "the PEM block is damaged: a line of it is lost or cut short"
		unreadable = "the PEM block cannot be read as an RSA or EC private key: a line of it may be lost"
		openSSH    = "it is an OpenSSH key: run ssh-keygen -p -N '' -m PKCS8 -f copy.pem on a copy of it, and use copy.pem"
		bare       = "is bare base64: the line -----BEGIN PRIVATE KEY----- before it and the line -----END PRIVATE KEY----- after it are missing"
		binary     = "is DER, not PEM: run openssl pkey -in key.der -out key.pem, and use key.pem"
		wrapped    = "is base64 of a key: decode it first, for instance with base64decode(…)"
		noFile     = "the file that it names does not exist. A path that is not absolute starts where the CLI runs"
		otherKind  = "it is neither an RSA nor an EC key, which are those that Okta takes"
		noJWK      = "the JSON Web Key cannot be read"
	)
	for _, tc := range []struct{ name, material, keyID, want string }{
		{"PKCS #8, encrypted", pemOf("ENCRYPTED PRIVATE KEY", der), "", encrypted},
		{"PKCS #1, encrypted", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF0123456789ABCDEF\n\n" +
			base64.StdEncoding.EncodeToString(der[:48]) + "\n-----END RSA PRIVATE KEY-----\n", "", encrypted},
		{"public, RSA", pkix(rsaKey().Public()), "", public},
		{"public, EC", pkix(p256.Public()), "", public},
		{"public, PKCS #1", pemOf("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&rsaKey().PublicKey)), "", public},
		{"public, JWK, RSA", jwk(rsaKey().Public(), "", ""), "", public},
		{"public, JWK, EC", jwk(p256.Public(), "", ""), "", public},
		{"public, file", file(t, pkix(p256.Public())), "", public},
		{"certificate", certificateOf(p256), "", "it is a certificate: what is needed is the private key that belongs to it"},
		{"RSA, too short", pkcs8(smallRSA()), "", "the RSA key has 1024 bits: at least 2048 are needed"},
		{"Ed25519", pkcs8(ed), "", otherKind},
		{"JWK, Ed25519", jwk(ed, "", ""), "", otherKind},
		{"JWK, symmetric", jwk([]byte("a symmetric key, of 32 bytes ..."), "", ""), "", otherKind},
		{"P-224", sec1(ecKey(elliptic.P224())), "", "Okta takes no key on the curve P-224: use P-256, P-384 or P-521"},
		{"parameters alone", ecParameters, "", "it holds PEM, but no private key"},
		{"a last line lost", good[:strings.LastIndex(good, "-----END")], "", noEnd},
		{"line breaks lost", strings.ReplaceAll(good, "\n", " "), "", oneLiner},
		{"a letter lost", strings.Replace(good, "M", "", 1), "", broken},
		{"DER cut short", pemOf("PRIVATE KEY", der[:40]), "", unreadable},
		{"a line lost", strings.Replace(good, strings.Split(good, "\n")[2]+"\n", "", 1), "", unreadable},
		{"the first of two damaged", strings.Replace(good, "M", "", 1) + good, "", broken},
		{"the first of two cut short", good[:100] + "\n" + certificateOf(p256), "", noEnd},
		{"the first of two cut short, before a whole one", good[:100] + "\n" + good, "", noEnd},
		{"OpenSSH", pemOf("OPENSSH PRIVATE KEY", der), "", openSSH},
		{"OpenSSH, public", "ssh-rsa " + base64.StdEncoding.EncodeToString(der) + " me@example", "", public},
		{"a public key and a certificate", certificateOf(p256) + pkix(p256.Public()), "", "it is a certificate: what is needed is the private key that belongs to it"},
		{"JWK cut short", jwk(p256, "", "")[:60], "", noJWK},
		{"JSON of another kind", `{"type":"service_account"}`, "", noJWK},
		{"JWK without a curve", `{"kty":"EC","d":"` + strings.Repeat("x", 43) + `"}`, "", noJWK},
		{"base64 alone", base64.StdEncoding.EncodeToString(der), "", "it " + bare},
		{"base64 in lines", strings.Join(strings.Split(good, "\n")[1:4], "\n"), "", "it " + bare},
		{"base64 of PEM", base64.StdEncoding.EncodeToString([]byte(good)), "", "it " + wrapped},
		{"base64 of a JWK", base64.StdEncoding.EncodeToString([]byte(jwk(p256, "", ""))), "", "it " + wrapped},
		{"DER", string(der), "", "it " + binary},
		{"a file of DER", file(t, string(der)), "", "the file that it names " + binary},
		{"a file of base64", file(t, base64.StdEncoding.EncodeToString(der)), "", "the file that it names " + bare},
		{"a file of UTF-16", file(t, "\xff\xfe-\x00-\x00"), "", "the file that it names is UTF-16, as PowerShell writes it: save it as UTF-8"},
		{"a path in the shell's spelling", "~/swordfish.pem", "", "no shell has replaced the ~ of the path: write the path in full, or use pathexpand"},
		{"garbage", "swordfish-swordfish", "", neither},
		{"nothing", "", "", neither},
		{"a missing file", filepath.Join(t.TempDir(), "swordfish.pem"), "", noFile},
		{"a directory", t.TempDir(), "", neither},
		{"a file of garbage", file(t, "swordfish-swordfish"), "", "the file that it names holds neither a PEM block nor a JSON Web Key"},
		{"an empty file", file(t, ""), "", "the file that it names holds neither a PEM block nor a JSON Web Key"},
		{"another key ID", jwk(p256, "own", ""), "mine", `the key says that its ID is "own", and private_key_id that it is "mine"`},
		{"no such key in the set", jwkSet(jwk(p256, "own", "")), "mine", "0 keys of the JSON Web Key set fit: name one of them in private_key_id"},
		{"a set without a choice", jwkSet(jwk(p256, "a", ""), jwk(p256, "b", "")), "", "2 keys of the JSON Web Key set fit: name one of them in private_key_id"},
		{"RSA with the algorithm of EC", jwk(rsaKey(), "", "ES256"), "", `the key's alg is "ES256", and its kind would take RS256`},
		{"RSA with PSS", jwk(rsaKey(), "", "PS256"), "", `the key's alg is "PS256", and its kind would take RS256`},
		{"EC with the algorithm of RSA", jwk(p256, "", "RS256"), "", `the key's alg is "RS256", and its kind would take ES256`},
		{"EC with that of another curve", jwk(p256, "", "ES384"), "", `the key's alg is "ES384", and its kind would take ES256`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := parseKeyOf(tc.material, tc.keyID)
			wantError(t, err, tc.want)
			if _, err := ServiceApp("0oa1", tc.material, tc.keyID, nil); err == nil {
				t.Error("got a credential, want an error")
			}
			wantNoEcho(t, tc.material, err)
		})
	}
}

// echo is the length of a part of a key that no error may quote.
const echo = 12

// wantNoEcho fails the test if an error repeats a part of what it is about. The
// names in it are no secrets: those of PEM blocks, keys and algorithms.
func wantNoEcho(t *testing.T, material string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	text := err.Error()
	for _, name := range namesIn([]byte(material)) {
		text = strings.ReplaceAll(text, name, "")
	}
	for i := 0; i+echo <= len(material); i++ {
		if strings.Contains(text, material[i:i+echo]) {
			t.Errorf("got the error %q, which repeats %q", err, material[i:i+echo])
			return
		}
	}
}

// namesIn are the names that an error may repeat, as it would repeat them.
func namesIn(material []byte) []string {
	var names []string
	add := func(name string) {
		quoted := string(must(json.Marshal(name)))
		if name != "" {
			names = append(names, strings.ToLower(name), name, quoted[1:len(quoted)-1])
		}
	}
	for block, rest := pem.Decode(bytes.ReplaceAll(material, []byte(`\n`), []byte("\n"))); block != nil; block, rest = pem.Decode(rest) {
		add(block.Type)
	}
	var key struct {
		KeyID     string `json:"kid"`
		Algorithm string `json:"alg"`
		Keys      []struct {
			KeyID     string `json:"kid"`
			Algorithm string `json:"alg"`
		} `json:"keys"`
	}
	if json.Unmarshal(material, &key) == nil {
		add(key.KeyID)
		add(key.Algorithm)
		for _, k := range key.Keys {
			add(k.KeyID)
			add(k.Algorithm)
		}
	}
	return names
}

// Any text is read or refused, and never quoted: it may be a key with a typing error.
func FuzzParsePrivateKey(f *testing.F) {
	p256 := must(ecdsa.ParseRawPrivateKey(elliptic.P256(), bytes.Repeat([]byte{7}, 32)))
	for _, seed := range []string{
		pkcs8(p256), ecParameters + sec1(p256), pkix(p256.Public()), strings.ReplaceAll(pkcs8(p256), "\n", `\n`),
		jwk(p256, "own", "ES256"), jwkSet(jwk(p256, "own", ""), jwk(p256.Public(), "other", "")),
		pemOf("ENCRYPTED PRIVATE KEY", []byte("ciphertext")), jwk(p256, "own", "RS256"), pkcs8(p256)[30:], "swordfish.pem",
	} {
		f.Add(seed, "own")
		f.Add(seed, "")
	}
	f.Fuzz(func(t *testing.T, material, keyID string) {
		if !looksLikeKey(bytes.TrimSpace([]byte(material))) && strings.HasPrefix(material, "/") {
			return // a path, and the machine's own files are no part of this
		}
		key, err := parseKeyOf(material, keyID)
		wantNoEcho(t, material, err)
		if err == nil && (key.Algorithm == "" || key.IsPublic() || !key.Valid()) {
			t.Errorf("got the key %T with alg %q, public %t, valid %t, want one to sign with", key.Key, key.Algorithm, key.IsPublic(), key.Valid())
		}
	})
}
