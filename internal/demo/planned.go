package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// headline is how the plan's warning says whom a revocation hits.
var headline = regexp.MustCompile(`(?:Will revoke|This plan revokes) (at least |at most )?([\d,]+) refresh tokens? of`)

// checkPlanned reports when the warnings of a plan do not add up to the tokens that had to go.
func checkPlanned(plan string, due []string) error {
	total := 0
	for _, found := range headline.FindAllStringSubmatch(plan, -1) {
		if found[1] == "at least " {
			return fmt.Errorf("the plan does not know how many tokens it revokes: %q", found[0])
		}
		n, err := strconv.Atoi(strings.ReplaceAll(found[2], ",", ""))
		if err != nil {
			return err
		}
		total += n
	}
	if total != len(due) {
		return fmt.Errorf("the plan says that it revokes %d tokens, and %d had to go", total, len(due))
	}
	return nil
}
