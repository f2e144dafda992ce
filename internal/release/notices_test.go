package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree writes files to a temporary directory and returns its path.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestTermsOfAModule(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		files    map[string]string
		packages []string
		want     string
	}{
		{"in either spelling", map[string]string{"LICENCE.md": "terms\r\nof use\n"}, nil, "terms\nof use"},
		{"of several files", map[string]string{"LICENSE": "one", "NOTICE.txt": "two", "PATENTS": "three"}, nil, "one\n\ntwo\n\nthree"},
		{
			"of a linked package and of its parent directories",
			map[string]string{"LICENSE": "root", "a/COPYING": "a", "a/b/license-mit": "b", "a/b/b.go": "package b"},
			[]string{"a/b"},
			"root\n\na\n\nb",
		},
		{
			"not of a package that is not linked",
			map[string]string{"LICENSE": "root", "a/LICENSE": "a", "b/LICENSE": "b"},
			[]string{"a"},
			"root\n\na",
		},
		{
			"not code or directories with such names",
			map[string]string{"LICENSE": "root", "license.go": "package license", "licenses/MIT": "MIT", "licensed": "?"},
			[]string{"."},
			"root",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := module{name: "example.com/m v1.0.0", dir: tree(t, tc.files), packages: map[string]bool{}}
			for _, dir := range tc.packages {
				m.packages[filepath.Join(m.dir, filepath.FromSlash(dir))] = true
			}
			got, err := m.terms()
			if err != nil {
				t.Fatal(err)
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestModuleWithoutALicenceIsRefused(t *testing.T) {
	t.Parallel()
	dir := tree(t, map[string]string{"m.go": "package m", "other/LICENSE": "of a package that is not linked"})
	_, err := notices([]module{{name: "example.com/m v1.0.0", dir: dir}})
	if err == nil || !strings.Contains(err.Error(), "example.com/m v1.0.0 has no licence") {
		t.Errorf("got %v, want an error that names the module", err)
	}
}

func TestModulesWithTheSameTermsShareACopy(t *testing.T) {
	t.Parallel()
	mit, bsd := tree(t, map[string]string{"LICENSE": "MIT\n"}), tree(t, map[string]string{"LICENSE": "BSD"})
	text, err := notices([]module{{name: "a v1", dir: mit}, {name: "b v2", dir: bsd}, {name: "c v3", dir: mit}})
	if err != nil {
		t.Fatal(err)
	}
	line := strings.Repeat("=", 78)
	want := preamble + "\n" + line + "\na v1\nc v3\n" + line + "\n\nMIT\n\n" + line + "\nb v2\n" + line + "\n\nBSD\n"
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("notices differ (-want +got):\n%s", diff)
	}
}

func TestCollect(t *testing.T) {
	t.Parallel()
	found := map[string]module{}
	err := collect(found, []byte(`
		{"Dir": "/go/src/fmt", "Standard": true}
		{"Dir": "/m/a", "Module": {"Path": "example.com/m", "Version": "v1.0.0", "Dir": "/m"}}
		{"Dir": "/m/b", "Module": {"Path": "example.com/m", "Version": "v1.0.0", "Dir": "/m"}}
		{"Dir": "/here", "Module": {"Path": "example.com/here", "Main": true, "Dir": "/here"}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]module{"example.com/m v1.0.0": {name: "example.com/m v1.0.0", dir: "/m", packages: map[string]bool{"/m/a": true, "/m/b": true}}}
	if diff := cmp.Diff(want, found, cmp.AllowUnexported(module{})); diff != "" {
		t.Errorf("modules differ (-want +got):\n%s", diff)
	}

	err = collect(found, []byte(`{"Dir": "/fork", "Module": {"Path": "example.com/m", "Version": "v1.0.0", "Replace": {"Path": "../fork"}}}`))
	if err == nil || !strings.Contains(err.Error(), "../fork") {
		t.Errorf("got %v, want an error that names the replacement", err)
	}
}

// The linked modules include neither the dependencies of tests nor the main module.
func TestLinkedModules(t *testing.T) {
	t.Parallel()
	linked, err := linkedModules(t.Context(), "../..")
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, m := range linked {
		path, _, _ := strings.Cut(m.name, " ")
		paths = append(paths, path)
		if _, err := m.terms(); err != nil {
			t.Error(err)
		}
	}
	for path, want := range map[string]bool{
		"Go": true, // standard library
		"github.com/hashicorp/terraform-plugin-framework":     true,
		"github.com/hashicorp/terraform-plugin-testing":       false,
		"github.com/google/go-cmp":                            false,
		"github.com/oktatokens/terraform-provider-oktatokens": false,
	} {
		if slices.Contains(paths, path) != want {
			t.Errorf("%s is linked: got %t, want %t", path, !want, want)
		}
	}
}
