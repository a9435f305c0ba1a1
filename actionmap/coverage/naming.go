package main

import (
	"strings"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/actionmap/overrides"
	"github.com/whittle-iam/whittle/actionmap/reference"
)

// A naming knows which resources reviewed rules name, and which the generic rule has to guess.
type naming struct {
	lines map[string]overrides.Line     // by place, as Grant.Rule has it
	types map[string]*overrides.Service // by prefix
}

func loadNaming() (naming, error) {
	table, err := overrides.Load()
	if err != nil {
		return naming{}, err
	}
	n := naming{lines: map[string]overrides.Line{}, types: table.Services}
	for _, s := range table.Services {
		for _, e := range s.Events {
			for _, l := range e.Lines {
				n.lines[l.Pos.String()] = l
			}
		}
	}
	return n, nil
}

// named says how the resource of a grant is found.
type named string

const (
	nothingToName named = "none"    // the action takes no resource
	byRule        named = "rule"    // a rule says where requests name it
	byGuess       named = "generic" // parameters named like the parts of its ARN do
)

func (n naming) of(g actionmap.Grant) named {
	action, ok := reference.LookupAction(g.Action)
	if !ok || !action.TakesResource() {
		return nothingToName
	}
	if n.lines[g.Rule].Targets != nil {
		return byRule
	}
	declared, required, missing := false, false, false
	for _, r := range action.Resources {
		known := n.declares(action.Service, r.Type)
		declared = declared || known
		required = required || r.Required
		missing = missing || r.Required && !known
	}
	// Of types that are all optional the request names one.
	if missing || !required && !declared {
		return byGuess
	}
	return byRule
}

// declares reports whether a rule says how requests name a type, or there is but one resource of it.
func (n naming) declares(prefix, name string) bool {
	if s := n.types[prefix]; s != nil && s.Types[name] != nil && len(s.Types[name].Fills) > 0 {
		return true
	}
	service, _ := reference.Lookup(prefix)
	t, ok := service.ResourceType(name)
	if !ok {
		return false
	}
	for _, arn := range t.ARNs {
		for _, shared := range []string{"${Partition}", "${Region}", "${Account}"} {
			arn = strings.ReplaceAll(arn, shared, "")
		}
		if strings.Contains(arn, "${") {
			return false
		}
	}
	return true
}

// ofAll says how the resources of all grants of an operation are found: by guess if one of them is.
func (n naming) ofAll(grants []actionmap.Grant) named {
	all := nothingToName
	for _, g := range grants {
		switch n.of(g) {
		case byGuess:
			return byGuess
		case byRule:
			all = byRule
		}
	}
	return all
}
