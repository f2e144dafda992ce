package okta

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

const (
	pemBegin = "-----BEGIN "
	pemEnd   = "-----END "
	pemDash  = "-----"
)

// unescaped restores line breaks that JSON, YAML or a pipeline's settings escaped.
var unescaped = strings.NewReplacer(`\r\n`, "\n", `\n`, "\n", `\r`, "\n")

// cutPrivateKey returns the first PEM block of a private key in a text. It trims each
// line and drops what surrounds the block: certificates, EC parameters, a public key,
// an email. openssl does the same, except that it refuses spaces before a line.
func cutPrivateKey(text string) (string, error) {
	var labels, block []string
	last := "" // the line that ends the block, inside of one
	for line := range strings.Lines(unescaped.Replace(text)) {
		line = strings.TrimSpace(line)
		if label, begins := labelOf(line); begins {
			if last != "" {
				break
			}
			labels = append(labels, label)
			if strings.HasSuffix(label, "PRIVATE KEY") {
				last = pemEnd + label + pemDash
			}
		}
		if last != "" {
			block = append(block, line)
		}
		if line == last && last != "" {
			return strings.Join(block, "\n") + "\n", nil
		}
	}
	return "", noPrivateKey(labels, last != "")
}

// labelOf is the label of a block that begins with this line.
func labelOf(line string) (label string, begins bool) {
	rest, begins := strings.CutPrefix(line, pemBegin)
	label, ends := strings.CutSuffix(rest, pemDash)
	return label, begins && ends && !strings.Contains(label, pemDash)
}

// noPrivateKey says why a text with PEM in it has no complete private key. It never
// quotes a label, because labels come from what may be a key.
func noPrivateKey(labels []string, cut bool) error {
	switch {
	case cut:
		return errors.New("the PEM block is damaged: its last line, -----END …-----, is missing")
	case len(labels) == 0:
		return errors.New("the PEM block is damaged: its line breaks are lost. -----BEGIN …----- and -----END …----- stand on lines of their own")
	}
	for _, label := range labels {
		switch {
		case strings.Contains(label, "CERTIFICATE"):
			return errors.New("it is a certificate: what is needed is the private key that belongs to it")
		case strings.Contains(label, "PUBLIC KEY"):
			return errors.New(publicKey)
		}
	}
	return errors.New("it holds PEM, but no private key")
}

// parsePEM reads the block that cutPrivateKey found.
func parsePEM(text []byte) (jose.JSONWebKey, error) {
	block, _ := pem.Decode(text)
	switch {
	case block == nil:
		return jose.JSONWebKey{}, errors.New("the PEM block is damaged: a line of it is lost or cut short")
	case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
		return jose.JSONWebKey{}, errors.New("it is encrypted: run openssl pkey -in encrypted.pem -out key.pem, and use key.pem")
	case block.Type == "OPENSSH PRIVATE KEY":
		return jose.JSONWebKey{}, errors.New("it is an OpenSSH key: run ssh-keygen -p -N '' -m PKCS8 -f copy.pem on a copy of it, and use copy.pem")
	}
	key, err := parseDER(block.Bytes)
	if err != nil {
		return jose.JSONWebKey{}, errors.New("the PEM block cannot be read as an RSA or EC private key: a line of it may be lost")
	}
	return jose.JSONWebKey{Key: key}, nil
}

// parseDER reads a key in any of its three forms. Like openssl, it ignores the label.
func parseDER(der []byte) (crypto.PrivateKey, error) {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		return key, nil
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key, nil
	}
	return x509.ParseECPrivateKey(der)
}
