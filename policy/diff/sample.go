package diff

import (
	"strings"

	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
)

// sampleValues returns texts of which each stands for all that the predicates treat like it. It marks
// predicates that it cannot take into account as opaque.
func (p *problem) sampleValues(key string, predicates []int, opaque []bool) (texts []string, complete bool) {
	var counts [nullFamily + 1]int
	for _, at := range predicates {
		counts[familyOf(p.predicates[at].matcher.Operator().Test)]++
	}
	// Of operators that read the value in different ways, the most frequent way counts.
	main := nullFamily
	for f := range nullFamily {
		if counts[f] > 0 && (main == nullFamily || counts[f] > counts[main]) {
			main = f
		}
	}
	var of []int
	for i, at := range predicates {
		q := &p.predicates[at]
		switch f := familyOf(q.matcher.Operator().Test); {
		case f == nullFamily:
		case f != main || len(q.variables) > 0:
			opaque[i] = true
		default:
			of = append(of, i)
		}
	}
	switch main {
	case nullFamily:
		return []string{"x"}, true
	case textFamily:
		return p.sampleTexts(predicates, of, opaque)
	}
	var ms []condition.Matcher
	for _, i := range of {
		ms = append(ms, p.predicates[predicates[i]].matcher)
	}
	return condition.Samples(ms), true
}

// sampleTexts is sampleValues for the predicates of with these indices, which compare texts and ARNs.
func (p *problem) sampleTexts(predicates, of []int, opaque []bool) ([]string, bool) {
	var texts []glob.Pattern
	var arns [][6]glob.Pattern
	folded := false
	for _, i := range of {
		q := &p.predicates[predicates[i]]
		test := q.matcher.Operator().Test
		var own []glob.Pattern
		for _, operand := range q.operands {
			if test == condition.ArnLike || test == condition.ArnEquals {
				text, _ := operand.Pattern(nil)
				if fields, ok := arnFields(text); ok {
					arns = append(arns, fields)
				}
				arns = append(arns, anyARN)
				continue
			}
			pattern, ok := textPattern(test, operand)
			if !ok {
				opaque[i] = true
				break
			}
			own = append(own, pattern)
		}
		if !opaque[i] {
			texts = append(texts, own...)
			folded = folded || test == condition.StringEqualsIgnoreCase
		}
	}
	var atoms []glob.Atom
	complete := p.meter.ask(func(steps int) (enough bool) {
		atoms, enough = glob.ValueAtoms(texts, arns, steps)
		return enough
	})
	out := make([]string, 0, len(atoms))
	for _, a := range atoms {
		out = append(out, realText.Replace(a.Sample))
	}
	if folded {
		out = append(out, kelvins(out)...)
	}
	return out, complete
}

// Patterns of texts are compiled in plain notation, in which wildcards cannot be escaped. Wildcards
// that are meant as characters are private characters there.
const privateStar, privateMark = "\uE000", "\uE001"

var (
	realText    = strings.NewReplacer(privateStar, "*", privateMark, "?")
	privateText = strings.NewReplacer("*", privateStar, "?", privateMark)
	unescape    = strings.NewReplacer("${*}", privateStar, "${?}", privateMark, "${$}", "$")
)

// textPattern returns a pattern of the values that fit an operand. It is not ok if none does.
func textPattern(test condition.Test, operand condition.Template) (glob.Pattern, bool) {
	text, _ := operand.Text(nil)
	if strings.ToValidUTF8(text, "") != text || strings.ContainsAny(text, privateStar+privateMark) {
		return glob.Pattern{}, false
	}
	switch test {
	case condition.StringLike:
		like, _ := operand.Pattern(nil)
		return glob.Compile(unescape.Replace(like)), true
	case condition.StringEqualsIgnoreCase:
		return glob.CompileFold(privateText.Replace(text)), isASCII(text)
	case condition.Bool:
		return glob.CompileFold("true"), true
	}
	return glob.Compile(privateText.Replace(text)), true
}

func isASCII(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r > 0x7F }) }

// anyARN fits every value that ARN operators take for an ARN.
var anyARN, _ = arnFields("arn:*:*:*:*:*")

// arnFields returns the patterns of the fields of an operand, if it is an ARN.
func arnFields(text string) (fields [6]glob.Pattern, ok bool) {
	parts := strings.SplitN(text, ":", len(fields))
	if len(parts) != len(fields) || parts[0] != "arn" || strings.ContainsAny(text, privateStar+privateMark) {
		return fields, false
	}
	for i, part := range parts {
		fields[i] = glob.Compile(unescape.Replace(part))
	}
	return fields, true
}

// kelvins returns the texts again with "k" written as the Kelvin sign, the one character beyond ASCII
// whose lower case is in ASCII, in one place and in all.
func kelvins(texts []string) []string {
	const kelvin = "\u212A"
	all := strings.NewReplacer("k", kelvin, "K", kelvin)
	var out []string
	for _, text := range texts {
		for i, places := 0, 0; i < len(text) && places < 4; i++ {
			if text[i]|0x20 == 'k' {
				out = append(out, text[:i]+kelvin+text[i+1:])
				places++
			}
		}
		if changed := all.Replace(text); changed != text {
			out = append(out, changed)
		}
	}
	return out
}
