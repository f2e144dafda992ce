package walk_test

import (
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/walk"
)

func TestTarget(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		target walk.Target
		text   string
		kind   okta.Kind
		userID string
	}{
		{walk.At(server.Client("0oa1")), "client 0oa1 of authorization server aus1", okta.KindAuthorizationServer, ""},
		{walk.At(okta.User("00u1").Client("0oa1")), "client 0oa1 of user 00u1", okta.KindUser, "00u1"},
		{walk.At(okta.App("0oa1")), "app 0oa1", okta.KindApp, ""},
		{walk.AtEveryClient(server), "all clients of authorization server aus1", okta.KindAuthorizationServer, ""},
		{walk.AtEveryClient(okta.User("00u1")), "all clients of user 00u1", okta.KindUser, "00u1"},
	} {
		t.Run(tc.text, func(t *testing.T) {
			t.Parallel()
			diff(t, "text", tc.target.String(), tc.text)
			diff(t, "kind", tc.target.Kind(), tc.kind)
			diff(t, "user", tc.target.UserID(), tc.userID)
		})
	}
}
