package main

import (
	"slices"
	"strings"
	"testing"
)

func TestDropLocalKeepsWhatIsPublished(t *testing.T) {
	const content = `module example.com/terraform

go 1.25

require (
	example.com/cty v1.0.0
	example.com/terraform/internal/s3 v0.0.0
)

replace example.com/terraform/internal/s3 => ./internal/s3

replace example.com/terraform/internal/legacy => ./internal/legacy
`
	trimmed, dropped, err := dropLocal("example.com/terraform", []byte(content))
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"example.com/terraform/internal/s3", "example.com/terraform/internal/legacy"}; !slices.Equal(dropped, want) {
		t.Errorf("dropped %v, want %v", dropped, want)
	}
	if text := string(trimmed); strings.Contains(text, "internal/") || !strings.Contains(text, "example.com/cty v1.0.0") {
		t.Errorf("what is left:\n%s", text)
	}
}

func TestDropImportsDropsEachUse(t *testing.T) {
	const source = `package init

import (
	backendLocal "example.com/terraform/internal/local"
	backendS3 "example.com/terraform/internal/s3"
)

var backends = map[string]any{
	"local": backendLocal.New(),
	"s3":    backendS3.New(),
}
`
	const want = `package init

import (
	backendLocal "example.com/terraform/internal/local"
)

var backends = map[string]any{
	"local": backendLocal.New(),
}
`
	if got := dropImports(source, []string{"example.com/terraform/internal/s3", "example.com/terraform/internal/legacy"}); got != want {
		t.Errorf("got\n%s", got)
	}
}
