package reference

import "strings"

// ConditionType is the type of a condition key's values.
type ConditionType string

// The types of the reference.
const (
	StringType    ConditionType = "String"
	ARNType       ConditionType = "ARN"
	BoolType      ConditionType = "Bool"
	NumericType   ConditionType = "Numeric"
	DateType      ConditionType = "Date"
	IPAddressType ConditionType = "IPAddress"
)

// A ConditionKey is a key that a service's actions or resource types support.
type ConditionKey struct {
	// Name is the reference's spelling; a variable part is written ${TagKey}, or <key> in a few.
	Name string
	// Type is the type of one value.
	Type ConditionType
	// MultiValued keys hold any number of values in a request ("ArrayOfString" in the reference),
	// so conditions on them need ForAllValues or ForAnyValue.
	MultiValued bool
}

// ConditionKey returns the key that a policy's key is an instance of: "s3:prefix" itself, and
// "aws:RequestTag/${TagKey}" for "aws:RequestTag/team". Of several it is the one with the longest
// name.
func (s *Service) ConditionKey(name string) (*ConditionKey, bool) {
	if k, ok := lookup(s.conditionKeys, name, func(k *ConditionKey) string { return k.Name }); ok {
		return k, true
	}
	var best *ConditionKey
	for _, k := range s.conditionKeys {
		if k.covers(name) && (best == nil || len(k.Name) > len(best.Name)) {
			best = k
		}
	}
	return best, best != nil
}

// covers reports whether k has a variable part and name has something in its place.
func (k *ConditionKey) covers(name string) bool {
	before, after, ok := k.variable()
	return ok && len(name) > len(before)+len(after) &&
		compareFold(name[:len(before)], before) == 0 &&
		compareFold(name[len(name)-len(after):], after) == 0
}

// variable splits the name around its variable part. No key has two.
func (k *ConditionKey) variable() (before, after string, ok bool) {
	for _, brackets := range [...][2]string{{"${", "}"}, {"<", ">"}} {
		if before, rest, found := strings.Cut(k.Name, brackets[0]); found {
			_, after, ok := strings.Cut(rest, brackets[1])
			return before, after, ok
		}
	}
	return "", "", false
}
