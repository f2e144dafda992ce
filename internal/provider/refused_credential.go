package provider

import (
	"fmt"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// refusedCredential says which credential Okta answered 401, where it comes from, and
// what to do. It never holds the credential.
func refusedCredential(e *okta.Error) string {
	switch from := e.Source; {
	case e.Grants != nil:
		return fmt.Sprintf("Okta refused the access token that it gave to the service app (%s). "+
			"Check that the app is active, and that its network zone allows this machine.", serviceAppFrom(from))
	case from.AccessToken != "" && !from.Expires.IsZero() && time.Now().After(from.Expires):
		return fmt.Sprintf("The access token from %s expired at %s. The provider cannot renew it: set a new one.",
			from.AccessToken, from.Expires.Format(time.RFC3339))
	case from.AccessToken != "":
		return fmt.Sprintf("The access token from %s was refused: it is wrong, expired or revoked, bound to a key by DPoP, or belongs to another org. "+
			"The provider cannot renew it: set a new one.", from.AccessToken)
	default:
		return fmt.Sprintf("The API token from %s was refused: it is wrong, expired or revoked, belongs to another org, its owner is deactivated, "+
			"or its network zone does not allow this machine. Set a new one.", from.APIToken)
	}
}

// serviceAppFrom says where the parts of a service app's credential come from.
func serviceAppFrom(from okta.Source) string {
	return fmt.Sprintf("client ID from %s, private key from %s", from.ClientID, from.PrivateKey)
}

// refusedSignature says what the token endpoint did not accept.
func refusedSignature(e *okta.SignInError) string {
	return fmt.Sprintf("Okta refused the signature of client %s (%s). Check that it is the right app, that the public key of the pair is registered with it, "+
		"and private_key_id if the app has several keys.", e.ClientID, serviceAppFrom(e.Source))
}
