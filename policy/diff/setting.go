package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A setting is one way in which a request may carry a condition key, and the truth of the predicates
// on that key then. The settings of a key are complete: whatever a request says for the key, one
// setting gives the predicates the same truth, but for those that it leaves unknown.
type setting struct {
	value *condition.Value // nil: the request does not carry the key
	truth []truth          // in the order of the predicates
}

// truth is a value of three-valued logic.
type truth int8

const (
	unknown truth = iota
	yes
	no
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// maxSettings bounds the settings of a key of many values.
const maxSettings = 512

// settings returns the settings of a key for some predicates on it.
func (p *problem) settings(key string, predicates []int) []setting {
	id := fmt.Sprint(key, predicates)
	list, known := p.domains[id]
	if !known {
		list = p.makeSettings(key, predicates)
		p.domains[id] = list
	}
	return list
}

func (p *problem) makeSettings(key string, predicates []int) []setting {
	info := p.keys[key]
	b := settingBuilder{p: p, info: info, predicates: predicates, opaque: make([]bool, len(predicates)), seen: map[string]bool{}}
	texts, complete := p.sampleValues(key, predicates, b.opaque)
	for i, at := range predicates {
		q := &p.predicates[at]
		b.qualified = b.qualified || q.matcher.Operator().Qualifier != condition.Single
		b.opaque[i] = b.opaque[i] || !complete && q.matcher.Operator().Test != condition.Null
	}
	b.add(nil)
	// A key of which nothing is known counts as one of single values, unless a set qualifier tells
	// that its author takes it for one of many.
	if info.single {
		for _, text := range texts {
			value := condition.One(text)
			b.add(&value)
		}
	}
	if info.multi && (b.qualified || !info.single) {
		b.addSets(texts)
	}
	return b.settings
}

// A settingBuilder collects settings that differ.
type settingBuilder struct {
	p          *problem
	info       *keyInfo
	predicates []int
	// opaque predicates are unknown for every value.
	opaque    []bool
	qualified bool
	settings  []setting
	seen      map[string]bool
}

// add returns whether the value makes a difference.
func (b *settingBuilder) add(value *condition.Value) bool {
	s := setting{value: value, truth: make([]truth, len(b.predicates))}
	ctx := condition.Context{}
	if value != nil {
		ctx[b.info.name] = *value
	}
	key := make([]byte, len(s.truth))
	for i, at := range b.predicates {
		if !b.opaque[i] || value == nil {
			s.truth[i] = truthOf(b.p.predicates[at].holds(ctx, ""))
		}
		key[i] = byte(s.truth[i])
	}
	if b.seen[string(key)] {
		return false
	}
	b.seen[string(key)] = true
	b.settings = append(b.settings, s)
	return true
}

// addSets adds what sets of values can do. A set qualifier asks whether one of the values fits, or
// all do, so that what a set and one more value do follows from what the two do: sets that do the
// same need not be followed twice.
func (b *settingBuilder) addSets(texts []string) {
	sets := settingBuilder{p: b.p, info: b.info, predicates: b.predicates, opaque: b.opaque, seen: map[string]bool{}}
	addSet := func(values []string) bool {
		value := condition.Many(values...)
		return sets.add(&value)
	}
	var singles, all [][]string
	for _, text := range texts {
		if addSet([]string{text}) {
			singles = append(singles, []string{text})
		}
	}
	addSet(nil)
	all = append(all, singles...)
	for at := 0; at < len(all) && len(all) <= maxSettings; at++ {
		for _, one := range singles {
			set := append(slices.Clone(all[at]), one[0])
			if addSet(set) {
				all = append(all, set)
			}
		}
	}
	if len(all) > maxSettings {
		b.giveUp()
		sets.settings = sets.settings[:1]
	}
	for _, s := range sets.settings {
		b.add(s.value)
	}
}

// giveUp makes every predicate that asks for values opaque.
func (b *settingBuilder) giveUp() {
	for i, at := range b.predicates {
		b.opaque[i] = b.p.predicates[at].matcher.Operator().Test != condition.Null
	}
	settings := b.settings
	b.settings, b.seen = nil, map[string]bool{}
	for _, s := range settings {
		b.add(s.value)
	}
}

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
