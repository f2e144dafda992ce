// Package oktafake is a stateful fake of an Okta org, as far as its refresh tokens go. Tests serve
// one each with [New]; its command, cmd/oktafake, serves one to people on loopback.
//
// It speaks JSON of its own making and shares no type with the client that it tests, so a wrong
// struct tag there cannot be mirrored here.
//
// # What is modelled
//
//   - The list of authorization servers; the lists of clients of a server and of a user; the list,
//     the read, the revocation of one and of all refresh tokens of a server and client, of a user
//     and client, and of an app; the end of a user's sessions; and a user by ID or login.
//   - One store of tokens behind the three kinds of parent: what is revoked through one is gone
//     from the others. Tokens of the org authorization server are seen through their user and app.
//   - A client ID that is not its app's ID, a login in place of a user ID, and the alias "default"
//     of an authorization server.
//   - Pages with opaque cursors. A page costs what it holds, however large the org; a token that
//     is removed between two pages makes no other token be skipped or served twice.
//   - Okta's error codes and texts, headers, separate Link lines, and rate limits: one window a
//     bucket, opened by the first request after the last one ended; and a limit of the requests
//     under way at once.
//   - API service apps, see [Org.AddServiceApp]: the token endpoint of the org authorization server
//     with the client_credentials grant and private_key_jwt, and DPoP as RFC 9449 has it and Okta
//     asks for it. Access tokens expire and can be revoked; a call needs the scope of its route,
//     and a role to go with it. [Org.SignIns], [Org.TokenRequests] and [Org.Replays] tell of it.
//
// # Where it is stricter than Okta
//
//   - A limit outside 1 to 200 and a cursor that the list did not issue are errors; what Okta does
//     then is not documented. Only the documented default of an authorization server's tokens, -1,
//     is taken for no limit.
//   - A path with an empty segment, a dot segment or an encoded slash is never cleaned nor
//     redirected, but answered with 404 E0000008.
//   - A client assertion has to be for the very URL it is sent to and for nothing else, and no
//     clock may be wrong by a second. The key of a DPoP proof may not be one of the app's own.
//   - A client assertion and a DPoP proof are used up when they arrive, even if a rate limit or a
//     hook is all that they meet.
//   - [New] serves pages of two, adds an unknown field to every object, and fails its test on a
//     request for which there is no route.
//
// # What is not modelled
//
//   - Who may do what: the API token and the access token of the org are fixed and may do
//     everything, a service app everything in its scopes, or only read it. [InsufficientScope] and
//     [Fail] answer as if a credential could do less.
//   - Other grants, other ways for a client to authenticate, keys behind a URL, and the token
//     endpoints of custom authorization servers, which give out no access tokens for the API. An
//     app that does not need DPoP gets a bearer token, whether or not it sends a proof.
//   - Time: refresh tokens do not expire, rotate or move when they are used. They stay as they were
//     added until they are revoked.
//   - Consent: lists of grants are empty, and revoking them succeeds.
//   - The user alias "me", logins without their domain, and inactive servers, apps and users.
//   - Okta's quirks on single answers, such as a next link with the wrong path: [Org.Intercept]
//     and [Org.AfterEffect] can produce them, and [RewriteNext] the ones of links.
//   - CORS, content negotiation, and every endpoint that is not listed above.
package oktafake
