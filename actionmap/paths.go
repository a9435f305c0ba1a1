package actionmap

import (
	"iter"
	"slices"

	"github.com/whittle-iam/whittle/actionmap/overrides"
)

// paths returns the parameters that a plan looks at, sorted.
func (p *plan) paths() []string {
	var paths []string
	for _, l := range p.lines {
		paths = append(paths, gatePaths(l.gates)...)
	}
	for a := range p.args() {
		paths = append(paths, a.paths...)
		if a.except != "" {
			paths = append(paths, a.except)
		}
	}
	for _, v := range p.variants {
		paths = append(paths, gatePaths(v.gates)...)
		paths = append(paths, v.plan.paths()...)
	}
	for _, l := range p.lines {
		if l.tells.Key != "" {
			paths = append(paths, l.tells.Path)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// gatePaths returns the parameters that gates look at.
func gatePaths(gates []overrides.Gate) []string {
	var paths []string
	for _, g := range gates {
		switch {
		case g.Path == "":
		case g.NeedsValue():
			paths = append(paths, g.Path)
		default:
			paths = append(paths, "?"+g.Path)
		}
	}
	return paths
}

// wide returns the paths that hold names without number, see trail.Fields.Wide.
func (p *plan) wide() []string {
	var paths []string
	for a := range p.args() {
		if a.wide {
			paths = append(paths, a.paths...)
		}
	}
	for _, l := range p.lines {
		if l.tells.Wide {
			paths = append(paths, l.tells.Path)
		}
	}
	for _, v := range p.variants {
		paths = append(paths, v.plan.wide()...)
	}
	return unique(paths)
}

func (p *plan) args() iter.Seq[arg] {
	return func(yield func(arg) bool) {
		for _, l := range p.lines {
			for _, g := range l.groups {
				for _, t := range g.targets {
					for _, a := range slices.Concat(t.fills...) {
						if !yield(a) {
							return
						}
					}
				}
			}
		}
	}
}
