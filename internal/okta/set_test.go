package okta

import "testing"

func TestSet(t *testing.T) {
	t.Parallel()
	if NewSet() == nil {
		t.Error("NewSet of nothing is nil, which is no filter at all")
	}
	if Set(nil).Has("") || NewSet("a").Has("b") || !NewSet("a", "b").Has("b") {
		t.Error("Has: got another answer than membership")
	}
}
