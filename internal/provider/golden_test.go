package provider

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

// updateGolden makes the tests write what they got: go test ./internal/provider -run Golden -update.
var updateGolden = flag.Bool("update", false, "write the golden files instead of comparing with them")

// golden compares a text that people read with the one that was read and agreed to.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *updateGolden {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path) // #nosec G304 -- A file of this tree.
	if err != nil {
		t.Fatal(err)
	}
	diff(t, path, got, string(want))
}
