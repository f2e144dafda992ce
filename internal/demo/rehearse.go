package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// rehearse runs a runbook as its README says: look, plan, ask, apply. It keeps the files of the incident
// and prints their directory.
func rehearse(ctx context.Context, cli *cli, r *rehearsal, url, reports string, ask func(context.Context) (bool, error)) error {
	before, due := r.TokenIDs(), r.dueIDs()
	module := filepath.Join(runbookDir, r.runbook)
	fmt.Fprintf(cli.out, "A fake Okta org runs at %s, with %s.\nThe provider is built from this tree. The CLI is %s.\n\n%s\n\n", url, prose.Count(len(before), "refresh token"), cli.path, r.what)
	if err := r.configure(cli, module, url); err != nil {
		return err
	}

	cli.heading("1. Look: which tokens are there? Nothing is revoked yet.")
	if err := cli.apply(ctx, module, "-refresh-only", "-auto-approve"); err != nil {
		return err
	}
	if err := cli.save(ctx, module, reports, "before_csv", "before_html"); err != nil {
		return err
	}

	cli.heading("2. Plan: what will be revoked? Nothing is revoked yet.")
	if bound := roundUp(len(due)); bound > defaultBound {
		fmt.Fprintf(cli.out, "That is more than the %d tokens that the runbook allows. You have looked at them, so raise the limit.\n", defaultBound)
		cli.export("TF_VAR_max_tokens", strconv.Itoa(bound))
	}
	plan, err := cli.plan(ctx, module)
	if err != nil {
		return err
	}
	if gone := missing(before, r.TokenIDs()); len(gone) > 0 {
		return fmt.Errorf("looking and planning revoked %v, but must not revoke anything", gone)
	}

	cli.heading("3. Approve and apply: revoke, then look again.")
	switch approved, err := ask(ctx); {
	case err != nil:
		fmt.Fprintln(cli.out, "\nNothing was revoked.")
		return err
	case !approved:
		fmt.Fprintln(cli.out, "You did not type yes, so nothing was revoked.")
		return nil
	}
	if err := cli.apply(ctx, module, "revoke.tfplan"); err != nil {
		return err
	}
	if err := cli.save(ctx, module, reports, "revoked_csv", "after_html"); err != nil {
		return err
	}

	cli.heading("4. Does the fake org agree?")
	return r.settle(cli.out, plan, before, due, reports)
}

// configure sets the variables of the provider and the runbook, and writes the list that the runbook reads.
func (r *rehearsal) configure(cli *cli, module, url string) error {
	cli.export("OKTA_ORG_URL", url)
	cli.export("OKTA_API_TOKEN", r.APIToken)
	for _, v := range r.variables {
		cli.export("TF_VAR_"+v.name, v.value)
	}
	if r.list == "" {
		return nil
	}
	return os.WriteFile(filepath.Join(cli.dir, module, "users.csv"), []byte(r.list), 0o600) // #nosec G703 -- The directory is the caller's own.
}

// settle compares the plan and the files of the incident with the org's own store. It returns an error
// for the first difference.
func (r *rehearsal) settle(out io.Writer, plan string, before, due []string, reports string) error {
	if err := checkPlanned(plan, due); err != nil {
		return err
	}
	found, err := idsIn(filepath.Join(reports, "before.csv"))
	if err != nil {
		return err
	}
	revoked, err := idsIn(filepath.Join(reports, "revoked.csv"))
	if err != nil {
		return err
	}
	for _, claim := range []struct {
		where string
		ids   []string
	}{
		{"before.csv lists", found},
		{"revoked.csv lists", revoked},
		{"the org has lost", missing(before, r.TokenIDs())},
	} {
		if !slices.Equal(claim.ids, due) || len(due) == 0 {
			return fmt.Errorf("%s %s, but %d had to be revoked; too many: %v, missing: %v",
				claim.where, prose.Count(len(claim.ids), "token"), len(due), missing(claim.ids, due), missing(due, claim.ids))
		}
	}
	reads, others := 0, 0
	for _, request := range r.Requests() {
		if request.Method == http.MethodGet {
			reads++
		} else {
			others++
		}
	}
	fmt.Fprintf(out, "It does. %s of %s refresh tokens had to be revoked: the plan counted them, revoked.csv lists them, they are gone, and no other token is.\n"+
		"The org received %s to read, and %s to revoke.\n\nThe files of the incident are in %s\n",
		prose.Number(len(due)), prose.Number(len(before)), prose.Count(reads, "request"), prose.Number(others), reports)
	return nil
}

// defaultBound is the default of max_tokens in every runbook.
const defaultBound = 100

// roundUp rounds up to a full hundred.
func roundUp(n int) int { return int(math.Ceil(float64(n)/100)) * 100 }

// save writes outputs to files named after them.
func (c *cli) save(ctx context.Context, module, dir string, outputs ...string) error {
	for _, output := range outputs {
		file := filepath.Join(dir, strings.Replace(output, "_", ".", 1))
		cmd := c.command(ctx, module, "output", "-raw", output)
		fmt.Fprintf(c.out, "$ %s %s >%s\n", c.name(), strings.Join(cmd.Args[1:], " "), file)
		text, err := cmd.Output()
		if err != nil {
			return fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil { // #nosec G703 -- The directory is the caller's own.
			return err
		}
	}
	return nil
}

// idsIn returns the token IDs in a CSV file, sorted.
func idsIn(path string) ([]string, error) {
	file, err := os.Open(path) // #nosec G304 -- A file that save has written.
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("%s is empty", path)
	}
	column := slices.Index(records[0], "id")
	if column < 0 {
		return nil, fmt.Errorf("%s has no column id", path)
	}
	var ids []string
	for _, record := range records[1:] {
		ids = append(ids, record[column])
	}
	slices.Sort(ids)
	return ids, nil
}

// asker returns a function that asks whether to apply. Only yes means yes. As in Terraform, the end of
// the input means no.
func asker(in io.Reader, out io.Writer) func(context.Context) (bool, error) {
	return func(ctx context.Context) (bool, error) {
		fmt.Fprint(out, "Have you read the plan? Revoking cannot be undone. Type yes to continue: ")
		answer := make(chan string, 1)
		go func() {
			line, _ := bufio.NewReader(in).ReadString('\n') // empty at the end of the input, which means no
			answer <- strings.TrimSpace(line)
		}()
		select {
		case line := <-answer:
			fmt.Fprintln(out)
			return line == "yes", nil
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// approved approves without asking.
func approved(context.Context) (bool, error) { return true, nil }
