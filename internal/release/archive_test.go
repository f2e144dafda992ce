package main

import (
	"archive/zip"
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// platforms are the platforms of a release, in order: all that Go, Terraform and OpenTofu support, or
// the ones that a smaller snapshot was built for.
var platforms = func() []string {
	if some := strings.Fields(os.Getenv("RELEASE_PLATFORMS")); len(some) > 0 {
		return slices.Sorted(slices.Values(some))
	}
	return []string{
		"darwin_amd64", "darwin_arm64",
		"freebsd_386", "freebsd_amd64", "freebsd_arm", "freebsd_arm64",
		"linux_386", "linux_amd64", "linux_arm", "linux_arm64",
		"windows_386", "windows_amd64", "windows_arm64",
	}
}()

const project = "terraform-provider-oktatokens"

// release is a directory with the files of a release.
type release struct {
	dir     string
	version string
}

// built returns the release that make release-check built.
func built(t *testing.T) release {
	t.Helper()
	return releaseIn(t, "RELEASE_DIST")
}

// releaseIn returns the release in the directory that an environment variable names.
func releaseIn(t *testing.T, variable string) release {
	t.Helper()
	dir := os.Getenv(variable)
	if dir == "" {
		t.Skipf("%s names no release to look into: make release-check builds one", variable)
	}
	var metadata struct{ Version string }
	decode(t, read(t, filepath.Join(dir, "metadata.json")), &metadata)
	return release{dir: dir, version: metadata.Version}
}

// path returns the path of the release's file with this suffix.
func (r release) path(suffix string) string {
	return filepath.Join(r.dir, project+"_"+r.version+"_"+suffix)
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func decode(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}

// archive returns the files in a platform's archive: their contents by name.
func (r release) archive(t *testing.T, platform string) map[string][]byte {
	t.Helper()
	archive, err := zip.OpenReader(r.path(platform + ".zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }() // it was only read
	files := map[string][]byte{}
	for _, file := range archive.File {
		executable := file.Mode().Perm()&0o111 != 0
		if want := strings.HasPrefix(file.Name, project); executable != want {
			t.Errorf("%s is executable: got %t, want %t", file.Name, executable, want)
		}
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[file.Name], err = io.ReadAll(content); err != nil {
			t.Fatal(err)
		}
		_ = content.Close() // it was only read
	}
	return files
}

// binary returns the provider's file name in a platform's archive. Terraform and OpenTofu look for it.
func (r release) binary(platform string) string {
	name := project + "_v" + r.version
	if strings.HasPrefix(platform, "windows_") {
		name += ".exe"
	}
	return name
}

func TestReleaseHasEveryPlatform(t *testing.T) {
	t.Parallel()
	r := built(t)
	paths, err := filepath.Glob(filepath.Join(r.dir, "*.zip"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, platform := range platforms {
		want = append(want, r.path(platform+".zip"))
	}
	slices.Sort(paths)
	if diff := cmp.Diff(want, paths); diff != "" {
		t.Errorf("archives differ (-want +got):\n%s", diff)
	}
}

func TestReleaseArchives(t *testing.T) {
	t.Parallel()
	r := built(t)
	for _, platform := range platforms {
		t.Run(platform, func(t *testing.T) {
			t.Parallel()
			files := r.archive(t, platform)
			want := map[string]bool{r.binary(platform): true, "LICENSE": true, "README.md": true, "THIRD_PARTY_NOTICES.txt": true}
			for name := range files {
				if !want[name] {
					t.Errorf("the archive holds %s", name)
				}
				delete(want, name)
			}
			for name := range want {
				t.Errorf("the archive holds no %s", name)
			}
			for _, name := range []string{"LICENSE", "README.md"} {
				if !bytes.Equal(files[name], read(t, filepath.Join("../..", name))) {
					t.Errorf("%s is not that of the tree", name)
				}
			}
			info, err := buildinfo.Read(bytes.NewReader(files[r.binary(platform)]))
			if err != nil {
				t.Fatal(err)
			}
			checkSettings(t, platform, info)
			checkNotices(t, info, string(files["THIRD_PARTY_NOTICES.txt"]))
			r.checkSBOM(t, platform, info)
		})
	}
}

// checkSettings checks how a binary was built.
func checkSettings(t *testing.T, platform string, info *debug.BuildInfo) {
	t.Helper()
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	system, processor, _ := strings.Cut(platform, "_")
	for key, want := range map[string]string{"GOOS": system, "GOARCH": processor, "CGO_ENABLED": "0", "-trimpath": "true", "vcs": "git"} {
		if settings[key] != want {
			t.Errorf("%s of the binary: got %q, want %q", key, settings[key], want)
		}
	}
	if len(settings["vcs.revision"]) != 40 {
		t.Errorf("the binary was built from commit %q", settings["vcs.revision"])
	}
}

// checkNotices checks that the notices name every module of the binary.
func checkNotices(t *testing.T, info *debug.BuildInfo, notices string) {
	t.Helper()
	for _, name := range linkedInto(info) {
		if !strings.Contains(notices, "\n"+name+"\n") {
			t.Errorf("the notices do not name %s", name)
		}
	}
	if !strings.Contains(notices, "\nGo standard library "+info.GoVersion+"\n") {
		t.Errorf("the notices do not name the standard library of %s", info.GoVersion)
	}
}

// checkSBOM compares the components of the SBOM with the modules of the binary.
func (r release) checkSBOM(t *testing.T, platform string, info *debug.BuildInfo) {
	t.Helper()
	var sbom struct {
		BOMFormat string
		Metadata  struct {
			Component struct{ Name, Version string }
		}

		Components []struct{ Name, Version string }
	}
	decode(t, read(t, r.path(platform+".cdx.json")), &sbom)
	if got, want := sbom.Metadata.Component.Version, "v"+r.version; sbom.BOMFormat != "CycloneDX" || got != want {
		t.Errorf("the SBOM is a %s of version %s, want CycloneDX of %s", sbom.BOMFormat, got, want)
	}
	var got []string
	for _, component := range sbom.Components {
		got = append(got, component.Name+" "+component.Version)
	}
	want := append(linkedInto(info), "std "+info.GoVersion)
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("components of the SBOM differ from the modules of the binary (-want +got):\n%s", diff)
	}
}

// linkedInto returns the modules of a binary, each with its version.
func linkedInto(info *debug.BuildInfo) []string {
	var names []string
	for _, dependency := range info.Deps {
		names = append(names, dependency.Path+" "+dependency.Version)
	}
	return names
}
