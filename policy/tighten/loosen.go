package tighten

import (
	"regexp"
	"slices"

	"github.com/whittle-iam/whittle/policy"
)

// policyVariable is a variable of the policy language with its key; "${*}", "${?}" and "${$}" are none
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
var policyVariable = regexp.MustCompile(`\$\{([^*?$,}]+)(,[^}]*)?\}`)

// keysOf lists the condition keys that a statement looks at: those of its conditions, and those that
// variables in conditions and resources take their value from.
func keysOf(s policy.Statement, version string) []string {
	keys := set{}
	for _, c := range s.Conditions {
		keys.add(c.Key)
		for _, v := range c.Values {
			addVariables(keys, v, version)
		}
	}
	for _, r := range slices.Concat(s.Resources, s.NotResources) {
		addVariables(keys, r, version)
	}
	return keys.with(nil)
}

func addVariables(keys set, text, version string) {
	if version != policy.Version2012 {
		return
	}
	for _, m := range policyVariable.FindAllStringSubmatch(text, -1) {
		keys.add(m[1])
	}
}

// loosen widens a statement to all that it may mean while some keys are not known: conditions on them
// fall away, and a resource that takes its text from one is any such text.
func loosen(s policy.Statement, version string, unknown []string) policy.Statement {
	isUnknown := func(key string) bool { return containsFold(unknown, key) }
	s.Conditions = slices.DeleteFunc(slices.Clone(s.Conditions), func(c policy.Condition) bool {
		keys := set{c.Key: true}
		for _, v := range c.Values {
			addVariables(keys, v, version)
		}
		return slices.ContainsFunc(keys.with(nil), isUnknown)
	})
	if version != policy.Version2012 {
		return s
	}
	s.Resources = slices.Clone(s.Resources)
	for i, r := range s.Resources {
		s.Resources[i] = policyVariable.ReplaceAllStringFunc(r, func(v string) string {
			if isUnknown(policyVariable.FindStringSubmatch(v)[1]) {
				return "*"
			}
			return v
		})
	}
	// What such an entry of NotResource excludes is not known, so it may exclude nothing.
	s.NotResources = slices.DeleteFunc(slices.Clone(s.NotResources), func(r string) bool {
		keys := set{}
		addVariables(keys, r, version)
		return slices.ContainsFunc(keys.with(nil), isUnknown)
	})
	if len(s.NotResources) == 0 {
		s.NotResources = nil
		if len(s.Resources) == 0 {
			s.Resources = []string{"*"}
		}
	}
	return s
}
