package lint

import (
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// arnFields is how many fields an ARN has.
const arnFields = 6

// The fields that rules ask for by name.
const (
	partitionField = 1
	serviceField   = 2
	regionField    = 3
	accountField   = 4
	resourceField  = 5
)

// A shape is an ARN pattern field by field. glob.ARNPattern answers for whole ARNs; a rule has to know
// which field is wide, and must not let a Region of the reference's formats run on past its colon.
type shape struct {
	text    [arnFields]string // in escaped notation, the fields before the resource in lower case
	pattern [arnFields]glob.Pattern
	// slashes counts those that every resource of the shape has at least.
	slashes int
}

// newShape splits a pattern in escaped notation. Fields that it lacks are "*".
func newShape(pattern string) (shape, bool) {
	var s shape
	given := strings.SplitN(pattern, ":", arnFields)
	for i := range s.text {
		s.text[i] = "*"
		if i < len(given) {
			s.text[i] = given[i]
		}
		if i < resourceField {
			s.text[i] = strings.ToLower(s.text[i])
		}
		var err error
		if s.pattern[i], err = glob.CompileEscaped(s.text[i]); err != nil {
			return shape{}, false
		}
	}
	s.slashes = strings.Count(s.text[resourceField], "/")
	return s, true
}

// meets reports whether some ARN is of both shapes.
func (s shape) meets(other shape) bool {
	for i := arnFields - 1; i > 0; i-- { // the last fields tell most apart
		a, b := s.text[i], other.text[i]
		if a != "*" && b != "*" && a != b && !s.pattern[i].Intersects(other.pattern[i]) {
			return false
		}
	}
	return true
}
