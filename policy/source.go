package policy

import (
	"fmt"
	"slices"
)

// A Position is a place in a text: Line and Column are counted from 1, columns in characters.
type Position struct {
	Line, Column int
}

// A Text is a string of a policy and where it begins.
type Text struct {
	Value string
	Pos   Position
}

// A Source is a policy as it was written: what could be understood of it, where that stands, and what
// is wrong with it.
type Source struct {
	// Document is what was understood. If Problems is empty, it is what Parse returns. Otherwise an
	// Effect may be empty, and of Actions and NotActions, Resources and NotResources both or neither
	// may be nil.
	Document Document
	// Version is zero where the policy has none.
	Version Text
	// Pos is where the policy begins.
	Pos Position
	// Statements are those of Document, one for one.
	Statements []StatementSource
	// Problems are in the order in which they were met.
	Problems []Problem
}

// A StatementSource is where a statement and its elements stand.
type StatementSource struct {
	Pos Position
	// Sid and Effect are zero where the statement has none, and hold what was written otherwise.
	Sid, Effect             Text
	Actions, NotActions     ListSource
	Resources, NotResources ListSource
	Condition               ConditionSource
}

// A ListSource is where an element that holds strings stands.
type ListSource struct {
	// Pos is that of the element's value, and zero where the statement has no such element.
	Pos   Position
	Texts []Text
}

// A ConditionSource is where a Condition element stands. Its operators are in the order of the text.
type ConditionSource struct {
	// Pos is that of the element's value, and zero where the statement has no such element.
	Pos       Position
	Operators []OperatorSource
}

// An OperatorSource is one operator with its keys. It may have none.
type OperatorSource struct {
	Operator Text
	Keys     []KeySource
}

// A KeySource is a condition key with its values.
type KeySource struct {
	Key Text
	// List is where the values stand: where the list or the single value begins.
	List   Position
	Values []ValueSource
}

// A ValueSource is one value of a condition.
type ValueSource struct {
	Text
	Type ValueType
}

// A ValueType says how JSON writes a condition's value.
type ValueType string

// The types of condition values.
const (
	StringValue  ValueType = "string"
	NumberValue  ValueType = "number"
	BooleanValue ValueType = "boolean"
)

// A Problem is why a text is no identity policy. Parse returns the first.
type Problem struct {
	Kind ProblemKind
	// Statement counts from 0; -1 is the policy as a whole.
	Statement int
	// Element is the element that is concerned, such as "Action"; it may be empty.
	Element string
	Pos     Position
	Msg     string
}

// A ProblemKind says which rule of the grammar a text breaks.
type ProblemKind string

// The kinds of problems.
const (
	NotJSON          ProblemKind = "not JSON"
	WrongType        ProblemKind = "wrong type"
	UnknownElement   ProblemKind = "unknown element"
	ForeignElement   ProblemKind = "element of other policies"
	RepeatedName     ProblemKind = "repeated name"
	RepeatedKey      ProblemKind = "condition key in different case"
	MissingStatement ProblemKind = "no Statement"
	MissingEffect    ProblemKind = "no Effect"
	MissingAction    ProblemKind = "no Action"
	MissingResource  ProblemKind = "no Resource"
	ClashingElements ProblemKind = "clashing elements"
	InvalidVersion   ProblemKind = "invalid Version"
	InvalidEffect    ProblemKind = "invalid Effect"
	InvalidSid       ProblemKind = "invalid Sid"
	RepeatedSid      ProblemKind = "repeated Sid"
)

// ParseSource reads an identity policy as Parse does, but goes on after a problem. Text that is not
// JSON, or is longer than MaxSource, is one problem and nothing else.
func ParseSource(data []byte) *Source {
	p := parser{src: &Source{Pos: Position{1, 1}}, sids: map[string]bool{}, statement: -1}
	if len(data) > MaxSource {
		p.problem(NotJSON, "", p.src.Pos, "longer than 1 MiB: not an IAM policy")
		return p.src
	}
	root, err := readJSON(data)
	if err != nil {
		p.problem(NotJSON, "", Position{err.Line, err.Column}, "%s", err.Msg)
		return p.src
	}
	p.document(root)
	for i := range p.src.Statements {
		p.src.Document.Statements = append(p.src.Document.Statements, p.src.Statements[i].statement())
	}
	return p.src
}

// statement is what stands there, as a value.
func (s *StatementSource) statement() Statement {
	out := Statement{
		Actions: s.Actions.Values(), NotActions: s.NotActions.Values(),
		Resources: s.Resources.Values(), NotResources: s.NotResources.Values(),
	}
	if validSid(s.Sid.Value) {
		out.Sid = s.Sid.Value
	}
	if e := Effect(s.Effect.Value); e == Allow || e == Deny {
		out.Effect = e
	}
	for _, operator := range s.Condition.Operators {
		for _, key := range operator.Keys {
			values := make([]string, len(key.Values))
			for i, v := range key.Values {
				values[i] = v.Value
			}
			out.Conditions = append(out.Conditions, Condition{operator.Operator.Value, key.Key.Value, values})
		}
	}
	slices.SortFunc(out.Conditions, compareConditions)
	return out
}

// Present reports whether the statement has the element.
func (l ListSource) Present() bool { return l.Pos != Position{} }

// Values are the texts. They are nil where there is no element, and not nil where it is empty.
func (l ListSource) Values() []string {
	if !l.Present() {
		return nil
	}
	values := make([]string, len(l.Texts))
	for i, t := range l.Texts {
		values[i] = t.Value
	}
	return values
}

// String returns the position as compilers write it, "line:column".
func (p Position) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }
