package glob

import (
	"fmt"
	"slices"
	"strings"
)

// arnFields is how many fields an ARN has: arn, partition, service, Region, account, resource.
const arnFields = 6

// An ARNPattern is a compiled Resource element. It is immutable, and safe for concurrent use.
//
// The rules are those of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html and
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html:
//
//   - "*" alone matches everything, also what is no ARN: it is the resource of actions without
//     resource types.
//   - Otherwise pattern and ARN are split at their first five colons, and compared field by field.
//     Fields that the pattern lacks are "*". In the sixth field wildcards cross "/" and ":".
//   - A "*" that ends one of the first five fields can run on past the colon. Such a pattern
//     matches the ARN as a whole too.
//   - The resource is compared with case. The fields before it, for which AWS documents no rule and
//     which ARNs write in lower case, are compared without.
type ARNPattern struct {
	everything bool
	fields     [arnFields]Pattern
	// runsOn says that one of the first five fields ends in "*". Then whole decides: it matches
	// all that the fields do.
	runsOn bool
	whole  Pattern
}

// CompileARN returns the pattern that s is in escaped notation (see CompileEscaped). It is an error
// if s has a variable, or is neither "*" nor the beginning of an ARN.
func CompileARN(s string) (ARNPattern, error) {
	all, err := CompileEscaped(s) // first, because a variable's name may hold a colon
	if err != nil {
		return ARNPattern{}, fmt.Errorf("resource: %w", err)
	}
	if all.Equal(Compile("*")) {
		return ARNPattern{everything: true, whole: all}, nil
	}
	var p ARNPattern
	given := strings.SplitN(s, ":", arnFields)
	for i := range p.fields {
		field := "*"
		if i < len(given) {
			field = given[i]
		}
		compiled, err := CompileEscaped(field)
		if err != nil {
			return ARNPattern{}, fmt.Errorf("resource: %w", err)
		}
		if i < arnFields-1 {
			compiled = compiled.fold()
			p.runsOn = p.runsOn || compiled.endsInRun()
		}
		p.fields[i] = compiled
	}
	if !p.fields[0].Match("arn") {
		return ARNPattern{}, fmt.Errorf(`resource %q: neither "*" nor an ARN`, s)
	}
	p.whole = p.join()
	return p, nil
}

func (p Pattern) endsInRun() bool {
	return len(p.tokens) > 0 && p.tokens[len(p.tokens)-1] == anyRun
}

// join returns the fields as one pattern, colons between them.
func (p ARNPattern) join() Pattern {
	var tokens []token
	for i, field := range p.fields {
		if i > 0 {
			tokens = append(tokens, ':')
		}
		tokens = append(tokens, field.tokens...)
	}
	return Pattern{tokens}
}

// Match reports whether p matches the resource, an ARN or, for an action without resource types,
// "*".
func (p ARNPattern) Match(resource string) bool {
	if p.everything {
		return true
	}
	if p.runsOn {
		return p.whole.Match(resource) // which has the five colons of an ARN
	}
	rest := resource
	for i := range p.fields[:arnFields-1] {
		field, after, found := strings.Cut(rest, ":")
		if !found || !p.fields[i].Match(field) {
			return false
		}
		rest = after
	}
	return p.fields[arnFields-1].Match(rest)
}

// Covers reports whether p matches every resource that q matches. It is sound: true is a proof.
// False is exact if no field but the sixth of either pattern ends in "*".
func (p ARNPattern) Covers(q ARNPattern) bool {
	switch {
	case p.everything:
		return true
	case q.everything:
		return false
	case p.runsOn:
		return p.whole.Covers(q.whole)
	case q.runsOn:
		return false // q has resources with more colons than p's fields can take
	}
	for i := range p.fields {
		if !p.fields[i].Covers(q.fields[i]) {
			return false
		}
	}
	return true
}

// Intersects reports whether some resource is matched by both. False is a proof. True is exact if
// no field but the sixth of either pattern ends in "*".
func (p ARNPattern) Intersects(q ARNPattern) bool {
	switch {
	case p.everything || q.everything:
		return true
	case p.runsOn || q.runsOn:
		return p.whole.Intersects(q.whole)
	}
	for i := range p.fields {
		if !p.fields[i].Intersects(q.fields[i]) {
			return false
		}
	}
	return true
}

// IsLiteral reports whether p has no wildcards.
func (p ARNPattern) IsLiteral() bool {
	return !p.everything && !slices.ContainsFunc(p.fields[:], func(f Pattern) bool { return !f.IsLiteral() })
}

// String returns p in escaped notation, with all six fields, those before the resource in lower
// case. It is canonical: patterns of the same fields have the same String, and CompileARN gives p
// back.
func (p ARNPattern) String() string { return p.whole.String() }
