package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// headline matches the summary of a plan's warning that counts tokens.
var headline = regexp.MustCompile(`(?:Will revoke|This plan revokes) (at least |at most )?([\d,]+) refresh tokens? of`)

// checkPlanned returns an error unless a plan's warnings add up to the tokens that had to be revoked.
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
		return fmt.Errorf("the plan says that it revokes %d tokens, but %d had to be revoked", total, len(due))
	}
	return nil
}
