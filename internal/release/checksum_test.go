package main

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// checksums returns the checksums in the signed file, by file name.
func (r release) checksums(t *testing.T) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for line := range strings.Lines(string(read(t, r.path("SHA256SUMS")))) {
		sum, name, ok := strings.Cut(strings.TrimRight(line, "\n"), "  ")
		if !ok || len(sum) != 64 || sums[name] != "" {
			t.Fatalf("%q is not the checksum of one more file", line)
		}
		sums[name] = sum
	}
	return sums
}

// Only the list of checksums is signed, so a file that is not on it is not signed either.
func TestReleaseChecksumsCoverEveryFile(t *testing.T) {
	t.Parallel()
	r := built(t)
	sums := r.checksums(t)
	want := []string{filepath.Base(r.path("manifest.json"))}
	for _, platform := range platforms {
		want = append(want, filepath.Base(r.path(platform+".zip")), filepath.Base(r.path(platform+".cdx.json")))
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(sums))); diff != "" {
		t.Errorf("files with a checksum differ (-want +got):\n%s", diff)
	}
	for name, want := range sums {
		path := filepath.Join(r.dir, name)
		if strings.HasSuffix(name, "_manifest.json") {
			path = "../../terraform-registry-manifest.json" // it is published under another name
		}
		sum := sha256.Sum256(read(t, path))
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("checksum of %s: got %s, want %s", name, want, got)
		}
	}
}

func TestReleaseManifest(t *testing.T) {
	t.Parallel()
	var got, want any
	decode(t, read(t, "../../terraform-registry-manifest.json"), &got)
	decode(t, []byte(`{"version": 1, "metadata": {"protocol_versions": ["6.0"]}}`), &want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("manifest differs (-want +got):\n%s", diff)
	}
}

func TestReleaseSignature(t *testing.T) {
	t.Parallel()
	r := built(t)
	home := os.Getenv("RELEASE_KEYS")
	if home == "" {
		t.Skip("RELEASE_KEYS names no key ring: without gpg, make release-check signs nothing")
	}
	verify := func(file string) ([]byte, error) {
		cmd := exec.CommandContext(t.Context(), "gpg", "--batch", "--verify", r.path("SHA256SUMS.sig"), file)
		cmd.Env = append(os.Environ(), "GNUPGHOME="+home)
		return cmd.CombinedOutput()
	}
	if output, err := verify(r.path("SHA256SUMS")); err != nil {
		t.Errorf("gpg --verify: %v\n%s", err, output)
	}
	changed := filepath.Join(t.TempDir(), "SHA256SUMS")
	text := strings.Replace(string(read(t, r.path("SHA256SUMS"))), "_linux_", "_LINUX_", 1)
	if err := os.WriteFile(changed, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if output, err := verify(changed); err == nil {
		t.Errorf("gpg verified what was not signed:\n%s", output)
	}
}

// The second build ran in another directory. All its files have the same bytes.
func TestReleaseIsReproducible(t *testing.T) {
	t.Parallel()
	again := releaseIn(t, "RELEASE_AGAIN")
	if diff := cmp.Diff(built(t).checksums(t), again.checksums(t)); diff != "" {
		t.Errorf("the builds differ (-first +second):\n%s", diff)
	}
}
