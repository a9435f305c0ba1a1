package lint

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A target is one text of Resource or NotResource.
type target struct {
	text policy.Text
	// known says that the text is an ARN pattern or "*". Otherwise it may stand for anything, as
	// "${Bucket.Arn}" of a template does.
	known bool
	// everything says that it is "*".
	everything bool
	// variables are in it: then what follows is the most that it can match.
	variables bool
	pattern   glob.ARNPattern
	shape     shape
	// runsOn says that the service, Region or account ends in "*", or is missing. A "*" in the partition
	// is taken to stay there: what else it might run into, nobody means.
	runsOn bool
}

// targets compiles an element.
func (c *checker) targets(list policy.ListSource) []target {
	out := make([]target, 0, len(list.Texts))
	for _, text := range list.Texts {
		out = append(out, newTarget(text, c.src.Document.Version == policy.Version2012))
	}
	return out
}

func newTarget(text policy.Text, variables bool) target {
	t := target{text: text}
	template, err := condition.ParseTemplate(text.Value, variables)
	if err != nil {
		return t
	}
	widest := template.Widest()
	t.variables = template.HasVariables()
	if strings.Trim(widest, "*") == "" && t.variables {
		return t
	}
	if t.pattern, err = glob.CompileARN(widest); err != nil {
		return t
	}
	t.everything = widest != "" && strings.Trim(widest, "*") == ""
	t.shape, t.known = newShape(widest)
	for _, field := range t.shape.text[serviceField:resourceField] {
		t.runsOn = t.runsOn || strings.HasSuffix(field, "*")
	}
	return t
}

// fits reports whether some resource of the format is matched.
func (t target) fits(f *format) bool {
	if !t.known || t.everything {
		return true
	}
	if f.flat && t.shape.slashes > f.slashes {
		return false
	}
	if t.shape.meets(f.shape) {
		return true
	}
	return t.runsOn && t.runsInto(f)
}

// runsInto is fits for a "*" that runs on past its colon, as IAM lets it: then the pattern is compared
// as a whole. The service stands for itself, and the partition for one of those that there are, lest
// their wildcards run on as well.
func (t target) runsInto(f *format) bool {
	if s := t.shape; !strings.Contains(s.text[serviceField], "*") && !s.pattern[serviceField].Intersects(f.pattern[serviceField]) {
		return false // what runs on comes after the service
	}
	return slices.ContainsFunc(f.whole(), t.pattern.Intersects)
}

// covers reports whether all resources of the format are matched, in whichever partition and whatever
// the request. A variable stands for one value at a time. With own,
// a literal Region and account count as well: all that there is in one account.
func (t target) covers(f *format, own bool) bool {
	if !t.known || t.variables {
		return false
	}
	if t.everything {
		return true
	}
	for _, i := range []int{serviceField, regionField, accountField, resourceField} {
		if own && (i == regionField || i == accountField) {
			continue
		}
		if !t.shape.pattern[i].Covers(f.pattern[i]) {
			return t.runsOn && !own && slices.ContainsFunc(f.whole()[:1], t.pattern.Covers)
		}
	}
	return true
}
