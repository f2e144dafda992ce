package okta

import "testing"

// A token that names another owner than its list's is foreign. Anything except an ID
// proves nothing.
func TestCheckOwner(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		parent Parent
		token  RefreshToken
		want   string // the kind and the ID that the token names, if they are another's
	}{
		{"server", AuthorizationServer("aus1").Client("0oa1"), RefreshToken{ClientID: "0oa1", AuthServerID: "aus1", UserID: "00u1", AppID: "0oa7"}, ""},
		{"server, all left out", AuthorizationServer("aus1").Client("0oa1"), RefreshToken{}, ""},
		{"server, another client", AuthorizationServer("aus1").Client("0oa1"), RefreshToken{ClientID: "0oa2", AuthServerID: "aus1"}, "client 0oa2"},
		{"server, a client named by hand", AuthorizationServer("aus1").Client("fleet"), RefreshToken{ClientID: "Fleet"}, "client Fleet"},
		{"server, another server", AuthorizationServer("aus1").Client("0oa1"), RefreshToken{ClientID: "0oa1", AuthServerID: "aus2"}, "authorization server aus2"},
		{"server by its alias", AuthorizationServer("default").Client("0oa1"), RefreshToken{ClientID: "0oa1", AuthServerID: "aus2"}, ""},
		{"server, token by its alias", AuthorizationServer("aus1").Client("0oa1"), RefreshToken{AuthServerID: "default"}, ""},
		{"server by its alias, another client", AuthorizationServer("default").Client("0oa1"), RefreshToken{ClientID: "0oa2"}, "client 0oa2"},
		{"user", User("00u1").Client("0oa1"), RefreshToken{ClientID: "0oa1", UserID: "00u1", AuthServerID: "aus9"}, ""},
		{"user, another user", User("00u1").Client("0oa1"), RefreshToken{ClientID: "0oa1", UserID: "00u2"}, "user 00u2"},
		{"user by login", User("00ursula@example.com").Client("0oa1"), RefreshToken{ClientID: "0oa1", UserID: "00u2"}, ""},
		{"user by login, another client", User("jane").Client("0oa1"), RefreshToken{ClientID: "0oa2", UserID: "00u2"}, "client 0oa2"},
		{"app", App("0oa1"), RefreshToken{ClientID: "fleet", AppID: "0oa1", AuthServerID: "aus9"}, ""},
		{"app, another app", App("0oa1"), RefreshToken{ClientID: "fleet", AppID: "0oa2"}, "app 0oa2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tc.token.ID = "oar1"
			err := tc.parent.CheckOwner(tc.token)
			if tc.want == "" {
				wantError(t, err, "")
				return
			}
			wantError(t, err, "Okta lists refresh token oar1 among those of "+tc.parent.String()+", and says that it belongs to "+tc.want)
		})
	}
}
