package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNarrowNamesThePlatformsOnly(t *testing.T) {
	content, err := os.ReadFile(filepath.Join("..", "..", "..", ".goreleaser.yml"))
	if err != nil {
		t.Fatal(err)
	}
	narrowed := string(narrow(content, []string{"linux_amd64", "windows_amd64"}))
	if !strings.Contains(narrowed, "\n    targets: [linux_amd64, windows_amd64]\n") {
		t.Errorf("no targets in\n%s", narrowed)
	}
	for _, rest := range []string{"\n    goos:", "\n    goarch:"} {
		if strings.Contains(narrowed, rest) {
			t.Errorf("%q is left in\n%s", rest, narrowed)
		}
	}
}

func TestFingerprintOf(t *testing.T) {
	const listed = "sec:u:3072:1:ABCD:1:2::u:::scESC:::+:::23::0:\nfpr:::::::::0123456789ABCDEF:\ngrp:::::::::99:\n"
	if got := fingerprintOf(listed); got != "0123456789ABCDEF" {
		t.Errorf("fingerprintOf = %q", got)
	}
	if got := fingerprintOf("tru::1:\n"); got != "" {
		t.Errorf("fingerprintOf without a key = %q", got)
	}
}
