package provider

import (
	"net/url"
	"strings"
	"testing"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/oktafake"
)

func TestProtectedIDsAreRefusedThatProtectNoOne(t *testing.T) {
	t.Parallel()
	const (
		why   = ", which starts with 00u, such as 00u1a2b3c4d5e6f7g8h9. Users are protected by ID only: anything else protects no one. The ID is at the end of the address of the user's page in the Admin Console."
		nulls = " holds a null, which names nothing. A value is missing where the configuration puts the set together: supply it, or remove the null."
	)
	for _, tc := range []struct {
		argument string
		members  []any
		want     diagnostic
	}{
		{"protected_user_ids", list("ceo@example.com"), diagnostic{Summary: "Invalid User ID", Attribute: "protected_user_ids.[…]", Detail: `protected_user_ids: "ceo@example.com" is a login, not the ID of a user` + why}},
		{"protected_user_ids", list("00u@example.com"), diagnostic{Summary: "Invalid User ID", Attribute: "protected_user_ids.[…]", Detail: `protected_user_ids: "00u@example.com" is a login, not the ID of a user` + why}},
		{"protected_user_ids", list("ceo"), diagnostic{Summary: "Invalid User ID", Attribute: "protected_user_ids.[…]", Detail: `protected_user_ids: "ceo" is not the ID of a user` + why}},
		{"protected_user_ids", list("00U1"), diagnostic{Summary: "Invalid User ID", Attribute: "protected_user_ids.[…]", Detail: `protected_user_ids: "00U1" is not the ID of a user` + why}},
		{"protected_user_ids", list("0oa1"), diagnostic{Summary: "Invalid User ID", Attribute: "protected_user_ids.[…]", Detail: `protected_user_ids: "0oa1" is not the ID of a user` + why}},
		{"protected_user_ids", list("00u1/x"), diagnostic{Summary: "Invalid User ID", Attribute: "protected_user_ids.[…]", Detail: `protected_user_ids: "00u1/x" is not the ID of a user` + why}},
		{"protected_user_ids", list("00u1 "), diagnostic{Summary: "Invalid User ID", Attribute: "protected_user_ids.[…]", Detail: `protected_user_ids: "00u1 " has spaces around it: remove them.`}},
		{"protected_user_ids", list(""), diagnostic{Summary: "Invalid User ID", Attribute: "protected_user_ids.[…]", Detail: `protected_user_ids: a user ID cannot be empty. It looks like 00u1a2b3c4d5e6f7g8h9.`}},
		{"protected_client_ids", list(""), diagnostic{Summary: "Invalid Client ID", Attribute: "protected_client_ids.[…]", Detail: "protected_client_ids: an ID cannot be empty."}},
		{"protected_user_ids", []any{"00u1", nil}, diagnostic{Summary: "Null Member", Attribute: "protected_user_ids", Detail: "protected_user_ids" + nulls}},
		{"protected_client_ids", []any{"0oa1", nil}, diagnostic{Summary: "Null Member", Attribute: "protected_client_ids", Detail: "protected_client_ids" + nulls}},
		{"scopes", []any{"okta.users.read", nil}, diagnostic{Summary: "Null Member", Attribute: "scopes", Detail: "scopes" + nulls}},
	} {
		org := oktafake.New(t)
		_, got := newCore(t, org, attributes{tc.argument: tc.members}).configure()
		diff(t, "errors", got, []diagnostic{tc.want})
	}
}

// logins are some that have to be escaped in a path.
var logins = []string{"jane#doe@example.com", "50%@example.com", "a%2fb@example.com", "jane doe@example.com", "renée@example.com", "jane+audit@example.com", "mel"}

// A user can be named by login wherever tokens are listed under a user.
func TestUsersGoByLogin(t *testing.T) {
	t.Parallel()
	for _, login := range logins {
		t.Run(login, func(t *testing.T) {
			t.Parallel()
			org := oktafake.New(t)
			org.AddUser(oktafake.User{ID: "00u1", Login: login})
			like := oktafake.Token{AuthServerID: "aus1", ClientID: "0oa1", UserID: "00u1"}
			add(org, like, "oar1", "oar2", "oar3") // two pages
			parent := attributes{"user_id": login, "client_id": "0oa1"}
			c := newCore(t, org, nil)
			got, diags := c.readData("refresh_tokens", parent)
			c.none(diags)
			diff(t, "tokens", got["token_ids"], list("oar1", "oar2", "oar3"))
			got, diags = c.readData("inventory", attributes{"auth_server_ids": list(), "user_ids": list(login), "include_tokens": true})
			c.none(diags)
			diff(t, "tokens of the inventory", each(t, got["tokens"], "id"), list("oar1", "oar2", "oar3"))
			got, diags = c.readData("clients", attributes{"user_id": login})
			c.none(diags)
			diff(t, "clients", each(t, got["clients"], "client_id"), list("0oa1"))

			c.create(parent.With(attributes{"token_id": "oar1"}))
			_, diags = c.invoke(parent.With(attributes{"all": true, "end_sessions": true}))
			c.none(diags)
			wantRevoked(t, org, "oar1", "oar2", "oar3")
			for _, request := range requests(org) {
				if want := "/api/v1/users/" + url.PathEscape(login) + "/"; !strings.Contains(request, want) {
					t.Errorf("got the request %s, want it below %s", request, want)
				}
			}
		})
	}
}

func TestUsersDoNotGoByWhatChangesThePath(t *testing.T) {
	t.Parallel()
	const instead = "which cannot be sent in the path of a request: use the user's ID, such as 00u1a2b3c4d5e6f7g8h9."
	for login, want := range map[string]string{
		"ACME/jane":          `user_id: "ACME/jane" holds '/', ` + instead,
		"jane?":              `user_id: "jane?" holds '?', ` + instead,
		"jane\x1b[0m":        `user_id: "jane\x1b[0m" holds '\x1b', ` + instead,
		"..":                 `user_id: ".." is a path segment with a meaning of its own, not an ID.`,
		"\u0020jane@acme.io": `user_id: " jane@acme.io" begins or ends with a space: remove it.`,
	} {
		org := oktafake.New(t)
		c := newCore(t, org, nil)
		wanted := []diagnostic{{Summary: "Invalid ID", Attribute: "user_id", Detail: want}}
		of := attributes{"user_id": login, "client_id": "0oa1"}
		diff(t, "errors of a revocation", c.validate(of.With(attributes{"all": true})), wanted)
		diff(t, "errors of an action", c.validateAction(of.With(attributes{"all": true})), wanted)
		diff(t, "errors of a list", c.of("refresh_token").ValidateList(of), wanted)
		diff(t, "errors of an adoption", c.of("refresh_token").validate(of.With(attributes{"token_id": "oar1"})), wanted)
		for _, kind := range []string{"refresh_tokens", "clients"} {
			config := of
			if kind == "clients" {
				config = attributes{"user_id": login}
			}
			diff(t, "errors of "+kind, c.validateData(kind, config), wanted)
		}
		wantNoRequests(t, org)
	}
}

func TestMeIsNoParent(t *testing.T) {
	t.Parallel()
	if err := checkUser("me"); err == nil {
		t.Error("got no error for me, want one: it is whoever owns the credential")
	}
}

func TestProtectedClientIDsRefuseAUser(t *testing.T) {
	t.Parallel()
	_, diags := newCore(t, oktafake.New(t), attributes{"protected_client_ids": list("00u1a2b3c4d5e6f7g8h9")}).configure()
	if len(diags) == 0 || !strings.Contains(diags[0].Detail, "protected_user_ids protects users") {
		t.Errorf("got %v, want an error", diags)
	}
}
