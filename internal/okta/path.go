package okta

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// maxIDLength is far above the longest ID of Okta's: a custom client ID or a login has
// up to 100 characters.
const maxIDLength = 255

// CheckID returns an error if id cannot be one segment of an API path. The rule is the
// same wherever an ID enters the provider.
//
// An empty ID or a dot segment would change the URL, and a collection's URL does more
// than an item's: a DELETE of …/tokens/ would revoke every token of the parent. No ID
// of Okta's has a character that delimits URLs. One that does is a mistake or an
// attack.
func CheckID(id string) error {
	if err := checkSegment(id); err != nil {
		return err
	}
	for _, r := range id {
		if strings.ContainsRune(`/\?#%`, r) || unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return fmt.Errorf("%q holds %q, which no Okta ID can", id, r)
		}
	}
	return nil
}

// CheckUser is CheckID for a user's ID or login. A login can have spaces, # and %,
// which are escaped in the path.
func CheckUser(idOrLogin string) error {
	if err := checkSegment(idOrLogin); err != nil {
		return err
	}
	if strings.TrimSpace(idOrLogin) != idOrLogin {
		return fmt.Errorf("%q begins or ends with a space: remove it", idOrLogin)
	}
	for _, r := range idOrLogin {
		if strings.ContainsRune(`/\?`, r) || !unicode.IsPrint(r) {
			return fmt.Errorf("%q holds %q, which cannot be sent in the path of a request: use the user's ID, such as 00u1a2b3c4d5e6f7g8h9", idOrLogin, r)
		}
	}
	return nil
}

// checkSegment has the rules that IDs and logins share.
func checkSegment(segment string) error {
	switch {
	case segment == "":
		return errors.New("an ID cannot be empty")
	case segment == "." || segment == "..":
		return fmt.Errorf("%q is a path segment with a meaning of its own, not an ID", segment)
	case len(segment) > maxIDLength:
		return fmt.Errorf("an ID has at most %d characters, this one has %d", maxIDLength, len(segment))
	}
	return nil
}

// apiPath checks and escapes segments and joins them to a path below /api/v1. Only the
// segment after the collection can be a login.
func apiPath(segments ...string) (string, error) {
	var path strings.Builder
	path.WriteString("/api/v1")
	for i, segment := range segments {
		check := CheckID
		if i == 1 && segments[0] == kinds[KindUser].collection {
			check = CheckUser
		}
		if err := check(segment); err != nil {
			return "", fmt.Errorf("building the path /api/v1/%s: %w", prose.Printable(strings.Join(segments, "/")), err)
		}
		path.WriteString("/" + url.PathEscape(segment))
	}
	return path.String(), nil
}
