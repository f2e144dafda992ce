package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// releaser runs GoReleaser on the tree, with a directory and a signing key of its own.
type releaser struct {
	root, work string
	environ    []string // of each command
	key        signingKey
}

func newReleaser() (*releaser, error) {
	root, err := exec.Command("git", "rev-parse", "--show-toplevel").Output()
	if err != nil {
		return nil, fmt.Errorf("finding the root of the tree: %w", err)
	}
	work, err := os.MkdirTemp("", "release-")
	if err != nil {
		return nil, err
	}
	r := &releaser{root: strings.TrimSpace(string(root)), work: work}
	r.environ = append(os.Environ(), "GOWORK=off", "PATH="+r.bin()+string(os.PathListSeparator)+os.Getenv("PATH"))
	r.environ = append(r.environ, trustTree()...)
	return r, nil
}

// trustTree returns the variables that let Git read a tree of another user's, as a container's mounts are. A
// binary names its commit.
func trustTree() []string {
	n, _ := strconv.Atoi(os.Getenv("GIT_CONFIG_COUNT")) // 0 when it is not set
	return []string{
		fmt.Sprintf("GIT_CONFIG_COUNT=%d", n+1),
		fmt.Sprintf("GIT_CONFIG_KEY_%d=safe.directory", n),
		fmt.Sprintf("GIT_CONFIG_VALUE_%d=*", n),
	}
}

func (r *releaser) close() {
	r.key.forget()
	os.RemoveAll(r.work) //nolint:errcheck // a temporary directory
}

// bin is where the programs are built that a release needs: GoReleaser, and the one that writes the SBOMs.
func (r *releaser) bin() string { return filepath.Join(r.root, "bin") }

func (r *releaser) buildTools() error {
	if err := os.MkdirAll(r.bin(), 0o755); err != nil {
		return err
	}
	module := filepath.Join(r.root, "internal", "tools", "goreleaser")
	return r.run(module, nil, "go", "build", "-trimpath", "-o", r.bin()+string(filepath.Separator), "tool")
}

// run runs a command in a directory, with further environment variables.
func (r *releaser) run(directory string, environ []string, name string, arguments ...string) error {
	command := exec.Command(name, arguments...) //nolint:gosec // the callers name the commands
	command.Dir, command.Env = directory, append(r.environ, environ...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	return command.Run()
}

func (r *releaser) goreleaser(directory string, flags ...string) error {
	return r.run(directory, r.key.environ(), filepath.Join(r.bin(), "goreleaser"), append([]string{"release", "--clean"}, flags...)...)
}

// snapshot builds in the tree.
func (r *releaser) snapshot() error {
	configuration, err := r.configuration()
	if err != nil {
		return err
	}
	if _, err := exec.LookPath("gpg"); err != nil {
		fmt.Fprintln(os.Stderr, "releaser: gpg is not on PATH, so the snapshot is not signed")
		return r.goreleaser(r.root, "-f", configuration, "--snapshot", "--skip=sign")
	}
	if r.key, err = newSigningKey(filepath.Join(r.work, "keys")); err != nil {
		return fmt.Errorf("making a key: %w", err)
	}
	return r.goreleaser(r.root, "-f", configuration, "--snapshot")
}

// check builds a second time, in a copy of the tree, and tests both builds.
func (r *releaser) check() error {
	if err := r.snapshot(); err != nil {
		return err
	}
	configuration, err := r.configuration()
	if err != nil {
		return err
	}
	again := filepath.Join(r.work, "again")
	if err := copyTree(r.root, again); err != nil {
		return fmt.Errorf("copying the tree: %w", err)
	}
	if err := r.goreleaser(again, "-f", configuration, "--snapshot", "--skip=sign"); err != nil {
		return err
	}
	environ := []string{
		"RELEASE_DIST=" + filepath.Join(r.root, "dist"), "RELEASE_AGAIN=" + filepath.Join(again, "dist"),
		"RELEASE_KEYS=" + r.key.home, "RACE=no",
	}
	return r.run(r.root, environ, filepath.Join(r.root, "internal", "tools", "test"), "-count=1", "-v", "-run", "TestRelease", "./internal/release")
}

// copyTree copies a tree without what was built in it.
func copyTree(from, to string) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return err
	}
	for _, built := range []string{"bin", "dist"} {
		if err := os.RemoveAll(filepath.Join(to, built)); err != nil {
			return err
		}
	}
	return nil
}

// configuration returns the path of GoReleaser's configuration, which RELEASE_PLATFORMS narrows.
func (r *releaser) configuration() (string, error) {
	whole := filepath.Join(r.root, ".goreleaser.yml")
	platforms := strings.Fields(os.Getenv("RELEASE_PLATFORMS"))
	if len(platforms) == 0 {
		return whole, nil
	}
	content, err := os.ReadFile(whole)
	if err != nil {
		return "", err
	}
	narrowed := filepath.Join(r.work, "goreleaser.yml")
	return narrowed, os.WriteFile(narrowed, narrow(content, platforms), 0o600)
}

var (
	systems       = regexp.MustCompile(`(?m)^    goos: .*$`)
	architectures = regexp.MustCompile(`(?m)^    goarch: .*\n`)
)

// narrow replaces a configuration's systems and architectures with platforms such as linux_amd64.
func narrow(configuration []byte, platforms []string) []byte {
	targets := "    targets: [" + strings.Join(platforms, ", ") + "]"
	return architectures.ReplaceAll(systems.ReplaceAll(configuration, []byte(targets)), nil)
}
