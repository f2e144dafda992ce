package okta

import "testing"

func TestParentsNameThemselves(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		parent               Parent
		wantText, wantKind   string
		wantID, wantClientID string
		wantPath             string
	}{
		{
			AuthorizationServer("aus1").Client("0oa1"), "client 0oa1 of authorization server aus1", "authorization server",
			"aus1", "0oa1", "/api/v1/authorizationServers/aus1/clients/0oa1/tokens",
		},
		{
			User("00u1").Client("0oa1"), "client 0oa1 of user 00u1", "user",
			"00u1", "0oa1", "/api/v1/users/00u1/clients/0oa1/tokens",
		},
		{
			App("0oa1"), "app 0oa1", "app",
			"0oa1", "", "/api/v1/apps/0oa1/tokens",
		},
	} {
		path, err := apiPath(tc.parent.tokens()...)
		if err != nil || path != tc.wantPath {
			t.Errorf("path of %s: got %q, %v, want %q", tc.parent, path, err, tc.wantPath)
		}
		if got := tc.parent.String(); got != tc.wantText {
			t.Errorf("String: got %q, want %q", got, tc.wantText)
		}
		if got := tc.parent.Kind().String(); got != tc.wantKind {
			t.Errorf("Kind of %s: got %q, want %q", tc.parent, got, tc.wantKind)
		}
		if got := tc.parent.ID(); got != tc.wantID {
			t.Errorf("ID of %s: got %q, want %q", tc.parent, got, tc.wantID)
		}
		if got := tc.parent.ClientID(); got != tc.wantClientID {
			t.Errorf("ClientID of %s: got %q, want %q", tc.parent, got, tc.wantClientID)
		}
	}
}

// A login that looks like an ID must not be taken for one: guards compare IDs.
func TestHoldersTellTheirIDFromAnAlias(t *testing.T) {
	t.Parallel()
	for holder, want := range map[Holder]bool{
		User("00u1"):                   true,
		User("00u1a2b3c4d5e6f7g8h9"):   true,
		User("jane@example.com"):       false,
		User("00u@example.com"):        false,
		User("00u.jane"):               false,
		User("00u jane"):               false,
		User("00u#jane"):               false,
		User("00u%31"):                 false,
		User("00u-jane"):               false,
		User("00uü"):                   false,
		User("00U1"):                   false,
		User("me"):                     false,
		User(""):                       false,
		AuthorizationServer("aus1"):    true,
		AuthorizationServer("default"): false,
	} {
		if got := holder.NamedByID(); got != want {
			t.Errorf("%s: got %t, want %t", holder, got, want)
		}
	}
}

func TestHoldersNameThemselves(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		holder   Holder
		wantText string
		wantKind Kind
		wantID   string
	}{
		{AuthorizationServer("aus1"), "authorization server aus1", KindAuthorizationServer, "aus1"},
		{User("00u1"), "user 00u1", KindUser, "00u1"},
	} {
		if got := tc.holder.String(); got != tc.wantText {
			t.Errorf("String: got %q, want %q", got, tc.wantText)
		}
		if tc.holder.Kind() != tc.wantKind || tc.holder.ID() != tc.wantID {
			t.Errorf("%s: got kind %v and ID %q, want %v and %q",
				tc.holder, tc.holder.Kind(), tc.holder.ID(), tc.wantKind, tc.wantID)
		}
	}
}
