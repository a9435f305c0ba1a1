package lint

import (
	"regexp"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// identifierRules are about keys whose values have a form. Values with wildcards or variables are not
// looked at.
var identifierRules = []Rule{
	{
		ID: "invalid-region", Severity: Error, AWS: []string{"INVALID_REGION"},
		Title: "A condition names a Region that does not exist",
		Help:  "The key holds a Region such as eu-west-1, so that a condition on another text never holds. Mend the spelling.",
		check: identifiers(func(k comparison) bool {
			return k.is("aws:RequestedRegion", "ec2:Region", "account:TargetRegion", "cloudformation:TargetRegion", "kms:PrimaryRegion", "kms:ReplicaRegion")
		}, regexp.MustCompile(regionForm.String()+`|^aws-global$`), "is no Region"),
	},
	{
		ID: "invalid-vpc", Severity: Error, AWS: []string{"INVALID_VPC_FORMAT"},
		Title: "A condition names a VPC by what is no VPC ID",
		Help:  "A VPC's ID is \"vpc-\" and 8 or 17 hexadecimal digits.",
		check: identifiers(func(k comparison) bool { return k.is("aws:SourceVpc", "aws:Ec2InstanceSourceVpc") },
			regexp.MustCompile(`^vpc-([0-9a-f]{8}|[0-9a-f]{17})$`), "is no VPC ID: that is vpc- and 8 or 17 hexadecimal digits"),
	},
	{
		ID: "invalid-vpc-endpoint", Severity: Error, AWS: []string{"INVALID_VPCE_FORMAT"},
		Title: "A condition names a VPC endpoint by what is no endpoint ID",
		Help:  "A VPC endpoint's ID is \"vpce-\" and 8 or 17 hexadecimal digits.",
		check: identifiers(func(k comparison) bool { return k.is("aws:SourceVpce") },
			regexp.MustCompile(`^vpce-([0-9a-f]{8}|[0-9a-f]{17})$`), "is no VPC endpoint ID: that is vpce- and 8 or 17 hexadecimal digits"),
	},
	{
		ID: "invalid-kms-key", Severity: Error, AWS: []string{"INVALID_KMS_KEY_VALUE"},
		Title: "A condition names a KMS key by what is no ARN of one",
		Help: "The key holds the ARN of a KMS key, arn:aws:kms:eu-west-1:111122223333:key/ID, in requests that name the key by its ID or an " +
			"alias too: a condition on these never holds.",
		check: identifiers(func(k comparison) bool {
			return k.known != nil && k.known.Type == reference.ARNType && strings.Contains(strings.ToLower(k.known.Name), "kmskey") ||
				k.is("s3:x-amz-server-side-encryption-aws-kms-key-id")
		}, regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$`), "is no ARN of a KMS key"),
	},
	{
		ID: "invalid-service-principal", Severity: Error, AWS: []string{"INVALID_SERVICE_PRINCIPAL_FORMAT"},
		Title: "A condition names a service by what is no service principal",
		Help: "A service principal is the service's name and amazonaws.com: lambda.amazonaws.com. kms:ViaService wants the Region between " +
			"the two: s3.eu-west-1.amazonaws.com.",
		check: func(c *checker) {
			identifiers(func(k comparison) bool {
				return k.is("iam:PassedToService", "iam:AWSServiceName", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast",
					"aws:PrincipalServiceName", "aws:PrincipalServiceNamesList", "organizations:ServicePrincipal")
			}, regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.`+serviceDomain+`$`), "is no service principal such as lambda.amazonaws.com")(c)
			identifiers(func(k comparison) bool { return k.is("kms:ViaService") },
				regexp.MustCompile(`^[a-z0-9-]+\.[a-z0-9-]+\.`+serviceDomain+`$`), "is not of the form s3.eu-west-1.amazonaws.com")(c)
		},
	},
}

// serviceDomain ends a service principal. China's and the isolated partitions have their own, and a few
// services in the first partition another.
const serviceDomain = `(amazonaws\.com(\.cn)?|c2s\.ic\.gov|sc2s\.sgov\.gov|amazonaws\.eu|aws\.internal|amazon\.com|aws\.dev)`

// identifiers makes a check of literal values by their form.
func identifiers(of func(comparison) bool, form *regexp.Regexp, what string) func(*checker) {
	return func(c *checker) {
		literal := func(k comparison) bool { return of(k) && (k.onStrings() || k.onARNs()) }
		c.eachValue(literal, func(k comparison, v policy.ValueSource) {
			if wild(v.Value) || strings.Contains(v.Value, "${") {
				return
			}
			text := v.Value
			if k.tests(condition.StringEqualsIgnoreCase) {
				text = strings.ToLower(text)
			}
			if !form.MatchString(text) {
				c.report(k.at(v), "%s %s", quote(v.Value), what)
			}
		})
	}
}
