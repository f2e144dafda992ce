package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// module is a module that is linked into the provider.
type module struct {
	name string // path and version
	dir  string
	// packages are the directories of the linked packages. A package can have its own licence, if its
	// code came from elsewhere.
	packages map[string]bool
}

// systems are the operating systems of a release. The linked modules depend on the system, but not on
// the processor.
var systems = []string{"darwin", "freebsd", "linux", "windows"}

// linkedModules returns the modules that are linked into the main package in a directory, on any
// system. They include the standard library, but not the main module.
func linkedModules(ctx context.Context, dir string) ([]module, error) {
	found := map[string]module{}
	for _, system := range systems {
		cmd := exec.CommandContext(ctx, "go", "list", "-deps", "-json=Dir,Standard,Module", ".")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		cmd.Stderr = os.Stderr
		output, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("listing the packages for %s: %w", system, err)
		}
		if err := collect(found, output); err != nil {
			return nil, fmt.Errorf("listing the packages for %s: %w", system, err)
		}
	}
	goroot, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("finding the standard library: %w", err)
	}
	linked := slices.SortedFunc(maps.Values(found), func(a, b module) int { return cmp.Compare(a.name, b.name) })
	return append([]module{{name: "Go standard library " + runtime.Version(), dir: strings.TrimSpace(string(goroot))}}, linked...), nil
}

// collect adds the modules in the output of go list.
func collect(found map[string]module, output []byte) error {
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var listed struct {
			Dir      string
			Standard bool
			Module   struct {
				Path, Version, Dir string
				Main               bool
				Replace            *struct{ Path string }
			}
		}
		err := decoder.Decode(&listed)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case listed.Standard || listed.Module.Main:
			continue
		case listed.Module.Replace != nil:
			return fmt.Errorf("%s is replaced by %s; a notice could not name where that comes from", listed.Module.Path, listed.Module.Replace.Path)
		}
		name := listed.Module.Path + " " + listed.Module.Version
		if _, ok := found[name]; !ok {
			found[name] = module{name: name, dir: listed.Module.Dir, packages: map[string]bool{}}
		}
		found[name].packages[listed.Dir] = true
	}
}

// licenceFile matches the names of licence files, in either spelling.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-.].*)?$`)

// terms returns the text of all licence files that apply to a module's linked packages: those in its
// root, and in the directories from there to each package.
func (m module) terms() (string, error) {
	dirs := map[string]bool{m.dir: true}
	for dir := range m.packages {
		for ; dir != m.dir && strings.HasPrefix(dir, m.dir+string(filepath.Separator)); dir = filepath.Dir(dir) {
			dirs[dir] = true
		}
	}
	var text strings.Builder
	for _, dir := range slices.Sorted(maps.Keys(dirs)) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return "", fmt.Errorf("reading the licence of %s: %w", m.name, err)
		}
		for _, entry := range entries {
			if !entry.Type().IsRegular() || !licenceFile.MatchString(entry.Name()) || filepath.Ext(entry.Name()) == ".go" {
				continue
			}
			content, err := os.ReadFile(filepath.Join(dir, entry.Name())) // #nosec G304 -- A file of the module cache.
			if err != nil {
				return "", fmt.Errorf("reading the licence of %s: %w", m.name, err)
			}
			if text.Len() > 0 {
				text.WriteString("\n\n")
			}
			text.WriteString(strings.TrimSpace(strings.ReplaceAll(string(content), "\r\n", "\n")))
		}
	}
	if text.Len() == 0 {
		return "", fmt.Errorf("%s has no licence file", m.name)
	}
	return text.String(), nil
}

const preamble = `Third-party notices

The binary beside this file contains code of the Go standard library and of the
modules below. The source of each is linked from
https://pkg.go.dev/MODULE@VERSION.
`

// notices returns the text for the archives. Modules with the same terms share one copy.
func notices(modules []module) ([]byte, error) {
	names := map[string][]string{}
	var order []string
	for _, m := range modules {
		terms, err := m.terms()
		if err != nil {
			return nil, err
		}
		if names[terms] == nil {
			order = append(order, terms)
		}
		names[terms] = append(names[terms], m.name)
	}
	text := bytes.NewBufferString(preamble)
	line := strings.Repeat("=", 78)
	for _, terms := range order {
		fmt.Fprintf(text, "\n%s\n%s\n%s\n\n%s\n", line, strings.Join(names[terms], "\n"), line, terms)
	}
	return text.Bytes(), nil
}
