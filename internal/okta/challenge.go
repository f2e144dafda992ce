package okta

import "strings"

// Challenge is what a WWW-Authenticate header says of a refused request. Okta
// answers a missing scope with it alone, the body being empty.
// Source: RFC 6750 section 3, RFC 9449 section 7.1.
type Challenge struct {
	Scheme      string // Bearer or DPoP
	Code        string // error, such as insufficient_scope
	Description string // error_description
	Scope       string // the scope that the request needed, as Okta names it
}

// parseChallenge reads the first challenge of a header. It leaves empty what it
// cannot read: a challenge only explains an error that is reported anyway.
func parseChallenge(header string) Challenge {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(header), " ")
	c := Challenge{Scheme: scheme}
	for rest != "" {
		var name, value string
		if name, rest, _ = strings.Cut(rest, "="); rest == "" {
			break
		}
		value, rest = parameterValue(rest)
		switch strings.ToLower(strings.Trim(name, " ,")) {
		case "error":
			c.Code = value
		case "error_description":
			c.Description = value
		case "scope":
			c.Scope = value
		}
	}
	return c
}

// parameterValue reads a token or a quoted string (RFC 9110 section 5.6) from
// the start of text. It returns the value and the rest of the text.
func parameterValue(text string) (value, rest string) {
	if !strings.HasPrefix(text, `"`) {
		value, rest, _ = strings.Cut(text, ",")
		return strings.TrimSpace(value), rest
	}
	var unquoted strings.Builder
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return unquoted.String(), text[i+1:]
		case '\\':
			if i++; i == len(text) {
				return unquoted.String(), ""
			}
		}
		unquoted.WriteByte(text[i])
	}
	return unquoted.String(), ""
}
