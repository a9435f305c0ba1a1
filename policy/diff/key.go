package diff

import (
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/condition"
)

// A keyInfo is what is known of a condition key.
type keyInfo struct {
	name          string // as a policy writes it
	single, multi bool   // how many values a request may have for it; both where that is not known
}

// key returns the folded name of a condition key, and notes what is known of it.
func (p *problem) key(name string) string {
	folded := condition.FoldKey(name)
	if info, known := p.keys[folded]; known {
		info.name = max(info.name, name)
	} else {
		info := &keyInfo{name: name, single: true, multi: true}
		if k, ok := conditionKey(name); ok {
			info.single, info.multi = !k.MultiValued, k.MultiValued
		}
		p.keys[folded] = info
	}
	return folded
}

// conditionKey finds a key, a global one or one of the service that its prefix names.
func conditionKey(name string) (*reference.ConditionKey, bool) {
	if k, ok := reference.GlobalConditionKey(name); ok {
		return k, true
	}
	prefix, _, _ := strings.Cut(name, ":")
	service, ok := reference.Lookup(prefix)
	if !ok {
		return nil, false
	}
	return service.ConditionKey(name)
}
