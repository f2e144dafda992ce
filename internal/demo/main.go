// Command demo does the provider's main job from end to end: it audits an org, revokes what a
// compromised client was given, from a plan, and audits again. The CLI, the provider and the
// configurations in examples/demo are real; the org is a fake one on loopback.
//
// At the end it holds what the CLI printed against the fake org's own store, and exits with a status
// other than 0 unless just the tokens that the plan named are gone.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout)
	interrupted := ctx.Err() != nil
	stop()
	if interrupted {
		fmt.Fprintln(os.Stderr, "demo: interrupted; its files and its org are gone")
		os.Exit(1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

// run tells the story to out. What it writes to disk is in one directory, which is gone afterwards.
func run(ctx context.Context, out io.Writer) error {
	if os.Getenv("TF_CLI") == "" {
		return errors.New("TF_CLI names no Terraform or OpenTofu; start it with make demo, which finds one")
	}
	dir, err := os.MkdirTemp("", "oktatokens-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()

	org := newIncident(time.Now().UTC())
	url, err := org.serve(ctx)
	if err != nil {
		return err
	}
	cli, err := newCLI(ctx, dir, os.Getenv("TF_CLI"), out)
	if err != nil {
		return err
	}
	if err := cli.copyModules(); err != nil {
		return err
	}
	return tell(ctx, cli, org, url)
}

// tell runs the commands of the story and shows what they print.
func tell(ctx context.Context, cli *cli, org *incident, url string) error {
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

	cli.heading("2. Plan: what would be revoked? Nothing is, yet.")
	if err := cli.show(ctx, planned, revokes, "plan", "-out=revoke.tfplan"); err != nil {
		return err
	}
	if gone := missing(before, org.TokenIDs()); len(gone) > 0 {
		return fmt.Errorf("the plan revoked %v, which no plan may", gone)
	}

	cli.heading("3. Apply: revoke what the plan shows.")
	if err := cli.show(ctx, applied, revokes, "apply", "revoke.tfplan"); err != nil {
		return err
	}
	var record struct{ Revoked revocation }
	if err := cli.outputs(ctx, revokes, &record); err != nil {
		return err
	}

	cli.heading("4. Audit again: what is left?")
	second, err := look(ctx, cli)
	if err != nil {
		return err
	}

	cli.heading("5. Before and after")
	f := org.facts(before, first, second, record.Revoked)
	f.compare(cli.out)
	if err := f.check(); err != nil {
		return err
	}
	f.confirm(cli.out)
	fmt.Fprintf(cli.out, closing, cli.name())
	return nil
}

// look applies the audit, which only reads, and returns what it found.
func look(ctx context.Context, cli *cli) (audit, error) {
	var found audit
	if err := cli.show(ctx, applied, audits, "apply", "-auto-approve"); err != nil {
		return audit{}, err
	}
	err := cli.outputs(ctx, audits, &found)
	return found, err
}

const opening = `A fake Okta org serves at %s, with %d refresh tokens.
The provider is built from this tree; the CLI is %s.

Somebody published the secret of client %s on %s.
Every refresh token that the client was given since then has to go, and no other.

`

const closing = `
The same on a real org, once the CLI knows the provider (README.md, "On a real org"):

  export OKTA_ORG_URL=https://acme.okta.com OKTA_API_TOKEN=...
  export TF_VAR_auth_server_id=default TF_VAR_client_id=... TF_VAR_since=...
  %[1]s -chdir=examples/demo/audit apply
  %[1]s -chdir=examples/demo/revoke plan -out=revoke.tfplan
  %[1]s -chdir=examples/demo/revoke apply revoke.tfplan
`
