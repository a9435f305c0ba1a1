package lint

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// pairRules are about keys that do their work only with something beside them, and about values that
// stand beside others in vain.
var pairRules = []Rule{
	{
		ID: "missing-paired-key", Severity: Security, AWS: []string{"MISSING_PAIRED_CONDITION_KEYS"},
		Title: "A private address is tested without the VPC that it is in",
		Help: "Private addresses are not unique: any VPC in any account may have the one that the condition accepts. Test the VPC in the same " +
			"statement: aws:SourceVpc or aws:SourceVpce with aws:VpcSourceIp, aws:Ec2InstanceSourceVpc with " +
			"aws:Ec2InstanceSourcePrivateIPv4.",
		check: eachKey(func(c *checker, k comparison) {
			for key, partners := range pairedKeys {
				if k.is(key) && !k.statement.tests(partners...) {
					c.report(k.place(), "%s says little without %s", quote(k.Key.Value), strings.Join(partners, " or "))
				}
			}
		}),
	},
	{
		ID: "attributes-without-select", Severity: Security, AWS: []string{"DYNAMODB_ATTRIBUTES_WITHOUT_SELECT"},
		Title: "dynamodb:Attributes is tested without dynamodb:Select",
		Help: "A query or scan that names no attributes returns all, or those of an index, past the condition on dynamodb:Attributes. Add " +
			"\"StringEqualsIfExists\": {\"dynamodb:Select\": \"SPECIFIC_ATTRIBUTES\"}.",
		check: eachKey(func(c *checker, k comparison) {
			if !k.is("dynamodb:Attributes") || !k.statement.allows() || k.statement.tests("dynamodb:Select") {
				return
			}
			selects := func(a *reference.Action) bool { return a.Service == "dynamodb" && supports(a, "dynamodb:Select") }
			if slices.ContainsFunc(k.statement.actions(), selects) {
				c.report(k.place(), "%s does not limit what a query returns without dynamodb:Select", quote(k.Key.Value))
			}
		}),
	},
	{
		ID: "key-of-few-services", Severity: Warning, AWS: []string{"USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES"},
		Title: "A condition key about the VPC endpoint's owner is used with services that do not set it",
		Help: "aws:VpceAccount, aws:VpceOrgID and aws:VpceOrgPaths are in the requests of some services only. With others a condition never " +
			"holds, or always if it is negated: name the actions of services that support the key.",
		check: checkFewServices,
	},
	{
		ID: "redundant-number", Severity: Suggestion, AWS: []string{"REDUNDANT_CONDITION_VALUE_NUM"},
		Title: "A number is covered by another of the same condition",
		Help:  "Values are alternatives, so that of several bounds only the widest has an effect, and of equal numbers one. Remove the others.",
		check: checkRedundantNumbers,
	},
}

// pairedKeys are keys about addresses, each with those that say whose they are, see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpcsourceip.
var pairedKeys = map[string][]string{
	"aws:VpcSourceIp":                  {"aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn"},
	"aws:Ec2InstanceSourcePrivateIPv4": {"aws:Ec2InstanceSourceVpc"},
}

// tests says whether a condition of the statement is on one of some keys.
func (s *statement) tests(keys ...string) bool {
	return slices.ContainsFunc(s.conditions(), func(k comparison) bool { return k.is(keys...) })
}

// endpointServices support one of the keys about the owner of a VPC endpoint at least, see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-vpceaccount.
var endpointServices = []string{
	"acm-pca", "applicationinsights", "apprunner", "athena", "b2bi", "cassandra", "cloudformation", "cognito-identity",
	"comprehendmedical", "compute-optimizer", "datasync", "discovery", "dms", "ds-data", "dynamodb", "ebs", "ecr", "ecs", "firehose",
	"gamelift", "healthlake", "iam", "identitystore", "iotfleetwise", "iottwinmaker", "iotwireless", "kinesisanalytics", "kms", "lambda",
	"medical-imaging", "network-firewall", "omics", "payment-cryptography", "polly", "pricing", "rbin", "rekognition", "route53", "s3",
	"scheduler", "servicediscovery", "servicequotas", "shield", "sms-voice", "ssm-contacts", "storagegateway", "textract", "transcribe",
	"transfer",
}

func checkFewServices(c *checker) {
	eachKey(func(c *checker, k comparison) {
		if !k.is("aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths") || k.operator.IfExists {
			return
		}
		var others []string
		for _, a := range k.statement.actions() {
			if !slices.Contains(endpointServices, a.Service) && (len(others) == 0 || others[len(others)-1] != a.Service) {
				others = append(others, a.Service) // the actions are sorted by service
			}
		}
		if len(others) > 0 {
			c.report(k.place(), "%s is not in the requests of %s", quote(k.Key.Value), few(others, 5))
		}
	})(c)
}

// checkRedundantNumbers compares each value with one other: the widest bound so far, or for equality
// the ones seen.
func checkRedundantNumbers(c *checker) {
	c.eachComparison(func(k comparison) {
		if !k.tests(numericTests...) || k.operator.Negated || len(k.Values) > maxNumbers {
			return
		}
		redundant := map[int]int{} // the index of a value to that of one that covers it
		for i, v := range k.Values {
			for j, w := range k.Values {
				if _, gone := redundant[j]; i != j && !gone && covers(k.operator, w.Value, v.Value) && (j < i || !covers(k.operator, v.Value, w.Value)) {
					redundant[i] = j
					c.report(k.at(v), "%s is covered by %s under %s", quote(v.Value), quote(w.Value), k.name.Value)
					break
				}
			}
		}
	})
}

// maxNumbers is how many values are compared with each other.
const maxNumbers = 50

// covers says whether every number that a condition accepts by the value narrow it accepts by wide: for
// a bound, if it accepts that number itself, or the same bound.
func covers(op condition.Operator, wide, narrow string) bool {
	if !equalsItself("NumericEquals", wide) || !equalsItself("NumericEquals", narrow) {
		return false
	}
	accepts := func(test condition.Test) bool {
		m, err := condition.Compile(policy.Condition{Operator: condition.Operator{Test: test}.String(), Key: "k", Values: []string{wide}}, "")
		if err != nil {
			return false
		}
		holds, err := m.Holds(condition.Context{"k": condition.One(narrow)})
		return holds && err == nil
	}
	return accepts(op.Test) || accepts(condition.NumericEquals)
}
