package report

import (
	"cmp"
	"strings"
)

var diffRules = []sarifRule{
	newSarifRule("diff/granted", "The new policies grant more",
		"The new policies allow actions on resources that the old ones never allow. Approve it only if the role needs them.", "warning", "8.0"),
	newSarifRule("diff/undecided", "It is not known whether the new policies grant more",
		"The comparison could not decide whether the new policies allow more than the old ones, so it counts as more. The reason is in the message; compare the statements by hand.", "warning", "6.0"),
	newSarifRule("diff/changed", "The new policies grant it under wider conditions",
		"Both sides allow the actions on the resources, and the new one in cases where the old one does not. The message has one such request.", "warning", "6.0"),
}

// sarifComparisons has a result for each row that widens. What only narrows is nothing to look at.
func sarifComparisons(cs []Comparison) sarifSection {
	out := sarifSection{name: "diff", rules: diffRules}
	for _, c := range cs {
		for _, ch := range c.Changes {
			if ch.Widens {
				out.results = append(out.results, sarifChange(c, ch))
			}
		}
	}
	return out
}

func sarifChange(c Comparison, ch Change) sarifResult {
	actions, resources := strings.Join(ch.actionWords(), " "), strings.Join(ch.resourceWords(), " ")
	shortActions, shortResources := few(ch.actionWords()), few(ch.resourceWords())
	text := map[string]string{"granted": "Grants ", "undecided": "May grant ", "changed": "Allows in more cases "}[ch.Kind] +
		shortActions + " on " + shortResources + ": " + ch.today()
	if l := ch.levels(); l != "" {
		text += " (" + l + ")"
	}
	if ch.Reason != "" {
		text += "; " + ch.Reason
	}
	if ch.Gained != nil {
		text += "; e.g. " + ch.Gained.String()
	}
	if ch.Usage != nil {
		text += "; used: " + ch.Usage.String()
	}
	for _, w := range ch.Wide {
		text += "; " + w
	}
	name := cmp.Or(c.New, c.Old, c.Name)
	return sarifResult{
		RuleID: "diff/" + ch.Kind, Level: "warning", Message: message(text + "."),
		Locations:    place(ch.At, name, c.Name),
		Fingerprints: fingerprint(c.Name, ch.Kind, actions, resources),
	}
}
