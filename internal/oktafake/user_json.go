package oktafake

import (
	"net/http"
	"net/url"
	"strings"
)

// userJSON has the fields of Okta's own example that matter for looking a user up.
type userJSON struct {
	ID      string      `json:"id"`
	Status  string      `json:"status"`
	Profile profileJSON `json:"profile"`
	Links   userLinks   `json:"_links"`
}

type profileJSON struct {
	Login     string `json:"login"`
	Email     string `json:"email"`
	FirstName string `json:"firstName"`
	LastName  string `json:"lastName"`
}

type userLinks struct {
	Self link `json:"self"`
}

func newUserJSON(org string, u *User) userJSON {
	first, last, _ := strings.Cut(u.Name, " ")
	return userJSON{
		ID: u.ID, Status: u.Status,
		Profile: profileJSON{Login: u.Login, Email: u.Login, FirstName: first, LastName: last},
		Links:   userLinks{Self: allowing(org+"/api/v1/users/"+url.PathEscape(u.ID), http.MethodGet)},
	}
}
