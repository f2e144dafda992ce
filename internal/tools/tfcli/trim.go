package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
)

// registry is the file in which Terraform lists its backends.
const registry = "internal/backend/init/init.go"

// trim leaves out of a copy of the source what the published module lacks. Terraform's remote-state backends
// are modules in directories of its repository, which a published module leaves out. No test needs them; the
// backends local, http, inmem, remote and cloud stay.
func trim(module, source string) error {
	requirements := filepath.Join(source, "go.mod")
	content, err := os.ReadFile(requirements)
	if err != nil {
		return err
	}
	trimmed, dropped, err := dropLocal(module, content)
	if err != nil || len(dropped) == 0 {
		return err
	}
	if err := os.WriteFile(requirements, trimmed, 0o600); err != nil {
		return err
	}
	backends := filepath.Join(source, registry)
	code, err := os.ReadFile(backends)
	if err != nil {
		return err
	}
	return os.WriteFile(backends, []byte(dropImports(string(code), dropped)), 0o600)
}

// dropLocal drops from a go.mod what it requires from a directory of its own repository, and returns the
// paths of the modules that it dropped.
func dropLocal(module string, content []byte) (trimmed []byte, dropped []string, err error) {
	file, err := modfile.Parse("go.mod", content, nil)
	if err != nil {
		return nil, nil, err
	}
	for _, replace := range file.Replace {
		if path := replace.Old.Path; strings.HasPrefix(path, module+"/") {
			dropped = append(dropped, path)
		}
	}
	for _, path := range dropped {
		if err := file.DropReplace(path, ""); err != nil {
			return nil, nil, fmt.Errorf("dropping %s: %w", path, err)
		}
		if err := file.DropRequire(path); err != nil {
			return nil, nil, fmt.Errorf("dropping %s: %w", path, err)
		}
	}
	file.Cleanup()
	trimmed, err = file.Format()
	return trimmed, dropped, err
}

// dropImports drops the imports of these packages from Go source, and each line that uses one.
func dropImports(source string, packages []string) string {
	var unwanted []string
	for _, path := range packages {
		quoted := fmt.Sprintf("%q", path)
		before, _, found := strings.Cut(source, quoted)
		if !found {
			continue
		}
		name := strings.TrimSpace(before[strings.LastIndex(before, "\n")+1:])
		unwanted = append(unwanted, quoted, name+".")
	}
	var kept []string
	for _, line := range strings.SplitAfter(source, "\n") {
		if !containsAny(line, unwanted) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func containsAny(text string, parts []string) bool {
	for _, part := range parts {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}
