package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// defaultTofu is the OpenTofu for a machine that has no CLI.
const defaultTofu = "1.12.6"

// atHand returns the path of the CLI to run, and the line in which it names itself and its version.
func atHand() (path, about string, err error) {
	if name := os.Getenv("TF_CLI"); name != "" {
		path, err := exec.LookPath(name)
		if err != nil {
			return "", "", fmt.Errorf("TF_CLI names no program: %w", err)
		}
		if about = aboutOf(path); about == "" {
			return "", "", fmt.Errorf("TF_CLI is neither a working Terraform nor a working OpenTofu: %s", name)
		}
		path, err = filepath.Abs(path)
		return path, about, err
	}
	for _, name := range []string{"terraform", "tofu"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if about = aboutOf(path); about != "" {
			path, err = filepath.Abs(path)
			return path, about, err
		}
		// A version manager's shim is on PATH even when it has no version to run.
		fmt.Fprintf(os.Stderr, "cli: skipping %s, which does not run\n", path)
	}
	path, err = products["tofu"].path(defaultTofu)
	return path, aboutOf(path), err
}

// aboutOf returns the line in which a CLI names itself and its version, and "" for any other program.
// OpenTofu may print warnings before it.
func aboutOf(path string) string {
	command := exec.Command(path, "version")
	// Terraform's version command otherwise asks HashiCorp for the newest release.
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1")
	output, _ := command.Output() // a CLI that fails here names no version
	for lines := bufio.NewScanner(bytes.NewReader(output)); lines.Scan(); {
		if line := lines.Text(); strings.HasPrefix(line, "Terraform v") || strings.HasPrefix(line, "OpenTofu v") {
			return line
		}
	}
	return ""
}
