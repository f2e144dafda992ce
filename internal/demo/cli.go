package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// cli runs Terraform or OpenTofu with the provider of this tree, and prints the commands.
type cli struct {
	path string
	dir  string // where commands run; holds the provider and a copy of the modules
	env  []string
	out  io.Writer
}

// newCLI builds the provider and overrides where the CLI finds it. Otherwise the CLI would ask a
// registry.
func newCLI(ctx context.Context, dir, path string, out io.Writer) (*cli, error) {
	// #nosec G204 -- The CLI and the directory are the caller's own.
	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-o", filepath.Join(dir, "terraform-provider-oktatokens"), ".")
	if output, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the provider: %w\n%s", err, output)
	}
	config := filepath.Join(dir, "cli.tfrc")
	override := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"oktatokens/oktatokens\" = %q\n  }\n}\n", dir)
	if err := os.WriteFile(config, []byte(override), 0o600); err != nil {
		return nil, err
	}
	c := &cli{path: path, dir: dir, out: out}
	for _, variable := range os.Environ() {
		// Drop variables of a real org and of other uses of the CLI.
		if !strings.HasPrefix(variable, "OKTA") && !strings.HasPrefix(variable, "TF_") {
			c.env = append(c.env, variable)
		}
	}
	c.env = append(c.env, "TF_CLI_CONFIG_FILE="+config, "TF_CLI_ARGS=-no-color", "TF_INPUT=0", "CHECKPOINT_DISABLE=1")
	return c, nil
}

// copyModules copies the configuration of root modules, but no state that a run on a real org left
// there.
func (c *cli) copyModules(modules ...string) error {
	root, err := os.OpenRoot(c.dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	for _, module := range modules {
		files, err := filepath.Glob(filepath.Join(module, "*.tf"))
		if err != nil {
			return err
		}
		if len(files) == 0 {
			return fmt.Errorf("%s has no configuration; run make demo or make rehearse in the root of the repository", module)
		}
		if err := root.MkdirAll(module, 0o700); err != nil {
			return err
		}
		for _, file := range files {
			text, err := os.ReadFile(file) // #nosec G304 -- A file of this tree.
			if err != nil {
				return err
			}
			if err := root.WriteFile(file, text, 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *cli) heading(text string) {
	fmt.Fprintf(c.out, "\n%s\n%s\n\n", text, strings.Repeat("-", len(text)))
}

// export sets a variable for all later commands.
func (c *cli) export(name, value string) {
	fmt.Fprintf(c.out, "$ export %s=%s\n", name, quoted(value))
	c.env = append(c.env, name+"="+value)
}

// plain matches a value that means the same to a shell with quotes and without.
var plain = regexp.MustCompile(`^[\w@%+=:,./-]+$`)

// quoted returns a value as a shell reads it.
func quoted(value string) string {
	if plain.MatchString(value) {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// The root modules.
const (
	audits     = "examples/demo/audit"
	revokes    = "examples/demo/revoke"
	evidence   = "examples/audits/evidence"
	runbookDir = "examples/runbooks"
)

// The beginnings of the interesting part of the output.
const (
	planned = "used the selected providers"
	applied = "Apply complete!"
)

// plan saves a plan of a root module to revoke.tfplan, and returns the output.
func (c *cli) plan(ctx context.Context, module string) (string, error) {
	return c.show(ctx, planned, module, "plan", "-out=revoke.tfplan")
}

// apply applies a root module with these arguments.
func (c *cli) apply(ctx context.Context, module string, args ...string) error {
	_, err := c.show(ctx, applied, module, append([]string{"apply"}, args...)...)
	return err
}

// show runs a command in a root module. It prints the output starting at the first line that contains
// from, and returns all of it.
func (c *cli) show(ctx context.Context, from, module string, args ...string) (string, error) {
	cmd := c.command(ctx, module, args...)
	fmt.Fprintf(c.out, "$ %s %s\n", c.name(), strings.Join(cmd.Args[1:], " "))
	output, err := cmd.CombinedOutput()
	text := string(output)
	if start := strings.Index(text, from); err == nil && start > 0 {
		text = "[...]\n" + text[strings.LastIndexByte(text[:start], '\n')+1:]
	}
	fmt.Fprintf(c.out, "%s\n", strings.TrimRight(text, "\n"))
	if err != nil {
		return "", fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	return string(output), nil
}

// name returns the name of the CLI.
func (c *cli) name() string { return filepath.Base(c.path) }

// outputs reads a root module's outputs into the fields of a struct.
func (c *cli) outputs(ctx context.Context, module string, into any) error {
	cmd := c.command(ctx, module, "output", "-json")
	text, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	var outputs map[string]struct{ Value json.RawMessage }
	if err := json.Unmarshal(text, &outputs); err != nil {
		return err
	}
	values := map[string]json.RawMessage{}
	for name, output := range outputs {
		values[name] = output.Value
	}
	text, err = json.Marshal(values)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// command prepares a run of the CLI. When ctx ends, it interrupts the CLI, which then stops the
// provider. If the CLI were killed, the provider would outlive it.
func (c *cli) command(ctx context.Context, module string, args ...string) *exec.Cmd {
	args = append([]string{"-chdir=" + module}, args...)
	cmd := exec.CommandContext(ctx, c.path, args...) // #nosec G204 G702 -- The caller's own CLI.
	cmd.Dir, cmd.Env = c.dir, c.env
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}
