package reference

import (
	"fmt"
	"strconv"
	"strings"
)

// decode reads the text of a segment. Each line is one record, its fields separated by tabs; the
// first field says what it is. Records refer to earlier ones by number, counted from 0:
//
//	K type name                        a condition key
//	S key...                           a set of condition keys
//	R name set arn...                  a resource type with the keys of a set
//	A name level set description use...  an action; a use is "type", or "type!" if it is required,
//	                                   then ":set" if that use has keys of its own
//
// Nearly all actions of a service share a few sets of keys, hence the sets. Keys, resource types and
// actions are sorted by name without regard to case. The generator (internal/gen) writes this format.
func decode(prefix, name, text string) (*Service, error) {
	d := decoder{service: &Service{Prefix: prefix, Name: name}}
	line := 0
	for record := range strings.Lines(text) {
		line++
		if err := d.record(strings.Split(strings.TrimSuffix(record, "\n"), "\t")); err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
	return d.service, nil
}

type decoder struct {
	service *Service
	sets    [][]string
}

func (d *decoder) record(fields []string) error {
	kind, fields := fields[0], fields[1:]
	switch {
	case kind == "K" && len(fields) == 2:
		d.conditionKey(fields[0], fields[1])
		return nil
	case kind == "S" && len(fields) > 0:
		return d.set(fields)
	case kind == "R" && len(fields) > 2:
		return d.resourceType(fields[0], fields[1], fields[2:])
	case kind == "A" && len(fields) > 3:
		return d.action(fields[0], fields[1], fields[2], fields[3], fields[4:])
	}
	return fmt.Errorf("record %q with %d fields", kind, len(fields))
}

func (d *decoder) conditionKey(typ, name string) {
	element, multi := strings.CutPrefix(typ, "ArrayOf")
	d.service.conditionKeys = append(d.service.conditionKeys,
		&ConditionKey{Name: name, Type: ConditionType(element), MultiValued: multi})
}

func (d *decoder) set(members []string) error {
	set := make([]string, len(members))
	for i, m := range members {
		key, err := at(d.service.conditionKeys, m)
		if err != nil {
			return err
		}
		set[i] = key.Name
	}
	d.sets = append(d.sets, set)
	return nil
}

// keys returns the set with a number, nil for no number.
func (d *decoder) keys(number string) ([]string, error) {
	if number == "" {
		return nil, nil
	}
	return at(d.sets, number)
}

func (d *decoder) resourceType(name, set string, arns []string) error {
	keys, err := d.keys(set)
	if err != nil {
		return err
	}
	d.service.resourceTypes = append(d.service.resourceTypes,
		&ResourceType{Name: name, ARNs: arns, ConditionKeys: keys})
	return nil
}

func (d *decoder) action(name, level, set, description string, uses []string) error {
	keys, err := d.keys(set)
	if err != nil {
		return err
	}
	action := &Action{
		Service:       d.service.Prefix,
		Name:          name,
		AccessLevel:   AccessLevel(level),
		Description:   description,
		ConditionKeys: keys,
	}
	for _, use := range uses {
		resource, err := d.use(use)
		if err != nil {
			return err
		}
		action.Resources = append(action.Resources, resource)
	}
	d.service.actions = append(d.service.actions, action)
	return nil
}

func (d *decoder) use(use string) (ActionResource, error) {
	number, set, _ := strings.Cut(use, ":")
	number, required := strings.CutSuffix(number, "!")
	resourceType, err := at(d.service.resourceTypes, number)
	if err != nil {
		return ActionResource{}, err
	}
	keys, err := d.keys(set)
	if err != nil {
		return ActionResource{}, err
	}
	return ActionResource{Type: resourceType.Name, Required: required, ConditionKeys: keys}, nil
}

// at returns the element whose number is written in decimal.
func at[E any](elements []E, number string) (E, error) {
	i, err := strconv.Atoi(number)
	if err != nil || i < 0 || i >= len(elements) {
		var none E
		return none, fmt.Errorf("no element %q of %d", number, len(elements))
	}
	return elements[i], nil
}
