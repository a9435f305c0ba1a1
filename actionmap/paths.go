package actionmap

import (
	"iter"
	"slices"
)

// paths returns the parameters that a plan looks at, sorted.
func (p *plan) paths() []string {
	var paths []string
	for _, l := range p.lines {
		for _, g := range l.gates {
			switch {
			case g.Path == "":
			case g.NeedsValue():
				paths = append(paths, g.Path)
			default:
				paths = append(paths, "?"+g.Path)
			}
		}
	}
	for a := range p.args() {
		paths = append(paths, a.paths...)
	}
	for _, l := range p.lines {
		if l.tells.Key != "" {
			paths = append(paths, l.tells.Path)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
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
