package okta

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// openssl runs openssl in a directory.
func openssl(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "openssl", args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// The output of openssl is read, whatever surrounds the key. So is the result of the
// commands that an error gives.
func TestPrivateKeysOfOpenSSL(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("needs openssl, which is not installed")
	}
	dir := t.TempDir()
	request := []string{"req", "-x509", "-subj", "/CN=okta", "-key", "sec1.pem", "-out", "certificate.pem"}
	export := []string{"pkcs12", "-export", "-passout", "pass:x", "-inkey", "sec1.pem", "-in", "certificate.pem", "-out", "bag.p12"}
	for _, args := range [][]string{
		{"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "pkcs8.pem"},
		{"rsa", "-traditional", "-in", "pkcs8.pem", "-out", "pkcs1.pem"},
		{"ecparam", "-name", "secp384r1", "-genkey", "-out", "sec1.pem"},
		{"pkey", "-in", "sec1.pem", "-text", "-out", "text.pem"},
		request, export,
		{"pkcs12", "-passin", "pass:x", "-in", "bag.p12", "-noenc", "-out", "bag.pem"},
		{"rsa", "-aes256", "-passout", "pass:x", "-in", "pkcs8.pem", "-out", "encrypted.pem"},
		{"rsa", "-traditional", "-aes256", "-passout", "pass:x", "-in", "pkcs8.pem", "-out", "encrypted1.pem"},
		{"pkey", "-in", "encrypted.pem", "-passin", "pass:x", "-out", "decrypted.pem"},
		{"pkey", "-in", "pkcs8.pem", "-outform", "DER", "-out", "key.der"},
		{"pkey", "-in", "key.der", "-out", "converted.pem"},
		{"pkey", "-in", "pkcs8.pem", "-pubout", "-out", "public.pem"},
	} {
		openssl(t, dir, args...)
	}
	refused := map[string]string{
		"encrypted.pem": "it is encrypted: ", "encrypted1.pem": "it is encrypted: ", "key.der": "the file that it names is DER",
		"public.pem": publicKey, "certificate.pem": "it is a certificate: ", "bag.p12": "the file that it names holds neither",
	}
	read := []string{"bag.pem", "converted.pem", "decrypted.pem", "pkcs1.pem", "pkcs8.pem", "sec1.pem", "text.pem"}
	for _, name := range read {
		for spelling, material := range spellings(t, filepath.Join(dir, name)) {
			if _, err := parseKeyOf(material, ""); err != nil {
				t.Errorf("%s, %s: got %v, want a key", name, spelling, err)
			}
		}
	}
	for name, want := range refused {
		_, err := parseKeyOf(filepath.Join(dir, name), "")
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != len(read)+len(refused) {
		t.Errorf("got %d files, %v, of which %d were tried", len(files), err, len(read)+len(refused))
	}
}

// spellings are the ways in which people pass on a file.
func spellings(t *testing.T, path string) map[string]string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := slices.Collect(strings.Lines(string(bytes.TrimSpace(content))))
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], "\n")
	}
	return map[string]string{
		"its path":        path,
		"its content":     string(content),
		"in a heredoc":    "    " + strings.Join(lines, "\n    ") + "\n  ",
		"from Windows":    byteOrderMark + strings.Join(lines, "\r\n"),
		"in JSON":         strings.Join(lines, `\n`),
		"in Windows JSON": strings.Join(lines, `\r\n`),
	}
}
