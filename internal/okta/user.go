package okta

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// UserAccount is a user's account. A field that Okta leaves out is empty.
type UserAccount struct {
	ID     string
	Login  string
	Name   string // first and last name, as in the links of tokens
	Status string // such as ACTIVE or DEPROVISIONED
}

// UserAccount reads a user by ID, by login, or by the part of a login before the @.
// The error for a missing user matches [IsNotFound].
// Source: https://developer.okta.com/docs/api/openapi/okta-management/management/tag/User/
func (c *Client) UserAccount(ctx context.Context, idOrLogin string) (UserAccount, error) {
	path, err := apiPath("users", idOrLogin)
	if err != nil {
		return UserAccount{}, err
	}
	var user UserAccount
	err = c.do(ctx, http.MethodGet, path, "", func(_ http.Header, body []byte) error {
		user, err = readUser(body)
		if err == nil && !user.answersTo(idOrLogin) {
			err = fmt.Errorf("the answer is not the user asked for, but %s with the login %q", user.ID, user.Login)
		}
		return err
	})
	return user, err
}

func readUser(body []byte) (UserAccount, error) {
	var user struct {
		ID      string `json:"id"`
		Status  string `json:"status"`
		Profile struct {
			Login       string `json:"login"`
			FirstName   string `json:"firstName"`
			LastName    string `json:"lastName"`
			DisplayName string `json:"displayName"`
		} `json:"profile"`
	}
	if err := json.Unmarshal(body, &user, jsontext.AllowInvalidUTF8(true)); err != nil {
		return UserAccount{}, unexpected(body, err)
	}
	if user.ID == "" {
		return UserAccount{}, errors.New("the user has no id")
	}
	return UserAccount{
		ID:     user.ID,
		Login:  user.Profile.Login,
		Name:   cmp.Or(strings.TrimSpace(user.Profile.FirstName+" "+user.Profile.LastName), user.Profile.DisplayName),
		Status: user.Status,
	}, nil
}

// answersTo reports whether this is the user with an ID or login. A wrong user here
// would mean that the wrong person's tokens are revoked.
func (u UserAccount) answersTo(idOrLogin string) bool {
	shortName, _, _ := strings.Cut(u.Login, "@")
	return u.ID == idOrLogin || strings.EqualFold(u.Login, idOrLogin) || strings.EqualFold(shortName, idOrLogin)
}
