package actionmap

import (
	"fmt"
	"maps"
	"slices"

	"github.com/whittle-iam/whittle/actionmap/overrides"
	"github.com/whittle-iam/whittle/actionmap/reference"
)

// check holds all overrides against the reference: an action, a resource type or a form that does not
// exist is an error with file and line.
func (m *Mapper) check() error {
	known := reference.Prefixes()
	for _, source := range slices.Sorted(maps.Keys(m.table.Prefixes)) {
		if prefix := m.table.Prefixes[source]; !slices.Contains(known, prefix) {
			return fmt.Errorf("overrides: service %s: no prefix %q", source, prefix)
		}
	}
	for _, source := range slices.Sorted(maps.Keys(m.table.Variants)) {
		for _, v := range m.table.Variants[source] {
			if !slices.Contains(known, v.Prefix) {
				return fmt.Errorf("overrides: service %s: no prefix %q", source, v.Prefix)
			}
		}
	}
	for _, declared := range m.table.Sorted() {
		if len(declared.Types)+len(declared.Events) == 0 {
			continue // its name is all that is said of it
		}
		s, _ := lookup(declared.Prefix)
		for _, name := range slices.Sorted(maps.Keys(declared.Types)) {
			if err := checkType(s, declared.Types[name]); err != nil {
				return fmt.Errorf("%v: %w", declared.Types[name].Pos, err)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(declared.Events)) {
			if _, err := m.compileEvent(s, name, declared.Events[name]); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkType(s *service, declared *overrides.Type) error {
	t, ok := s.typeNamed(declared.Name)
	if !ok || t.name != declared.Name {
		return fmt.Errorf("%s has no resource type %q", s.Prefix, declared.Name)
	}
	for _, f := range declared.Fills {
		if err := checkFill(t, f); err != nil {
			return err
		}
	}
	return nil
}

// unseen reports whether no event says anything of the variable.
func (a arg) unseen() bool { return len(a.paths) == 0 && a.constant == "" && !a.made }
