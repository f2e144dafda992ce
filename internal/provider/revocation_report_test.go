package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

func TestTokensThatAppear(t *testing.T) {
	t.Parallel()
	target := revoke.Request{Target: revoke.At(okta.App("0oa1"))}
	var diags diag.Diagnostics
	addAppeared(&diags, resourceWording, target, nil)
	addAppeared(&diags, resourceWording, target, []okta.RefreshToken{{ID: "oar1", UserID: "00u1"}, {ID: "oar2"}})
	want := diag.Diagnostics{diag.NewWarningDiagnostic("2 refresh tokens of app 0oa1 appeared during the revocation",
		"They were issued while the others were revoked, and they are alive. Whoever got them may still be at it: stop that first, then revoke again with a change of triggers.\n\n  oar1, user 00u1\n  oar2")}
	if !diags.Equal(want) {
		t.Errorf("got %v, want %v", diags, want)
	}
}
