package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/gofrs/flock"
)

// product is a CLI that can be built from the Go module proxy.
type product struct {
	name    string
	module  string
	command string // the package to build
	about   string // what its version command prints before the version
	// sums are the checksums of the versions that this project tests with. The checksum database vouches
	// for any other version.
	sums map[string]string
}

var products = map[string]product{
	"terraform": {
		name: "terraform", module: "github.com/hashicorp/terraform", command: ".", about: "Terraform v",
		sums: map[string]string{
			"1.11.4": "h1:n5VVSuZsOLbQc9tpqny1mnd6cttyTwvEpLPVewj9UYA=",
			"1.14.5": "h1:5P51+SSLlEAnb6C1nMaeAoENyFCi6aUqxii6CmvkK4M=",
			"1.16.0": "h1:FgjcYL8Rt2n+INJ+blTABAf0wFHbmnKRzo+Rx2IKSYI=",
		},
	},
	"tofu": {
		name: "tofu", module: "github.com/opentofu/opentofu", command: "./cmd/tofu", about: "OpenTofu v",
		sums: map[string]string{
			"1.12.6": "h1:0VT4P8pMmGcCUnQ9JDrJ+Qg2d35Vzm4FFd/9+H7oF98=",
		},
	},
}

// path returns the path of one version, which it builds when the cache does not have it.
func (p product) path(version string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding the cache directory: %w", err)
	}
	binary := filepath.Join(cache, "terraform-provider-oktatokens", p.name+"-"+version, p.name)
	return binary, once(binary, func(unfinished string) error { return p.build(version, unfinished) })
}

// once makes a file unless it exists. Of two that want the same file, the second waits for the first. The
// file appears whole or not at all: make writes to another path, and the result is renamed.
func once(file string, make func(unfinished string) error) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	lock := flock.New(file + ".lock")
	if err := lock.Lock(); err != nil {
		return fmt.Errorf("waiting for another build: %w", err)
	}
	defer lock.Close() //nolint:errcheck // the lock ends with the process anyway
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	unfinished := file + ".new"
	if err := make(unfinished); err != nil {
		return err
	}
	return os.Rename(unfinished, file)
}

// build builds one version from its published module.
func (p product) build(version, binary string) error {
	fmt.Fprintf(os.Stderr, "cli: building %s %s, once: this takes a few minutes\n", p.name, version)
	module, err := p.download(version)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "tfcli-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work) //nolint:errcheck // a temporary directory
	source := filepath.Join(work, "source")
	if err := os.CopyFS(source, os.DirFS(module)); err != nil {
		return err
	}
	if err := trim(p.module, source); err != nil {
		return fmt.Errorf("%s %s: %w", p.name, version, err)
	}
	// Without the -X flag the CLI takes itself for a development build and says so in its version.
	flags := "-s -w -X " + p.module + "/version.dev=no"
	build := goCommand(source, "build", "-mod=mod", "-trimpath", "-ldflags", flags, "-o", binary, p.command)
	build.Stdout = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("%s %s does not build here; install it, or name another CLI in TF_CLI: %w", p.name, version, err)
	}
	if about := aboutOf(binary); about != p.about+version {
		return fmt.Errorf("the %s that was built says that it is %q, not %q", p.name, about, p.about+version)
	}
	return nil
}

// download returns the directory of one version's source.
func (p product) download(version string) (string, error) {
	output, err := goCommand("", "mod", "download", "-json", p.module+"@v"+version).Output()
	var module struct{ Dir, Sum, Error string }
	if jsonErr := json.Unmarshal(output, &module); jsonErr != nil {
		return "", fmt.Errorf("downloading %s %s: %w", p.name, version, err)
	}
	switch want := p.sums[version]; {
	case module.Error != "":
		return "", fmt.Errorf("downloading %s %s: %s", p.name, version, module.Error)
	case want != "" && module.Sum != want:
		return "", fmt.Errorf("%s %s has the checksum %s, not %s: somebody changed it", p.name, version, module.Sum, want)
	}
	return module.Dir, nil
}

// goCommand is a go command in a directory, outside any workspace.
func goCommand(directory string, arguments ...string) *exec.Cmd {
	command := exec.Command("go", arguments...)
	command.Dir = directory
	if directory == "" {
		command.Dir = os.TempDir() // no module of the caller's
	}
	command.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "CGO_ENABLED=0")
	command.Stderr = os.Stderr
	return command
}
