package provider

// tense is how a plan speaks of what its apply does.
type tense struct{ revokes, mayRevoke, endsSessions string }

var (
	futureTense  = tense{"Will revoke", "May revoke", "Will end the sessions"}
	presentTense = tense{"This plan revokes", "This plan may revoke", "This plan ends the sessions"}
)

// tenseOf is the tense for a CLI that says that it is this version of Terraform.
//
// OpenTofu plans once more while it applies, and then prints the warnings of that plan
// after the deed. Nothing in its request tells that plan from the first, so its
// warnings have to be true at both times. OpenTofu says that it is Terraform 1.13.0.
// Only words depend on this: a real Terraform 1.13.0 gets the others.
func tenseOf(terraformVersion string) tense {
	if terraformVersion == "1.13.0" {
		return presentTense
	}
	return futureTense
}
