package diff

import (
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// A Side is one of the two policy sets that are compared: a principal's policies.
type Side struct {
	// Identity are its inline and attached managed policies.
	Identity []policy.Document
	// Boundary is its permissions boundary, nil if it has none. A boundary that is not nil and has
	// no statements allows nothing.
	Boundary []policy.Document
}

// Options bound and place a comparison. The zero value is ready to use.
type Options struct {
	// Partition, such as "aws", is the principal's: ARNs of other partitions then do not count.
	// Empty means that any partition counts.
	Partition string
	// Steps bounds the work on one question of the algebra, 0 means a default. What would need more
	// is undecided.
	Steps int
}

// A Kind says how the two sides differ in a Row.
type Kind string

// The kinds of rows.
const (
	// Granted: the new side allows it under some conditions, the old never.
	Granted Kind = "granted"
	// Removed: the old side allows it under some conditions, the new never.
	Removed Kind = "removed"
	// Changed: both allow it, under conditions that differ. Gained and Lost say in which direction.
	Changed Kind = "changed"
	// Undecided: Reason says why it is not known whether the new side allows more. It counts as more.
	Undecided Kind = "undecided"
)

// A Row is one difference: a set of actions on a set of resources.
type Row struct {
	Kind Kind
	// Reason is set for Undecided.
	Reason    string
	Actions   Actions
	Resources Resources
	// Old and New are the conditions under which each side allows it, nil where it never does.
	Old, New *Access
	// Gained is a request that New allows and Old does not, Lost one the other way round. A Granted
	// row has Gained, a Removed row Lost, a Changed row one or both, an Undecided row neither.
	Gained, Lost *Witness
}

// Widens reports whether the new side allows more, or may.
func (r Row) Widens() bool { return r.Gained != nil || r.Kind == Undecided }

// Actions are the actions that match one of Include, all of Within, and none of Except, as patterns
// ("s3:Get*", "s3:GetObject"), limited to those of Known and Unknown and, with Future, those that do
// not exist yet. There is seldom need for Within.
type Actions struct {
	Include, Within, Except []string
	// Known are the reference's actions among them, sorted, such as "s3:GetObject". Actions that the
	// policies name and the reference lacks are in Unknown.
	Known, Unknown []string
	// Future says that actions which the reference does not know are among them.
	Future bool
}

// Resources are the resources that match one of Include, all of Within, and none of Except, as IAM
// patterns, among those that the actions can act on. "*" alone is the resource of actions that take
// none, too.
type Resources struct {
	Include, Within, Except []string
}

// Access is when a side allows something: if the conditions of one of When hold (an empty one always
// does), all of one of Boundary where that is not nil, and none of Unless.
//
// Where a policy variable in the Resource element decides, a condition with the operator "Resource"
// or "NotResource" and no key says so: the resource has to match the value, or must not.
type Access struct {
	When     [][]policy.Condition
	Boundary [][]policy.Condition
	Unless   [][]policy.Condition
}

// A Witness is one concrete request. Package eval, which shares no code with this one, can confirm it.
type Witness struct {
	Action, Resource string
	Context          condition.Context
}
