package trail

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// An Event is the part of a CloudTrail record that trail reads. Unknown members are accepted, as
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
// announces new ones at any time.
type Event struct {
	EventID       string    `json:"eventID"`
	SharedEventID string    `json:"sharedEventID"`
	EventTime     eventTime `json:"eventTime"`
	EventSource   string    `json:"eventSource"`
	EventName     string    `json:"eventName"`
	EventType     string    `json:"eventType"`
	EventCategory string    `json:"eventCategory"`
	AWSRegion     string    `json:"awsRegion"`
	// RecipientAccountID is the account whose trail recorded the event.
	RecipientAccountID string       `json:"recipientAccountId"`
	SourceIPAddress    string       `json:"sourceIPAddress"`
	UserAgent          string       `json:"userAgent"`
	ErrorCode          string       `json:"errorCode"`
	ErrorMessage       string       `json:"errorMessage"`
	VPCEndpointID      string       `json:"vpcEndpointId"`
	ManagementEvent    *flexBool    `json:"managementEvent"`
	ReadOnly           *flexBool    `json:"readOnly"`
	UserIdentity       UserIdentity `json:"userIdentity"`
	Resources          []Resource   `json:"resources"`

	// The members below are valid JSON objects, or nil where the record has null or nothing.
	RequestParameters   json.RawMessage `json:"requestParameters"`
	ResponseElements    json.RawMessage `json:"responseElements"`
	AdditionalEventData json.RawMessage `json:"additionalEventData"`
}

// A UserIdentity is who made the request, see
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
type UserIdentity struct {
	Type           string `json:"type"`
	ARN            string `json:"arn"`
	AccountID      string `json:"accountId"`
	InvokedBy      string `json:"invokedBy"`
	SessionContext struct {
		SessionIssuer struct {
			ARN string `json:"arn"`
		} `json:"sessionIssuer"`
	} `json:"sessionContext"`
	InScopeOf struct {
		IssuerType          string `json:"issuerType"`
		CredentialsIssuedTo string `json:"credentialsIssuedTo"`
	} `json:"inScopeOf"`
}

// A Resource is one that a call used. Lists and batches have ARNPrefix in place of ARN.
type Resource struct {
	ARN       string `json:"ARN"`
	ARNPrefix string `json:"ARNPrefix"`
	AccountID string `json:"accountId"`
	Type      string `json:"type"`
}

// ErrNotEvent is what Decode returns, wrapped, for JSON that has nothing of a CloudTrail record.
var ErrNotEvent = errors.New("no CloudTrail record")

// Decode reads one CloudTrail record. The error names the member that is missing or of the wrong
// type. It does not keep raw.
//
// It is as tolerant as records found in the wild ask for: booleans may be strings, and objects may
// be the string "null" or a string that holds the object.
func Decode(raw []byte) (Event, error) {
	var e Event
	if err := json.Unmarshal(raw, &e); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return Event{}, fmt.Errorf("%s: %s where CloudTrail has a %s", wrong.Field, wrong.Value, wrong.Type)
		}
		return Event{}, err
	}
	for _, object := range []struct {
		name     string
		value    *json.RawMessage
		freeText bool
	}{
		{"requestParameters", &e.RequestParameters, false},
		{"responseElements", &e.ResponseElements, false},
		// Some services write a sentence here.
		{"additionalEventData", &e.AdditionalEventData, true},
	} {
		value, ok := unwrap(*object.value)
		if !ok && !object.freeText {
			return Event{}, fmt.Errorf("%s: neither an object nor null", object.name)
		}
		*object.value = value
	}
	switch {
	case e.EventName == "" && e.EventSource == "" && e.EventTime.IsZero() && e.UserIdentity.Type == "":
		return Event{}, ErrNotEvent
	case e.EventTime.IsZero():
		return Event{}, errors.New("eventTime: missing")
	case notACall(&e) != "":
		// Insights name the event elsewhere.
		return e, nil
	case e.EventName == "":
		return Event{}, errors.New("eventName: missing")
	case e.EventSource == "":
		return Event{}, errors.New("eventSource: missing")
	}
	return e, nil
}

// unwrap returns the object that value is or, as a string, holds; nil for null.
func unwrap(value json.RawMessage) (json.RawMessage, bool) {
	if len(value) > 0 && value[0] == '"' {
		var text string
		if json.Unmarshal(value, &text) != nil {
			return nil, false
		}
		value = bytes.TrimSpace([]byte(text))
		if len(value) > 0 && !json.Valid(value) {
			return nil, false
		}
	}
	if len(value) == 0 || string(value) == "null" {
		return nil, true
	}
	if value[0] != '{' {
		return nil, false
	}
	return value, true
}

// eventTime is a time.Time that names itself when malformed.
type eventTime struct{ time.Time }

func (t *eventTime) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return errors.New("eventTime: not a string")
	}
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return fmt.Errorf("eventTime: %w", err)
	}
	// JSON can write years 0 to 9999 only, in UTC as well.
	parsed = parsed.UTC().Truncate(time.Second)
	if parsed.Year() < 1 || parsed.Year() > 9999 {
		return errors.New("eventTime: year out of range")
	}
	t.Time = parsed
	return nil
}

// flexBool is a bool that may be written as a string.
type flexBool bool

func (v *flexBool) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case "true", `"true"`:
		*v = true
	case "false", `"false"`, "null":
		*v = false
	default:
		return errors.New("readOnly or managementEvent: not a boolean")
	}
	return nil
}

// dataEvent reports whether the record is a data event, as the trail's selectors see it.
func (e *Event) dataEvent() bool {
	return e.EventCategory == "Data" || e.ManagementEvent != nil && !bool(*e.ManagementEvent)
}
