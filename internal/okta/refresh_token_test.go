package okta

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// sameTime compares times by their text, which is what users see, and by
// their time.
var sameTime = cmp.Comparer(func(a, b Time) bool { return a.text == b.text && a.Equal(b.Time) })

// wholeToken has every field, in the shape that Okta was recorded to send, and
// two that are unknown.
const wholeToken = `{"id":"oar1","status":"ACTIVE","created":"2025-10-28T17:36:58.000Z","lastUpdated":"2025-10-29T17:36:58.000Z",
 "expiresAt":"2025-11-05T17:36:58.000Z","issuer":"https://acme.okta.com/oauth2/aus1","clientId":"client1","userId":"00u1",
 "scopes":["openid","offline_access"],"deviceId":"guo1","_unknown":{"id":[1]},
 "_embedded":{"scopes":[{"id":"scp1","name":"openid","displayName":"OpenID","description":"Signals an OpenID request",
   "_links":{"scope":{"href":"https://acme.okta.com/api/v1/authorizationServers/aus1/scopes/scp1","title":"openid"}}}]},
 "_links":{"app":{"href":"https://acme.okta.com/api/v1/apps/0oa1","title":"Native App"},
  "authorizationServer":{"href":"https://acme.okta.com/api/v1/authorizationServers/aus1","title":"Payments"},
  "self":{"href":"https://acme.okta.com/api/v1/apps/0oa1/tokens/oar1"},
  "revoke":{"href":"https://acme.okta.com/api/v1/apps/0oa1/tokens/oar1","hints":{"allow":["DELETE"]}},
  "client":{"href":"https://acme.okta.com/oauth2/v1/clients/client1","title":"Native Client"},
  "user":{"href":"https://acme.okta.com/api/v1/users/00u1","title":"Jane Doe"}}}`

func TestTokenIsReadInFull(t *testing.T) {
	t.Parallel()
	at := func(day int) Time {
		return NewTime(time.Date(2025, 10, 28, 17, 36, 58, 0, time.UTC).AddDate(0, 0, day))
	}
	want := RefreshToken{
		ID: "oar1", Status: "ACTIVE", ClientID: "client1", UserID: "00u1", Issuer: "https://acme.okta.com/oauth2/aus1",
		Created: at(0), LastUpdated: at(1), ExpiresAt: at(8), Scopes: []string{"offline_access", "openid"},
		AuthServerID: "aus1", AppID: "0oa1",
		ClientName: "Native Client", UserName: "Jane Doe", AuthServerName: "Payments", AppName: "Native App",
		ScopeDetails: []Scope{{ID: "scp1", Name: "openid", DisplayName: "OpenID", Description: "Signals an OpenID request"}},
	}
	for name, body := range map[string]string{
		"an object": wholeToken, "a list of one": "[" + wholeToken + "]", "blanks around": " \n" + wholeToken + "\r\n",
		"blanks around a list": "\n [" + wholeToken + "]\n",
	} {
		got, err := testClient(play(reply(http.StatusOK, body))).RefreshToken(t.Context(), App("0oa1"), "oar1")
		wantError(t, err, "")
		if diff := cmp.Diff(want, got, sameTime); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWhatOktaLeavesOutIsEmpty(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"id":"oar1"}`,
		`{"id":"oar1","status":null,"created":null,"lastUpdated":null,"expiresAt":null,"issuer":null,"clientId":null,
		  "userId":null,"scopes":null,"_embedded":null,"_links":null}`,
		`{"id":"oar1","_embedded":{},"_links":{"app":null,"user":{}}}`,
		`{"id":"oar1","_links":{"app":{"href":"%zz"},"authorizationServer":{"href":"https://acme.okta.com"}}}`,
		`{"id":"oar1","_links":{"app":{"href":"/"},"authorizationServer":{"href":"https://acme.okta.com/"}}}`,
	} {
		got, err := testClient(play(reply(http.StatusOK, body))).RefreshToken(t.Context(), App("0oa1"), "oar1")
		wantError(t, err, "")
		if diff := cmp.Diff(RefreshToken{ID: "oar1"}, got, sameTime); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

func TestTokenFields(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]RefreshToken{
		`[{"id":"oar1","clientId":"c1"}]`:                                   {ID: "oar1", ClientID: "c1"},
		`[{"id":"oar1","client_id":"c2"}]`:                                  {ID: "oar1", ClientID: "c2"},
		`[{"id":"oar1","clientId":"c1","client_id":"c2"}]`:                  {ID: "oar1", ClientID: "c1"},
		`[{"id":"oar1","client_id":"c2","clientId":"c1"}]`:                  {ID: "oar1", ClientID: "c1"},
		`[{"id":"oar1","scopes":["b","c","a"]}]`:                            {ID: "oar1", Scopes: []string{"a", "b", "c"}},
		`[{"id":"oar1","scopes":[]}]`:                                       {ID: "oar1", Scopes: []string{}},
		`[{"id":"oar1","status":"REVOKED"}]`:                                {ID: "oar1", Status: "REVOKED"},
		`[{"id":"oar1","_embedded":{"scopes":[]}}]`:                         {ID: "oar1", ScopeDetails: []Scope{}},
		`[{"id":"oar1","_links":{"app":{"href":"/api/v1/apps/0oa1?x=y"}}}]`: {ID: "oar1", AppID: "0oa1"},
	} {
		got, err := readTokens([]byte(body))
		wantError(t, err, "")
		if diff := cmp.Diff([]RefreshToken{want}, got, sameTime); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

// A token with two IDs is ambiguous.
func TestTokenWithTwoIDsSpoilsThePage(t *testing.T) {
	t.Parallel()
	_, err := readTokens([]byte(`[{"id":"oar1","id":"oar2"}]`))
	wantError(t, err, `the answer is not the JSON expected (jsontext: duplicate object member name "id" within "/0"): it is 27 bytes of JSON`)
}

func TestNameThatIsNotUTF8IsStillRead(t *testing.T) {
	t.Parallel()
	tokens, err := readTokens([]byte("[{\"id\":\"oar1\",\"_links\":{\"user\":{\"title\":\"J\xe9r\u00f4me\"}}}]"))
	wantError(t, err, "")
	if want := "J\ufffdr\u00f4me"; len(tokens) != 1 || tokens[0].UserName != want {
		t.Errorf("got %+v, want a user named %q", tokens, want)
	}
}

// A token without an ID cannot be revoked. To drop it would hide it.
func TestTokenWithoutIDSpoilsThePage(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`[{"id":"oar1"},{"status":"ACTIVE"}]`, `[{"id":"oar1"},null]`, `[{"id":""}]`, `[{"id":null}]`, `[{}]`,
	} {
		tokens, err := collect(t, testClient(play(reply(http.StatusOK, body))).RefreshTokens(t.Context(), App("0oa1")))
		wantError(t, err, "okta: GET "+tokensPath+": a refresh token has no id")
		if len(tokens) != 0 {
			t.Errorf("%s: got %d tokens, want none", body, len(tokens))
		}
	}
}

// A field of another form does not make a page unreadable: it is empty and named, and
// everything else is read.
func TestOddFieldIsUnreadable(t *testing.T) {
	t.Parallel()
	const created = `"created":"2025-10-28T17:36:58.000Z"`
	for body, want := range map[string]Fields{
		`"created":"2023-07-17 11:28:57 +0000 UTC"`:                FieldCreated,
		`"created":1761673018`:                                     FieldCreated,
		`"lastUpdated":{"seconds":1}`:                              FieldLastUpdated,
		`"expiresAt":"never"`:                                      FieldExpiresAt,
		`"expiresAt":0`:                                            FieldExpiresAt,
		`"scopes":"openid email"`:                                  FieldScopes,
		`"scopes":["openid",7]`:                                    FieldScopes,
		`"scopes":[["openid"]]`:                                    FieldScopes,
		`"scopes":{"openid":true}`:                                 FieldScopes,
		`"_links":{"app":[{"href":"/api/v1/apps/0oa1"}]}`:          FieldApp,
		`"_links":{"app":"/api/v1/apps/0oa1"}`:                     FieldApp,
		`"_links":{"app":{"href":7}}`:                              FieldApp,
		`"_links":{"authorizationServer":[]}`:                      FieldAuthServer,
		`"_links":{"client":7,"user":{"title":{}}}`:                FieldClientName | FieldUserName,
		`"_links":[]`:                                              FieldApp | FieldAuthServer | FieldClientName | FieldUserName,
		`"_embedded":{"scopes":{}}`:                                FieldScopeDetails,
		`"_embedded":[]`:                                           FieldScopeDetails,
		`"status":1`:                                               FieldStatus,
		`"clientId":1`:                                             FieldClientID,
		`"clientId":null,"client_id":[]`:                           FieldClientID,
		`"userId":{"id":"00u1"}`:                                   FieldUserID,
		`"issuer":[]`:                                              FieldIssuer,
		`"clientId":1,"client_id":"0oa1"`:                          0,
		`"clientId":"0oa1","client_id":1`:                          0,
		`"_links":{"self":[],"revoke":"x","app":{"hints":[[{}]]}}`: 0,
		`"deviceId":[[[]]]`:                                        0,
	} {
		body := `[{"id":"oar1",` + created + `},{"id":"oar2",` + body + `},{"id":"oar3",` + created + `}]`
		tokens, err := collect(t, testClient(play(reply(http.StatusOK, body))).RefreshTokens(t.Context(), App("0oa1")))
		wantError(t, err, "")
		if diff := cmp.Diff([]string{"oar1", "oar2", "oar3"}, ids(tokens)); diff != "" {
			t.Fatalf("%s: tokens (-want +got):\n%s", body, diff)
		}
		for i, want := range []Fields{0, want, 0} {
			if got := tokens[i].Unreadable; got != want {
				t.Errorf("%s: got %q unreadable of %s, want %q", body, got, tokens[i].ID, want)
			}
		}
		if tokens[0].Created.IsZero() || tokens[2].Created.IsZero() {
			t.Errorf("%s: a time of another token was not read", body)
		}
		tokens[1].Unreadable, tokens[1].ClientID = 0, ""
		if diff := cmp.Diff(RefreshToken{ID: "oar2"}, tokens[1], sameTime); diff != "" {
			t.Errorf("%s: an unreadable field is not empty (-want +got):\n%s", body, diff)
		}
	}
}

func TestScopesAreASetWithoutNulls(t *testing.T) {
	t.Parallel()
	tokens, err := readTokens([]byte(`[{"id":"oar1","scopes":["b",null,"a","b",null]},{"id":"oar2","scopes":[null]}]`))
	wantError(t, err, "")
	for i, want := range [][]string{{"a", "b"}, {}} {
		if diff := cmp.Diff(want, tokens[i].Scopes); diff != "" || tokens[i].Unreadable != 0 {
			t.Errorf("scopes, unreadable %q (-want +got):\n%s", tokens[i].Unreadable, diff)
		}
	}
}

// A token whose ID is empty or not a string cannot be revoked.
func TestOddIDSpoilsThePage(t *testing.T) {
	t.Parallel()
	for _, id := range []string{`7`, `["oar1"]`, `{"id":"oar1"}`, `true`} {
		tokens, err := readTokens([]byte(`[{"id":"oar1"},{"id":` + id + `}]`))
		if err == nil || !strings.Contains(err.Error(), "at /1/id") || tokens != nil {
			t.Errorf("%s: got %d tokens, %v, want an error that says where", id, len(tokens), err)
		}
	}
}

func TestTokenOfUnreadableEndMayExpire(t *testing.T) {
	t.Parallel()
	tokens, err := readTokens([]byte(`[{"id":"oar1"},{"id":"oar2","expiresAt":"soon"},{"id":"oar3","expiresAt":"2025-10-28T17:36:58.000Z"}]`))
	wantError(t, err, "")
	for i, want := range []bool{true, false, false} {
		if got := tokens[i].NeverExpires(); got != want {
			t.Errorf("%s: got never expires %t, want %t", tokens[i].ID, got, want)
		}
	}
}

func TestUnreadableNamesFieldsAndTokens(t *testing.T) {
	t.Parallel()
	var one, other Unreadable
	if got := one.ByField(); len(got) != 0 {
		t.Errorf("got %v of no tokens, want nothing", got)
	}
	other.Add(RefreshToken{ID: "oar3", Unreadable: FieldCreated})
	other.Add(RefreshToken{ID: "oar2"})
	one.Merge(other)
	one.Add(RefreshToken{ID: "oar1", Unreadable: FieldScopes | FieldCreated})
	want := []UnreadableField{{"created", []string{"oar1", "oar3"}}, {"scopes", []string{"oar1"}}}
	if diff := cmp.Diff(want, one.ByField()); diff != "" {
		t.Errorf("unreadable (-want +got):\n%s", diff)
	}
}

func TestSingleTokenMustBeTheOneAskedFor(t *testing.T) {
	t.Parallel()
	const other = ": the answer is not the token asked for: it "
	for body, want := range map[string]string{
		`[{"id":"oar1"},{"id":"oar2"}]`: other + "has 2 tokens",
		`[{"id":"oar1"},{"id":"oar1"}]`: other + "has 2 tokens",
		`[]`:                            other + "has 0 tokens",
		`{"id":"oar2"}`:                 other + `is "oar2"`,
		`[{"id":"oar2"}]`:               other + `is "oar2"`,
		`{"id":"OAR1"}`:                 other + `is "OAR1"`,
		`{}`:                            ": a refresh token has no id",
		`null`:                          ": a refresh token has no id",
		`"oar1"`: `: the answer is not the JSON expected ` +
			`(at /0, it is a JSON string): it is 8 bytes of JSON`,
	} {
		got, err := testClient(play(reply(http.StatusOK, body))).RefreshToken(t.Context(), App("0oa1"), "oar1")
		wantError(t, err, "okta: GET "+tokenPath+want)
		if got.ID != "" {
			t.Errorf("%s: got the token %q beside the error, want none", body, got.ID)
		}
	}
}

func TestTokensAreOrderedByAgeThenID(t *testing.T) {
	t.Parallel()
	at := func(second int64) Time { return NewTime(time.Unix(second, 0)) }
	tokens := []RefreshToken{
		{ID: "oar4", Created: at(2)}, {ID: "oar3", Created: at(1)}, {ID: "oar1"}, {ID: "oar2", Created: at(2)}, {ID: "oar0"},
	}
	slices.SortFunc(tokens, RefreshToken.Compare)
	if diff := cmp.Diff([]string{"oar0", "oar1", "oar3", "oar2", "oar4"}, ids(tokens)); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
}

func FuzzReadTokens(f *testing.F) {
	f.Add([]byte("[" + wholeToken + "]"))
	f.Add([]byte(`[{"id":"oar1","scopes":["b","a"],"client_id":"c1"},{"id":"oar2","_links":{"app":{"href":"//%zz"}}}]`))
	f.Add([]byte(`null`))
	f.Add([]byte(`[null]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		tokens, err := readTokens(body)
		if err != nil {
			if tokens != nil {
				t.Errorf("%q: got %d tokens beside the error %v, want none", body, len(tokens), err)
			}
			return
		}
		var items []json.RawMessage
		if err := json.Unmarshal(body, &items); err != nil || len(items) != len(tokens) {
			t.Errorf("%q: got %d tokens of %d items, %v", body, len(tokens), len(items), err)
		}
		for _, token := range tokens {
			if token.ID == "" || !slices.IsSorted(token.Scopes) || token.ExpiresAt.IsZero() != (token.ExpiresAt.String() == "") {
				t.Errorf("%q: got %+v, want an ID, sorted scopes and a time that is empty when it is zero", body, token)
			}
		}
	})
}
