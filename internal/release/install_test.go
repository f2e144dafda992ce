package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// mirror is a directory from which the CLI installs providers, as in a network without registries.
// Each CLI looks for the provider under the name of its own registry.
func (r release) mirror(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	platform := runtime.GOOS + "_" + runtime.GOARCH
	archive := r.path(platform + ".zip")
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		provider := filepath.Join(dir, registry, "oktatokens", "oktatokens")
		if err := os.MkdirAll(provider, 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(provider, filepath.Base(archive)), read(t, archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// cli runs Terraform or OpenTofu with the mirror as its only source of providers.
type cli struct {
	path string
	dir  string
	env  []string
}

func (r release) newCLI(t *testing.T, org *oktafake.Server) *cli {
	t.Helper()
	path := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if path == "" {
		t.Skip("TF_ACC_TERRAFORM_PATH names no Terraform or OpenTofu: make release-check sets it")
	}
	c := &cli{path: path, dir: t.TempDir()}
	config := filepath.Join(c.dir, "cli.tfrc")
	c.write(t, "cli.tfrc", fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", r.mirror(t)))
	c.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + c.dir, "TF_CLI_CONFIG_FILE=" + config, "CHECKPOINT_DISABLE=1",
		"OKTA_ORG_URL=" + org.URL, "OKTA_API_TOKEN=" + org.APIToken,
	}
	return c
}

func (c *cli) write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (c *cli) run(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), c.path, args...)
	cmd.Dir, cmd.Env = c.dir, c.env
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return string(output)
}

// What a user does with a release: the CLI checks and unpacks the archive, starts the binary and audits
// an org. The override names the version, because a CLI installs no snapshot without that.
func TestReleaseInstallsAndAudits(t *testing.T) {
	t.Parallel()
	r := built(t)
	org := oktafake.New(t, func(o *oktafake.Org) {
		oktafake.Populate(o, oktafake.Population{Servers: 1, Clients: 3, Tokens: 4, Users: 5})
	})
	c := r.newCLI(t, org)
	c.write(t, "main.tf", string(read(t, "../../examples/demo/audit/main.tf")))
	c.write(t, "version_override.tf", fmt.Sprintf(
		"terraform {\n  required_providers {\n    oktatokens = {\n      source  = \"oktatokens/oktatokens\"\n      version = %q\n    }\n  }\n}\n", r.version))

	c.run(t, "init", "-no-color", "-input=false")
	if lock := string(read(t, filepath.Join(c.dir, ".terraform.lock.hcl"))); !strings.Contains(lock, fmt.Sprintf("version     = %q", r.version)) {
		t.Errorf("the lock file does not name version %s:\n%s", r.version, lock)
	}
	client := org.Tokens()[0].ClientID
	c.run(t, "apply", "-no-color", "-input=false", "-auto-approve", "-var", "client_id="+client)
	var outputs struct {
		Clients struct{ Value map[string]string }
		Total   struct{ Value struct{ Tokens, Users int } }
	}
	decode(t, []byte(c.run(t, "output", "-json")), &outputs)
	if got := outputs.Clients.Value; len(got) != 3 || got[client] == "" || outputs.Total.Value.Tokens != 4 {
		t.Errorf("got clients %v and %d tokens of %s, want 3 clients and 4 tokens", got, outputs.Total.Value.Tokens, client)
	}

	for _, request := range org.Requests() {
		if agent := request.Header.Get("User-Agent"); !strings.HasPrefix(agent, project+"/"+r.version+" ") {
			t.Errorf("%s: got User-Agent %q, want that of version %s", request, agent, r.version)
		}
		if request.Method != http.MethodGet {
			t.Errorf("the audit sent %s", request)
		}
	}
}
