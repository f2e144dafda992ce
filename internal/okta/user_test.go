package okta

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUserAccountIsRead(t *testing.T) {
	t.Parallel()
	const body = `{"id":"00u1","status":"ACTIVE","profile":{"login":"Amara.Abara@example.com","firstName":"Amara","lastName":"Abara","mobilePhone":null}}`
	want := UserAccount{ID: "00u1", Login: "Amara.Abara@example.com", Name: "Amara Abara", Status: "ACTIVE"}
	for asked, path := range map[string]string{
		"00u1":                    "00u1",
		"amara.abara@example.com": "amara.abara@example.com",
		"amara.abara":             "amara.abara",
	} {
		network := play(reply(http.StatusOK, body))
		got, err := testClient(network).UserAccount(t.Context(), asked)
		wantError(t, err, "")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", asked, diff)
		}
		wantRequests(t, network, "GET /api/v1/users/"+path)
	}
}

func TestUserAccountNames(t *testing.T) {
	t.Parallel()
	for profile, want := range map[string]string{
		`{"firstName":"Amara"}`:                         "Amara",
		`{"lastName":"Abara","displayName":"A. Abara"}`: "Abara",
		`{"displayName":"A. Abara"}`:                    "A. Abara",
		`{}`:                                            "",
		`null`:                                          "",
	} {
		got, err := testClient(play(reply(http.StatusOK, `{"id":"00u1","profile":`+profile+`}`))).UserAccount(t.Context(), "00u1")
		wantError(t, err, "")
		if got.Name != want {
			t.Errorf("%s: got the name %q, want %q", profile, got.Name, want)
		}
	}
}

// A wrong response must not lead to the revocation of another person's tokens.
func TestUserAccountRefusesAnotherUser(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"id":"00u2","profile":{"login":"bo@example.com"}}`: `the answer is not the user asked for, but 00u2 with the login "bo@example.com"`,
		`{"id":"00u2"}`: `the answer is not the user asked for, but 00u2 with the login ""`,
		`{"profile":{"login":"amara@example.com"}}`: "the user has no id",
		`[]`: `the answer is not the JSON expected (it is a JSON array): it is 2 bytes of JSON`,
	} {
		_, err := testClient(play(reply(http.StatusOK, body))).UserAccount(t.Context(), "amara@example.com")
		wantError(t, err, "okta: GET /api/v1/users/amara@example.com: "+want)
	}
}

func TestUserAccountThatIsNotThere(t *testing.T) {
	t.Parallel()
	_, err := testClient(play(reply(http.StatusNotFound, oktaError(CodeNotFound, "Not found: Resource not found: x (User)")))).UserAccount(t.Context(), "x")
	if !IsNotFound(err) {
		t.Errorf("got %v, want an error that says so", err)
	}
}
