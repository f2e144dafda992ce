package acceptance

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// What each version wrote is kept in a directory of its name: the state as a real
// CLI saved it, and the configurations of which it is the state. Later code must
// read it and find nothing to do again.
const (
	statesDir      = "testdata/state"
	stateFile      = "terraform.tfstate"
	configurations = "configurations.json"
)

// storedStates are the configurations whose states are kept, by name. The tokens
// named …Left cannot be revoked when the states are written.
var storedStates = map[string]attributes{
	"token_id":      ofClient.With(attributes{"token_id": "oarOne"}),
	"token_ids":     ofClient.With(attributes{"token_ids": list("oarMany1", "oarMany2", "oarGone"), "reason": "INC-1", "triggers": attributes{"run": "1"}}),
	"no_token_ids":  ofClient.With(attributes{"token_ids": list()}),
	"filter":        ofClient.With(attributes{"filter": attributes{"any_scopes": list("orders"), "older_than": "1h", "created_before": "2026-06-01T00:00:00Z"}, "max_tokens": 10}),
	"all":           {"auth_server_id": "aus2", "client_id": "0oa2", "all": true, "timeouts": attributes{"create": "5m", "read": "1m"}},
	"all_clients":   {"auth_server_id": "aus3", "all_clients": true, "all": true},
	"app":           {"app_id": "0oa4", "all": true},
	"end_sessions":  {"user_id": "00u2", "client_id": "0oa2", "all": true, "end_sessions": true},
	"dry_run":       {"app_id": "0oa5", "all": true, "dry_run": true},
	"on_reappear":   {"app_id": "0oa6", "filter": attributes{"user_ids": list("00u1")}, "on_reappear": "revoke"},
	"evidence_ids":  {"app_id": "0oa7", "all": true, "evidence": "ids"},
	"evidence_none": {"app_id": "0oa8", "all": true, "evidence": "none"},
	"failed_create": ofClient.With(attributes{"token_ids": list("oarCreate", "oarCreateLeft")}),
	"failed_update": ofClient.With(attributes{"token_ids": list("oarUpdate1", "oarUpdate2", "oarUpdateLeft")}),
}

// storedActions are what a plan does about each of the states, where that is
// anything: the rest of what failed.
var storedActions = map[string][]string{
	"failed_create": {"delete", "create"},
	"failed_update": {"update"},
}

// storedOrg is the org in which the states are written.
func storedOrg(t *testing.T) *oktafake.Server {
	t.Helper()
	org := oktafake.New(t)
	org.Now = func() time.Time { return oktafake.Epoch.Add(90 * 24 * time.Hour) }
	org.AddTokens(held, "oarOne", "oarMany1", "oarMany2", "oarCreate", "oarCreateLeft", "oarUpdate1", "oarUpdate2", "oarUpdateLeft")
	org.AddTokens(oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u3", Scopes: []string{"orders"}}, "oarOrders1", "oarOrders2")
	org.AddTokens(oktafake.Token{AuthServerID: "aus2", ClientID: "0oa2", UserID: "00u1"}, "oarAll1", "oarAll2", "oarAll3")
	org.AddTokens(oktafake.Token{AuthServerID: "aus3", ClientID: "0oa3", UserID: "00u1"}, "oarEvery1")
	org.AddTokens(oktafake.Token{AuthServerID: "aus3", ClientID: "0oa9"}, "oarEvery2") // of no user
	org.AddTokens(oktafake.Token{ClientID: "0oa2", UserID: "00u2"}, "oarSession1")
	org.AddTokens(oktafake.Token{ClientID: "0oa3", UserID: "00u2"}, "oarSession2")
	for i := 4; i <= 8; i++ {
		client := fmt.Sprintf("0oa%d", i)
		org.AddTokens(oktafake.Token{ClientID: client, UserID: "00u1", AuthServerID: "aus4"}, "oarA"+client, "oarB"+client)
	}
	return org
}

// storedConfiguration is a configuration of these revocations.
func storedConfiguration(of map[string]attributes) string {
	text := noRetries
	for _, name := range slices.Sorted(maps.Keys(of)) {
		text += fmt.Sprintf("resource %q %q {\n%s\n}\n", revocationTypeName, name, configuration.Body(of[name]))
	}
	return text
}

// Writes the states of a new version, on request; see CONTRIBUTING.md.
func TestAccWriteStates(t *testing.T) {
	t.Parallel()
	version := os.Getenv("STATES")
	if version == "" {
		t.Skip("STATES names no version to write the states of")
	}
	dir := filepath.Join(statesDir, version)
	if _, err := os.Stat(dir); err == nil {
		t.Fatalf("%s is there already: what a version wrote stays as it is", dir)
	}
	org := storedOrg(t)
	first := maps.Clone(storedStates)
	delete(first, "failed_create")
	first["failed_update"] = ofClient.With(attributes{"token_ids": list("oarUpdate1")})
	c := newCLI(t, org, storedConfiguration(first))
	c.do(0, "apply", "-auto-approve", "-parallelism=1")
	org.Intercept = oktafake.When(func(r *http.Request) bool {
		return strings.HasSuffix(r.URL.Path, "Left") && r.Method == http.MethodDelete
	}, oktafake.Fail(http.StatusInternalServerError, "E0000009", "Internal Server Error"))
	c.configure(storedConfiguration(storedStates))
	c.do(1, "apply", "-auto-approve", "-parallelism=1")

	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	configured, err := json.MarshalIndent(storedStates, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{stateFile: c.read(stateFile), configurations: string(configured) + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// storedVersion is what a version left.
type storedVersion struct {
	name      string
	state     string // the whole file
	configs   map[string]attributes
	instances map[string]storedInstance
}

type storedInstance struct {
	SchemaVersion int64 `json:"schema_version"`
	Status        string
	Attributes    json.RawMessage
}

// storedVersions are all that were kept.
func storedVersions(t *testing.T) []storedVersion {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(statesDir, "v*"))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("got %v and the error %v, want the states of at least one version", dirs, err)
	}
	var versions []storedVersion
	for _, dir := range dirs {
		v := storedVersion{name: filepath.Base(dir), configs: map[string]attributes{}, instances: map[string]storedInstance{}}
		v.state = string(readFile(t, filepath.Join(dir, stateFile)))
		var state struct {
			Resources []struct {
				Name      string
				Instances []storedInstance
			}
		}
		unmarshal(t, []byte(v.state), &state)
		for _, r := range state.Resources {
			v.instances[r.Name] = r.Instances[0]
		}
		var configs map[string]map[string]any
		unmarshal(t, readFile(t, filepath.Join(dir, configurations)), &configs)
		for name, config := range configs {
			v.configs[name] = tfcore.AsObject(t, fromJSON(config))
		}
		versions = append(versions, v)
	}
	return versions
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func unmarshal(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// fromJSON is a value as the helpers of tests have it.
func fromJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		object := attributes{}
		for name, member := range v {
			object[name] = fromJSON(member)
		}
		return object
	case []any:
		elements := make([]any, len(v))
		for i, element := range v {
			elements[i] = fromJSON(element)
		}
		return elements
	case float64:
		return int(v)
	default:
		return v
	}
}

// orgAfter is the org as the version left it: alive is what the states say is
// alive.
func (v storedVersion) orgAfter(t *testing.T) *oktafake.Server {
	t.Helper()
	org := storedOrg(t)
	alive := map[string]bool{}
	for name, instance := range v.instances {
		var state struct {
			Active []string `json:"active_token_ids"`
		}
		unmarshal(t, instance.Attributes, &state)
		if v.configs[name] == nil {
			t.Fatalf("%s has a state of %s and no configuration", v.name, name)
		}
		for _, id := range state.Active {
			alive[id] = true
		}
	}
	for _, id := range org.TokenIDs() {
		if !alive[id] {
			org.RemoveToken(id)
		}
	}
	if len(alive) == 0 || len(org.TokenIDs()) != len(alive) {
		t.Fatalf("the states say that %v are alive, and the org has %v", alive, org.TokenIDs())
	}
	return org
}

func TestStatesOfEarlierVersions(t *testing.T) {
	t.Parallel()
	for _, v := range storedVersions(t) {
		for name, instance := range v.instances {
			t.Run(v.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				org := v.orgAfter(t)
				c := newCore(t, org, attributes{"max_retries": 0})
				stored := c.Upgrade(instance.SchemaVersion, instance.Attributes)
				state, diags := c.Refresh(stored)
				c.None(diags)
				want := tfcore.ObjectOf(t, stored)
				want["org_url"] = org.URL // the refresh adds it where it is not there yet
				diff(t, "refreshed state", tfcore.ObjectOf(t, state), want)
				prior := state
				if instance.Status == "tainted" {
					prior = c.NoState()
				}
				p := c.Plan(prior, v.configs[name])
				c.None(p.Diags)
				if empty := p.Planned.Equal(state); empty != (storedActions[name] == nil) || len(p.Replace) > 0 {
					t.Errorf("the plan is %s, replacing for %v; want it empty: %t", p.Planned, p.Replace, storedActions[name] == nil)
				}
				org.WantReads(t)
			})
		}
	}
}

// The next plan of a whole file of states does the rest of what had failed, and
// nothing else.
func TestAccStatesOfEarlierVersions(t *testing.T) {
	t.Parallel()
	for _, v := range storedVersions(t) {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			org := v.orgAfter(t)
			c := newCLI(t, org, storedConfiguration(v.configs))
			state := v.state
			if host := os.Getenv("TF_ACC_PROVIDER_HOST"); host != "" {
				state = strings.ReplaceAll(state, "registry.terraform.io", host)
			}
			c.write(stateFile, state)
			c.do(2, "plan", "-detailed-exitcode", "-out=plan.bin")
			org.WantReads(t)
			diff(t, "actions", c.actions("plan.bin"), storedActions)

			c.do(0, "apply", "plan.bin")
			org.WantRevoked(t, "oarCreateLeft", "oarUpdateLeft")
			c.do(0, "plan", "-detailed-exitcode")
		})
	}
}

// actions are what a saved plan does, by the name of the revocation.
func (c *cli) actions(file string) map[string][]string {
	c.t.Helper()
	var plan struct {
		Changes []struct {
			Name   string
			Change struct{ Actions []string }
		} `json:"resource_changes"`
	}
	unmarshal(c.t, []byte(c.show(file)), &plan)
	actions := map[string][]string{}
	for _, change := range plan.Changes {
		if !slices.Equal(change.Change.Actions, []string{"no-op"}) {
			actions[change.Name] = change.Change.Actions
		}
	}
	return actions
}
