package acceptance

import (
	"bytes"
	"cmp"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// interrupter is a hook that interrupts a command, as a user would, when the org
// gets the n-th request of a method, a DELETE if none is set. That one and those
// after it wait until the CLI has said that it is interrupted.
type interrupter struct {
	at      int64
	method  string
	prepare func(*exec.Cmd)         // before the command starts, if set
	signal  func(*os.Process) error // in place of an interrupt of the CLI
	unheard bool                    // the CLI does not say that it is interrupted
	sent    atomic.Int64
	command atomic.Pointer[running] // while one is to be interrupted
}

// running is a command under way.
type running struct {
	process *os.Process
	stdout  *transcript
}

func (i *interrupter) send(process *os.Process) error {
	if i.signal != nil {
		return i.signal(process)
	}
	return process.Signal(os.Interrupt)
}

// intercept is set as the hook before the org serves.
func (i *interrupter) intercept(org *oktafake.Org) {
	org.Intercept = func(_ http.ResponseWriter, r *http.Request) bool {
		command := i.command.Load()
		if command == nil || r.Method != cmp.Or(i.method, http.MethodDelete) {
			return false
		}
		sent := i.sent.Add(1)
		if sent == i.at {
			_ = i.send(command.process) // the test fails if it does not end it
		}
		if sent >= i.at && !i.unheard {
			select {
			case <-command.stdout.seen:
			case <-r.Context().Done():
			}
		}
		return false
	}
}

// interrupt starts an apply and returns how it ended.
func (i *interrupter) interrupt(c *cli, arguments ...string) outcome {
	c.t.Helper()
	return i.interruptCommand(c, append([]string{"apply", "-no-color", "-input=false", "-auto-approve"}, arguments...)...)
}

func (i *interrupter) interruptCommand(c *cli, arguments ...string) outcome {
	c.t.Helper()
	stdout, stderr := newTranscript("Interrupt received"), &bytes.Buffer{}
	cmd := c.command(arguments...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if i.prepare != nil {
		i.prepare(cmd)
	}
	if err := cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	i.command.Store(&running{cmd.Process, stdout}) // long before the first request: the CLI has to start yet
	defer i.command.Store(nil)
	return c.outcome(cmd.Wait(), stdout, stderr)
}

// The state tells the truth of what was revoked, and the next apply does the rest.
func TestAccCLIInterrupt(t *testing.T) {
	t.Parallel()
	stop := &interrupter{at: 20}
	org := oktafake.New(t, stop.intercept, func(org *oktafake.Org) { org.PageSize, org.Latency = 200, 20*time.Millisecond })
	ids := oktafake.IDs("oar", 200)
	org.AddTokens(held, ids...)
	c := newCLI(t, org, "provider \"oktatokens\" { parallelism = 2 }\n"+revoking(ofClient.With(attributes{"filter": attributes{"user_ids": list("00u1")}})))
	o := stop.interrupt(c)
	if o.status == 0 {
		t.Fatalf("got %s\nwant another exit status", o)
	}
	if !strings.Contains(o.stderr, "Revocation Incomplete") || !strings.Contains(o.stderr, "The apply was interrupted before it finished.") {
		t.Errorf("got %s\nwant an error that tells of the interrupt", o)
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
	diff(t, "revoked_token_ids", stringsIn(t, c.state()["revoked_token_ids"]), ids) // one record of both halves
	c.do(0, "plan", "-detailed-exitcode")
}

// The answer to a DELETE that is under way is still waited for.
func TestAccCLIInterruptOfABulkDelete(t *testing.T) {
	t.Parallel()
	stop := &interrupter{at: 1}
	// The latency is for the interrupt to get from the CLI to the provider.
	org := oktafake.New(t, stop.intercept, func(org *oktafake.Org) { org.Latency = 200 * time.Millisecond })
	org.AddTokens(held, "oar1", "oar2", "oar3")
	c := newCLI(t, org, revoking(allOfClient))
	o := stop.interrupt(c)
	if o.status == 0 {
		t.Fatalf("got %s\nwant another exit status", o)
	}
	if want := "Okta confirmed that, but could not be asked whether any is left."; !wrapped(want).MatchString(o.stderr) {
		t.Errorf("got %s\nwant %q in it", o, want)
	}
	org.WantRevoked(t, "oar1", "oar2", "oar3")
	diff(t, "revoked_token_ids", stringsIn(t, c.state()["revoked_token_ids"]), []string{"oar1", "oar2", "oar3"})
	c.do(0, "apply", "-auto-approve")
	c.do(0, "plan", "-detailed-exitcode")
}

// A DELETE that is answered after eight seconds is waited for.
func TestAccCLIInterruptOfASlowBulkDelete(t *testing.T) {
	t.Parallel()
	stop := &interrupter{at: 1}
	slow := oktafake.When(oktafake.On(http.MethodDelete, ""), func(_ http.ResponseWriter, r *http.Request) bool {
		select {
		case <-time.After(8 * time.Second):
		case <-r.Context().Done():
		}
		return false
	})
	org := oktafake.New(t, stop.intercept, func(org *oktafake.Org) { org.Latency, org.AfterEffect = 200*time.Millisecond, slow })
	org.AddTokens(held, "oar1", "oar2", "oar3")
	c := newCLI(t, org, revoking(allOfClient))
	if o := stop.interrupt(c); o.status == 0 {
		t.Fatalf("got %s\nwant another exit status", o)
	}
	diff(t, "revoked_token_ids", stringsIn(t, c.state()["revoked_token_ids"]), []string{"oar1", "oar2", "oar3"})
}
