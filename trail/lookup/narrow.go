package lookup

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

// Narrow says which events are wanted; the zero value wants all. LookupEvents takes one attribute, so that
// of several only the first field that is set, which leaves the fewest events, has an effect: more than
// what is wanted may be read, never less.
//
// There is none for a role, since no attribute has all of a role's calls. An access key belongs to one
// session. A user name is that of a user or a role, says AWS
// (https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Event.html), but its examples show the
// session's, which is another one where Lambda itself uses the role. And the events by which Lambda assumes
// the role have neither.
type Narrow struct {
	// AccessKeyID is the key of one session, or of a user.
	AccessKeyID string
	// EventName and EventSource are as recorded, for example "CreateTable" and "dynamodb.amazonaws.com".
	EventName, EventSource string
	// Writes wants no events that only read.
	Writes bool
}

// attribute returns what to send, nil for all events.
func (n Narrow) attribute() *types.LookupAttribute {
	switch {
	case n.AccessKeyID != "":
		return attribute(types.LookupAttributeKeyAccessKeyId, n.AccessKeyID)
	case n.EventName != "":
		return attribute(types.LookupAttributeKeyEventName, n.EventName)
	case n.EventSource != "":
		return attribute(types.LookupAttributeKeyEventSource, n.EventSource)
	case n.Writes:
		return attribute(types.LookupAttributeKeyReadOnly, strconv.FormatBool(false))
	}
	return nil
}

func attribute(key types.LookupAttributeKey, value string) *types.LookupAttribute {
	return &types.LookupAttribute{AttributeKey: key, AttributeValue: aws.String(value)}
}

// String says what is read, for example "EventName CreateTable"; "" for everything.
func (n Narrow) String() string {
	a := n.attribute()
	if a == nil {
		return ""
	}
	return string(a.AttributeKey) + " " + *a.AttributeValue
}
