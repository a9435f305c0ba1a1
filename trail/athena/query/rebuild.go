package query

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A row is one row of a Statement.
type row struct {
	record          []string
	name            string // exact, where named
	named           bool
	records, events int64
	first, last     time.Time // zero where the record's time is not counted in seconds
	days            []int32
	ids             []string
	times           []time.Time
}

var notText = regexp.MustCompile(noText)

// event writes the record that stands for the row's, as JSON.
func (r *row) event() ([]byte, error) {
	at := func(i int) string { return r.record[i] }
	e := map[string]any{
		"eventTime": at(atTime), "eventSource": asStored(at(atSource)), "eventName": asStored(at(atName)),
		"eventType": at(atEventType), "eventCategory": at(atCategory), "awsRegion": at(atRegion),
		"recipientAccountId": at(atRecipient), "sourceIPAddress": at(atAddress), "userAgent": at(atAgent),
		"errorCode": at(atErrorCode), "vpcEndpointId": at(atEndpoint), "errorMessage": r.message(),
	}
	if !r.first.IsZero() {
		e["eventTime"] = r.first.Format(time.RFC3339)
	}
	for name, i := range map[string]int{
		"readOnly": atReadOnly, "managementEvent": atManagement, "responseElements": atResponse, "additionalEventData": atAdditional,
	} {
		if at(i) != "" {
			e[name] = at(i)
		}
	}
	identity := map[string]any{"type": at(atIdentity), "invokedBy": at(atInvokedBy), "accountId": at(atAccount)}
	if at(atIdentity) == "AssumedRole" {
		identity["sessionContext"] = map[string]any{"sessionIssuer": map[string]any{"arn": at(atRole)}}
		identity["inScopeOf"] = map[string]any{"credentialsIssuedTo": at(atScope)}
		if at(atSession) != "" {
			identity["arn"] = "arn:aws:sts::0:assumed-role/-/" + at(atSession)
		}
	}
	e["userIdentity"] = identity
	resources, err := r.resources()
	if err != nil {
		return nil, err
	}
	e["resources"] = resources
	if request := r.request(); request != "" {
		e["requestParameters"] = request
	}
	return json.Marshal(e)
}

// asStored is the JSON value of which a table gives the text.
func asStored(text string) any {
	if notText.MatchString(text) && json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return text
}

// message puts back the exact name, and the length where it matters.
func (r *row) message() string {
	message := r.record[atMessage]
	if wide := r.record[atWide]; wide != "" && r.named {
		message = strings.ReplaceAll(message, withGaps(r.name), r.name)
	}
	if r.record[atCut] != "" {
		// trail.ParseDenial trusts no end of a message of this length.
		message = strings.Repeat(" ", 1024) + message
	}
	return message
}

// request puts back the exact name, and what the Observer looks at beyond the parameters that were asked.
func (r *row) request() string {
	text := r.record[atRequest]
	members := map[string]json.RawMessage{}
	if json.Unmarshal([]byte(text), &members) != nil || members == nil {
		return text
	}
	set := func(name, value string) {
		encoded, _ := json.Marshal(value) // a string
		members[name] = encoded
	}
	changed := false
	if wide := r.record[atWide]; wide != "" && r.named {
		set(wide, r.name)
		changed = true
	}
	if r.record[atIdentity] == "AWSService" && r.record[atRole] != "" {
		set("roleArn", r.record[atRole])
		if r.record[atSession] != "" {
			set("roleSessionName", r.record[atSession])
		}
		changed = true
	}
	if r.record[atFunctionKey] != "" && !strings.Contains(text, `"aws:lambda:FunctionArn"`) {
		members["aws:lambda:FunctionArn"] = json.RawMessage("true")
		changed = true
	}
	if !changed {
		return text
	}
	encoded, err := json.Marshal(members)
	if err != nil {
		return text
	}
	return string(encoded)
}

func (r *row) resources() ([]map[string]string, error) {
	text := r.record[atResources]
	if text == "" {
		return nil, nil
	}
	var list [][]string
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, fmt.Errorf("resources: %w", err)
	}
	var out []map[string]string
	for _, parts := range list {
		if len(parts) != 4 {
			return nil, errors.New("resources: not four parts")
		}
		out = append(out, map[string]string{"type": parts[0], "ARN": parts[1], "ARNPrefix": parts[2], "accountId": parts[3]})
	}
	return out, nil
}
