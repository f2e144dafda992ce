package acceptance

import (
	"strings"
	"testing"
)

// TestAccOffboardingReadsSpreadsheets plans with lists as spreadsheets and people write
// them. Each names three users: the plan finds these, or stops and says at which line.
func TestAccOffboardingReadsSpreadsheets(t *testing.T) {
	t.Parallel()
	const a, b, x = exampleUser, otherUser, breakGlassUser
	comma := "user_id,name\n" + a + ",A\n" + b + ",B\n" + x + ",C\n"
	const noUser = "without a user in the column user_id: "
	for name, tc := range map[string]struct{ list, refusal string }{
		"plain":                     {list: comma},
		"no line break at the end":  {list: strings.TrimSuffix(comma, "\n")},
		"BOM and CRLF":              {list: "\ufeff" + strings.ReplaceAll(comma, "\n", "\r\n")},
		"CR only":                   {list: strings.ReplaceAll(comma, "\n", "\r")},
		"spaces":                    {list: "user_id ,name\n" + a + " ,A\n " + b + ",B\n" + x + ",C\n"},
		"upper case":                {list: strings.Replace(comma, "user_id", "User_ID", 1)},
		"quotes":                    {list: `"name","user_id"` + "\n" + `"Roe, Jane","` + a + `"` + "\n" + `"Jane ""J"" Roe","` + b + `"` + "\n" + `"","` + x + `"` + "\n"},
		"commas at the end":         {list: "user_id,name,,\n" + a + ",A,,\n" + b + ",B,,\n" + x + ",C,,\n,,,\n"},
		"columns of the same name":  {list: "note,user_id,note\n1," + a + ",2\n1," + b + ",2\n1," + x + ",2\n"},
		"a note of several lines":   {list: "user_id,note\r\n" + a + ",\"left\n\n  \n,,\n\"\r\n" + b + ",ok\r\n" + x + ",\"contractor\"\r\n"},
		"a note that names a user":  {list: "note,user_id\n\"see\n00u0000000000000000,\n\"," + a + "\nx," + b + "\nx," + x + "\n"},
		"blank lines":               {list: "\n  \n,,\n" + comma + "\n ; \n,\n\n"},
		"a user twice":              {list: comma + a + ",A\n"},
		"one column":                {list: "user_id\n" + a + "\n\n" + b + "\n" + x},
		"semicolons":                {list: strings.ReplaceAll(comma, ",", ";"), refusal: "Line 1 of users.csv must name the column user_id once. It names these: [\"user_id;name\"]. Columns must be separated by commas"},
		"tabs":                      {list: strings.ReplaceAll(comma, ",", "\t"), refusal: "Columns must be separated by commas"},
		"no such column":            {list: strings.Replace(comma, "user_id", "okta_id", 1), refusal: "Line 1 of users.csv must name the column user_id once. It names these: [\"okta_id\",\"name\"]. Set column"},
		"the column twice":          {list: "user_id,User_ID\n" + a + "," + b + "\n", refusal: "must name the column user_id once"},
		"a title":                   {list: "Leavers,\n\n" + comma, refusal: "Line 1 of users.csv must name the column"},
		"no column names":           {list: a + ",A\n" + b + ",B\n", refusal: "Line 1 of users.csv must name the column"},
		"logins":                    {list: "user_id,name\n" + a + ",A\njane@example.com,B\n", refusal: "These are not user IDs"},
		"a comment":                 {list: "user_id\n# March\n" + a + "\n", refusal: "These are not user IDs"},
		"a line without a user":     {list: "name,user_id\nA," + a + "\n\n\"B\nb\",\nC," + x + "\nD, \n", refusal: noUser + "4, 7."},
		"no user at all":            {list: "name,user_id\nA,\nB,\n", refusal: noUser + "2, 3."},
		"a line that is too short":  {list: "user_id,name\n" + a + ",A\n" + b + "\n", refusal: "on line 3: wrong number of fields"},
		"a line that is too long":   {list: "user_id,name\n" + a + ",A,left\n", refusal: "on line 2: wrong number of fields"},
		"a quote that is not ended": {list: "user_id,note\n" + a + ",\"left\n" + b + ",ok\n", refusal: "on line"},
		"a quote inside a field":    {list: "note,user_id\n5\" disk," + a + "\n6\" disk," + b + "\n", refusal: "on line 2"},
		"nothing":                   {list: "\n \n", refusal: "users.csv is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, org := runbookNamed(t, "offboarding").newRunbook(t)
			c.write("users.csv", tc.list)
			if tc.refusal != "" {
				if o := c.do(1, "plan"); !wrapped(tc.refusal).MatchString(o.stderr) {
					t.Errorf("got %s\nwant it to say %q", o, tc.refusal)
				}
				org.WantReads(t)
				return
			}
			o := c.do(0, "plan", "-out=revoke.tfplan")
			for _, user := range []string{a, b, x} {
				if !strings.Contains(o.stdout, `oktatokens_revocation.user["`+user+`"]`) {
					t.Errorf("got %s\nwant the user %s in it", o, user)
				}
			}
			if !strings.Contains(o.stdout, "3 to add") {
				t.Errorf("got %s\nwant three users", o)
			}
		})
	}
}

func runbookNamed(t *testing.T, name string) runbookCase {
	t.Helper()
	for _, rc := range runbookCases {
		if rc.name == name {
			return rc
		}
	}
	t.Fatalf("there is no runbook %s", name)
	return runbookCase{}
}
