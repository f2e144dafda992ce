package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// File names in the directory of the measured provider: the bench has the provider's
// name there, and writes the provider's memory to a file.
const (
	pluginName = "terraform-provider-oktatokens"
	memoryFile = "memory"
)

// workspace is a directory in which a real Terraform or OpenTofu runs the
// provider.
type workspace struct{ cli, dir string }

// newWorkspace builds the provider and puts this program in front of it, because
// only a parent process can read how much memory a process used.
func newWorkspace(ctx context.Context, cli string) (*workspace, error) {
	dir, err := os.MkdirTemp("", "oktatokens-bench-")
	if err != nil {
		return nil, err
	}
	w := &workspace{cli: cli, dir: dir}
	build := exec.CommandContext(ctx, "go", "build", "-C", "../..", "-buildvcs=false", "-o", filepath.Join(dir, "provider"), ".") // #nosec G204 -- This tree's provider.
	build.Env = append(os.Environ(), "GOWORK=off")
	if output, err := build.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("building the provider: %w\n%s", err, output), w.remove())
	}
	self, err := os.Executable()
	if err != nil {
		return nil, errors.Join(err, w.remove())
	}
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides { \"oktatokens/oktatokens\" = %q }\n}\n", dir)
	return w, errors.Join(os.Symlink(self, filepath.Join(dir, pluginName)), w.write("cli.tfrc", overrides))
}

func (w *workspace) remove() error { return os.RemoveAll(w.dir) }

func (w *workspace) write(name, text string) error {
	return os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600)
}

// standIn is what this program does under the provider's name: it runs the provider
// and records the peak of its memory.
func standIn() error {
	dir := filepath.Dir(os.Args[0])
	// #nosec G204 G702 -- As Terraform would run it.
	provider := exec.Command(filepath.Join(dir, "provider"), os.Args[1:]...) //nolint:noctx // As Terraform would run it.
	provider.Stdin, provider.Stdout, provider.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := provider.Run()
	usage, ok := provider.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return errors.Join(err, errors.New("this system does not report how much memory a process used"))
	}
	peak := int64(usage.Maxrss) * rssUnit //nolint:unconvert // An int32 on some systems.
	if before, readErr := os.ReadFile(filepath.Join(dir, memoryFile)); readErr == nil {
		if earlier, parseErr := strconv.ParseInt(string(before), 10, 64); parseErr == nil {
			peak = max(peak, earlier)
		}
	}
	return errors.Join(err, os.WriteFile(filepath.Join(dir, memoryFile), []byte(strconv.FormatInt(peak, 10)), 0o600)) // #nosec G703 -- The bench's own directory.
}

// run runs a command of the CLI. It returns how long that took and how much memory
// the provider used.
func (w *workspace) run(ctx context.Context, o *org, args ...string) (wall time.Duration, memory int64, err error) {
	if err := os.Remove(filepath.Join(w.dir, memoryFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, 0, err
	}
	cmd := exec.CommandContext(ctx, w.cli, args...) // #nosec G204 G702 -- The caller's own CLI.
	cmd.Dir = w.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "TF_CLI_CONFIG_FILE=" + filepath.Join(w.dir, "cli.tfrc"), "CHECKPOINT_DISABLE=1",
		"OKTA_ORG_URL=" + o.url.String(), "OKTA_API_TOKEN=" + apiToken,
	}
	start := time.Now()
	output, err := cmd.CombinedOutput()
	wall = time.Since(start)
	if err != nil {
		return 0, 0, fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, output)
	}
	text, err := os.ReadFile(filepath.Join(w.dir, memoryFile))
	if err != nil {
		return 0, 0, err
	}
	memory, err = strconv.ParseInt(string(text), 10, 64)
	return wall, memory, err
}

// measurePlans measures the cost of plans, and the size of the state of summaries.
func measurePlans(ctx context.Context, w *workspace) error {
	t := newTable("terraform plan of oktatokens_inventory, no latency", "inventory", "requests", "least possible", "again", "plan", "provider's memory", "state")
	for _, tc := range []struct {
		name string
		size size
		rows bool
	}{
		{"1,000 rows", size{1, 1, 1000}, true},
		{"10,000 rows", size{1, 10, 1000}, true},
		{"100,000 rows", size{1, 10, 10_000}, true},
		{"summary of 100,000 tokens", size{1, 50, 2000}, false},
		{"summary of 1,000,000 tokens", size{1, 50, 20_000}, false},
	} {
		if err := w.plan(ctx, t, tc.name, tc.size, tc.rows); err != nil {
			return err
		}
	}
	return t.print()
}

func (w *workspace) plan(ctx context.Context, t *table, name string, s size, rows bool) error {
	o, err := newOrg(s)
	if err != nil {
		return err
	}
	defer o.close()
	config := fmt.Sprintf("terraform {\n  required_providers {\n    oktatokens = { source = \"oktatokens/oktatokens\" }\n  }\n}\n"+
		"data \"oktatokens_inventory\" \"all\" {\n  include_tokens = %t\n}\n", rows)
	if err := w.write("main.tf", config); err != nil {
		return err
	}
	wall, memory, err := w.run(ctx, o, "plan", "-input=false")
	if err != nil {
		return err
	}
	first, _ := o.requests()
	state := "not stored"
	if !rows {
		if _, _, err := w.run(ctx, o, "apply", "-input=false", "-auto-approve"); err != nil {
			return err
		}
		info, err := os.Stat(filepath.Join(w.dir, "terraform.tfstate"))
		if err != nil {
			return err
		}
		state = fmt.Sprintf("%.0f KB", float64(info.Size())/1e3)
		if err := os.Remove(filepath.Join(w.dir, "terraform.tfstate")); err != nil {
			return err
		}
		o.requests()
	}
	if _, _, err := w.run(ctx, o, "plan", "-input=false"); err != nil {
		return err
	}
	again, _ := o.requests()
	t.row(name, fmt.Sprint(first), fmt.Sprint(s.least()), fmt.Sprint(again), seconds(wall), megabytes(memory), state)
	return nil
}
