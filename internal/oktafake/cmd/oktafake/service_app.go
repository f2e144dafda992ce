package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/go-jose/go-jose/v4"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// serviceAppID stays the same, so exported variables still work after a restart.
const serviceAppID = "0oafakeserviceapp5d7"

// serviceAppScopes are the scopes that audits and revocations need. The provider may ask for any of
// them.
var serviceAppScopes = []string{
	"okta.apps.read", "okta.apps.manage",
	"okta.authorizationServers.read", "okta.authorizationServers.manage",
	"okta.users.read", "okta.users.manage",
}

// addServiceApp adds a service app with the private key in a file. It creates the file if there is
// none, and never overwrites one: the key may be in use elsewhere.
func addServiceApp(org *oktafake.Org, file string) error {
	text, err := os.ReadFile(file) // #nosec G304 -- The person who starts the command names it.
	if errors.Is(err, fs.ErrNotExist) {
		text, err = newKeyFile(file)
	}
	if err != nil {
		return fmt.Errorf("-service-app-key: %w", err)
	}
	key, err := publicKey(text)
	if err != nil {
		return fmt.Errorf("-service-app-key %s: %w", file, err)
	}
	org.AddServiceApp(oktafake.ServiceApp{
		ClientID: serviceAppID, Keys: []jose.JSONWebKey{{Key: key}}, Scopes: serviceAppScopes,
	})
	return nil
}

// newKeyFile writes a new RSA key, which every Okta client supports, and returns the file's text.
func newKeyFile(file string) ([]byte, error) {
	const bits = 2048
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return text, os.WriteFile(file, text, 0o600)
}

// publicKey returns the public key of a PKCS #8 private key in PEM, RSA or EC.
func publicKey(text []byte) (crypto.PublicKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM in it")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key.Public(), nil
	case *ecdsa.PrivateKey:
		return key.Public(), nil
	default:
		return nil, fmt.Errorf("got a %T, want an RSA or EC key", key)
	}
}
