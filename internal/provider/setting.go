package provider

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// mayHoldSecret reports whether an argument of the provider block is a secret, or may
// hold one that belongs elsewhere. An error about it has no path: the CLI prints the
// source of what a path leads to.
func mayHoldSecret(argument, value string) bool {
	switch argument {
	case "api_token", "access_token", "private_key", "http_proxy":
		return true
	case "org_url", "base_url":
		return hostIn(value) == "" || !strings.Contains(value, ".")
	case "org_name":
		return hostIn(value) == ""
	case "client_id", "private_key_id":
		return strings.ContainsAny(strings.TrimSpace(value), "\n{") || strings.Contains(value, "-----")
	default:
		return false
	}
}

// setting is the value of an argument, or of an environment variable in its place.
// It is empty when neither is set: an empty text is not set, wherever it stands.
type setting struct {
	value    string
	argument string
	variable string // that the value comes from; empty when it comes from the argument
}

func (s setting) isSet() bool { return s.value != "" }

// name is what to look for in order to change the value.
func (s setting) name() string {
	if s.variable != "" {
		return s.variable
	}
	return s.argument
}

// origin is the name, with the word argument where it is one.
func (s setting) origin() string {
	if s.variable != "" {
		return s.variable
	}
	return "the argument " + s.argument
}

// settings reads arguments, and the environment where an argument is not set.
type settings struct {
	getenv func(string) string
	diags  *diag.Diagnostics
}

// text is the argument, or the first of the variables that is set.
func (s settings) text(argument string, value types.String, variables ...string) setting {
	if value := value.ValueString(); value != "" {
		return setting{value: value, argument: argument}
	}
	for _, variable := range variables {
		if value := s.getenv(variable); value != "" {
			return setting{value: value, argument: argument, variable: variable}
		}
	}
	return setting{argument: argument}
}

// fail reports an error about a setting, where the configuration holds it.
func (s settings) fail(at setting, summary, detail string) {
	if at.variable != "" || !at.isSet() {
		s.diags.AddError(summary, detail)
		return
	}
	addArgumentError(s.diags, at.argument, types.StringValue(at.value), summary, detail)
}

// addArgumentError reports an error about an argument of the provider block, with
// its path unless it may hold a secret.
func addArgumentError(diags *diag.Diagnostics, argument string, value attr.Value, summary, detail string) {
	if mayHoldSecret(argument, textOf(value)) {
		diags.AddError(summary, detail)
		return
	}
	diags.AddAttributeError(path.Root(argument), summary, detail)
}

// textOf is the text of a value that is one, and known.
func textOf(value attr.Value) string {
	if text, ok := value.(types.String); ok {
		return text.ValueString()
	}
	return ""
}

// fault says what a shell, a file or an editor has put around a value, and what to
// do about it. It is empty when nothing is.
func (s settings) fault(at setting) string {
	fault := surroundings(at.value)
	switch {
	case fault == "":
		return ""
	case strings.TrimSpace(at.value) == "":
		return fmt.Sprintf("%s %s. Set the value, or unset it.", at.name(), fault)
	case at.variable == "" && strings.TrimSpace(at.value) != at.value:
		return fmt.Sprintf("%s %s. Set it to the value alone; from a file, with trimspace(file(…)).", at.name(), fault)
	default:
		return fmt.Sprintf("%s %s. Set it to the value alone.", at.name(), fault)
	}
}

const (
	byteOrderMark = "\ufeff"
	quotes        = "\"'`“”„‘’‚«»"
)

// surroundings says what stands around a value that cannot belong to it, or is empty.
// White space alone is a fault as well: what was meant is lost, and to go on without
// it could mean another org or another credential.
func surroundings(value string) string {
	switch trimmed := strings.TrimSpace(value); {
	case value == "":
		return ""
	case trimmed == "":
		return "is nothing but white space"
	case strings.HasPrefix(trimmed, byteOrderMark):
		return "begins with a byte order mark"
	case isQuoted(trimmed):
		return "is in quotation marks"
	case strings.ContainsRune(quotes, firstRune(trimmed)):
		return "begins with a quotation mark"
	case strings.ContainsRune(quotes, lastRune(trimmed)):
		return "ends with a quotation mark"
	case trimmed == value:
		return ""
	case unicode.IsSpace(firstRune(value)):
		return "begins with " + spaceName(firstRune(value))
	default:
		return "ends with " + spaceName(lastRune(value))
	}
}

func isQuoted(text string) bool {
	return len(text) > 1 && strings.ContainsRune(quotes, firstRune(text)) && strings.ContainsRune(quotes, lastRune(text))
}

func firstRune(text string) rune { return []rune(text)[0] }

func lastRune(text string) rune {
	runes := []rune(text)
	return runes[len(runes)-1]
}

func spaceName(r rune) string {
	switch r {
	case '\r':
		return "a carriage return"
	case '\n':
		return "a line break"
	case '\t':
		return "a tab"
	default:
		return "a space"
	}
}

// isGiven reports whether a value is known and says something: an empty text says
// nothing.
func isGiven(value attr.Value) bool {
	_, isText := value.(types.String)
	return isSet(value) && (!isText || textOf(value) != "")
}
