package acceptance

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/protocol"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/provider"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/tfcore"
)

// sweep is one run of a scenario under troubles: somebody who plans and applies
// each configuration again and again until there is nothing left to do.
type sweep struct {
	t        *testing.T
	scenario scenario
	net      *troubledNetwork
	core     *tfcore.Resource
	serving  protocol.Server // of the walk under way
	signal   func()          // interrupts it

	// The revocation, as Terraform keeps it.
	state   tftypes.Value
	private []byte
	tainted bool
	applied *wish // the arguments of the state; nil without one

	wish wish
	born int // how much had been revoked when it was created
}

// newSweep makes the org of a scenario, within a bubble.
func newSweep(t *testing.T, s scenario, schemas *tfprotov6.GetProviderSchemaResponse, placements []placement) *sweep {
	t.Helper()
	org := oktafake.InMemory(t)
	org.PageSize = s.pageSize
	for _, id := range sweepServers {
		org.AddAuthorizationServer(oktafake.AuthorizationServer{ID: id})
	}
	for _, id := range sweepClients {
		org.AddClient(oktafake.App{ID: id})
	}
	for _, id := range sweepUsers {
		org.AddUser(oktafake.User{ID: id})
	}
	for _, token := range s.tokens {
		token.Created = org.Now().Add(-s.ages[token.ID]).Truncate(time.Second)
		org.AddToken(token)
	}
	r := &sweep{t: t, scenario: s, net: &troubledNetwork{org: org, left: placements}}
	r.net.stop = func() {
		if _, err := r.serving.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
			t.Error(err)
		}
	}
	r.net.signal = func() { r.signal() }
	r.net.like = r.like
	r.net.filters = func(name string) bool {
		return slices.ContainsFunc(r.wish.parts, func(p part) bool { return p.name == name })
	}
	r.net.selected = func() []string { return r.live(r.wish.selects) }
	r.net.beginAttempt()
	r.net.beginRevocation()
	r.net.beginApply()
	r.core = tfcore.New(t, tfcore.Options{Serve: serving(org, provider.WithNetwork(r.net)), Schemas: schemas, OwnPrivate: true, Config: attributes{
		"parallelism": s.parallelism, "max_retries": 2, "request_timeout": 20,
		"protected_client_ids": list(s.protectedClients...), "protected_user_ids": list(s.protectedUsers...),
	}}).Resource(revocationTypeName)
	r.state = r.core.NoState()
	return r
}

// like is a token that the wish selects, or one near it.
func (r *sweep) like() oktafake.Token {
	w := r.wish
	t := oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1", Scopes: sweepScopes}
	for _, known := range r.scenario.tokens {
		if w.selects(known) {
			t.AuthServerID, t.ClientID, t.UserID, t.Scopes = known.AuthServerID, known.ClientID, known.UserID, known.Scopes
			return t
		}
	}
	return t
}

// live are the IDs of the tokens that are alive and for which something holds.
func (r *sweep) live(holds func(oktafake.Token) bool) []string {
	var ids []string
	for _, token := range r.net.org.Tokens() {
		if token.Status != "REVOKED" && holds(token) {
			ids = append(ids, token.ID)
		}
	}
	return ids
}

// fails reports what is wrong, with all that was asked so far.
func (r *sweep) fails(format string, args ...any) {
	r.t.Helper()
	r.t.Fatalf("%s\nconfiguration: %s\nprotected: %v %v\nstate: %v\nrequests:\n%s", fmt.Sprintf(format, args...),
		configuration.Value(r.wish.attributes()), r.scenario.protectedClients, r.scenario.protectedUsers, tfcore.Plain(r.t, r.state), r.net.journal())
}

// run goes through the scenario.
func (r *sweep) run() {
	for _, step := range r.scenario.steps {
		r.wish = step.wish
		for range step.issued {
			r.net.issue()
		}
		r.converge()
	}
}

// converge plans and applies until there is nothing left to do, as somebody does
// who reads errors and tries again. An attempt that nothing troubles must succeed.
func (r *sweep) converge() {
	untroubled := 0
	for range 12 {
		r.net.beginAttempt()
		a := r.begin()
		a.work()
		r.net.endAttempt()
		a.check()
		a.noteUnanswered()
		switch {
		case a.nothing:
			return
		case a.refused():
			return // nothing was revoked, and trying again changes nothing
		case r.net.struck == 0:
			if len(a.errors) > 0 {
				r.fails("an attempt without trouble fails: %+v", a.errors)
			}
			if untroubled++; untroubled == 3 {
				r.fails("the plan is not empty after two applies without trouble")
			}
		}
	}
	r.fails("there is no end to it")
}

// attempt is one plan and, where it is not empty, one apply.
type attempt struct {
	*sweep
	before struct {
		state   tftypes.Value
		applied *wish
		tainted bool
		live    map[string]oktafake.Token
		revoked int // by requests, so far
		asked   int
	}
	prior   []byte // private state that was planned from
	create  bool   // whether it plans a new revocation, perhaps in place of another
	planned int    // requests until the plan was made
	nothing bool   // whether there was nothing to do
	applied bool   // whether it came to an apply
	errors  []diagnostic
	warned  []diagnostic // by the apply
}

func (r *sweep) begin() *attempt {
	a := &attempt{sweep: r}
	a.before.state, a.before.applied, a.before.tainted = r.state, r.applied, r.tainted
	a.before.live = map[string]oktafake.Token{}
	for _, token := range r.net.org.Tokens() {
		if token.Status != "REVOKED" {
			a.before.live[token.ID] = token
		}
	}
	a.before.revoked, a.before.asked = len(r.net.org.RevokedIDs()), len(r.net.requests)
	return a
}

// serve is a new provider process for a walk.
func (r *sweep) serve() tfprotov6.ProviderServer {
	r.serving, r.signal = protocol.Interruptible(r.core.Configured())
	return r.serving
}

// work plans, and applies the plan.
func (a *attempt) work() {
	p, ok := a.plan()
	a.planned = len(a.net.requests) - a.before.asked
	if !ok || a.nothing {
		return
	}
	server := a.serve()
	if a.create && !a.state.IsNull() {
		a.destroy(server)
	}
	if a.create && !a.before.tainted { // a tainted one goes on with its record
		a.net.beginRevocation()
		a.born = a.before.revoked
	}
	second := tfcore.Plan{Prior: p.Prior, Config: p.Config, Private: a.prior, Applying: !a.scenario.tofu}
	a.core.PlanWith(server, &second)
	if a.errors = tfcore.Errors(second.Diags); len(a.errors) > 0 || a.net.interrupted {
		return
	}
	a.core.HoldsTo(p.Planned, second.Planned, "planned")
	a.applied = true
	a.net.beginApply()
	state, private, diags := a.core.ApplyWith(a.t.Context(), server, second)
	if a.net.killed {
		a.forget()
		return
	}
	a.errors, a.warned = tfcore.Errors(diags), tfcore.Warnings(diags)
	a.state, a.private, a.tainted = state, private, a.create && len(a.errors) > 0 && !state.IsNull()
	if len(a.errors) == 0 || a.tainted {
		a.sweep.applied = new(a.wish)
	}
}

// destroy is what Terraform does to the old one first, whatever comes of the new one.
func (a *attempt) destroy(server tfprotov6.ProviderServer) {
	end := tfcore.Plan{Prior: a.state, Config: a.core.NoState(), Private: a.private}
	a.core.PlanWith(server, &end)
	a.core.None(end.Diags)
	_, _, diags := a.core.ApplyWith(a.t.Context(), server, end)
	a.core.None(diags)
	a.state, a.private, a.sweep.applied, a.tainted = a.core.NoState(), nil, nil, false
}

// noteUnanswered takes down what an attempt has revoked and was not told: the next one finds it
// gone, and must know by whom if it had been shown.
func (a *attempt) noteUnanswered() {
	for _, r := range a.net.org.Revoked()[a.before.revoked:] {
		if id := r.Token.ID; !a.net.honest[id] {
			known := a.net.shown[id] && !a.net.denied[r.Path]
			a.net.owed[id], a.net.lost[id] = known, a.net.lost[id] || !known
		}
	}
}

// forget is what Terraform does with the answer of a provider that it got none from: the state
// stays as it was.
func (a *attempt) forget() {
	a.errors = []diagnostic{{Summary: "Plugin did not respond"}}
	for _, r := range a.net.org.Revoked()[a.before.revoked:] {
		a.net.lost[r.Token.ID] = true
	}
}

// plan refreshes and plans. It reports false where that ends the attempt.
func (a *attempt) plan() (tfcore.Plan, bool) {
	server := a.serve()
	if !a.state.IsNull() {
		state, private, diags := a.core.RefreshWith(server, a.state, a.private)
		a.private = private
		if a.errors = tfcore.Errors(diags); len(a.errors) > 0 || a.net.interrupted {
			return tfcore.Plan{}, false
		}
		a.state = state
	}
	p := tfcore.Plan{Prior: a.state, Private: a.private, Config: tfcore.Value(a.t, a.core.Type(), a.wish.attributes())}
	if a.tainted {
		p.Prior, p.Private = a.core.NoState(), nil
	}
	prior := p.Private
	a.core.PlanWith(server, &p)
	if len(p.Replace) > 0 && len(tfcore.Errors(p.Diags)) == 0 {
		prior = nil
		p = tfcore.Plan{Prior: a.core.NoState(), Config: p.Config}
		a.core.PlanWith(server, &p)
	}
	a.prior = prior
	a.create = p.Prior.IsNull()
	if a.errors = tfcore.Errors(p.Diags); len(a.errors) > 0 || a.net.interrupted {
		return p, false
	}
	a.nothing = !a.create && p.Planned.Equal(p.Prior)
	return p, true
}

// strings are the members of a list of strings in a state.
func (r *sweep) strings(state tftypes.Value, name string) []string {
	var texts []string
	elements, _ := tfcore.ObjectOf(r.t, state)[name].([]any)
	for _, element := range elements {
		texts = append(texts, fmt.Sprint(element))
	}
	return texts
}
