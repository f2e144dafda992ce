// Command demo does the provider's main job from end to end: it audits an org, plans and applies the
// revocation of a compromised client's tokens, and audits again. The CLI, the provider and the
// configurations in examples/demo are real. The org is a fake one on loopback.
//
// At the end, it compares the CLI's output with the fake org's own store. It fails unless exactly the
// planned tokens are gone.
//
// With a runbook's name as its argument, it rehearses that runbook instead, in an org with thousands of
// tokens. It follows the runbook's README and asks before it applies. With the flag -auto, it does not
// ask.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout)
	interrupted := ctx.Err() != nil
	stop()
	if interrupted {
		fmt.Fprintln(os.Stderr, "demo: interrupted; the fake org is gone")
		os.Exit(1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run runs the demo, or the rehearsal of the runbook that the arguments name.
func run(ctx context.Context, args []string, in io.Reader, out io.Writer) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	auto := flags.Bool("auto", false, "apply without asking")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 1 || flags.NArg() == 1 && stories[flags.Arg(0)] == nil {
		return fmt.Errorf("want the name of one runbook, got %q; the runbooks are %s", flags.Args(), strings.Join(runbooks(), ", "))
	}
	if os.Getenv("TF_CLI") == "" {
		return errors.New("TF_CLI does not name a Terraform or OpenTofu; run make demo or make rehearse, which find one")
	}
	dir, err := os.MkdirTemp("", "oktatokens-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cli, err := newCLI(ctx, dir, os.Getenv("TF_CLI"), out)
	if err != nil {
		return err
	}
	// The reports are kept.
	reports, err := os.MkdirTemp("", "oktatokens-reports-")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(reports) }() // fails unless it is empty

	now := time.Now().UTC()
	if runbook := flags.Arg(0); runbook != "" {
		ask := asker(in, out)
		if *auto {
			ask = approved
		}
		return startRehearsal(ctx, cli, newRehearsal(runbook, now), reports, ask)
	}
	return startDemo(ctx, cli, newIncident(now), reports)
}

func startRehearsal(ctx context.Context, cli *cli, r *rehearsal, reports string, ask func(context.Context) (bool, error)) error {
	if err := cli.copyModules(filepath.Join(runbookDir, r.runbook)); err != nil {
		return err
	}
	url, err := serve(ctx, r.Org)
	if err != nil {
		return err
	}
	return rehearse(ctx, cli, r, url, reports, ask)
}

func startDemo(ctx context.Context, cli *cli, org *incident, reports string) error {
	if err := cli.copyModules(audits, revokes, evidence); err != nil {
		return err
	}
	url, err := serve(ctx, org.Org)
	if err != nil {
		return err
	}
	return demonstrate(ctx, cli, org, url, reports)
}

// demonstrate runs the commands of the demo and shows what they print.
func demonstrate(ctx context.Context, cli *cli, org *incident, url, reports string) error {
	before := org.TokenIDs()
	fmt.Fprintf(cli.out, opening, url, len(before), cli.path, org.client, org.leaked)
	cli.export("OKTA_ORG_URL", url)
	cli.export("OKTA_API_TOKEN", org.APIToken)
	cli.export("TF_VAR_auth_server_id", org.server)
	cli.export("TF_VAR_client_id", org.client)
	cli.export("TF_VAR_since", org.leaked)

	cli.heading("1. Audit: which clients hold tokens, and which tokens does this one hold?")
	first, err := look(ctx, cli)
	if err != nil {
		return err
	}

	plan, record, err := revoke(ctx, cli, org, before)
	if err != nil {
		return err
	}

	cli.heading("4. Audit again: what is left?")
	second, err := look(ctx, cli)
	if err != nil {
		return err
	}

	cli.heading("5. Before and after")
	f := org.facts(before, first, second, record)
	f.compare(cli.out)
	if err := checkPlanned(plan, f.due); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	f.confirm(cli.out)

	cli.heading("6. Report: the tokens left in the whole org, as a page")
	if err := cli.apply(ctx, evidence, "-auto-approve"); err != nil {
		return err
	}
	if err := cli.save(ctx, evidence, reports, "report_html"); err != nil {
		return err
	}
	fmt.Fprintf(cli.out, closing, cli.name(), filepath.Join(reports, "report.html"))
	return nil
}

// revoke plans and applies the revocation. It returns the printed plan and the recorded revocation.
func revoke(ctx context.Context, cli *cli, org *incident, before []string) (string, revocation, error) {
	cli.heading("2. Plan: what would be revoked? Nothing is revoked yet.")
	plan, err := cli.plan(ctx, revokes)
	if err != nil {
		return "", revocation{}, err
	}
	if gone := missing(before, org.TokenIDs()); len(gone) > 0 {
		return "", revocation{}, fmt.Errorf("the plan revoked %v, but no plan may revoke anything", gone)
	}
	cli.heading("3. Apply: revoke what the plan shows.")
	if err := cli.apply(ctx, revokes, "revoke.tfplan"); err != nil {
		return "", revocation{}, err
	}
	var outputs struct{ Revoked revocation }
	err = cli.outputs(ctx, revokes, &outputs)
	return plan, outputs.Revoked, err
}

// look applies the audit, which only reads, and returns the result.
func look(ctx context.Context, cli *cli) (audit, error) {
	var found audit
	if err := cli.apply(ctx, audits, "-auto-approve"); err != nil {
		return audit{}, err
	}
	err := cli.outputs(ctx, audits, &found)
	return found, err
}

const opening = `A fake Okta org runs at %s, with %d refresh tokens.
The provider is built from this tree. The CLI is %s.

The secret of client %s leaked at %s.
Every refresh token issued to the client since then must be revoked, and no other.

`

const closing = `
The report is in %[2]s

To do the same on a real org, first install the provider (README.md, "On a real org"). Then:

  export OKTA_ORG_URL=https://acme.okta.com OKTA_API_TOKEN=...
  export TF_VAR_auth_server_id=default TF_VAR_client_id=... TF_VAR_since=...
  %[1]s -chdir=examples/demo/audit apply
  %[1]s -chdir=examples/demo/revoke plan -out=revoke.tfplan
  %[1]s -chdir=examples/demo/revoke apply revoke.tfplan
`
