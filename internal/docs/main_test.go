package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/provider"
)

// The command prints what the CLI prints, for the kinds of objects that the CLI knows.
func TestAccSchemasMatchTheCLI(t *testing.T) {
	t.Parallel()
	cli := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if os.Getenv("TF_ACC") == "" || cli == "" {
		t.Skip("needs TF_ACC, and a CLI in TF_ACC_TERRAFORM_PATH")
	}
	described, err := describe(t.Context(), provider.NewServer("test"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(described)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for kind, want := range schemasOf(t, cli) {
		if diff := cmp.Diff(want, got[kind]); diff != "" {
			t.Errorf("%s (-CLI +got):\n%s", kind, diff)
		}
		compared++
	}
	if compared < 3 {
		t.Errorf("the CLI printed %d kinds, want the provider, resources and data sources at least", compared)
	}
}

// schemasOf returns the provider's schemas from a CLI, by kind.
func schemasOf(t *testing.T, cli string) map[string]any {
	t.Helper()
	dir := t.TempDir()
	run := func(program string, arguments ...string) []byte {
		t.Helper()
		var stderr bytes.Buffer
		cmd := exec.CommandContext(t.Context(), program, arguments...)
		cmd.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+filepath.Join(dir, "cli.tfrc"))
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s", program, err, stderr.String())
		}
		return out
	}
	run("go", "build", "-o", filepath.Join(dir, "terraform-provider-oktatokens"), "../..")
	for name, text := range map[string]string{
		"cli.tfrc": `provider_installation { dev_overrides { "oktatokens/oktatokens" = "` + dir + `" } }`,
		"main.tf":  "terraform {\n  required_providers {\n    oktatokens = { source = \"oktatokens/oktatokens\" }\n  }\n}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var printed struct {
		Providers map[string]map[string]any `json:"provider_schemas"`
	}
	if err := json.Unmarshal(run(cli, "-chdir="+dir, "providers", "schema", "-json"), &printed); err != nil {
		t.Fatal(err)
	}
	for _, schemas := range printed.Providers {
		return schemas
	}
	t.Fatal("the CLI printed no provider")
	return nil
}
