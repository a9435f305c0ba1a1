package policy

import (
	"fmt"
	"strings"
)

// An ARN is an Amazon Resource Name, split as
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html has it. Region and Account
// are empty where the resource's kind has none. Resource may hold colons and slashes.
type ARN struct {
	Partition, Service, Region, Account, Resource string
}

// ParseARN splits an ARN. It is an error if s has fewer than six fields, does not begin with "arn",
// or has no partition, service or resource. The fields are not checked further: patterns are split
// too.
func ParseARN(s string) (ARN, error) {
	fields := strings.SplitN(s, ":", 6)
	if len(fields) != 6 || fields[0] != "arn" {
		return ARN{}, fmt.Errorf("%q is not an ARN: want arn:partition:service:region:account:resource", s)
	}
	a := ARN{fields[1], fields[2], fields[3], fields[4], fields[5]}
	if a.Partition == "" || a.Service == "" || a.Resource == "" {
		return ARN{}, fmt.Errorf("%q is not an ARN: the partition, the service or the resource is empty", s)
	}
	return a, nil
}

// String returns the ARN's text.
func (a ARN) String() string {
	return strings.Join([]string{"arn", a.Partition, a.Service, a.Region, a.Account, a.Resource}, ":")
}
