package report

import (
	"fmt"
	"strings"

	"github.com/oktatokens/terraform-provider-oktatokens/internal/prose"
)

// The sizes of the drawing. Its height includes the labels above and below the bars.
const (
	chartHeight = 200
	chartTop    = 24
	chartBottom = 26
	slotWidth   = 76
	barWidth    = 52
)

// chart is the histogram of ages, as a drawing and as a table.
type chart struct {
	Width, Height, Baseline int
	Bars                    []chartBar
	Text                    string // the whole chart in words
	Ageless                 int64  // tokens in no band
}

type chartBar struct {
	X, Y, Width, Height, Middle int
	AboveBar, BelowAxis         int // positions of the labels
	Short, Long                 string
	Tokens                      int64
	Share                       string
}

// newChart returns the chart of an inventory, or nil if it has no histogram.
func newChart(inventory Inventory) *chart {
	if len(inventory.AgeHistogram) == 0 {
		return nil
	}
	var sum, longest int64
	for _, band := range inventory.AgeHistogram {
		sum += band.TokenCount
		longest = max(longest, band.TokenCount)
	}
	c := &chart{
		Width: slotWidth * len(inventory.AgeHistogram), Height: chartHeight, Baseline: chartHeight - chartBottom,
		Ageless: max(0, inventory.TokenCount-sum),
	}
	var words []string
	for i, band := range inventory.AgeHistogram {
		height := 0
		if longest > 0 && band.TokenCount > 0 {
			// Rounded up, so one token among a million is visible.
			height = 1 + int(float64(c.Baseline-chartTop-1)*float64(band.TokenCount)/float64(longest))
		}
		b := chartBar{
			X: i*slotWidth + (slotWidth-barWidth)/2, Y: c.Baseline - height, Width: barWidth, Height: height,
			Middle: i*slotWidth + slotWidth/2, AboveBar: c.Baseline - height - 8, BelowAxis: c.Baseline + 18,
			Tokens: band.TokenCount, Share: share(band.TokenCount, sum),
		}
		b.Short, b.Long = bandNames(band)
		c.Bars = append(c.Bars, b)
		words = append(words, b.Long+": "+prose.Count(b.Tokens, "token"))
	}
	c.Text = strings.Join(words, "; ") + "."
	return c
}

// bandNames returns a band's name in whole days, short for the axis and in full.
func bandNames(band Band) (short, long string) {
	from := band.DaysFrom
	if band.DaysTo == nil {
		return prose.Number(from) + "+", prose.Count(from, "day") + " or more"
	}
	switch last := *band.DaysTo - 1; {
	case last == 0:
		return "< 1", "less than 1 day"
	case last <= from:
		return prose.Number(from), prose.Count(from, "day")
	default:
		return prose.Number(from) + "–" + prose.Number(last), fmt.Sprintf("%s to %s", prose.Number(from), prose.Count(last, "day"))
	}
}
