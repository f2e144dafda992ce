package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every claim in SECURITY.md names a test that exists.
func TestSecurityClaimsAreTested(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
	err := filepath.WalkDir("..", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, match := range declared.FindAllSubmatch(read(t, path), -1) {
			tests[string(match[1])] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	text := string(read(t, "../../SECURITY.md"))
	named := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(text, -1)
	for _, name := range named {
		if !tests[name[1]] {
			t.Errorf("SECURITY.md names %s, but there is no such test", name[1])
		}
	}
	// Every row of a table of claims ends with a test.
	for section := range strings.SplitSeq(text, "\n## ") {
		_, table, found := strings.Cut(section, "| it | shown by |\n|---|---|\n")
		for line := range strings.Lines(table) {
			if found = found && strings.HasPrefix(line, "|"); found && !strings.HasSuffix(line, "` |\n") {
				t.Errorf("SECURITY.md has a claim without a test: %s", line)
			}
		}
	}
	if len(named) == 0 {
		t.Error("SECURITY.md names no test")
	}
}
