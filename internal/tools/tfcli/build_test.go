package main

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

func TestOnceBuildsOnceForManyWhoAsk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "cli")
	var builds atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			err := once(file, func(unfinished string) error {
				builds.Add(1)
				return os.WriteFile(unfinished, []byte("built"), 0o600)
			})
			if err != nil {
				t.Errorf("once: %v", err)
			}
		})
	}
	group.Wait()
	if n := builds.Load(); n != 1 {
		t.Errorf("built %d times, want once", n)
	}
	if content, err := os.ReadFile(file); string(content) != "built" {
		t.Errorf("the file holds %q, %v", content, err)
	}
}

func TestOnceLeavesNothingOfAFailedBuild(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cli")
	broken := errors.New("does not compile")
	err := once(file, func(unfinished string) error {
		return errors.Join(os.WriteFile(unfinished, []byte("half"), 0o600), broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want the build's", err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a failed build left a file: %v", err)
	}
}

func TestRunRefusesOtherProductsAndMissingVersions(t *testing.T) {
	for _, args := range [][]string{{"pulumi", "3.0.0"}, {"terraform"}, {"tofu", "1.12.6", "now"}} {
		if line, err := run(args); !errors.Is(err, errUsage) {
			t.Errorf("cli %v: %q, %v, want the usage", args, line, err)
		}
	}
}
