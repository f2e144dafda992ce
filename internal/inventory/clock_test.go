package inventory_test

import (
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/inventory"
	"github.com/oktatokens/terraform-provider-oktatokens/internal/okta"
)

// absurd makes the nth answer carry a Date of the year 2100.
type absurd struct {
	http.RoundTripper
	nth     int64
	answers atomic.Int64
}

func (n *absurd) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := n.RoundTripper.RoundTrip(r)
	if err == nil && n.answers.Add(1) == n.nth {
		resp.Header.Set("Date", "Fri, 01 Jan 2100 00:00:00 GMT")
	}
	return resp, err
}

func TestInventoryMeasuresNoAgeByAnAbsurdClock(t *testing.T) {
	t.Parallel()
	age := 720 * time.Hour
	for name, req := range map[string]inventory.Request{
		"a client":         {AuthServerIDs: []string{"aus1"}, ClientIDs: okta.NewSet("0oa1")},
		"a user's client":  {AuthServerIDs: []string{}, UserIDs: []string{"00u1"}, ClientIDs: okta.NewSet("0oa1")},
		"an app":           {AuthServerIDs: []string{}, AppIDs: []string{"0oa1"}},
		"two apps":         {AuthServerIDs: []string{}, AppIDs: []string{"0oa1", "0oa2"}},
		"a server":         {AuthServerIDs: []string{"aus1"}},
		"every server":     {},
		"a user's clients": {AuthServerIDs: []string{}, UserIDs: []string{"00u1"}},
	} {
		for _, size := range []int{1, 200} {
			for nth := int64(1); nth <= 3; nth++ {
				t.Run(fmt.Sprintf("%s, pages of %d, answer %d", name, size, nth), func(t *testing.T) {
					t.Parallel()
					org := newOrg(t)
					org.PageSize = size
					taken := func(filter okta.Filter) inventory.Inventory {
						req := req
						req.Filter = filter
						client := newClient(t, org, oneAtATime, func(cfg *okta.Config) { cfg.Network = &absurd{RoundTripper: org.Org, nth: nth} })
						got, err := inventory.Take(t.Context(), client, req)
						if _, refused := errors.AsType[*okta.ClockError](err); refused && filter.ByAge() && client.CheckClock() != nil {
							return inventory.Inventory{}
						}
						if err != nil {
							t.Fatal(err)
						}
						return got
					}
					got := taken(okta.Filter{})
					diff(t, "tokens of today", got.Ages[0].Count, got.TokenCount)
					diff(t, "tokens older than a month", taken(okta.Filter{OlderThan: &age}).TokenCount, 0)
				})
			}
		}
	}
}
