package trail

import "time"

// Outcome says what a recorded call tells about the caller's permissions.
type Outcome string

// The outcomes. Only an authorised call shows a permission in use.
const (
	// Authorised calls passed authorisation, whether or not they then succeeded: NoSuchKey and
	// ConditionalCheckFailedException come after the decision.
	Authorised Outcome = "authorised"
	// Denied calls were refused by a policy.
	Denied Outcome = "denied"
	// Inconclusive calls failed before, or without telling whether, authorisation took place:
	// throttling, validation, expired credentials.
	Inconclusive Outcome = "inconclusive"
)

// Kind says what a Usage row stands for.
type Kind string

const (
	// Call is a call made with the role's credentials.
	Call Kind = "call"
	// Assumption is AWS Lambda assuming the role for a function (an AssumeRole event of
	// userIdentity type AWSService invoked by lambda.amazonaws.com). It is no call of the role;
	// it shows that Session is a function.
	Assumption Kind = "assumption"
)

// A Principal is who made a call: an execution role, and the function that used it.
type Principal struct {
	// Account is the twelve digits of the role's account.
	Account string `json:"account,omitempty"`
	// Role is the role's ARN with its path, as sessionContext.sessionIssuer.arn has it.
	Role string `json:"role"`
	// Function is the function's ARN (from userIdentity.inScopeOf.credentialsIssuedTo, without
	// version), or its bare name where only the session name tells it. Empty when the event does
	// not tell; Attribute may fill it from Assumption rows.
	Function string `json:"function,omitempty"`
	// Session is the role session name, kept only while Function is empty, with runs of digits
	// and identifiers that vary from session to session replaced by "#". In Assumption rows it is the
	// function's name as it is.
	Session string `json:"session,omitempty"`
	// ByLambda marks Lambda's own use of the role outside a function's code: event source
	// polling, network interfaces, log group creation. Function may be known nevertheless.
	ByLambda bool `json:"byLambda,omitempty"`
}

// A Param is what one projected path held in the event, see Fields.
type Param struct {
	Path string `json:"path"`
	// Values are the scalars found at Path as text, distinct and sorted, nulls left out. The
	// strings HIDDEN_DUE_TO_SECURITY_REASONS and ********** stay as they are.
	Values []string `json:"values,omitempty"`
	// Open marks a folded Fields.Wide path: each value is then the common start of many names, ends at
	// a separator (or is empty), and stands for any continuation.
	Open bool `json:"open,omitempty"`
	// Wide says that Path is the Fields.Wide of this kind of event and holds one name, so that
	// Merge may fold it. Open implies Wide.
	Wide bool `json:"wide,omitempty"`
	// Gaps says that the one value stands for several names that were alike but for dates, numbers and
	// identifiers, each of which is a "\x00" in it. It is neither Wide nor Open. Denial.Resource has
	// the same gaps where it ends with the name.
	Gaps bool `json:"gaps,omitempty"`
}

// A Denial is what an access-denied message names: the IAM action and resource that were refused
// and the policy type that did it. Every field may be empty.
type Denial struct {
	Action string `json:"action,omitempty"`
	// Resource ends where the name of an open Param does.
	Resource string `json:"resource,omitempty"`
	// By is "identity", "resource", "boundary", "session", "scp", "rcp", "vpce" or "" when the
	// message does not say. Explicit is true for "with an explicit deny".
	By       string `json:"by,omitempty"`
	Explicit bool   `json:"explicit,omitempty"`
}

// Key is what makes two events the same kind of call. Events with equal keys share one Usage.
type Key struct {
	Kind Kind `json:"kind"`
	Principal
	// EventSource and EventName are as recorded, for example "s3.amazonaws.com" and "GetObject".
	EventSource string `json:"eventSource"`
	EventName   string `json:"eventName"`
	Region      string `json:"region,omitempty"`
	// VPCEndpoint is vpcEndpointId, for example "vpce-0123456789abcdef0".
	VPCEndpoint string `json:"vpcEndpoint,omitempty"`
	// InvokedBy is the service that called with the role's forwarded credentials (forward access
	// session), for example "secretsmanager.amazonaws.com".
	InvokedBy string  `json:"invokedBy,omitempty"`
	Outcome   Outcome `json:"outcome"`
	// ErrorCode is as recorded, empty for success.
	ErrorCode string `json:"errorCode,omitempty"`
	Denial    Denial `json:"denial,omitzero"`
	// Missing is "null" where the event has requestParameters null or absent, "omitted" where
	// CloudTrail left them out for size or a path has more or longer values than are kept, which are
	// then not in Params; else empty.
	Missing string `json:"missing,omitempty"`
	// Params are sorted by Path. Paths without a value in the event have no entry.
	Params []Param `json:"params,omitempty"`
}

// Param returns what the event held at a projected path, nil for nothing.
func (k *Key) Param(path string) *Param {
	for i := range k.Params {
		if k.Params[i].Path == path {
			return &k.Params[i]
		}
	}
	return nil
}

// MaxEventIDs is how many event IDs a Usage keeps as samples.
const MaxEventIDs = 3

// Evidence is when and how often calls of one kind were seen.
type Evidence struct {
	Count int64     `json:"count"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
	// Days are the distinct UTC days on which calls were seen, as days since 1970-01-01, sorted.
	Days []int32 `json:"days"`
	// EventIDs are the IDs of the latest calls, newest first, ties by ID; at most MaxEventIDs.
	EventIDs []string `json:"eventIDs,omitempty"`
	// EventTimes are the times of EventIDs, in the same order, so that Merge knows the latest.
	EventTimes []time.Time `json:"eventTimes,omitempty"`
}

// Usage is one observed kind of call, aggregated.
type Usage struct {
	Key
	Evidence
}
