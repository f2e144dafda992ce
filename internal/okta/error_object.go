package okta

import (
	"encoding/json"
)

// members are the members of a JSON object.
type members map[string]json.RawMessage

// maxErrorObject is far above any error object of Okta's.
const maxErrorObject = 64 << 10

// errorObject reads the body of an error. It is empty for anything except an object.
func errorObject(body []byte) members {
	if len(body) > maxErrorObject {
		return nil
	}
	var object members
	if json.Unmarshal(body, &object) != nil {
		return nil
	}
	return object
}

// text returns a member, or "" if it is not a string.
func (m members) text(name string) string {
	var text string
	if json.Unmarshal(m[name], &text) != nil {
		return ""
	}
	return text
}

// causes are the summaries of an error's causes. Okta documents a list of objects.
// Anything else must not cost the rest of the error.
func (m members) causes() []string {
	raw := m["errorCauses"]
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		list = []json.RawMessage{raw}
	}
	var causes []string
	for _, one := range list {
		var object members
		text := members{"": one}.text("")
		if text == "" && json.Unmarshal(one, &object) == nil {
			text = object.text("errorSummary")
		}
		if text != "" {
			causes = append(causes, text)
		}
	}
	return causes
}
