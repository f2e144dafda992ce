package acceptance

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The sweep runs whole revocations, from the first plan to the last, against a fake
// org, each with a trouble at one of its requests or with two: breakdowns, lies, and
// events around it. Its oracle knows three sets: the tokens that are selected, which
// [wish] works out without the provider's code; those that are gone by our DELETE, which
// the org knows; and those that the state claims. What it holds to:
//
//   - What is gone by us was selected, and due.
//   - What is claimed is gone by us, unless Okta's last word was that it is.
//   - A success leaves nothing selected alive that the last word shows, and its record
//     has every token that the revocation has revoked and could know of.
//   - Whatever went wrong, the next plan and apply without trouble do the rest.
//
// A seed makes a scenario: an org, a provider, and configurations that are applied
// one after the other. Waits cost no time, because each run is in a bubble.
//
// SWEEP_SEED is the first seed and SWEEP_SEEDS how many there are: far fewer with the
// race detector, under which they take minutes. With SWEEP_TROUBLES, such as
// "502@7 reset-after@3+", the scenario of SWEEP_SEED is run with those troubles alone.
// A failing run prints them.
//
//nolint:tparallel // The one that holds all seeds ends when they have, and they are counted then.
func TestSweep(t *testing.T) {
	t.Parallel()
	collectLess(t)
	schemas := schemas(t)
	first := sweepNumber(t, "SWEEP_SEED", 1)
	if text, replay := os.LookupEnv("SWEEP_TROUBLES"); replay {
		placements, err := parsePlacements(text)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("requests:\n%s", sweepOnce(t, first, schemas, placements).journal())
		return
	}
	const enough = 2500
	usual := uint64(100)
	if raceDetector {
		usual = 8
	}
	seeds := sweepNumber(t, "SWEEP_SEEDS", 0)
	var runs atomic.Int64
	t.Run("seeds", func(t *testing.T) {
		for seed := first; seed < first+cmp.Or(seeds, usual); seed++ {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				runs.Add(sweepSeed(t, seed, schemas))
			})
		}
	})
	t.Logf("seeds %d to %d: %d placements of troubles", first, first+cmp.Or(seeds, usual)-1, runs.Load())
	if seeds == 0 && !raceDetector && runs.Load() < enough && !t.Failed() {
		t.Errorf("got %d placements of troubles, want at least %d", runs.Load(), enough)
	}
}

// collectLess trades memory for the third of a sweep's time that goes into collecting garbage.
func collectLess(t *testing.T) {
	t.Helper()
	before := debug.SetGCPercent(400)
	t.Cleanup(func() { debug.SetGCPercent(before) })
}

// sweepNumber is the number in a variable of the environment.
func sweepNumber(t *testing.T, name string, otherwise uint64) uint64 {
	t.Helper()
	text, set := os.LookupEnv(name)
	if !set {
		return otherwise
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// sweepSeed runs the scenario of a seed, first without trouble, and returns how
// often it did so with.
func sweepSeed(t *testing.T, seed uint64, schemas *tfprotov6.GetProviderSchemaResponse) (runs int64) {
	t.Helper()
	for _, placements := range sweepPlacements(seed, sweepOnce(t, seed, schemas, nil).requests) {
		sweepOnce(t, seed, schemas, placements)
		runs++
	}
	return runs
}

// sweepOnce runs the scenario of a seed under troubles.
func sweepOnce(t *testing.T, seed uint64, schemas *tfprotov6.GetProviderSchemaResponse, placements []placement) (network *troubledNetwork) {
	t.Helper()
	names := make([]string, len(placements))
	for i, p := range placements {
		names[i] = p.String()
	}
	synctest.Test(t, func(t *testing.T) {
		defer func() {
			if t.Failed() {
				t.Logf("Replay: SWEEP_SEED=%d SWEEP_TROUBLES='%s' go test ./internal/acceptance -run TestSweep -count=1 -v", seed, strings.Join(names, " "))
			}
		}()
		r := newSweep(t, newScenario(seed), schemas, placements)
		r.run()
		network = r.net
	})
	return network
}

// sweepPlacements are the troubles for the scenario of a seed, which sends these
// requests when there are none: one for each read, five for each DELETE, and half
// as many pairs, up to a number that keeps a long scenario from crowding out others.
func sweepPlacements(seed uint64, requests []asked) [][]placement {
	const most = 40
	d := newDice(seed)
	var single []placement
	for at, r := range requests {
		var fitting []placement
		for _, t := range troubles {
			if t.can(r.method, r.path) {
				fitting = append(fitting, placement{t, at, false})
				if t.lasts {
					fitting = append(fitting, placement{t, at, true})
				}
			}
		}
		chances := 1
		if r.method == http.MethodDelete {
			chances = 5
		}
		for range chances {
			single = append(single, fitting[d.IntN(len(fitting))])
		}
	}
	all := outages(requests)
	d.Shuffle(len(single), func(i, j int) { single[i], single[j] = single[j], single[i] })
	for i, p := range single[:min(len(single), most)] {
		all = append(all, []placement{p})
		if i%2 == 0 {
			all = append(all, []placement{p, single[d.IntN(len(single))]})
		}
	}
	return all
}

// outages are one that begins with the first DELETE, and one that begins with the last.
func outages(requests []asked) [][]placement {
	isDELETE := func(r asked) bool { return r.method == http.MethodDelete }
	first := slices.IndexFunc(requests, isDELETE)
	if first < 0 {
		return nil
	}
	last := first
	for at, r := range requests {
		if isDELETE(r) {
			last = at
		}
	}
	outage, err := troubleNamed("outage-after")
	if err != nil {
		panic(err)
	}
	return [][]placement{{{outage, first, true}}, {{outage, last, true}}}
}
