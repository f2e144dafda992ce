package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

const (
	summaryMissing  = "Missing Okta Credentials"
	summaryConflict = "Conflicting Okta Credentials"
	summaryInvalid  = "Invalid Okta Credentials"
)

// credential is a credential with the names of where it comes from.
type credential struct {
	okta.Credential

	source okta.Source
}

// argument is an argument of the provider block with its name.
type argument struct {
	name  string
	value attr.Value
}

// tokens are the arguments that are a credential each.
func (m providerModel) tokens() []argument {
	return []argument{{"api_token", m.APIToken}, {"access_token", m.AccessToken}}
}

// serviceAppArguments are those of a service app alone. The first that is not secret
// comes first: an error about several is shown where it is.
func (m providerModel) serviceAppArguments() []argument {
	return []argument{
		{"client_id", m.ClientID}, {"private_key_id", m.PrivateKeyID}, {"scopes", m.Scopes}, {"private_key", m.PrivateKey},
	}
}

// firstGiven is the first argument that says something, or none.
func firstGiven(arguments []argument) (argument, bool) {
	i := slices.IndexFunc(arguments, func(a argument) bool { return isGiven(a.value) })
	if i < 0 {
		return argument{}, false
	}
	return arguments[i], true
}

// validateCredential refuses what contradicts itself in the provider block.
func (m providerModel) validateCredential(diags *diag.Diagnostics) {
	if isGiven(m.APIToken) && isGiven(m.AccessToken) {
		addArgumentError(diags, "access_token", m.AccessToken, summaryConflict, "api_token and access_token are both set. Remove one of them.")
	}
	token, withToken := firstGiven(m.tokens())
	own, withOwn := firstGiven(m.serviceAppArguments())
	if withToken && withOwn {
		addArgumentError(diags, own.name, own.value, summaryConflict, fmt.Sprintf(
			"%s belongs to a service app, which signs in with its private key. Remove %s, or remove %s.", own.name, token.name, own.name))
	}
}

// credential is the one kind of credential that is set. What the configuration
// sets beats the environment, whatever its kind.
func (s settings) credential(ctx context.Context, m providerModel) credential {
	kinds := s.kinds(m, func(string) string { return "" })
	if len(kinds) == 0 && isGiven(m.ClientID) {
		return s.serviceApp(ctx, m)
	}
	if len(kinds) == 0 {
		kinds = s.kinds(m, s.getenv)
	}
	switch {
	case len(kinds) == 0 && s.getenv("OKTA_API_CLIENT_ID") != "":
		return s.serviceApp(ctx, m)
	case len(kinds) == 0:
		s.diags.AddError(summaryMissing,
			"Set api_token or OKTA_API_TOKEN, access_token or OKTA_ACCESS_TOKEN, or client_id and private_key of a service app, or OKTA_API_CLIENT_ID and OKTA_API_PRIVATE_KEY.")
		return credential{}
	case len(kinds) > 1:
		s.diags.AddError(summaryConflict, fmt.Sprintf(
			"The environment sets credentials of several kinds: %s. Set exactly one, or choose one in the provider block.", namesOf(kinds)))
		return credential{}
	case kinds[0].argument == "private_key":
		return s.serviceApp(ctx, m)
	}
	return s.token(m, kinds[0])
}

// kinds are the kinds of credential that are set: in the provider block, or in an
// environment.
func (s settings) kinds(m providerModel, getenv func(string) string) []setting {
	from := settings{getenv: getenv, diags: s.diags}
	kinds := []setting{
		from.text("api_token", m.APIToken, "OKTA_API_TOKEN", "OKTA_CLIENT_TOKEN"),
		from.text("access_token", m.AccessToken, "OKTA_ACCESS_TOKEN"),
		from.text("private_key", m.PrivateKey, "OKTA_API_PRIVATE_KEY"),
	}
	return slices.DeleteFunc(kinds, func(kind setting) bool { return !kind.isSet() })
}

// namesOf lists where settings come from, in words.
func namesOf(settings []setting) string {
	names := make([]string, len(settings))
	for i, setting := range settings {
		names[i] = setting.name()
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// token is the credential that is an API token or an access token.
func (s settings) token(m providerModel, token setting) credential {
	if own, given := firstGiven(m.serviceAppArguments()); given {
		addArgumentError(s.diags, own.name, own.value, summaryConflict, fmt.Sprintf(
			"%s belongs to a service app, and the credential is the one in %s. Remove %s, or set client_id and private_key.", own.name, token.name(), own.name))
		return credential{}
	}
	if problem := s.tokenProblem(token); problem != "" {
		s.fail(token, summaryInvalid, problem)
		return credential{}
	}
	if token.argument == "api_token" {
		return credential{okta.APIToken(token.value), okta.Source{APIToken: token.origin()}}
	}
	return credential{okta.AccessToken(token.value), okta.Source{AccessToken: token.origin(), Expires: okta.AccessTokenExpiry(token.value)}}
}

// tokenProblem says why a value cannot be a token's, without repeating it.
func (s settings) tokenProblem(token setting) string {
	fields := strings.Fields(token.value)
	if len(fields) > 1 {
		for _, scheme := range []string{"SSWS", "Bearer", "DPoP"} {
			if strings.EqualFold(fields[0], scheme) {
				return fmt.Sprintf("%s is the token alone, without the word %s before it.", token.name(), scheme)
			}
		}
	}
	if problem := s.fault(token); problem != "" {
		return problem
	}
	if strings.ContainsFunc(token.value, func(r rune) bool { return unicode.IsSpace(r) || r > unicode.MaxASCII || !unicode.IsPrint(r) }) {
		return fmt.Sprintf("%s holds a space, a line break or another character that no token has.", token.name())
	}
	return ""
}

// serviceApp is a service app's credential. It signs in when it is first needed.
func (s settings) serviceApp(ctx context.Context, m providerModel) credential {
	clientID, key, keyID := s.text("client_id", m.ClientID, "OKTA_API_CLIENT_ID"), s.text("private_key", m.PrivateKey, "OKTA_API_PRIVATE_KEY"),
		s.text("private_key_id", m.PrivateKeyID, "OKTA_API_PRIVATE_KEY_ID")
	switch {
	case !clientID.isSet():
		s.fail(key, summaryMissing, fmt.Sprintf("%s signs in as a service app: set client_id or OKTA_API_CLIENT_ID to the app's client ID.", key.name()))
		return credential{}
	case !key.isSet():
		s.fail(clientID, summaryMissing, fmt.Sprintf(
			"%s names a service app, which signs in with a private key: set private_key or OKTA_API_PRIVATE_KEY, to the key or its path.", clientID.name()))
		return credential{}
	}
	scopes := s.scopes(ctx, m)
	if !s.isIdentifier(clientID) || !s.isIdentifier(keyID) {
		return credential{}
	}
	app, err := okta.ServiceApp(clientID.value, key.value, keyID.value, scopes)
	if err != nil {
		s.fail(key, "Invalid Private Key", s.keyProblem(key, err))
		return credential{}
	}
	return credential{app, okta.Source{ClientID: clientID.origin(), PrivateKey: key.origin()}}
}

// isIdentifier refuses what is not a client's ID or a key's.
func (s settings) isIdentifier(id setting) bool {
	problem := s.fault(id)
	if mayHoldSecret(id.argument, id.value) {
		problem = fmt.Sprintf("%s is an ID, and this is not one: it may be the key itself.", id.name())
	}
	if problem != "" {
		s.fail(id, summaryInvalid, problem)
	}
	return problem == ""
}

// keyProblem says why a private key cannot be used. White space around one does no
// harm; quotation marks do.
func (s settings) keyProblem(key setting, err error) string {
	if problem := s.fault(key); isQuoted(strings.TrimSpace(key.value)) || strings.TrimSpace(key.value) == "" {
		return problem
	}
	return fmt.Sprintf("%s cannot be used: %s.", key.name(), err)
}

// scopes are the scopes to ask for, sorted.
func (s settings) scopes(ctx context.Context, m providerModel) []string {
	scopes := toStrings(ctx, m.Scopes, s.diags)
	if text := s.text("scopes", types.StringNull(), "OKTA_API_SCOPES"); len(scopes) == 0 && text.isSet() {
		scopes = s.scopesIn(text)
	} else if len(scopes) == 0 {
		scopes = okta.Scopes(s.readOnly(m.ReadOnly))
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// scopesIn are the scopes in a text, separated by commas or white space. A text
// without one is an error: to ask for all of them instead would widen what was meant.
func (s settings) scopesIn(text setting) []string {
	const summary = "Invalid Scopes"
	scopes := strings.FieldsFunc(text.value, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if problem := s.fault(setting{strings.TrimSpace(text.value), text.argument, text.variable}); problem != "" {
		s.fail(text, summary, problem)
		return nil
	}
	if len(scopes) == 0 {
		s.fail(text, summary, fmt.Sprintf("%s names no scope. Unset it to ask for all that the provider can use.", text.name()))
	}
	for _, scope := range scopes {
		if !scopePattern.MatchString(scope) {
			s.fail(text, summary, fmt.Sprintf("%s holds %q, which is not a scope. It looks like okta.users.read,okta.apps.read.", text.name(), scope))
		}
	}
	return scopes
}
