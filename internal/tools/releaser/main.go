// Command releaser builds what a release consists of into dist/.
//
//	releaser snapshot    builds something to look at, signed with a key that is thrown away
//	releaser check       builds a snapshot twice and looks into both
//	releaser rebuild     builds a tag again, to compare with what was published
//	releaser publish     builds, signs and drafts a release on GitHub; a maintainer publishes the draft
//
// RELEASE_PLATFORMS="linux_amd64 windows_amd64" builds a snapshot for these platforms only.
package main

import (
	"errors"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "releaser:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	r, err := newReleaser()
	if err != nil {
		return err
	}
	defer r.close()
	steps := map[string]func() error{
		"snapshot": r.snapshot,
		"check":    r.check,
		"rebuild":  func() error { return r.goreleaser(r.root, "--skip=publish,sign") },
		"publish":  func() error { return r.goreleaser(r.root) },
	}
	if len(args) != 1 || steps[args[0]] == nil {
		return errors.New("usage: releaser snapshot | check | rebuild | publish")
	}
	if err := r.buildTools(); err != nil {
		return fmt.Errorf("building GoReleaser: %w", err)
	}
	return steps[args[0]]()
}
