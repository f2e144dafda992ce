// Package provider is the Terraform face of the project: schemas, plans, state
// and diagnostics. What it does to Okta is done by the packages okta and revoke.
package provider

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	listresource "github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ provider.Provider                   = (*oktatokensProvider)(nil)
	_ provider.ProviderWithFunctions      = (*oktatokensProvider)(nil)
	_ provider.ProviderWithValidateConfig = (*oktatokensProvider)(nil)
	_ provider.ProviderWithActions        = (*oktatokensProvider)(nil)
	_ provider.ProviderWithListResources  = (*oktatokensProvider)(nil)
)

type oktatokensProvider struct {
	version string
	getenv  func(string) string // tests run in parallel, each in its own environment
	network http.RoundTripper   // nil but in tests that answer in memory
	clock   func() time.Time    // nil but in tests of another day
}

// providerModel is the provider block.
type providerModel struct {
	OrgURL             types.String `tfsdk:"org_url"`
	OrgName            types.String `tfsdk:"org_name"`
	BaseURL            types.String `tfsdk:"base_url"`
	APIToken           types.String `tfsdk:"api_token"`
	AccessToken        types.String `tfsdk:"access_token"`
	ClientID           types.String `tfsdk:"client_id"`
	PrivateKey         types.String `tfsdk:"private_key"`
	PrivateKeyID       types.String `tfsdk:"private_key_id"`
	Scopes             types.Set    `tfsdk:"scopes"`
	HTTPProxy          types.String `tfsdk:"http_proxy"`
	MaxRetries         wholeValue   `tfsdk:"max_retries"`
	MaxWaitSeconds     wholeValue   `tfsdk:"max_wait_seconds"`
	RequestTimeout     wholeValue   `tfsdk:"request_timeout"`
	Parallelism        wholeValue   `tfsdk:"parallelism"`
	MaxAPICapacity     wholeValue   `tfsdk:"max_api_capacity"`
	ReadOnly           types.Bool   `tfsdk:"read_only"`
	ProtectedClientIDs types.Set    `tfsdk:"protected_client_ids"`
	ProtectedUserIDs   types.Set    `tfsdk:"protected_user_ids"`
}

func (p *oktatokensProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "oktatokens"
	resp.Version = p.version
}

func (p *oktatokensProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Audits the OAuth 2.0 refresh tokens of an Okta org, and revokes them from reviewed plans.",
		Attributes: map[string]schema.Attribute{
			"org_url":  optionalText("URL of the org, such as `https://acme.okta.com` or a custom domain. Must be https, except for a loopback address. Also `OKTA_ORG_URL` or `OKTA_CLIENT_ORGURL`."),
			"org_name": optionalText("First part of the org's host name, such as `acme`: an alternative to `org_url`, together with `base_url`. Also `OKTA_ORG_NAME`."),
			"base_url": optionalText("Domain of the org, after `org_name`. It is not a URL. Defaults to `okta.com`. Preview orgs use `oktapreview.com`. Also `OKTA_BASE_URL`."),
			"api_token": schema.StringAttribute{
				MarkdownDescription: "Okta API token, sent with the SSWS scheme. Conflicts with `access_token` and `client_id`. Also `OKTA_API_TOKEN` or `OKTA_CLIENT_TOKEN`.",
				Optional:            true,
				Sensitive:           true,
			},
			"access_token": schema.StringAttribute{
				MarkdownDescription: "OAuth 2.0 access token of the org authorization server, sent as a bearer token. Conflicts with `api_token` and `client_id`. Also `OKTA_ACCESS_TOKEN`.",
				Optional:            true,
				Sensitive:           true,
			},
			"client_id": optionalText("Client ID of an API service app, such as `0oa7q1xyzAbCdEfGh5d7`, which signs in with `private_key`. It is the credential with the fewest rights. Conflicts with `api_token` and `access_token`. Also `OKTA_API_CLIENT_ID`."),
			"private_key": schema.StringAttribute{
				MarkdownDescription: "Private key of the service app, RSA or EC, not encrypted: PEM (PKCS #1, PKCS #8 or SEC 1), a JSON Web Key, or the path of a file with either. The first private key in PEM counts. Also `OKTA_API_PRIVATE_KEY`.",
				Optional:            true,
				Sensitive:           true,
			},
			"private_key_id": optionalText("Key ID (`kid`) of `private_key`, which Okta needs if the service app has several keys. Defaults to the key's own, if it is a JSON Web Key. Also `OKTA_API_PRIVATE_KEY_ID`."),
			"scopes": schema.SetAttribute{
				MarkdownDescription: "Scopes to ask for as a service app. Defaults to all that the provider can use: `okta.authorizationServers.read`, `okta.users.read` and `okta.apps.read` and, unless `read_only` is set, the same with `manage`. Okta grants those that the app has. Also `OKTA_API_SCOPES`, separated by commas or spaces.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), noNulls{}, setvalidator.ValueStringsAre(isScope())},
			},
			"http_proxy": schema.StringAttribute{
				MarkdownDescription: "URL of a forward proxy for all requests, such as `http://user:password@proxy.example:3128`. It is not used for an org on a loopback address. Defaults to `HTTPS_PROXY`, unless `NO_PROXY` excludes the org. Also `OKTA_HTTP_PROXY`.",
				Optional:            true,
				Sensitive:           true,
			},
			"max_retries": schema.Int64Attribute{
				MarkdownDescription: "How often a request is repeated after a 408, 425, 429, 500, 502, 503, 504, 520 to 530, or a lost connection. A `DELETE` of all tokens of a client or an app is repeated only if Okta did not process it. Between 0 and 100. Defaults to `5`.",
				CustomType:          wholeType{},
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(0, 100)},
			},
			"max_wait_seconds": schema.Int64Attribute{
				MarkdownDescription: "How many seconds a request may wait for the next reset of a rate limit, and in total between its repetitions, including a `Retry-After`. A request that would wait longer fails. A request in a queue may wait for several resets. Between 0 and 3600. Defaults to `300`.",
				CustomType:          wholeType{},
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(0, 3600)},
			},
			"request_timeout": schema.Int64Attribute{
				MarkdownDescription: "How many seconds one attempt of a request may take. Between 1 and 3600. Defaults to `60`.",
				CustomType:          wholeType{},
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, 3600)},
			},
			"parallelism": schema.Int64Attribute{
				MarkdownDescription: "How many requests may be in flight at the same time. Between 1 and 100. Defaults to `10`.",
				CustomType:          wholeType{},
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, 100)},
			},
			"max_api_capacity": schema.Int64Attribute{
				MarkdownDescription: "Percentage of each Okta rate limit that the provider may use. The rest is left to others. Between 1 and 100. Defaults to `100`. Also `OKTA_MAX_API_CAPACITY`.",
				CustomType:          wholeType{},
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, 100)},
			},
			"read_only":            optionalBool("Send only GET requests, for audits with a credential that could do more. Defaults to `false`. Also `OKTATOKENS_READ_ONLY=true`."),
			"protected_client_ids": optionalSet(isClientID(), "Client IDs, such as `0oa9p2kfx4ZtWd7Rm5d7`, whose refresh tokens must never be revoked. A revocation that would affect one fails before anything is revoked: at apply, and at plan as far as it reads."),
			"protected_user_ids":   optionalSet(isUserID("Users are protected by ID only: anything else protects no one"), "IDs of users, such as `00u2r8syb5QwEc9Nk5d7`, whose refresh tokens must never be revoked. A login is an error, because it would not protect anyone. A revocation that would affect a protected user fails before anything is revoked: at apply, and at plan as far as it reads."),
		},
	}
}

func (p *oktatokensProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		newAuthServersDataSource,
		newClientsDataSource,
		newInventoryDataSource,
		newRefreshTokenDataSource,
		newRefreshTokensDataSource,
		newUsersDataSource,
	}
}

func (p *oktatokensProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		newRefreshTokenResource,
		newRevocationResource,
	}
}

// Actions are for Terraform 1.14 and later. Others ignore them.
func (p *oktatokensProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		newRevokeAction,
	}
}

func (p *oktatokensProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		newCSVFunction,
		newHTMLReportFunction,
	}
}

func (p *oktatokensProvider) ListResources(context.Context) []func() listresource.ListResource {
	return []func() listresource.ListResource{
		newRefreshTokenListResource,
	}
}
