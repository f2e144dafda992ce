package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// isUser accepts what can name a user as a parent: an ID or a login.
func isUser() validator.String {
	return checkValidator{"Invalid ID", "must be the ID or the login of a user", checkUser}
}

func checkUser(idOrLogin string) error {
	if idOrLogin == "me" {
		return fmt.Errorf("me is whoever owns the credential: use the user's ID, such as %s, or the login", aUserID)
	}
	return okta.CheckUser(idOrLogin)
}

// isUserID accepts the ID of a user and no login. The consequence says what would come of
// a login.
func isUserID(consequence string) validator.String {
	return checkValidator{"Invalid User ID", "must be the ID of a user, which starts with 00u", func(id string) error {
		return checkUserID(id, consequence)
	}}
}

func checkUserID(id, consequence string) error {
	if okta.User(id).NamedByID() {
		return nil
	}
	what := "not the ID of a user"
	switch {
	case id == "":
		return fmt.Errorf("a user ID cannot be empty. It looks like %s", aUserID)
	case strings.Contains(id, "@"):
		what = "a login, not the ID of a user"
	case strings.HasPrefix(strings.TrimSpace(id), "00u") && strings.TrimSpace(id) != id:
		return fmt.Errorf("%q has spaces around it: remove them", id)
	}
	return fmt.Errorf("%q is %s, which starts with 00u, such as %s. %s. "+
		"The ID is at the end of the address of the user's page in the Admin Console", id, what, aUserID, consequence)
}

const aUserID = "00u1a2b3c4d5e6f7g8h9"

// isClientID accepts the ID of a client, and no user ID, which would protect no client.
func isClientID() validator.String {
	return checkValidator{"Invalid Client ID", "must be the ID of a client, not of a user", func(id string) error {
		if okta.User(id).NamedByID() {
			return fmt.Errorf("%q is the ID of a user, which protects no client: protected_user_ids protects users", id)
		}
		return okta.CheckID(id)
	}}
}
