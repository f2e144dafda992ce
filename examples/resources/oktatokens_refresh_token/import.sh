# Through an authorization server and a client, a user and a client, or an app.
terraform import oktatokens_refresh_token.example auth_server_id/aus8k2lmq4RtXw7Zn5d7/0oa3f9hbc6JyPs1Qv5d7/oar1c7wpz5MbUr3Fj5d7
terraform import oktatokens_refresh_token.example user_id/00u6t4vnd2KgLe8Hx5d7/0oa3f9hbc6JyPs1Qv5d7/oar1c7wpz5MbUr3Fj5d7
terraform import oktatokens_refresh_token.example app_id/0oa3f9hbc6JyPs1Qv5d7/oar1c7wpz5MbUr3Fj5d7
