package provider

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/revoke"
)

// ValidateConfig refuses what contradicts itself in the provider block alone.
func (p *oktatokensProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var m providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	m.validateCredential(&resp.Diagnostics)
	for name, value := range map[string]types.String{"org_name": m.OrgName, "base_url": m.BaseURL} {
		if isGiven(m.OrgURL) && isGiven(value) {
			addArgumentError(&resp.Diagnostics, name, value, "Conflicting Org URL",
				fmt.Sprintf("org_url names the org in full. Remove org_url, or remove %s.", name))
		}
	}
}

// Configure prepares the client. It makes no request: a plan that touches
// nothing must not need Okta.
func (p *oktatokensProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var m providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	defer m.withhold(resp)
	m.refuseUnknown(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	s := settings{getenv: p.getenv, diags: &resp.Diagnostics}
	credential := s.credential(ctx, m)
	org, orgFrom := s.orgURL(m)
	credential.source.OrgURL = orgFrom
	proxy, proxyFrom := s.proxy(m.HTTPProxy)
	cfg := okta.Config{
		OrgURL:         org,
		Credential:     credential.Credential,
		Source:         credential.source,
		UserAgent:      fmt.Sprintf("terraform-provider-oktatokens/%s (+https://github.com/oktatokens/terraform-provider-oktatokens)", p.version),
		Proxy:          proxy,
		ProxyFrom:      proxyFrom,
		Network:        p.network,
		Clock:          p.clock,
		MaxRetries:     int(orDefault(m.MaxRetries, 5)),
		MaxWait:        time.Duration(orDefault(m.MaxWaitSeconds, 300)) * time.Second,
		RequestTimeout: time.Duration(orDefault(m.RequestTimeout, 60)) * time.Second,
		Parallelism:    int(orDefault(m.Parallelism, 10)),
		Capacity:       s.capacity(m.MaxAPICapacity),
		ReadOnly:       s.readOnly(m.ReadOnly),
		Log: func(ctx context.Context, message string, fields map[string]any) {
			tflog.Debug(ctx, message, fields)
		},
		Notice: func(ctx context.Context, message string, fields map[string]any) {
			tflog.Info(ctx, message, fields)
		},
	}
	protected := revoke.Protected{
		ClientIDs: toSet(ctx, m.ProtectedClientIDs, &resp.Diagnostics),
		UserIDs:   toSet(ctx, m.ProtectedUserIDs, &resp.Diagnostics),
	}
	if resp.Diagnostics.HasError() {
		return
	}
	client := okta.New(cfg)
	handOut(resp, &session{client: client, engine: &revoke.Engine{Client: client, Protected: protected}, kept: &keptRecords{}, tense: tenseOf(req.TerraformVersion)})
}

// handOut gives data to every object of the provider.
func handOut(resp *provider.ConfigureResponse, data any) {
	resp.DataSourceData, resp.ResourceData = data, data
	resp.ActionData, resp.ListResourceData = data, data
}

// arguments are those of the provider block.
func (m providerModel) arguments() map[string]attr.Value {
	return map[string]attr.Value{
		"org_url": m.OrgURL, "org_name": m.OrgName, "base_url": m.BaseURL,
		"api_token": m.APIToken, "access_token": m.AccessToken,
		"client_id": m.ClientID, "private_key": m.PrivateKey, "private_key_id": m.PrivateKeyID, "scopes": m.Scopes,
		"http_proxy":  m.HTTPProxy,
		"max_retries": m.MaxRetries, "max_wait_seconds": m.MaxWaitSeconds,
		"request_timeout": m.RequestTimeout, "parallelism": m.Parallelism, "max_api_capacity": m.MaxAPICapacity,
		"read_only": m.ReadOnly, "protected_client_ids": m.ProtectedClientIDs, "protected_user_ids": m.ProtectedUserIDs,
	}
}

// refuseUnknown reports each argument whose value is not known yet. Guessing
// could send a request to the wrong org.
func (m providerModel) refuseUnknown(diags *diag.Diagnostics) {
	for name, value := range m.arguments() {
		if !isKnown(value) {
			addArgumentError(diags, name, value, "Unknown Provider Configuration", fmt.Sprintf(
				"The value of %s depends on something that is not created yet. Create that first with -target, or set %s to a value that is known at plan.", name, name))
		}
	}
}

// proxy is nil when the usual environment variables decide. Like them, it spares
// loopback addresses: a request to one needs no proxy, and may be in the clear.
func (s settings) proxy(argument types.String) (proxy func(*http.Request) (*url.URL, error), from string) {
	setting := s.text("http_proxy", argument, "OKTA_HTTP_PROXY")
	if !setting.isSet() {
		return nil, ""
	}
	u, err := url.Parse(setting.value)
	problem := s.fault(setting)
	if problem == "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "socks5") {
		// The value is not repeated: it may hold a password.
		problem = fmt.Sprintf("%s is not the URL of a proxy. It looks like http://proxy.example:3128.", setting.name())
	}
	if problem != "" {
		s.fail(setting, "Invalid Proxy URL", problem)
		return nil, ""
	}
	return func(req *http.Request) (*url.URL, error) {
		if isLoopback(req.URL.Hostname()) {
			return nil, nil //nolint:nilnil // As http.ProxyURL has it.
		}
		return u, nil
	}, setting.name()
}

func (s settings) capacity(argument wholeValue) int {
	percent := s.text("max_api_capacity", types.StringNull(), "OKTA_MAX_API_CAPACITY")
	if !argument.IsNull() || !percent.isSet() {
		return int(orDefault(argument, 100))
	}
	n, err := strconv.Atoi(percent.value)
	problem := s.fault(percent)
	if problem == "" && (err != nil || n < 1 || n > 100) {
		problem = fmt.Sprintf("%s is a whole number between 1 and 100, not %q.", percent.name(), percent.value)
	}
	if problem != "" {
		s.fail(percent, "Invalid API Capacity", problem)
	}
	return n
}

func (s settings) readOnly(argument types.Bool) bool {
	text := s.text("read_only", types.StringNull(), "OKTATOKENS_READ_ONLY")
	if !argument.IsNull() || !text.isSet() {
		return argument.ValueBool()
	}
	readOnly, err := strconv.ParseBool(text.value)
	problem := s.fault(text)
	if problem == "" && err != nil {
		problem = fmt.Sprintf("%s is true or false, not %q.", text.name(), text.value)
	}
	if problem != "" {
		s.fail(text, "Invalid Read-Only Setting", problem)
	}
	return readOnly
}

func orDefault(argument wholeValue, value int64) int64 {
	if argument.IsNull() {
		return value
	}
	return argument.ValueInt64()
}
