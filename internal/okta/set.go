package okta

// Set is a set of IDs or names. A nil Set means that there is no set. An empty Set has
// no members.
type Set map[string]struct{}

// NewSet returns the set of these members. It is never nil.
func NewSet(members ...string) Set {
	set := make(Set, len(members))
	for _, member := range members {
		set.Add(member)
	}
	return set
}

// Add adds a member.
func (s Set) Add(member string) { s[member] = struct{}{} }

// Has reports whether member is in the set.
func (s Set) Has(member string) bool {
	_, ok := s[member]
	return ok
}
