package condition

import "strings"

// boolTest compares truth values. AWS reads "true" in any case as true and everything else, the
// empty string and " true " included, as false, instead of refusing it.
type boolTest struct{ yes, no bool }

func newBoolTest(values []string) test {
	var t boolTest
	for _, v := range values {
		if strings.EqualFold(v, "true") {
			t.yes = true
		} else {
			t.no = true
		}
	}
	return t
}

func (t boolTest) match(value string, _ Context) (verdict, error) {
	if strings.EqualFold(value, "true") {
		return verdictOf(t.yes), nil
	}
	return verdictOf(t.no), nil
}
