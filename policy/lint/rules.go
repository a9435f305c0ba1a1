package lint

import (
	"cmp"
	"slices"
)

// families are all rules, in the order in which they run: one line for each file of rules.
var families = [][]Rule{
	grammarRules,
	elementRules,
	keyRules,
	arnRules,
	formatRules,
	accountRules,
	operatorRules,
	valueRules,
	ipRules,
	tagRules,
	sensitiveRules,
	variableRules,
	identifierRules,
	pairRules,
	actionRules,
	wildcardRules,
	exceptRules,
	resourceRules,
	unscopedRules,
	passRoleRules,
	escalationRules,
	exposureRules,
	redundantRules,
	limitRules, // last, for they tell what the others left out
}

// Rules returns all rules, sorted by ID.
func Rules() []Rule {
	return slices.SortedFunc(slices.Values(slices.Concat(families...)), func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
}
