package lint

import (
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
)

// arnRules are about the fields of a resource's ARN, one by one, see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html.
var arnRules = []Rule{
	{
		ID: "invalid-arn-prefix", Severity: Error, AWS: []string{"INVALID_ARN_PREFIX"},
		Title: "A resource is not an ARN",
		Help:  "A resource is \"*\" or an ARN, which begins with \"arn:\". IAM refuses other text.",
		check: eachARN(func(c *checker, a arn) {
			if a.fields[0] != "arn" {
				c.report(a.place, "%s is neither \"*\" nor an ARN", quote(a.value))
			}
		}),
	},
	{
		ID: "missing-arn-field", Severity: Error, AWS: []string{"MISSING_ARN_FIELD"},
		Title: "An ARN has too few fields",
		Help: "An ARN has six fields: arn:partition:service:region:account:resource. In an identity policy those that are missing " +
			"count as \"*\", which is wider than it looks, and a session policy with such an ARN is refused. Write all six.",
		check: eachARN(func(c *checker, a arn) {
			if a.fields[0] == "arn" && len(a.fields) < arnFields {
				c.report(a.place, "%s has %s, and an ARN has 6", quote(a.value), count(len(a.fields), "field"))
			}
		}),
	},
	{
		ID: "invalid-arn-partition", Severity: Error, AWS: []string{"INVALID_PARTITION"},
		Title: "An ARN's partition does not exist",
		Help:  "The second field of an ARN is a partition: aws, aws-cn for China, aws-us-gov for GovCloud, or that of an isolated or sovereign cloud.",
		check: eachARN(func(c *checker, a arn) {
			if p, ok := a.field(partitionField); ok && !isPartition(p) {
				c.report(a.place, "there is no partition %s", quote(p))
			}
		}),
	},
	{
		ID: "arn-service-case", Severity: Error, AWS: []string{"INVALID_ARN_SERVICE_CASE"},
		Title: "An ARN's service is not in lower case",
		Help:  "The third field of an ARN is a service in lower case: arn:aws:s3:::bucket.",
		check: eachARN(func(c *checker, a arn) {
			if s, ok := a.field(serviceField); ok && s != strings.ToLower(s) {
				c.report(a.place, "the service of %s is not in lower case: write %s", quote(a.value), quote(strings.ToLower(s)))
			}
		}),
	},
	{
		ID: "unknown-arn-service", Severity: Error, AWS: []string{"INVALID_SERVICE"},
		Title: "An ARN's service does not exist",
		Help:  "The third field of an ARN is a service. The reference has no resources of this one, and no service of this name.",
		check: eachARN(func(c *checker, a arn) {
			if s, ok := a.field(serviceField); ok && !wild(s) && !knownService(s) {
				c.report(a.place, "there is no service %s", quote(s))
			}
		}),
	},
	{
		ID: "invalid-arn-region", Severity: Error, AWS: []string{"INVALID_ARN_REGION"},
		Title: "An ARN's Region does not exist, or not in its partition",
		Help: "The fourth field of an ARN is a Region such as eu-west-1, or empty. Every Region belongs to one partition, so that " +
			"arn:aws:sqs:cn-north-1:… names nothing.",
		check: eachARN(func(c *checker, a arn) {
			region, ok := a.field(regionField)
			if !ok || region == "" || wild(region) {
				return
			}
			partition, _ := a.field(partitionField)
			switch {
			case !regionForm.MatchString(region):
				c.report(a.place, "there is no Region %s", quote(region))
			case isPartition(partition) && !glob.Compile(partition).Match(partitionOf(region)):
				c.report(a.place, "the Region %s is in the partition %s, not in %s", region, partitionOf(region), quote(partition))
			}
		}),
	},
	{
		ID: "invalid-arn-account", Severity: Error, AWS: []string{"INVALID_ARN_ACCOUNT"},
		Title: "An ARN's account is not an account ID",
		Help:  "The fifth field of an ARN is an account ID of 12 digits, or empty, or \"aws\" for some resources that AWS owns.",
		check: eachARN(func(c *checker, a arn) {
			if account, ok := a.field(accountField); ok && account != "" && account != "aws" && !accountForm(account) {
				c.report(a.place, "%s is no account ID: that has 12 digits", quote(account))
			}
		}),
	},
}

// An arn is one text of Resource or NotResource, apart from "*".
type arn struct {
	place place
	value string
	// fields are up to six, with "*" for every variable.
	fields []string
	c      *checker
}

// eachARN makes a check of all resources of a policy. What begins with a variable, or has one that is
// malformed, is for the rules about variables.
func eachARN(check func(*checker, arn)) func(*checker) {
	return func(c *checker) {
		for _, s := range c.statements {
			for _, list := range []struct {
				element string
				texts   []policy.Text
			}{{"Resource", s.Resources.Texts}, {"NotResource", s.NotResources.Texts}} {
				for _, t := range list.texts {
					if a, ok := c.arn(s.at(list.element, t)); ok {
						check(c, a)
					}
				}
			}
		}
	}
}

func (c *checker) arn(at place) (arn, bool) {
	pattern := at.value
	if c.variables() {
		template, err := condition.ParseTemplate(at.value, true)
		if err != nil || strings.HasPrefix(at.value, "${") {
			return arn{}, false
		}
		pattern = template.Widest()
	}
	if pattern != "" && strings.Trim(pattern, "*") == "" {
		return arn{}, false
	}
	return arn{at, at.value, strings.SplitN(pattern, ":", arnFields), c}, true
}

// variables says whether "${…}" is a variable in this policy.
func (c *checker) variables() bool { return c.src.Document.Version == policy.Version2012 }

// field returns a field of an ARN, if there is one.
func (a arn) field(i int) (string, bool) {
	if a.fields[0] != "arn" || i >= len(a.fields) {
		return "", false
	}
	return a.fields[i], true
}

func knownService(name string) bool {
	name = strings.ToLower(name)
	_, ok := reference.Lookup(name)
	return ok || len(formatsByService()[name]) > 0
}

// accountForm says whether a pattern can be an account ID.
func accountForm(pattern string) bool {
	return strings.Trim(pattern, "0123456789*?") == "" && glob.Compile(pattern).Intersects(glob.Compile("????????????"))
}
