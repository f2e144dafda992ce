// Package walk knows where refresh tokens are listed: which parents a target spans,
// how their lists are read side by side, and what it means that one of them is not
// found. The engines and terraform query share it. It knows nothing of Terraform.
//
// A client counts once, and so does a token, though a list that changes while it is
// read can show either on two pages. A parent that Okta listed itself and then answers
// 404 for was deleted, and its tokens with it, if the list that had it agrees.
package walk
