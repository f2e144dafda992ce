package acceptance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestMain(m *testing.M) {
	status := m.Run()
	if providerBuilt.dir != "" {
		if err := os.RemoveAll(providerBuilt.dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	os.Exit(status)
}

// providerBuilt is the directory of the provider's binary, once a test has asked
// for it.
var providerBuilt struct {
	once sync.Once
	dir  string
	err  error
}

// buildProvider builds the provider for all tests and returns where it is.
func buildProvider(t *testing.T) string {
	t.Helper()
	providerBuilt.once.Do(func() {
		//nolint:usetesting // for all tests, so that it must outlast this one
		if providerBuilt.dir, providerBuilt.err = os.MkdirTemp("", "oktatokens-provider-"); providerBuilt.err != nil {
			return
		}
		//nolint:noctx // for all tests, so that it must outlast this one
		out, err := exec.Command("go", "build", "-o", filepath.Join(providerBuilt.dir, "terraform-provider-oktatokens"), "./provider").CombinedOutput()
		if err != nil {
			providerBuilt.err = fmt.Errorf("building the provider: %w\n%s", err, out)
		}
	})
	if providerBuilt.err != nil {
		t.Fatal(providerBuilt.err)
	}
	return providerBuilt.dir
}

// cli runs a real Terraform or OpenTofu with a real provider process, for what
// the test framework cannot show: warnings, exit codes, logs, and interrupts.
type cli struct {
	t    *testing.T
	path string
	dir  string
	env  map[string]string
}

// newCLI prepares a directory with a configuration of an org.
func newCLI(t *testing.T, org *oktafake.Server, config string) *cli {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) == "" {
		t.Skipf("Acceptance tests skipped unless env '%s' set", resource.EnvTfAcc)
	}
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		var err error
		if path, err = exec.LookPath("terraform"); err != nil {
			t.Fatalf("TF_ACC_TERRAFORM_PATH names no CLI, and %v", err)
		}
	}
	c := &cli{t: t, path: path, dir: t.TempDir()}
	overrides := filepath.Join(c.dir, "cli.tfrc")
	c.write("cli.tfrc", fmt.Sprintf("provider_installation {\n  dev_overrides { \"oktatokens/oktatokens\" = %q }\n  direct {}\n}\n", buildProvider(t)))
	c.configure(config)
	c.env = environment(org)
	if time.Since(org.Now()).Abs() > time.Hour { // an org of another day
		c.env["ORG_TIME"] = org.Now().Format(time.RFC3339)
	}
	maps.Copy(c.env, map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": c.dir, "TF_CLI_CONFIG_FILE": overrides,
		"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1",
	})
	return c
}

// version is the line in which the CLI names itself.
func (c *cli) version() string {
	c.t.Helper()
	for line := range strings.Lines(c.run("version").stdout) {
		if strings.HasPrefix(line, "Terraform v") || strings.HasPrefix(line, "OpenTofu v") {
			return strings.TrimSpace(line)
		}
	}
	c.t.Fatal("the CLI does not name itself")
	return ""
}

// revokes is how a plan speaks of what its apply revokes. OpenTofu shows it after the deed too.
func (c *cli) revokes() string {
	c.t.Helper()
	if strings.HasPrefix(c.version(), "OpenTofu") {
		return "This plan revokes"
	}
	return "Will revoke"
}

// isTerraform reports whether the CLI is a Terraform 1.x with at least this x.
func (c *cli) isTerraform(minor int) bool {
	c.t.Helper()
	got := 0
	_, err := fmt.Sscanf(c.version(), "Terraform v1.%d.", &got)
	return err == nil && got >= minor
}

// needTerraform skips the test unless the CLI is such a Terraform.
func (c *cli) needTerraform(minor int) {
	c.t.Helper()
	if !c.isTerraform(minor) {
		c.t.Skipf("needs Terraform 1.%d or later, and the CLI is %s", minor, c.version())
	}
}

func (c *cli) write(name, text string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cli) read(name string) string {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		c.t.Fatal(err)
	}
	return string(text)
}

// configure replaces the configuration.
func (c *cli) configure(config string) {
	c.t.Helper()
	c.write("main.tf", "terraform {\n  required_providers {\n    oktatokens = { source = \"oktatokens/oktatokens\" }\n  }\n}\n"+config)
}

// outcome is how a command of the CLI ended.
type outcome struct {
	status int
	stdout string
	stderr string
}

func (o outcome) String() string {
	return fmt.Sprintf("exit status %d\nstdout:\n%s\nstderr:\n%s", o.status, o.stdout, o.stderr)
}

// command is a command of the CLI that is yet to be started.
func (c *cli) command(args ...string) *exec.Cmd {
	cmd := exec.CommandContext(c.t.Context(), c.path, args...)
	cmd.Dir = c.dir
	for name, value := range c.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// run runs a command to its end.
func (c *cli) run(args ...string) outcome {
	c.t.Helper()
	return c.answer("", args...)
}

// answer runs a command to its end with this as its input.
func (c *cli) answer(input string, args ...string) outcome {
	c.t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := c.command(args...)
	cmd.Stdin = strings.NewReader(input)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	return c.outcome(cmd.Run(), &stdout, &stderr)
}

func (c *cli) outcome(err error, stdout, stderr fmt.Stringer) outcome {
	c.t.Helper()
	o := outcome{stdout: stdout.String(), stderr: stderr.String()}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		o.status = exit.ExitCode()
	} else if err != nil {
		c.t.Fatalf("%v\n%s", err, o)
	}
	return o
}

// do runs a command that has to end with this status.
func (c *cli) do(status int, args ...string) outcome {
	c.t.Helper()
	o := c.run(append(args[:1:1], append([]string{"-no-color", "-input=false"}, args[1:]...)...)...)
	if o.status != status {
		c.t.Fatalf("%s: got %s\nwant exit status %d", strings.Join(args, " "), o, status)
	}
	return o
}

// message is one that the CLI prints with -json.
type message struct {
	Type       string
	Diagnostic struct {
		Severity, Summary, Detail string
	}
	Hook struct {
		Message string
	}
}

// messages are those of a command that was run with -json.
func (o outcome) messages(t *testing.T) []message {
	t.Helper()
	var messages []message
	for line := range strings.Lines(o.stdout) {
		var m message
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		messages = append(messages, m)
	}
	return messages
}

// progress are the lines in which actions told of their progress.
func (o outcome) progress(t *testing.T) []string {
	t.Helper()
	var lines []string
	for _, m := range o.messages(t) {
		if m.Type == "action_progress" {
			lines = append(lines, m.Hook.Message)
		}
	}
	return lines
}

// diagnostics are those of a command that was run with -json.
func (o outcome) diagnostics(t *testing.T) []diagnostic {
	t.Helper()
	var diags []diagnostic
	for _, message := range o.messages(t) {
		// What the CLI says of its own: that the provider is not an installed one.
		if d := message.Diagnostic; d.Summary != "" && !strings.Contains(d.Summary, "development overrides") {
			diags = append(diags, diagnostic{Warning: d.Severity == "warning", Summary: d.Summary, Detail: d.Detail})
		}
	}
	return diags
}

// state is the revocation in the state.
func (c *cli) state() map[string]any {
	c.t.Helper()
	return c.stateOf(revocationAddress)
}

// stateOf is a resource in the state.
func (c *cli) stateOf(address string) map[string]any {
	c.t.Helper()
	var state struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Address string
					Values  map[string]any
				}
			} `json:"root_module"`
		}
	}
	if err := json.Unmarshal([]byte(c.show()), &state); err != nil {
		c.t.Fatal(err)
	}
	for _, object := range state.Values.RootModule.Resources {
		if object.Address == address {
			return object.Values
		}
	}
	c.t.Fatalf("the state has no %s", address)
	return nil
}

// show is the state, or a saved plan, in JSON.
func (c *cli) show(files ...string) string {
	c.t.Helper()
	o := c.run(append([]string{"show", "-json"}, files...)...)
	if o.status != 0 {
		c.t.Fatalf("show: got %s", o)
	}
	return o.stdout
}

// stringsIn are the members of a list in the state.
func stringsIn(t *testing.T, list any) []string {
	t.Helper()
	members, ok := list.([]any)
	if !ok {
		t.Fatalf("got %v, want a list", list)
	}
	var all []string
	for _, member := range members {
		all = append(all, fmt.Sprint(member))
	}
	return slices.Sorted(slices.Values(all))
}

// transcript is output that a test can wait for.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
	want string
	seen chan struct{} // closed when want is in text
}

func newTranscript(want string) *transcript {
	return &transcript{want: want, seen: make(chan struct{})}
}

func (w *transcript) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := strings.Contains(w.text.String(), w.want)
	n, err := w.text.Write(p)
	if !before && strings.Contains(w.text.String(), w.want) {
		close(w.seen)
	}
	return n, err
}

func (w *transcript) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// needFunctions skips a test where the CLI has no functions.
func (c *cli) needFunctions() {
	c.t.Helper()
	if about := c.version(); regexp.MustCompile(` v(0|1\.[0-7])\.`).MatchString(about) {
		c.t.Skipf("needs Terraform or OpenTofu 1.8, and the CLI is %s", about)
	}
}
