package lambdaapi

import (
	"cmp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/whittle-iam/whittle/policy/current"
)

// latest is the version that is not published.
const latest = "$LATEST"

// A function is what was read of one.
type function struct {
	arn      string
	versions []version
	mappings []types.EventSourceMappingConfiguration
	async    []types.FunctionEventInvokeConfig
}

// A version is $LATEST or a published one, which has the settings of its day.
type version struct {
	qualifier string
	config    types.FunctionConfiguration
}

// split takes the version or alias from a function's ARN
// (https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html).
func split(arn string) (function, qualifier string) {
	parts := strings.Split(arn, ":")
	if len(parts) < 8 {
		return arn, ""
	}
	return strings.Join(parts[:7], ":"), strings.Join(parts[7:], ":")
}

// roles are those of the versions, sorted.
func (f function) roles() []string { return f.rolesOf(func(string) bool { return true }) }

func (f function) rolesOf(qualifier func(string) bool) []string {
	var out []string
	for _, v := range f.versions {
		if qualifier(v.qualifier) {
			out = append(out, aws.ToString(v.config.Role))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// runsAs reports whether what a qualifier names may run with a role: a version does with its own, an
// alias may be of any version.
func (f function) runsAs(qualifier, role string) bool {
	of := f.rolesOf(func(q string) bool { return q == cmp.Or(qualifier, latest) })
	if len(of) == 0 {
		of = f.roles()
	}
	return slices.Contains(of, role)
}

// of is the function as far as it uses a role.
func (f function) of(role string) current.Function {
	c := newCollector(f.arn)
	versions := slices.Clone(f.versions)
	slices.SortStableFunc(versions, func(a, b version) int { return compareQualifiers(a.qualifier, b.qualifier) })
	for _, v := range versions {
		if aws.ToString(v.config.Role) == role {
			c.version = v.qualifier
			c.settings(v.config)
		}
	}
	c.version = latest
	for _, m := range f.mappings {
		if _, q := split(aws.ToString(m.FunctionArn)); f.runsAs(q, role) {
			c.mapping(m)
		}
	}
	for _, a := range f.async {
		if _, q := split(aws.ToString(a.FunctionArn)); f.runsAs(q, role) {
			c.async(a)
		}
	}
	return c.function(role)
}

// compareQualifiers puts $LATEST first, then the newest version.
func compareQualifiers(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == latest:
		return -1
	case b == latest:
		return 1
	}
	return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(b, a))
}
