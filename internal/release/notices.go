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

// module is one that the provider is linked from.
type module struct {
	name string // path and version
	dir  string
	// packages are the directories of the packages that are linked. A package can have a licence of
	// its own, where its code came from elsewhere.
	packages map[string]bool
}

// systems are those that releases are built for. What is linked depends on the system, and on no
// processor.
var systems = []string{"darwin", "freebsd", "linux", "windows"}

// linkedModules are the modules that the main package in a directory is linked from on any system,
// the standard library among them and its own module not.
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

// collect adds the modules of what go list printed.
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
			return fmt.Errorf("%s is replaced by %s, whose origin a notice could not name", listed.Module.Path, listed.Module.Replace.Path)
		}
		name := listed.Module.Path + " " + listed.Module.Version
		if _, ok := found[name]; !ok {
			found[name] = module{name: name, dir: listed.Module.Dir, packages: map[string]bool{}}
		}
		found[name].packages[listed.Dir] = true
	}
}

// licenceFile matches the names of files with terms of use, in either spelling.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-.].*)?$`)

// terms is the text of all files with terms of use that apply to what is linked from a module:
// those of its root, and of the directories on the way from there to a package.
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
		return "", fmt.Errorf("%s has no licence that could be passed on", m.name)
	}
	return text.String(), nil
}

const preamble = `Third-party notices

The binary beside this file holds code of the Go standard library and of the
modules below. The source of each, at just this version, is linked from
https://pkg.go.dev/MODULE@VERSION.
`

// notices is the text that goes with a binary. Modules whose terms read alike share one copy.
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
