package main

import (
	"errors"
	"os"
	"os/exec"
	"strings"
)

// signingKey is a key for one snapshot. The zero signingKey is none.
type signingKey struct{ home, fingerprint string }

// newSigningKey makes a key in a directory. It is RSA like a release's: the registry refuses elliptic curves.
func newSigningKey(home string) (signingKey, error) {
	if err := os.Mkdir(home, 0o700); err != nil {
		return signingKey{}, err
	}
	key := signingKey{home: home}
	_, err := key.gpg("--quiet", "--passphrase", "", "--quick-generate-key", "Snapshot, not to be trusted", "rsa3072", "sign", "1d")
	if err != nil {
		return key, err
	}
	listed, err := key.gpg("--list-secret-keys", "--with-colons")
	if err != nil {
		return key, err
	}
	if key.fingerprint = fingerprintOf(listed); key.fingerprint == "" {
		return key, errors.New("gpg lists no key")
	}
	return key, nil
}

func (k signingKey) gpg(arguments ...string) (string, error) {
	command := exec.Command("gpg", append([]string{"--batch"}, arguments...)...) //nolint:gosec // the callers name the arguments
	command.Env, command.Stderr = append(os.Environ(), k.environ()...), os.Stderr
	output, err := command.Output()
	return string(output), err
}

// environ returns the variables with which gpg and GoReleaser find the key.
func (k signingKey) environ() []string {
	if k.home == "" {
		return nil
	}
	return []string{"GNUPGHOME=" + k.home, "GPG_FINGERPRINT=" + k.fingerprint}
}

// forget ends the agent that holds the key.
func (k signingKey) forget() {
	if k.home == "" {
		return
	}
	command := exec.Command("gpgconf", "--kill", "all")
	command.Env = append(os.Environ(), k.environ()...)
	command.Run() //nolint:errcheck,gosec // the directory is about to be removed
}

// fingerprintOf returns the first fingerprint in what gpg lists with colons.
func fingerprintOf(listed string) string {
	for line := range strings.Lines(listed) {
		if fields := strings.Split(line, ":"); fields[0] == "fpr" && len(fields) > 9 {
			return fields[9]
		}
	}
	return ""
}
