package files

import "strings"

// foreign are kinds of JSON that are easily taken for policies, by members that tell them.
var foreign = []struct {
	members []string
	what    string
}{
	{[]string{"eventVersion", "eventSource"}, "a CloudTrail record"},
	{[]string{"Records"}, "a CloudTrail log file"},
	{[]string{"Events"}, "an answer of cloudtrail lookup-events"},
	{[]string{"terraform_version", "serial"}, "a Terraform state"},
	{[]string{"terraform_version", "lineage"}, "a Terraform state"},
	{[]string{"terraform_version"}, "a Terraform plan"},
	{[]string{"planned_values"}, "a Terraform plan"},
	{[]string{"AWSTemplateFormatVersion"}, "a CloudFormation template"},
	{[]string{"Transform", "Resources"}, "a CloudFormation template"},
	{[]string{"Resources"}, "a CloudFormation template"},
	{[]string{"runs", "version"}, "a SARIF report"},
	{[]string{"schemaVersion", "tool"}, "a report of whittle"},
	{[]string{"configurationItems"}, "an AWS Config snapshot"},
	{[]string{"configurationItem"}, "an AWS Config item"},
	{[]string{"Effect"}, "a single statement: a policy holds it under \"Statement\""},
	{[]string{"AssumeRolePolicyDocument", "RoleName"}, "a role without its policies; get-account-authorization-details has both"},
	{[]string{"Roles"}, "an answer of list-roles, which holds no policies; get-account-authorization-details does"},
	{[]string{"PolicyNames"}, "an answer of list-role-policies, which holds only names; get-role-policy has the document"},
	{[]string{"Policies"}, "an answer of list-policies, which holds no documents; get-account-authorization-details does"},
	{[]string{"Policy"}, "an answer of get-policy, which holds no document; get-policy-version does"},
	{[]string{"Versions"}, "an answer of list-policy-versions, which holds no documents; get-policy-version does"},
	{[]string{"UserPolicyList"}, "a user of account authorization details, and not a role"},
	{[]string{"GroupPolicyList"}, "a group of account authorization details, and not a role"},
	{[]string{"EvaluationResults"}, "an answer of simulate-principal-policy"},
	{[]string{"findings"}, "an answer of accessanalyzer validate-policy"},
	{[]string{"openapi"}, "an OpenAPI description"},
	{[]string{"swagger"}, "an OpenAPI description"},
	{[]string{"dependencies"}, "a package's description"},
	{[]string{"devDependencies"}, "a package's description"},
	{[]string{"$schema", "properties"}, "a JSON schema"},
}

// identify says what an object is that is no policy, or "".
func identify(o object) string {
	for _, f := range foreign {
		if hasAll(f.members...)(o) {
			return f.what
		}
	}
	if schema, err := o.optional("$schema"); err == nil && strings.Contains(schema, "sarif") {
		return "a SARIF report"
	}
	return ""
}
