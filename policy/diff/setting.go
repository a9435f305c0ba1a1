package diff

import (
	"fmt"
	"slices"

	"github.com/whittle-iam/whittle/policy/condition"
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
