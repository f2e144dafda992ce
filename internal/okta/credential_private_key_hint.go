package okta

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"strings"
)

// publicKey is the error for the wrong half of a key pair.
const publicKey = "it is a public key: what is needed is the private key of the pair"

// readKeyFile reads the file of a private key. No error quotes the path: it may be a
// key with a mistake in it.
func readKeyFile(material string) ([]byte, error) {
	if hint := hintAt([]byte(material)); hint != "" {
		return nil, errors.New("it " + hint)
	}
	path := strings.TrimSpace(material)
	content, err := os.ReadFile(path) // #nosec G304 -- it is the user who names the file
	switch {
	case err == nil:
		return content, nil
	case strings.HasPrefix(path, "~"):
		return nil, errors.New("no shell has replaced the ~ of the path: write the path in full, or use pathexpand")
	case errors.Is(err, fs.ErrPermission):
		return nil, errors.New("the file that it names may not be read by this user")
	case looksLikePath(path) && errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("the file that it names does not exist. A path that is not absolute starts where the CLI runs")
	default:
		return nil, errors.New("it is neither a PEM block, nor a JSON Web Key, nor the path of a file that can be read")
	}
}

// looksLikePath only decides how an error is worded.
func looksLikePath(text string) bool {
	return strings.HasSuffix(text, ".pem") || strings.HasSuffix(text, ".key") || strings.HasSuffix(text, ".json")
}

// hintAt recognizes a key in a form that this package does not read. It says what
// the form is and what to do. It is empty for anything else.
func hintAt(data []byte) string {
	text := string(bytes.TrimSpace(data))
	switch {
	case strings.HasPrefix(text, "ssh-") || strings.HasPrefix(text, "ecdsa-sha2-"):
		return "is a public key: what is needed is the private key of the pair"
	case bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")):
		return "is UTF-16, as PowerShell writes it: save it as UTF-8"
	case isKeyDER(data):
		return "is DER, not PEM: run openssl pkey -in key.der -out key.pem, and use key.pem"
	}
	inside, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	switch {
	case err != nil:
		return ""
	case looksLikeKey(inside):
		return "is base64 of a key: decode it first, for instance with base64decode(…)"
	case isKeyDER(inside):
		return "is bare base64: the line -----BEGIN PRIVATE KEY----- before it and the line -----END PRIVATE KEY----- after it are missing"
	default:
		return ""
	}
}

func isKeyDER(data []byte) bool {
	_, err := parseDER(data)
	return err == nil
}
