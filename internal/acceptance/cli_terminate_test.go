//go:build unix

package acceptance

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// ownGroup gives a command a process group of its own, as CI systems do for a job.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// toGroup sends a signal to the CLI and its provider at once, as CI systems do to
// cancel a job.
func toGroup(signal syscall.Signal) func(*os.Process) error {
	return func(cli *os.Process) error { return syscall.Kill(-cli.Pid, signal) }
}

// toProvider sends a signal to the CLI's provider alone.
func toProvider(t *testing.T, signal syscall.Signal) func(*os.Process) error {
	return func(cli *os.Process) error {
		for _, pid := range providersOf(t, cli.Pid) {
			if err := syscall.Kill(pid, signal); err != nil {
				return err
			}
		}
		return nil
	}
}

// providersOf are the provider processes of a CLI.
func providersOf(t *testing.T, cli int) []int {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ps", "-A", "-o", "pid=,ppid=").Output()
	if err != nil {
		t.Errorf("listing processes: %v", err)
	}
	var pids []int
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) == 2 && fields[1] == strconv.Itoa(cli) {
			pid, _ := strconv.Atoi(fields[0])
			pids = append(pids, pid)
		}
	}
	return pids
}

// terminating are the ways in which a run is told to end, besides Ctrl-C.
func terminating(t *testing.T) map[string]func() *interrupter {
	t.Helper()
	return map[string]func() *interrupter{
		"SIGTERM to the group": func() *interrupter {
			return &interrupter{prepare: ownGroup, signal: toGroup(syscall.SIGTERM)}
		},
		"SIGTERM to the provider": func() *interrupter {
			return &interrupter{signal: toProvider(t, syscall.SIGTERM), unheard: true}
		},
		"SIGHUP to the provider": func() *interrupter {
			return &interrupter{signal: toProvider(t, syscall.SIGHUP), unheard: true}
		},
	}
}

// Whatever ends the run, the state says what was revoked, and the next apply does the
// rest.
func TestAccCLITerminate(t *testing.T) {
	t.Parallel()
	for name, way := range terminating(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stop := way()
			stop.at = 20
			org := oktafake.New(t, stop.intercept, func(org *oktafake.Org) { org.PageSize, org.Latency = 200, 20*time.Millisecond })
			ids := oktafake.IDs("oar", 200)
			org.AddTokens(held, ids...)
			c := newCLI(t, org, "provider \"oktatokens\" { parallelism = 2 }\n"+revoking(ofClient.With(attributes{"token_ids": list(ids...)})))
			o := stop.interrupt(c)
			if o.status == 0 || !strings.Contains(o.stderr, "interrupted before") {
				t.Fatalf("got %s\nwant another exit status, and an error that reports the interrupt", o)
			}
			revoked := slices.Sorted(slices.Values(org.RevokedIDs()))
			if len(revoked) < 19 || len(revoked) == len(ids) {
				t.Fatalf("got %d tokens revoked, want some and not all", len(revoked))
			}
			state := c.state()
			diff(t, "revoked_token_ids", stringsIn(t, state["revoked_token_ids"]), revoked)
			diff(t, "active_token_ids", stringsIn(t, state["active_token_ids"]), org.TokenIDs())

			c.do(0, "apply", "-auto-approve")
			org.WantRevoked(t, ids...)
			c.do(0, "plan", "-detailed-exitcode")
		})
	}
}

// An action that is ended is a failure, and names what was revoked.
func TestAccCLITerminateAnAction(t *testing.T) {
	t.Parallel()
	for name, way := range terminating(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stop := way()
			stop.at = 20
			org := oktafake.New(t, stop.intercept, func(org *oktafake.Org) { org.PageSize, org.Latency = 200, 20*time.Millisecond })
			ids := oktafake.IDs("oar", 100)
			org.AddTokens(held, ids...)
			c := newActionCLI(t, org, "provider \"oktatokens\" { parallelism = 2 }\n"+invoking(ofClient.With(attributes{"token_ids": list(ids...)})))
			o := stop.interrupt(c, "-json", invokeTest)
			revoked := slices.Sorted(slices.Values(org.RevokedIDs()))
			if o.status == 0 || len(revoked) < 19 || len(revoked) == len(ids) {
				t.Fatalf("got %s\n%d tokens revoked\nwant another exit status, and some revoked and not all", o, len(revoked))
			}
			wantInterrupted(t, o, revoked, org.TokenIDs())
		})
	}
}

// A second signal does not end the provider either: what the CLI gives it, it uses.
func TestAccCLITerminateTwice(t *testing.T) {
	t.Parallel()
	stop := &interrupter{at: 20, unheard: true}
	stop.signal = func(cli *os.Process) error {
		for range 3 {
			if err := toProvider(t, syscall.SIGTERM)(cli); err != nil {
				return err
			}
		}
		return nil
	}
	org := oktafake.New(t, stop.intercept, func(org *oktafake.Org) { org.PageSize, org.Latency = 200, 20*time.Millisecond })
	ids := oktafake.IDs("oar", 100)
	org.AddTokens(held, ids...)
	c := newCLI(t, org, "provider \"oktatokens\" { parallelism = 2 }\n"+revoking(ofClient.With(attributes{"token_ids": list(ids...)})))
	if o := stop.interrupt(c); o.status == 0 {
		t.Fatalf("got %s\nwant another exit status", o)
	}
	diff(t, "revoked_token_ids", stringsIn(t, c.state()["revoked_token_ids"]), slices.Sorted(slices.Values(org.RevokedIDs())))
}

// A provider whose CLI is killed revokes nothing more, and ends, even if there is
// a reader of its log left whose end would end it.
func TestAccCLIProviderOfADeadCLI(t *testing.T) {
	t.Parallel()
	providers := make(chan []int, 1)
	ended, stdin, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ended.Close() })
	stop := &interrupter{at: 20, unheard: true, prepare: func(cmd *exec.Cmd) { cmd.Stdin = stdin }}
	stop.signal = func(cli *os.Process) error {
		_ = stdin.Close()
		providers <- providersOf(t, cli.Pid)
		return cli.Kill()
	}
	org := oktafake.New(t, stop.intercept, func(org *oktafake.Org) { org.PageSize, org.Latency = 200, 20*time.Millisecond })
	ids := oktafake.IDs("oar", 200)
	org.AddTokens(held, ids...)
	c := newCLI(t, org, "provider \"oktatokens\" { parallelism = 2 }\n"+revoking(ofClient.With(attributes{"token_ids": list(ids...)})))
	c.wrapProvider("exec %s 2>/dev/null\n")
	if o := stop.interrupt(c); o.status == 0 {
		t.Fatalf("got %s\nwant another exit status", o)
	}
	pids := <-providers
	if len(pids) != 1 {
		t.Fatalf("got the provider processes %v, want one", pids)
	}
	// The provider has the CLI's standard input: this reads its end when both are gone.
	if err := ended.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := ended.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		_ = syscall.Kill(pids[0], syscall.SIGKILL)
		t.Fatalf("the provider outlives its CLI: %v", err)
	}
	if revoked := len(org.RevokedIDs()); revoked == len(ids) {
		t.Error("the provider went on revoking without its CLI")
	}
}

// wrapProvider has the CLI start the provider by a shell script, in which %s is the
// provider.
func (c *cli) wrapProvider(script string) {
	c.t.Helper()
	const name = "terraform-provider-oktatokens"
	script = "#!/bin/sh\n" + fmt.Sprintf(script, filepath.Join(buildProvider(c.t), name))
	dir := filepath.Join(c.dir, "wrapped")
	if err := os.Mkdir(dir, 0o700); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o700); err != nil {
		c.t.Fatal(err)
	}
	c.write("cli.tfrc", strings.ReplaceAll(c.read("cli.tfrc"), buildProvider(c.t), dir))
}
