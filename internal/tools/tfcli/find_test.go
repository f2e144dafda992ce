package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// program writes a program into a directory of its own that prints these lines, and returns its path.
func program(t *testing.T, name, prints string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	script := fmt.Sprintf("#!/bin/sh\nprintf '%s'\n", prints)
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil { //nolint:gosec // a program has to be executable
		t.Fatal(err)
	}
	return path
}

func TestAtHandPrefersTheCLIThatIsNamed(t *testing.T) {
	named := program(t, "mine", `Warning: old\nOpenTofu v1.12.6\non linux_amd64\n`)
	t.Setenv("TF_CLI", named)
	path, about, err := atHand()
	if path != named || about != "OpenTofu v1.12.6" || err != nil {
		t.Errorf("atHand() = %q, %q, %v", path, about, err)
	}
}

func TestAtHandRefusesAnotherProgramInTFCLI(t *testing.T) {
	t.Setenv("TF_CLI", program(t, "cat", `meow\n`))
	if _, _, err := atHand(); err == nil || !strings.Contains(err.Error(), "neither a working Terraform nor a working OpenTofu") {
		t.Errorf("atHand() failed with %v", err)
	}
	t.Setenv("TF_CLI", "no-such-program")
	if _, _, err := atHand(); err == nil || !strings.Contains(err.Error(), "TF_CLI names no program") {
		t.Errorf("atHand() failed with %v", err)
	}
}

func TestAtHandSkipsAShimThatDoesNotRun(t *testing.T) {
	shim := program(t, "terraform", `no version is set\n`)
	tofu := program(t, "tofu", `OpenTofu v1.12.6\n`)
	t.Setenv("TF_CLI", "")
	t.Setenv("PATH", filepath.Dir(shim)+string(os.PathListSeparator)+filepath.Dir(tofu)+string(os.PathListSeparator)+os.Getenv("PATH"))
	if path, _, err := atHand(); path != tofu || err != nil {
		t.Errorf("atHand() = %q, %v, want %q", path, err, tofu)
	}
}
