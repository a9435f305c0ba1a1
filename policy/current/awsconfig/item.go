package awsconfig

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"

	"github.com/whittle-iam/whittle/policy/current"
)

// An item is a configuration item
// (https://docs.aws.amazon.com/config/latest/developerguide/config-item-table.html).
type item struct {
	ARN        string
	ResourceID string
	Name       string `json:"resourceName"`
	Status     string `json:"configurationItemStatus"`
	Captured   string `json:"configurationItemCaptureTime"`
	// Configuration is an object, or a string with one.
	Configuration json.RawMessage

	captured time.Time
}

// newItem is an item as answers with SDK types tell it.
func newItem(arn, id, name *string, status types.ConfigurationItemStatus, configuration *string, captured *time.Time) item {
	i := item{
		ARN: aws.ToString(arn), ResourceID: aws.ToString(id), Name: aws.ToString(name),
		Status: string(status), Configuration: []byte(aws.ToString(configuration)),
	}
	if captured != nil {
		i.captured = captured.UTC()
	}
	return i
}

// String names the resource.
func (i item) String() string { return cmp.Or(i.ARN, i.Name, i.ResourceID) }

// parseRow reads a row of an advanced query.
func parseRow(row string) (item, error) {
	var i item
	err := json.Unmarshal([]byte(row), &i)
	if err != nil {
		return i, err
	}
	i.captured, err = date(i.Captured)
	return i, err
}

func (i item) deleted() bool {
	return i.Status == string(types.ConfigurationItemStatusResourceDeleted) || i.Status == string(types.ConfigurationItemStatusResourceDeletedNotRecorded)
}

func (i item) unrecorded() bool {
	return i.Status == string(types.ConfigurationItemStatusResourceNotRecorded)
}

// decode reads the configuration.
func (i item) decode(into any) error {
	text := []byte(i.Configuration)
	if bytes.HasPrefix(text, []byte(`"`)) {
		var inner string
		if err := json.Unmarshal(text, &inner); err != nil {
			return err
		}
		text = []byte(inner)
	}
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return errors.New("it has no configuration")
	}
	return json.Unmarshal(text, into)
}

// A detail is a role, the ARNs of its managed policies and boundary, and since when it has what.
type detail struct {
	role     current.Role
	attached []string
	boundary string
	item     item
	since    *since
}

// A roleConfiguration is the configuration of an AWS::IAM::Role.
type roleConfiguration struct {
	ARN                      string
	RoleName                 string
	CreateDate               string
	AssumeRolePolicyDocument string
	RolePolicyList           []struct{ PolicyName, PolicyDocument string }
	AttachedManagedPolicies  []struct{ PolicyARN string }
	PermissionsBoundary      *struct{ PermissionsBoundaryARN string }
	Tags                     []struct{ Key, Value string }
}

func (i item) role() (detail, error) {
	d := detail{item: i}
	var c roleConfiguration
	err := i.decode(&c)
	if err != nil {
		return d, err
	}
	if c.RolePolicyList == nil && c.AttachedManagedPolicies == nil {
		return d, errors.New("it has neither rolePolicyList nor attachedManagedPolicies: what the role may do is not known")
	}
	d.role = current.Role{ARN: cmp.Or(c.ARN, i.ARN), ForLambda: current.TrustsLambda([]byte(c.AssumeRolePolicyDocument))}
	if d.role.Name, err = current.RoleName(d.role.ARN); err != nil {
		return d, err
	}
	if name := cmp.Or(c.RoleName, i.Name, d.role.Name); name != d.role.Name {
		return d, fmt.Errorf("it is called %q", name)
	}
	if d.role.Created, err = date(c.CreateDate); err != nil {
		return d, err
	}
	for _, p := range c.RolePolicyList {
		origin := fmt.Sprintf("config:%s policy %s", d.role.ARN, p.PolicyName)
		d.role.Policies = append(d.role.Policies, current.FromAPI(current.Inline, p.PolicyName, p.PolicyDocument, origin))
	}
	for _, p := range c.AttachedManagedPolicies {
		if !current.IsPolicyARN(p.PolicyARN) {
			return d, fmt.Errorf("the attached policy %q is not a managed policy", p.PolicyARN)
		}
		d.attached = append(d.attached, p.PolicyARN)
	}
	if b := c.PermissionsBoundary; b != nil {
		if d.boundary = b.PermissionsBoundaryARN; !current.IsPolicyARN(d.boundary) {
			return d, fmt.Errorf("its permissions boundary %q is not a managed policy", d.boundary)
		}
	}
	for _, t := range c.Tags {
		if d.role.Tags == nil {
			d.role.Tags = map[string]string{}
		}
		d.role.Tags[t.Key] = t.Value
	}
	return d, nil
}

// A policyConfiguration is the configuration of an AWS::IAM::Policy.
type policyConfiguration struct {
	ARN               string
	DefaultVersionID  string
	PolicyVersionList []struct {
		Document, VersionID, CreateDate string
		IsDefaultVersion                bool
	}
}

// policy returns the version in force of a managed policy, and false if it is not there.
func (i item) policy() (p current.Policy, ok bool, err error) {
	var c policyConfiguration
	if err := i.decode(&c); err != nil {
		return p, false, err
	}
	arn := cmp.Or(c.ARN, i.ARN)
	if !current.IsPolicyARN(arn) {
		return p, false, fmt.Errorf("%q is not the ARN of a managed policy", arn)
	}
	for _, v := range c.PolicyVersionList {
		if v.VersionID != c.DefaultVersionID || v.Document == "" {
			continue
		}
		p = current.FromAPI(current.Managed, current.BaseName(arn), v.Document, fmt.Sprintf("config:%s %s", arn, v.VersionID))
		p.ARN, p.Version = arn, v.VersionID
		p.Created, err = date(v.CreateDate)
		return p, err == nil, err
	}
	return p, false, nil
}

// layouts are the times that are seen in configurations. Those without a zone are UTC.
var layouts = []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05"}

// date reads a time, zero if s is empty.
func date(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time such as 2026-09-01T12:00:00.000Z", s)
}

// inline returns the inline policy of a name, nil if there is none.
func (d detail) inline(name string) *current.Policy {
	i := slices.IndexFunc(d.role.Policies, func(p current.Policy) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &d.role.Policies[i]
}
