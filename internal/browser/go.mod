module github.com/oktatokens/terraform-provider-oktatokens/internal/browser

go 1.26.0

require (
	github.com/chromedp/cdproto v0.159.0
	github.com/chromedp/chromedp v0.23.0
	github.com/oktatokens/terraform-provider-oktatokens v0.0.0
)

require (
	github.com/go-jose/go-jose/v4 v4.1.8 // indirect
	github.com/go-json-experiment/json v1.27.2 // indirect
	golang.org/x/sync v0.24.0 // indirect
)

replace github.com/oktatokens/terraform-provider-oktatokens => ../..
