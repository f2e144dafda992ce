// Package oktafake is a stateful fake of an Okta org and its refresh tokens. Each test serves one
// with [New]. The command cmd/oktafake serves one on loopback, for people.
//
// It has its own JSON types and shares none with the client that it tests, so a wrong struct tag
// there cannot be mirrored here.
//
// # What is modelled
//
//   - Listing authorization servers, and the clients of a server or a user. Listing, reading and
//     revoking refresh tokens, one or all, of a server and client, a user and client, or an app.
//     Ending a user's sessions. Finding a user by ID or login.
//   - One store of tokens behind the three kinds of parent: a token revoked through one is gone
//     from the others. Tokens of the org authorization server are listed under their user and app.
//   - A client ID that is not its app's ID, a login in place of a user ID, and the alias "default"
//     of an authorization server.
//   - Pages with opaque cursors. The cost of a page does not grow with the org. When a token is
//     removed between two pages, no other token is skipped or served twice.
//   - Okta's error codes and texts, headers, separate Link lines, and rate limits: one window per
//     bucket, opened by the first request after the last one ended; and a limit on concurrent
//     requests.
//   - API service apps, see [Org.AddServiceApp]: the token endpoint of the org authorization server
//     with the client_credentials grant and private_key_jwt, and DPoP (RFC 9449) as Okta requires
//     it. Access tokens expire and can be revoked. A call needs the scope of its route, and a role
//     that allows it. [Org.SignIns], [Org.TokenRequests] and [Org.Replays] report what happened.
//
// # Where it is stricter than Okta
//
//   - A limit outside 1 to 200 and a cursor that the list did not issue are errors; Okta does not
//     document what it does. Only -1, the documented default for an authorization server's tokens,
//     means no limit.
//   - A path with an empty segment, a dot segment or an encoded slash is not cleaned or redirected:
//     the answer is 404 E0000008.
//   - The audience of a client assertion must be exactly the URL that it is sent to, and no clock
//     may be a second off. A DPoP proof may not use one of the app's own keys.
//   - A client assertion and a DPoP proof are used up when they arrive, even if the request is then
//     rate-limited or a hook answers it.
//   - [New] serves pages of two, adds an unknown field to every object, and fails its test when a
//     request has no route.
//
// # What is not modelled
//
//   - Admin roles: the org's fixed API token and access token may do everything, and a service app
//     everything in its scopes or only read. [InsufficientScope] and [Fail] answer as if a
//     credential could do less.
//   - Other grants, other ways for a client to authenticate, keys behind a URL, and the token
//     endpoints of custom authorization servers, which issue no access tokens for the API. An app
//     that does not need DPoP gets a bearer token, whether or not it sends a proof.
//   - Time: refresh tokens do not expire, rotate or change when they are used. They stay as they
//     were added until they are revoked.
//   - Consent: lists of grants are empty, and revoking them succeeds.
//   - The user alias "me", logins without their domain, and inactive servers, apps and users.
//   - Okta's quirks in single answers, such as a next link with the wrong path. [Org.Intercept],
//     [Org.AfterEffect] and [RewriteNext] can produce them.
//   - CORS, content negotiation, and every endpoint not listed above.
package oktafake
