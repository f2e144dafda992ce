package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// credentialKind is one of the ways to prove one's rights to Okta, of which
// exactly one is used.
type credentialKind struct {
	argument  string   // that tells the kind
	variables []string // in place of the argument
	value     string   // of the argument, or of the first variable that is set
}

// credentialKinds are the kinds, with what the provider block says of each.
func (m providerModel) credentialKinds() []credentialKind {
	return []credentialKind{
		{"api_token", []string{"OKTA_API_TOKEN", "OKTA_CLIENT_TOKEN"}, m.APIToken.ValueString()},
		{"access_token", []string{"OKTA_ACCESS_TOKEN"}, m.AccessToken.ValueString()},
		{"private_key", []string{"OKTA_API_PRIVATE_KEY"}, m.PrivateKey.ValueString()},
	}
}

// chosen are the kinds of which something is said.
func chosen(kinds []credentialKind) []credentialKind {
	return slices.DeleteFunc(slices.Clone(kinds), func(k credentialKind) bool { return k.value == "" })
}

// validateCredential refuses what contradicts itself in the provider block.
func (m providerModel) validateCredential(diags *diag.Diagnostics) {
	const summary = "Conflicting Okta Credentials"
	if isSet(m.APIToken) && isSet(m.AccessToken) {
		diags.AddAttributeError(path.Root("access_token"), summary, "Set api_token or access_token, not both.")
	}
	for _, own := range []struct {
		name  string
		value attr.Value
	}{
		{"client_id", m.ClientID}, {"private_key", m.PrivateKey}, {"private_key_id", m.PrivateKeyID}, {"scopes", m.Scopes},
	} {
		if !isSet(own.value) {
			continue
		}
		for other, value := range map[string]attr.Value{"api_token": m.APIToken, "access_token": m.AccessToken} {
			if isSet(value) {
				diags.AddAttributeError(path.Root(own.name), summary, fmt.Sprintf(
					"%s belongs to a service app, which signs in with its private key. Remove %s, or remove %s.", own.name, other, own.name))
				return
			}
		}
	}
}

// credential is the one kind of credential that is set. What the configuration
// sets beats the environment, whatever its kind.
func (s settings) credential(ctx context.Context, m providerModel) okta.Credential {
	kinds := chosen(m.credentialKinds())
	if len(kinds) == 0 && isSet(m.ClientID) {
		return s.serviceApp(ctx, m, s.getenv("OKTA_API_PRIVATE_KEY"))
	}
	if len(kinds) == 0 {
		kinds = m.credentialKinds()
		for i, kind := range kinds {
			for _, variable := range kind.variables {
				kinds[i].value = cmp.Or(kinds[i].value, s.getenv(variable))
			}
		}
		kinds = chosen(kinds)
	}
	switch {
	case len(kinds) == 0:
		s.fail("api_token", "Missing Okta Credentials",
			"Set api_token or OKTA_API_TOKEN, access_token or OKTA_ACCESS_TOKEN, or client_id and private_key of a service app, or OKTA_API_CLIENT_ID and OKTA_API_PRIVATE_KEY.")
		return nil
	case len(kinds) > 1:
		s.fail(kinds[0].argument, "Conflicting Okta Credentials", fmt.Sprintf(
			"The environment sets credentials of several kinds: %s and %s. Set exactly one, or choose one in the provider block.",
			strings.Join(kinds[0].variables, " or "), strings.Join(kinds[1].variables, " or ")))
		return nil
	}
	kind := kinds[0]
	switch {
	case kind.argument == "private_key":
		return s.serviceApp(ctx, m, kind.value)
	case kind.argument == "api_token" && s.checkToken("api_token", "SSWS", kind.value):
		return okta.APIToken(kind.value)
	case kind.argument == "access_token" && s.checkToken("access_token", "Bearer", kind.value):
		return okta.AccessToken(kind.value)
	}
	return nil
}

// serviceApp is a service app's credential. It signs in when it is first needed.
func (s settings) serviceApp(ctx context.Context, m providerModel, privateKey string) okta.Credential {
	const summary = "Missing Okta Credentials"
	clientID := s.text(m.ClientID, "OKTA_API_CLIENT_ID")
	switch {
	case clientID == "":
		s.fail("client_id", summary, "A private key signs in as a service app: set client_id or OKTA_API_CLIENT_ID to the app's client ID.")
		return nil
	case privateKey == "":
		s.fail("private_key", summary, "A service app signs in with a private key: set private_key or OKTA_API_PRIVATE_KEY, or its path.")
		return nil
	}
	credential, err := okta.ServiceApp(clientID, privateKey, s.text(m.PrivateKeyID, "OKTA_API_PRIVATE_KEY_ID"), s.scopes(ctx, m))
	if err != nil {
		s.fail("private_key", "Invalid Private Key", fmt.Sprintf("private_key cannot be used: %s.", err))
		return nil
	}
	return credential
}

// scopes are the scopes to ask for, sorted.
func (s settings) scopes(ctx context.Context, m providerModel) []string {
	scopes := toStrings(ctx, m.Scopes, s.diags)
	if len(scopes) == 0 {
		scopes = strings.FieldsFunc(s.getenv("OKTA_API_SCOPES"), func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	}
	if len(scopes) == 0 {
		scopes = okta.Scopes(s.readOnly(m.ReadOnly))
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// checkToken refuses what cannot be a token's value, without repeating it.
func (s settings) checkToken(attribute, scheme, token string) bool {
	const summary = "Invalid Okta Credentials"
	fields := strings.Fields(token)
	switch {
	case len(fields) > 1 && strings.EqualFold(fields[0], scheme):
		s.fail(attribute, summary, fmt.Sprintf("%s is the token alone, without the word %s before it.", attribute, scheme))
	case strings.ContainsFunc(token, func(r rune) bool { return unicode.IsSpace(r) || r > unicode.MaxASCII || !unicode.IsPrint(r) }):
		s.fail(attribute, summary, fmt.Sprintf(
			"%s holds a space, a line break or another character that no token has. If it is read from a file, use trimspace(file(…)).", attribute))
	default:
		return true
	}
	return false
}
