// Package recorded says what CloudTrail records of an action: a management event, which every trail
// and the event history has by default, a data event, which a trail has only where it selects the
// event type, or nothing at all. Whoever concludes from silence that a permission is unused needs it.
//
// The facts stand in recorded.txt, each under the AWS page that states it. What no page states is
// Unknown: services without an entry, and what is no operation of the API. A new action of a service
// that has an entry is not covered until someone has read the page again, except where the page speaks of
// all the service's calls; a test in package reference names those when the reference changes.
//
// Two things narrow what Management promises. A trail can be told to leave out the management events
// of AWS KMS and of the RDS Data API (ExcludeManagementEventSources), and one that selects only
// write events has no reads.
package recorded

import (
	_ "embed"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// Kind is how CloudTrail records an action.
type Kind string

// The kinds.
const (
	// Management: in every trail and in the event history, unless left out deliberately.
	Management Kind = "management"
	// Data: only in trails whose selectors name the event type.
	Data Kind = "data"
	// Never: no trail has it.
	Never Kind = "never"
	// Unknown: nothing is documented. Not seeing the action proves nothing.
	Unknown Kind = "unknown"
)

// A Recording is what CloudTrail records of one action.
//
// An action that is no call of its own, such as s3:PutObjectAcl for a PutObject with an ACL header or
// dynamodb:ConditionCheckItem for a TransactWriteItems, is recorded as the call that needs it.
type Recording struct {
	Kind Kind
	// EventType is the value of resources.type that selects the data events, for example
	// "AWS::S3::Object", and empty for other kinds. Where an action has several (an S3 object read
	// through an access point, an SNS message to a mobile endpoint) it is the usual one.
	EventType string
	// Source is the page that states it, empty if Unknown for want of one.
	Source string
}

//go:embed recorded.txt
var text string

// table is parsed when first used. It is part of the program and tests parse it.
var table = sync.OnceValue(func() map[string]*service {
	services, err := parse("recorded.txt", text)
	if err != nil {
		panic("recorded: " + err.Error())
	}
	return services
})

// Of returns what CloudTrail records of an action such as "s3:GetObject", without regard to case. An
// action that the reference does not have is Unknown.
func Of(action string) Recording {
	a, ok := reference.LookupAction(action)
	if !ok {
		return Recording{Kind: Unknown}
	}
	s, ok := table()[a.Service]
	if !ok {
		return Recording{Kind: Unknown}
	}
	if r, ok := s.actions[a.Name]; ok {
		return r
	}
	return s.rest
}
