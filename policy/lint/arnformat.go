package lint

import (
	"slices"
	"strings"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/glob"
)

// formatRules compare ARNs with the formats of the reference.
var formatRules = []Rule{
	{
		ID: "unknown-arn-resource", Severity: Error, AWS: []string{"INVALID_ARN_RESOURCE"},
		Title: "An ARN has none of the formats of its service",
		Help: "The last field of the ARN fits no resource type that the reference lists for the service, so that no action has such a " +
			"resource. Mostly it is the type that is missing or misspelt: arn:aws:lambda:eu-west-1:111122223333:function:name.",
		check: eachFormatted(func(c *checker, a arn, formats []*format) {
			if len(formats) == 0 {
				service, _ := a.field(serviceField)
				c.report(a.place, "%s fits none of the resource types of %s", quote(a.value), quote(service))
			}
		}),
	},
	{
		ID: "arn-region-not-allowed", Severity: Error, AWS: []string{"ARN_REGION_NOT_ALLOWED"},
		Title: "An ARN has a Region, and its resource type has none",
		Help:  "The ARNs of this resource type leave the Region empty, so that one with a Region names nothing: arn:aws:s3:::bucket.",
		check: foreignField(regionField, "Region"),
	},
	{
		ID: "arn-account-not-allowed", Severity: Error, AWS: []string{"ARN_ACCOUNT_NOT_ALLOWED"},
		Title: "An ARN has an account, and its resource type has none",
		Help:  "The ARNs of this resource type leave the account empty, so that one with an account names nothing: arn:aws:s3:::bucket.",
		check: foreignField(accountField, "account"),
	},
	{
		ID: "missing-arn-region", Severity: Error, AWS: []string{"MISSING_ARN_REGION"},
		Title: "An ARN has no Region, and its resource type has one",
		Help: "The ARNs of this resource type name a Region, so that one without names nothing. Write the Region, or \"*\" for any " +
			"Region.",
		check: emptyField(regionField, "Region"),
	},
	{
		ID: "missing-arn-account", Severity: Error, AWS: []string{"MISSING_ARN_ACCOUNT"},
		Title: "An ARN has no account, and its resource type has one",
		Help: "The ARNs of this resource type name an account, so that one without names nothing. Write the account ID, or \"*\" for any " +
			"account.",
		check: emptyField(accountField, "account"),
	},
}

// documentedFormats are in AWS's documentation, and not in the reference: the transforms of CloudFormation,
// the scaling policies of Application Auto Scaling, and the change tokens of WAF Classic.
var documentedFormats = []string{
	"arn:${Partition}:cloudformation:${Region}:${Account}:transform/${Name}",
	"arn:${Partition}:autoscaling:${Region}:${Account}:scalingPolicy:${ID}:resource/${Service}/${Resource}",
	"arn:${Partition}:waf::${Account}:changetoken/${Token}",
	"arn:${Partition}:waf-regional:${Region}:${Account}:changetoken/${Token}",
}

// formatsByService are the ARN formats of all resource types by the service that the ARNs name, which
// is not always the prefix of the actions.
var formatsByService = sync.OnceValue(func() map[string][]*format {
	formats := map[string][]*format{}
	for _, text := range documentedFormats {
		f := newFormat(text)
		formats[f.shape.text[serviceField]] = append(formats[f.shape.text[serviceField]], f)
	}
	for _, prefix := range reference.Prefixes() {
		service, _ := reference.Lookup(prefix)
		for _, t := range service.ResourceTypes() {
			for _, text := range t.ARNs {
				f := newFormat(text)
				name := f.shape.text[serviceField]
				if wild(name) {
					name = prefix // the backups of any service: only the service itself is meant here
				}
				if !slices.ContainsFunc(formats[name], func(g *format) bool { return g.shape.text == f.shape.text }) {
					formats[name] = append(formats[name], f)
				}
			}
		}
	}
	return formats
})

// maxARN is how long a resource is compared with formats. AWS's own ARNs end at 2048 characters.
const maxARN = 2048

// formats returns the formats of the ARN's service that its last field fits, and false if that cannot
// be told: the ARN is not whole, or the service has no resource types, or several can be meant.
func (a arn) formats() ([]*format, bool) {
	service, ok := a.field(serviceField)
	resource, whole := a.field(resourceField)
	all := formatsByService()[strings.ToLower(service)]
	if !ok || !whole || len(all) == 0 {
		return nil, false
	}
	if len(resource) > maxARN {
		a.c.limit("a resource is longer than 2048 bytes, and was not compared with formats of ARNs")
		return nil, false
	}
	key := service + ":" + resource
	if fits, ok := a.c.fits[key]; ok {
		return fits, true
	}
	if !a.c.spend(len(all) * (1 + len(resource)/10)) {
		return nil, false
	}
	pattern, err := glob.CompileEscaped(resource)
	if err != nil {
		pattern = glob.Compile(resource) // under the language of 2008, "${" is text
	}
	var fits []*format
	for _, f := range all {
		if resource != "" && pattern.Intersects(f.shape.pattern[resourceField]) {
			fits = append(fits, f)
		}
	}
	a.c.fits[key] = fits
	return fits, true
}

func eachFormatted(check func(*checker, arn, []*format)) func(*checker) {
	return eachARN(func(c *checker, a arn) {
		if formats, ok := a.formats(); ok {
			check(c, a, formats)
		}
	})
}

// foreignField finds ARNs with something in a field that is empty in all their formats.
func foreignField(field int, name string) func(*checker) {
	return eachFormatted(func(c *checker, a arn, formats []*format) {
		text, _ := a.field(field)
		if len(formats) > 0 && strings.Trim(text, "*") != "" && allOf(formats, func(f *format) bool { return f.shape.text[field] == "" }) {
			c.report(a.place, "%s has the %s %s, and resources of this type have none", quote(a.value), name, quote(text))
		}
	})
}

// emptyField finds ARNs without a field that is in all their formats.
func emptyField(field int, name string) func(*checker) {
	return eachFormatted(func(c *checker, a arn, formats []*format) {
		text, _ := a.field(field)
		if len(formats) > 0 && text == "" && !a.ownedByAWS() && allOf(formats, func(f *format) bool { return f.shape.text[field] != "" }) {
			c.report(a.place, "%s has no %s, and resources of this type have one", quote(a.value), name)
		}
	})
}

// ownedByAWS are resources of AWS whose ARNs leave the account empty, though the reference's formats have
// one: public documents and parameters of Systems Manager
// (https://docs.aws.amazon.com/systems-manager/latest/userguide/security_iam_id-based-policy-examples.html)
// and the views that services make in Resource Explorer.
var ownedByAWS = []string{
	"ssm:document/*", "ssm:automation-definition/*", "ssm:parameter/aws/*", "resource-explorer-2:view/AWSServiceView*",
}

func (a arn) ownedByAWS() bool {
	return slices.ContainsFunc(ownedByAWS, func(owned string) bool {
		return glob.Compile(owned).Match(a.fields[serviceField] + ":" + a.fields[resourceField])
	})
}

func allOf(formats []*format, holds func(*format) bool) bool {
	return !slices.ContainsFunc(formats, func(f *format) bool { return !holds(f) })
}
