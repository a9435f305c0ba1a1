package trailtest

import (
	"encoding/json"
	"strings"
	"time"
)

// A Record is one CloudTrail record, with the members and the spelling of
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
// in the order in which CloudTrail writes them. Build one with Generator.Call and change what the test
// is about; the methods return the record for chaining.
type Record struct {
	EventVersion        string         `json:"eventVersion"`
	UserIdentity        Identity       `json:"userIdentity"`
	EventTime           string         `json:"eventTime"`
	EventSource         string         `json:"eventSource"`
	EventName           string         `json:"eventName"`
	AWSRegion           string         `json:"awsRegion"`
	SourceIPAddress     string         `json:"sourceIPAddress"`
	UserAgent           string         `json:"userAgent,omitempty"`
	ErrorCode           string         `json:"errorCode,omitempty"`
	ErrorMessage        string         `json:"errorMessage,omitempty"`
	RequestParameters   map[string]any `json:"requestParameters"`
	ResponseElements    map[string]any `json:"responseElements"`
	AdditionalEventData map[string]any `json:"additionalEventData,omitempty"`
	ServiceEventDetails map[string]any `json:"serviceEventDetails,omitempty"`
	RequestID           string         `json:"requestID,omitempty"`
	EventID             string         `json:"eventID"`
	ReadOnly            bool           `json:"readOnly"`
	Resources           []Resource     `json:"resources,omitempty"`
	EventType           string         `json:"eventType"`
	APIVersion          string         `json:"apiVersion,omitempty"`
	ManagementEvent     bool           `json:"managementEvent"`
	RecipientAccountID  string         `json:"recipientAccountId"`
	SharedEventID       string         `json:"sharedEventID,omitempty"`
	VPCEndpointID       string         `json:"vpcEndpointId,omitempty"`
	EventCategory       string         `json:"eventCategory"`
	TLSDetails          *TLSDetails    `json:"tlsDetails,omitempty"`
}

// A Resource is an entry of Record.Resources.
type Resource struct {
	AccountID string `json:"accountId,omitempty"`
	Type      string `json:"type,omitempty"`
	ARN       string `json:"ARN,omitempty"`
	ARNPrefix string `json:"ARNPrefix,omitempty"`
}

// TLSDetails says how the connection was encrypted.
type TLSDetails struct {
	TLSVersion               string `json:"tlsVersion"`
	CipherSuite              string `json:"cipherSuite"`
	ClientProvidedHostHeader string `json:"clientProvidedHostHeader"`
}

// Params sets requestParameters.
func (r *Record) Params(params map[string]any) *Record {
	r.RequestParameters = params
	return r
}

// Response sets responseElements, which CloudTrail writes for changes and not for reads.
func (r *Record) Response(elements map[string]any) *Record {
	r.ResponseElements = elements
	return r
}

// Uses adds an entry to resources. Empty arguments are left out of the record.
func (r *Record) Uses(account, kind, arn string) *Record {
	r.Resources = append(r.Resources, Resource{AccountID: account, Type: kind, ARN: arn})
	return r
}

// Fails sets the error. A call that failed has no response.
func (r *Record) Fails(code, message string) *Record {
	r.ErrorCode, r.ErrorMessage, r.ResponseElements = code, message, nil
	return r
}

// Denied makes the record a call that no policy allowed, with the message of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html. The resource is an
// ARN, or empty where the message names none.
func (r *Record) Denied(code, action, resource string) *Record {
	message := "User: " + r.UserIdentity.ARN + " is not authorized to perform: " + action
	if resource != "" {
		message += " on resource: " + resource
	}
	return r.Fails(code, message+" because no identity-based policy allows the "+action+" action")
}

// Data makes the record a data event.
func (r *Record) Data() *Record {
	r.ManagementEvent, r.EventCategory = false, "Data"
	return r
}

// Through makes the call come from a private address through a VPC endpoint.
func (r *Record) Through(endpoint, address string) *Record {
	r.VPCEndpointID, r.SourceIPAddress = endpoint, address
	return r
}

// From sets the address and the user agent.
func (r *Record) From(address, userAgent string) *Record {
	r.SourceIPAddress, r.UserAgent = address, userAgent
	return r
}

// Forwarded makes the record a call that a service made with the caller's credentials (forward access
// session): the identity stays, and invokedBy, address and user agent are the service's.
func (r *Record) Forwarded(service string) *Record {
	r.UserIdentity.InvokedBy, r.SourceIPAddress, r.UserAgent, r.TLSDetails = service, service, service, nil
	return r
}

// Time returns eventTime, the zero time if it is malformed.
func (r *Record) Time() time.Time {
	t, err := time.Parse(time.RFC3339, r.EventTime)
	if err != nil {
		return time.Time{}
	}
	return t
}

// JSON returns the record as one line without a line end.
func (r *Record) JSON() []byte {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // CloudTrail does not.
	if err := encoder.Encode(r); err != nil {
		panic("trailtest: a parameter is no JSON value: " + err.Error())
	}
	return []byte(strings.TrimSuffix(b.String(), "\n"))
}
