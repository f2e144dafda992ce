import {
  to = oktatokens_refresh_token.example
  id = "auth_server_id/aus8k2lmq4RtXw7Zn5d7/0oa3f9hbc6JyPs1Qv5d7/oar1c7wpz5MbUr3Fj5d7"
}
