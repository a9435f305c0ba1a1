// Package actionmap maps observed calls to the IAM permissions that they need.
//
// The mapping is one declarative table (package overrides) over the Service Authorization Reference
// (package reference): eventSource to service prefix, eventName to actions, request parameters to
// ARNs. It always answers: with grants, each naming the rule that made it, or with Unmapped and a
// reason. It never falls back to "*".
package actionmap

import "github.com/whittle-iam/whittle/policy"

// A Grant is one permission that a call needs.
type Grant struct {
	// Action is spelt as the reference spells it, for example "s3:GetObject". It exists there.
	Action string
	// Resource is what the action was done to.
	Resource Resource
	// Conditions narrow the grant to what was seen, sorted by operator then key; mostly nil.
	Conditions []policy.Condition
	// Rule names what made the grant: "overrides/s3.txt:12", or "reference" for the same-name rule.
	Rule string
	// Tells is a condition key whose value the call shows beyond Conditions; Key is empty for none.
	Tells Told
	// ItemEvent, if not empty, is the event that CloudTrail writes beside this one for each item of a
	// batch (DeleteObject beside DeleteObjects). The resource is hidden then, and where an ItemEvent of
	// the same role is seen within it, that one shows what is needed and this grant is not.
	ItemEvent string
	// Findings say where the grant is wider than the call, and why; mostly nil.
	Findings []Finding
}

// Told is what a call says of a condition key.
type Told struct {
	Key string
	// Values are empty where the call did not have the key.
	Values []string
	// Wide values are hierarchical names without number, see trail.Fields. Open means any
	// continuation of the value.
	Wide, Open bool
}

// A Resource is an ARN of which the last part may be open to generalisation.
type Resource struct {
	// Pattern is an IAM resource pattern, names from the log escaped in it. "*" only where the
	// reference says that the action takes no resource, or with a NoResource finding.
	Pattern string
	// Name, if not empty, is the raw hierarchical name that follows Pattern (an S3 object key, a
	// log stream), not escaped. The resource is then Pattern + literal(Name), and Open means any
	// continuation of Name.
	Name string
	// Separator divides Name's levels, "/" where it has a Name.
	Separator string
	Open      bool
}

// FindingKind classifies a Finding.
type FindingKind string

// The kinds of findings that a mapping makes.
const (
	// HiddenResource: the event does not name the resource; the pattern covers the resources of
	// that type in the event's account and region.
	HiddenResource FindingKind = "hidden-resource"
	// GenericResource: the ARN was built by the reference's format and the parameter names
	// alone, no reviewed rule names this operation.
	GenericResource FindingKind = "generic-resource"
	// AssumedParts: part of the ARN (account, region, suffix) is not in the event and follows a
	// documented default.
	AssumedPart FindingKind = "assumed-part"
	// NoResource: the action can be limited to resources, but this use of it has none that a
	// policy can name, so that only "*" allows it; a reviewed rule says so and why.
	NoResource FindingKind = "no-resource"
	// UnconditionedRole: the grant passes a role to any service, since no condition says to which; see
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
	UnconditionedRole FindingKind = "unconditioned-role"
	// CharacterReplaced: a name holds characters that IAM policies cannot; they became "?".
	CharacterReplaced FindingKind = "character-replaced"
	// FoldedName: a query that reads for us made one of several names, replacing dates, numbers and
	// identifiers in them (trail.Param.Gaps); each is a "*".
	FoldedName FindingKind = "folded-name"
)

// A Finding is something about a grant that a reviewer should know.
type Finding struct {
	Kind FindingKind
	// Detail is one sentence, without the action and the resource.
	Detail string
}

// Unmapped says why an observed call yields no grant.
type Unmapped struct {
	// Reason is one of the Unmapped… constants.
	Reason UnmappedReason
	Detail string
}

// UnmappedReason classifies calls without grants.
type UnmappedReason string

// The reasons. NoPermissionNeeded is the good one: AWS documents that the call needs none.
const (
	NoPermissionNeeded UnmappedReason = "no-permission-needed"
	UnknownService     UnmappedReason = "unknown-service"
	UnknownAction      UnmappedReason = "unknown-action"
	NotAnAction        UnmappedReason = "not-an-action"
	// NoListedAction: the operation is known, and the reference has no action that allows it.
	NoListedAction UnmappedReason = "no-listed-action"
	// ShownByItems is for callers that drop a Grant because of its ItemEvent; Map does not return it.
	ShownByItems UnmappedReason = "shown-by-items"
)

// Settled reports whether nothing is left open: the call needs no grant, or none that there is.
func (r UnmappedReason) Settled() bool {
	return r == NoPermissionNeeded || r == NoListedAction || r == ShownByItems
}

// A Result is what one Usage maps to. Exactly one of Grants and Unmapped is set.
type Result struct {
	Grants   []Grant
	Unmapped *Unmapped
}
