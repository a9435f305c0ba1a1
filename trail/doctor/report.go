package doctor

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

// A Report is what an examination found.
type Report struct {
	Account string   `json:"account,omitempty"`
	Regions []string `json:"regions"`
	// Trails are sorted by ARN.
	Trails []*Trail `json:"trails"`
	// Findings are in the order of Kind, then by trail.
	Findings []Finding `json:"findings"`
}

// A Trail is one trail that applies to a Region that was examined.
type Trail struct {
	ARN        string `json:"arn"`
	Name       string `json:"name"`
	HomeRegion string `json:"homeRegion"`
	// Foreign says that the trail belongs to another account: an organisation's, seen from a member.
	Foreign      bool   `json:"foreign,omitempty"`
	MultiRegion  bool   `json:"multiRegion"`
	Organization bool   `json:"organization"`
	GlobalEvents bool   `json:"globalServiceEvents"`
	Validated    bool   `json:"logFileValidation"`
	Bucket       string `json:"bucket"`
	Prefix       string `json:"prefix,omitempty"`
	KMSKey       string `json:"kmsKey,omitempty"`
	LogGroup     string `json:"logGroup,omitempty"`
	// Unread says that the status and the selectors could not be read; the members below are then empty.
	Unread  bool `json:"unread,omitempty"`
	Logging bool `json:"logging"`
	// Started and Stopped are when logging last began and ended, Delivered when the last file came.
	Started       time.Time `json:"started,omitzero"`
	Stopped       time.Time `json:"stopped,omitzero"`
	Delivered     time.Time `json:"delivered,omitzero"`
	DeliveryError string    `json:"deliveryError,omitempty"`
	DigestError   string    `json:"digestError,omitempty"`
	LogGroupError string    `json:"logGroupError,omitempty"`
	// FirstDay is the day of the oldest folder of the account's logs in the bucket, as 2006-01-02; empty if
	// there is none or the bucket could not be listed, for the reason in FirstDayError.
	FirstDay      string `json:"firstDay,omitempty"`
	FirstDayError string `json:"firstDayError,omitempty"`

	account, partition string
	// logsOf is the account whose logs are looked for in the bucket.
	logsOf string
	// selectors are the advanced ones, or those that select the same as the basic ones.
	selectors []types.AdvancedEventSelector
}

// A Kind classifies a finding.
type Kind string

// The kinds, in the order in which findings are reported: what hides most comes first.
const (
	NoTrail          Kind = "no-trail"
	Unread           Kind = "unread"
	Stopped          Kind = "stopped"
	DeliveryFailed   Kind = "delivery-failed"
	SingleRegion     Kind = "single-region"
	NoGlobalEvents   Kind = "no-global-events"
	ManagementReads  Kind = "management-reads"
	ManagementWrites Kind = "management-writes"
	ExcludedSources  Kind = "excluded-sources"
	NoDataEvents     Kind = "no-data-events"
	SomeDataEvents   Kind = "some-data-events"
	// The kinds below hide nothing.
	Unvalidated Kind = "unvalidated"
	Overlap     Kind = "overlap"
)

// A Finding is one thing that an account's trails do not record, or that is to be known about them.
type Finding struct {
	Kind Kind `json:"kind"`
	// Trail is the ARN of the trail that it is about, or that Command changes; it may be empty.
	Trail string `json:"trail,omitempty"`
	// Regions are those where it holds, of those examined; empty for all of them.
	Regions []string `json:"regions,omitempty"`
	// What says how things are, Hides what a reader of the log cannot see for it, empty if nothing.
	What  string `json:"what"`
	Hides string `json:"hides,omitempty"`
	// Change is what to do about it, and Command a command for a POSIX shell that does it; it may be empty.
	Change  string `json:"change"`
	Command string `json:"command,omitempty"`
}

// Hidden returns how many findings hide something.
func (r Report) Hidden() int {
	n := 0
	for _, f := range r.Findings {
		if f.Hides != "" {
			n++
		}
	}
	return n
}
