package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

func TestTokensThatAppear(t *testing.T) {
	t.Parallel()
	target := revoke.Request{Target: walk.At(okta.App("0oa1"))}
	var diags diag.Diagnostics
	addAppeared(&diags, resourceWording, target, nil)
	addAppeared(&diags, resourceWording, target, []okta.RefreshToken{{ID: "oar1", UserID: "00u1"}, {ID: "oar2"}})
	want := diag.Diagnostics{diag.NewWarningDiagnostic("2 refresh tokens of app 0oa1 appeared during the revocation",
		"They were issued while the others were revoked, and they are alive. Whoever got them may still be at it: stop that first, then revoke again with a change of triggers.\n\n  oar1, user 00u1\n  oar2")}
	if !diags.Equal(want) {
		t.Errorf("got %v, want %v", diags, want)
	}
}

// What Okta contradicts is said first, and what it confirmed is counted.
func TestContradictionsInWords(t *testing.T) {
	t.Parallel()
	m := requestModel{parentModel: parentModel{AppID: types.StringValue("0oa1")}}
	req := revoke.Request{Target: walk.At(okta.App("0oa1"))}
	count := int64(1)
	var diags diag.Diagnostics
	addRevocationError(&diags, resourceWording, m, req, &revoke.IncompleteError{
		Outcome: revoke.Outcome{Revoked: []okta.RefreshToken{{ID: "oar1"}}, Count: &count, StillListed: []string{"oar1"}},
		Err:     &revoke.StillListedError{IDs: []string{"oar1"}, Expired: []string{"oar1"}},
	})
	addRevocationError(&diags, resourceWording, m, req, &okta.ForeignTokenError{TokenID: "oar1", Parent: okta.App("0oa1"), Kind: "app", ID: "0oa2"})
	addRefusedClock(&diags, revoke.Outcome{})
	addRefusedClock(&diags, revoke.Outcome{RefusedClock: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)})
	var got []string
	for _, d := range diags {
		got = append(got, d.Summary()+": "+d.Detail())
	}
	diff(t, "diagnostics", got, []string{
		"Revocation Incomplete: Okta says that the refresh tokens are revoked or gone, and still lists them; they have expired. " +
			"Its lists can lag for a while. If the tokens are listed tomorrow, ask Okta's support.\n\n" +
			strings.ToUpper(resourceWording.rest[:1]) + resourceWording.rest[1:] + "\n\n" +
			"Revoked: 1 refresh token of app 0oa1.\nOf them, Okta confirmed and still lists: 1 refresh token (oar1).",
		"Okta Contradicts Itself: Could not list the refresh tokens of app 0oa1. A token that names another owner than the list that holds it is neither revoked nor counted. " +
			"Try again, and ask Okta's support if it stays like that.\n\nOkta lists refresh token oar1 among those of app 0oa1, and says that it belongs to app 0oa2",
		"Okta's Clock Was Not Believed: An answer of Okta's named the time 2100-01-01T00:00:00Z, more than a day from this machine's clock. It was not believed, and no age was measured by it. " +
			"If all answers do that, this machine's clock may be wrong, and revoked_at with it: check it.",
	})
}

// A guard that stops a run on its way is the cause, and nobody is told to repeat it.
func TestGuardsOnTheWayInWords(t *testing.T) {
	t.Parallel()
	m := requestModel{parentModel: parentModel{AppID: types.StringValue("0oa1")}}
	req := revoke.Request{Target: walk.At(okta.App("0oa1"))}
	for summary, guard := range map[string]error{
		"Too Many Refresh Tokens": &revoke.TooManyError{Max: 3, Found: 6},
		"Protected Tokens":        &revoke.ProtectedError{Kind: "user", ID: "00u9", TokenID: "oar9"},
	} {
		var diags diag.Diagnostics
		addRevocationError(&diags, resourceWording, m, req, &revoke.IncompleteError{Outcome: revoke.Outcome{Count: new(int64)}, Err: fmt.Errorf("late: %w", guard)})
		if len(diags) != 1 || diags[0].Summary() != summary || !strings.HasPrefix(diags[0].Detail(), "It stopped on its way: "+guard.Error()) {
			t.Fatalf("got %v, want an error of the guard", diags)
		}
		if detail := diags[0].Detail(); strings.Contains(detail, "lan and apply again") || strings.Contains(detail, "proxy") {
			t.Errorf("got the advice %q", detail)
		}
	}
}
