package actionmap

import (
	"regexp"
	"strings"
)

// arnName reads a name, or the last part of an ARN that ends in it: of a cluster's ARN, where the
// ARN to be built holds the cluster's name.
func arnName(text string) ([]value, reading) {
	if !isARN(text) {
		return name(text)
	}
	a, ok := parseARN(text)
	_, last, found := cutLast(a.resource, "/")
	if !ok || !found || last == "" {
		return nil, unreadable
	}
	return one(value{account: a.account, parts: []string{last}})
}

// pathID reads an ID that may stand behind its path, as Route 53 gives out /hostedzone/Z1.
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHostedZone.html
func pathID(text string) ([]value, reading) {
	if isARN(text) {
		return one(value{arn: text})
	}
	return name(text[strings.LastIndex(text, "/")+1:])
}

// marked reads IDs that begin with a mark of their kind, and leaves the mark away: ARN formats have it
// as a constant. Other IDs name something else.
func marked(mark string) form {
	return func(text string) ([]value, reading) {
		id, ok := strings.CutPrefix(text, mark)
		if !ok {
			return nil, elsewhere
		}
		return name(id)
	}
}

// accountID reads an account number.
func accountID(text string) ([]value, reading) {
	if !isAccount(text) {
		return nil, elsewhere
	}
	return name(text)
}

var revision = regexp.MustCompile(`:[0-9]+$`)

// taskDefinition reads FAMILY:REVISION or an ARN that ends so. A family alone, which stands for its
// newest revision, is read elsewhere.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
func taskDefinition(text string) ([]value, reading) {
	switch {
	case !revision.MatchString(text):
		return nil, elsewhere
	case isARN(text):
		return one(value{arn: text})
	}
	family, number, _ := cutLast(text, ":")
	return name(family, number)
}

// unversioned reads names and ARNs that end in no revision.
func unversioned(text string) ([]value, reading) {
	if revision.MatchString(text) {
		return nil, elsewhere
	}
	return nameOrARN(text)
}

// stackSet reads a stack set's NAME:ID; a name alone is read elsewhere.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackSet.html
func stackSet(text string) ([]value, reading) {
	if isARN(text) {
		return one(value{arn: text})
	}
	set, id, ok := strings.Cut(text, ":")
	if !ok {
		return nil, elsewhere
	}
	return name(set, id)
}

// wafScope reads the scope of AWS WAF requests as ARNs write it.
// https://docs.aws.amazon.com/waf/latest/APIReference/API_GetWebACL.html
func wafScope(text string) ([]value, reading) {
	switch text {
	case "REGIONAL":
		return name("regional")
	case "CLOUDFRONT":
		return name("global")
	}
	return nil, unreadable
}

// providerURL reads the URL of an OpenID Connect provider, whose ARN holds it without its scheme.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
func providerURL(text string) ([]value, reading) {
	host, ok := strings.CutPrefix(text, "https://")
	if !ok {
		return nil, unreadable
	}
	return name(strings.TrimSuffix(host, "/"))
}

// lowerCase reads a constant of an API as ARNs write it: SERVICE_CONTROL_POLICY.
func lowerCase(text string) ([]value, reading) { return name(strings.ToLower(text)) }

// codebuildProject reads the ID or ARN of a build, PROJECT:UUID, as its project.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StopBuild.html
func codebuildProject(text string) ([]value, reading) {
	var v value
	if a, ok := parseARN(text); ok {
		v.account = a.account
		_, text, _ = strings.Cut(a.resource, "/")
	}
	project, _, ok := cutLast(text, ":")
	if !ok {
		return nil, unreadable
	}
	v.parts = []string{project}
	return one(v)
}

// reportGroup reads the ARN of a report, …:report/GROUP:ID, as its group.
// https://docs.aws.amazon.com/codebuild/latest/APIReference/API_BatchGetReports.html
func reportGroup(text string) ([]value, reading) {
	a, ok := parseARN(text)
	report, isReport := strings.CutPrefix(a.resource, "report/")
	group, _, cut := cutLast(report, ":")
	if !ok || !isReport || !cut {
		return nil, unreadable
	}
	return one(value{account: a.account, parts: []string{group}})
}

// eksPrincipal reads the ARN of a role or user as the parts of an access entry's: its type, account and
// name without path. https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
func eksPrincipal(text string) ([]value, reading) {
	a, ok := parseARN(text)
	kind, path, cut := strings.Cut(a.resource, "/")
	if !ok || !cut || !isAccount(a.account) {
		return nil, unreadable
	}
	return name(kind, a.account, path[strings.LastIndex(path, "/")+1:])
}

// profileRole reads an instance profile's name or ARN as the role in it, which no event names.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
func profileRole(text string) ([]value, reading) {
	v := value{assumed: "the event names the instance profile, whose role the console gives the same name"}
	if a, ok := parseARN(text); ok {
		path, isProfile := strings.CutPrefix(a.resource, "instance-profile/")
		if !isProfile {
			return nil, unreadable
		}
		v.account, text = a.account, path
	}
	v.parts = []string{text}
	return one(v)
}
