package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

// dynamicFilter is a filter that is there once for each element.
func dynamicFilter(forEach any, parts attributes) attributes {
	return ofClient.With(attributes{`dynamic "filter"`: attributes{"for_each": forEach, "content": parts}})
}

func TestAccDynamicFilter(t *testing.T) {
	ofUser := attributes{"user_ids": list("00u2")}
	for name, tc := range map[string]struct {
		config  string
		refused string
	}{
		"one":                    {config: revoking(dynamicFilter(list("a"), ofUser))},
		"one that turns up late": {config: later(list("a")) + revoking(dynamicFilter(laterRef, ofUser))},
		"of a part":              {config: revoking(dynamicFilter([]any{list("00u2")}, attributes{"user_ids": expression("filter.value")}))},
		"none":                   {revoking(dynamicFilter(list(), ofUser)), "Missing Selection"},
		"none that turns up":     {later(list()) + revoking(dynamicFilter(laterRef, ofUser)), "Missing Selection"},
		"two":                    {revoking(dynamicFilter(list("a", "b"), ofUser)), "Duplicate filter block"},
		"no part":                {revoking(dynamicFilter(list("a"), attributes{})), "Empty Filter"},
		"a part that is null":    {later(nil) + revoking(dynamicFilter(list("a"), attributes{"user_ids": laterRef})), "Empty Filter"},
	} {
		t.Run(name, func(t *testing.T) {
			org := oktafake.New(t)
			add(org, held, "oar1")
			add(org, oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u2"}, "oar2")
			if tc.refused != "" {
				accept(t, org, resource.TestStep{Config: tc.config, ExpectError: wrapped(tc.refused)})
				wantReads(t, org)
				return
			}
			accept(t, org, resource.TestStep{Config: tc.config}, again(tc.config))
			wantRevoked(t, org, "oar2")
		})
	}
}
