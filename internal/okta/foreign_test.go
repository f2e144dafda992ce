package okta

import "testing"

// A token that names another owner than its list's is foreign. Anything except an ID
// proves nothing.
func TestOwnersCheck(t *testing.T) {
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
			owners := tc.parent.Owners()
			err := owners.Check(tc.token)
			if tc.want == "" {
				wantError(t, err, "")
				return
			}
			wantError(t, err, "Okta lists refresh token oar1 among those of "+tc.parent.String()+", and says that it belongs to "+tc.want)
		})
	}
}

// The tokens of one list agree with each other, and so do the lists of one holder.
func TestOwnersAgree(t *testing.T) {
	t.Parallel()
	login, alias, app := User("jane@example.com"), AuthorizationServer("default"), App("0oa1")
	for _, tc := range []struct {
		name   string
		parent Parent
		tokens []RefreshToken
		next   Parent // of the last token, unless it is zero
		want   string // what the last token contradicts
	}{
		{"one user", login.Client("0oa1"), []RefreshToken{{UserID: "00u1"}, {}, {UserID: "00u1"}}, Parent{}, ""},
		{"two users", login.Client("0oa1"), []RefreshToken{{UserID: "00u1"}, {}, {UserID: "00u2"}}, Parent{}, "user 00u2 and others in the list to 00u1"},
		{"two users of two clients", login.Client("0oa1"), []RefreshToken{{UserID: "00u1"}, {UserID: "00u2"}}, login.Client("0oa2"), "user 00u2 and others in the list to 00u1"},
		{"one user of two clients", login.Client("0oa1"), []RefreshToken{{UserID: "00u1", ClientID: "0oa1"}, {UserID: "00u1", ClientID: "0oa2"}}, login.Client("0oa2"), ""},
		{"two servers", alias.Client("0oa1"), []RefreshToken{{AuthServerID: "aus1"}, {AuthServerID: "aus2"}}, Parent{}, "authorization server aus2 and others in the list to aus1"},
		{"a server by its alias", alias.Client("0oa1"), []RefreshToken{{AuthServerID: "aus1"}, {AuthServerID: "default"}}, Parent{}, ""},
		{"two clients of an app", app, []RefreshToken{{ClientID: "fleet"}, {ClientID: "0oa2"}}, Parent{}, "client 0oa2 and others in the list to fleet"},
		{"two servers of an app", app, []RefreshToken{{ClientID: "fleet", AuthServerID: "aus1"}, {ClientID: "fleet", AuthServerID: "aus2"}}, Parent{}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			owners := tc.parent.Owners()
			for i, token := range tc.tokens {
				last := i == len(tc.tokens)-1
				if last && tc.next != (Parent{}) {
					owners = owners.Next(tc.next)
				}
				token.ID = "oar1"
				switch err := owners.Check(token); {
				case !last || tc.want == "":
					wantError(t, err, "")
				default:
					wantError(t, err, "Okta lists refresh token oar1 among those of "+owners.parent.String()+", and says that it belongs to "+tc.want)
				}
			}
		})
	}
}
