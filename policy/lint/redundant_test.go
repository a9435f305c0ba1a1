package lint_test

import (
	"math/rand"
	"slices"
	"testing"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/eval"
	"github.com/whittle-iam/whittle/policy/lint"
)

func TestRedundant(t *testing.T) {
	const mfa = `{"Bool":{"aws:MultiFactorAuthPresent":"true"}}`
	const mfaAndTeam = `{"Bool":{"AWS:multifactorauthpresent":"true"},"StringEquals":{"aws:PrincipalTag/team":["a","b"]}}`
	checkCases(t, []ruleCase{
		{"by a wildcard", "redundant-action", statements(allow(`["s3:GetObject","s3:Get*"]`, `"*"`)), []string{"suggestion Action s3:GetObject"}, `"s3:GetObject" is covered by "s3:Get*"`},
		{"twice", "redundant-action", statements(allow(`["s3:GetObject","s3:getobject"]`, `"*"`)), []string{"suggestion Action s3:getobject"}, `is in the list twice`},
		{"the same with other wildcards", "redundant-action", statements(allow(`["s3:Get*","s3:Get**"]`, `"*"`)), []string{"suggestion Action s3:Get**"}, ""},
		{"by all", "redundant-action", statements(allow(`["s3:Get*","*","s?:Get*"]`, `"*"`)), []string{"suggestion Action s3:Get*", "suggestion Action s?:Get*"}, ""},
		{"in NotAction", "redundant-action", statements(`{"Effect":"Deny","NotAction":["s3:*","s3:GetObject"],"Resource":"*"}`), []string{"suggestion NotAction s3:GetObject"}, ""},
		{"overlap", "redundant-action", statements(allow(`["s3:Get*","s3:*Object"]`, `"*"`)), nil, ""},
		{"in another statement", "redundant-action", statements(allow(`"s3:GetObject"`, `"arn:aws:s3:::a/*"`), allow(`"s3:*"`, `"arn:aws:s3:::b/*"`)), nil, ""},

		{"by a wildcard", "redundant-resource", statements(allow(`"s3:GetObject"`, `["arn:aws:s3:::b/x/*","arn:aws:s3:::b/*"]`)), []string{"suggestion Resource arn:aws:s3:::b/x/*"}, `is covered by "arn:aws:s3:::b/*"`},
		{"by a star", "redundant-resource", statements(allow(`"s3:GetObject"`, `["arn:aws:s3:::b/x/*","*"]`)), []string{"suggestion Resource arn:aws:s3:::b/x/*"}, ""},
		{"twice", "redundant-resource", statements(allow(`"s3:GetObject"`, `["arn:aws:s3:::${aws:username}/*","arn:aws:s3:::${aws:username}/*"]`)), []string{"suggestion Resource arn:aws:s3:::${aws:username}/*"}, "twice"},
		{"of a user, by all users", "redundant-resource", statements(allow(`"s3:GetObject"`, `["arn:aws:s3:::b/${aws:username}/*","arn:aws:s3:::b/*"]`)), []string{"suggestion Resource arn:aws:s3:::b/${aws:username}/*"}, ""},
		{"a variable covers nothing for certain", "redundant-resource", statements(allow(`"s3:GetObject"`, `["arn:aws:s3:::b/${aws:username}/*","arn:aws:s3:::b/x/*"]`)), nil, ""},
		{"case", "redundant-resource", statements(allow(`"s3:GetObject"`, `["arn:aws:s3:::b/x","arn:aws:s3:::b/X"]`)), nil, ""},

		{"by a wider one", "redundant-statement", statements(allow(`"s3:GetObject"`, `"arn:aws:s3:::b/*"`), allow(`"s3:*"`, `"arn:aws:s3:::*"`)), []string{"suggestion"}, "statement 2 allows all that this statement does"},
		{"twice", "redundant-statement", statements(allow(`"s3:GetObject"`, `"*"`), allow(`["S3:getObject"]`, `["*"]`)), []string{"suggestion"}, "statement 1 allows all"},
		{"fewer conditions", "redundant-statement", statements(allowIf(`"s3:GetObject"`, `"*"`, mfaAndTeam), allowIf(`"s3:GetObject"`, `"*"`, mfa)), []string{"suggestion"}, "statement 2"},
		{"no condition", "redundant-statement", statements(allowIf(`"s3:GetObject"`, `"*"`, mfa), allow(`"s3:GetObject"`, `"*"`)), []string{"suggestion"}, ""},
		{"other conditions", "redundant-statement", statements(allowIf(`"s3:GetObject"`, `"*"`, mfa), allowIf(`"s3:GetObject"`, `"*"`, `{"Bool":{"aws:MultiFactorAuthPresent":"false"}}`)), nil, ""},
		{"another effect", "redundant-statement", statements(allow(`"s3:GetObject"`, `"*"`), deny(`"s3:GetObject"`, `"*"`)), nil, ""},
		{"NotAction leaves out less", "redundant-statement", statements(`{"Effect":"Deny","NotAction":["s3:*","sqs:*"],"Resource":"*"}`, `{"Effect":"Deny","NotAction":"s3:Get*","Resource":"*"}`), []string{"suggestion"}, "statement 2 denies"},
		{"NotAction leaves it in", "redundant-statement", statements(deny(`"sqs:SendMessage"`, `"*"`), `{"Effect":"Deny","NotAction":"s3:*","Resource":"*"}`), []string{"suggestion"}, ""},
		{"NotResource leaves it in", "redundant-statement", statements(allow(`"s3:GetObject"`, `"arn:aws:s3:::a/*"`), `{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::b/*"}`), []string{"suggestion"}, ""},
		{"NotResource leaves some out", "redundant-statement", statements(allow(`"s3:GetObject"`, `"arn:aws:s3:::a*"`), `{"Effect":"Allow","Action":"s3:GetObject","NotResource":"arn:aws:s3:::ab/*"}`), nil, ""},
		{"only together", "redundant-statement", statements(allow(`["s3:GetObject","s3:PutObject"]`, `"*"`), allow(`"s3:GetObject"`, `"*"`), allow(`"s3:PutObject"`, `"*"`)), []string{"suggestion", "suggestion"}, "statement 1"},
		{"a policy that IAM refuses", "redundant-statement", statements(allow(`"s3:GetObject"`, `"*"`), `{"Action":"s3:*","Resource":"*"}`), nil, ""},

		{"all of it", "denied-allow", statements(allow(`["s3:GetObject","s3:PutObject"]`, `"arn:aws:s3:::b/*"`), deny(`"s3:*"`, `"*"`)), []string{"warning"}, "statement 2 denies all that it allows"},
		{"one of its actions", "denied-allow", statements(allow(`["s3:GetObject","s3:PutObject"]`, `"arn:aws:s3:::b/*"`), deny(`"s3:Put*"`, `"*"`)), []string{"warning Action s3:PutObject"}, `denies "s3:PutObject" on all resources`},
		{"some of its resources", "denied-allow", statements(allow(`"s3:GetObject"`, `"arn:aws:s3:::b/*"`), deny(`"s3:*"`, `"arn:aws:s3:::b/x/*"`)), nil, ""},
		{"under a condition", "denied-allow", statements(allow(`"s3:GetObject"`, `"*"`), `{"Effect":"Deny","Action":"*","Resource":"*","Condition":`+mfa+`}`), nil, ""},
		{"under the same condition", "denied-allow", statements(allowIf(`"s3:GetObject"`, `"*"`, mfa), `{"Effect":"Deny","Action":"*","Resource":"*","Condition":`+mfa+`}`), []string{"warning"}, ""},
	})
}

// The parts of which the oracle's policies and requests are made.
var (
	oracleActions    = []string{"s3:GetObject", "s3:getobject", "s3:Get*", "s3:*", "*", "s3:PutObject", "sqs:SendMessage", "s?:*t", "*:Get*"}
	oracleResources  = []string{"*", "arn:aws:s3:::a/*", "arn:aws:s3:::*", "arn:aws:s3:::a/b", "arn:aws:s3:::?/b", "arn:aws:sqs:*:*:q", "arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::${aws:username}/b"}
	oracleConditions = []policy.Condition{
		{Operator: "StringEquals", Key: "aws:username", Values: []string{"a"}},
		{Operator: "StringLike", Key: "aws:username", Values: []string{"?", "b*"}},
		{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"true"}},
	}
	requestActions   = []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "sqs:SendMessage", "sqs:GetQueueUrl", "iam:GetUser"}
	requestResources = []string{"*", "arn:aws:s3:::a/b", "arn:aws:s3:::b/b", "arn:aws:s3:::a/c", "arn:aws:s3:::b", "arn:aws:sqs:us-east-1:111122223333:q"}
	requestContexts  = []condition.Context{
		{}, {"aws:username": condition.One("a")}, {"aws:username": condition.One("b"), "aws:SecureTransport": condition.One("true")},
		{"aws:SecureTransport": condition.One("true")},
	}
)

func randomStatement(r *rand.Rand) policy.Statement {
	some := func(from []string) []string {
		out := make([]string, 1+r.Intn(3))
		for i := range out {
			out[i] = from[r.Intn(len(from))]
		}
		return out
	}
	s := policy.Statement{Effect: policy.Allow}
	if r.Intn(3) == 0 {
		s.Effect = policy.Deny
	}
	if actions := some(oracleActions); r.Intn(4) == 0 {
		s.NotActions = actions
	} else {
		s.Actions = actions
	}
	if resources := some(oracleResources); r.Intn(4) == 0 {
		s.NotResources = resources
	} else {
		s.Resources = resources
	}
	for _, c := range oracleConditions {
		if r.Intn(4) == 0 {
			s.Conditions = append(s.Conditions, c)
		}
	}
	return s
}

// decisions are what a policy says to each of the oracle's requests.
func decisions(doc policy.Document) []bool {
	e := eval.Compile(eval.Policies{Identity: []policy.Document{doc}})
	var out []bool
	for _, action := range requestActions {
		for _, resource := range requestResources {
			for _, ctx := range requestContexts {
				out = append(out, e.Evaluate(eval.Request{Action: action, Resource: resource, Context: ctx}).Outcome == eval.Allowed)
			}
		}
	}
	return out
}

// without returns the policy without what a finding objects to.
func without(doc policy.Document, f lint.Finding) policy.Document {
	out := policy.Document{Version: doc.Version, Statements: slices.Clone(doc.Statements)}
	if f.Element == "" {
		out.Statements = slices.Delete(out.Statements, f.Statement, f.Statement+1)
		return out
	}
	s := &out.Statements[f.Statement]
	lists := map[string]*[]string{"Action": &s.Actions, "NotAction": &s.NotActions, "Resource": &s.Resources, "NotResource": &s.NotResources}
	list := lists[f.Element]
	at := slices.Index(*list, f.Value)
	*list = slices.Delete(slices.Clone(*list), at, at+1)
	return out
}

// TestRedundantOracle takes out what the rules call superfluous, one by one and all statements at once,
// and asks the evaluator whether anything changed.
func TestRedundantOracle(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	counts := map[string]int{}
	for range 300 {
		doc := policy.Document{Version: policy.Version2012}
		for range 1 + r.Intn(4) {
			doc.Statements = append(doc.Statements, randomStatement(r))
		}
		want := decisions(doc)
		all := policy.Document{Version: doc.Version, Statements: slices.Clone(doc.Statements)}
		var whole []int
		for _, f := range lint.Check(lint.Input{Text: doc.Format()}) {
			switch f.Rule {
			case "redundant-action", "redundant-resource", "redundant-statement", "denied-allow":
			default:
				continue
			}
			counts[f.Rule]++
			if got := decisions(without(doc, f)); !slices.Equal(got, want) {
				t.Fatalf("%s: %s in statement %d: without %q the policy decides otherwise:\n%s", f.Rule, f.Message, f.Statement, f.Value, doc.Format())
			}
			if f.Rule == "redundant-statement" {
				whole = append(whole, f.Statement)
			}
		}
		slices.Sort(whole)
		for _, i := range slices.Backward(whole) {
			all.Statements = slices.Delete(all.Statements, i, i+1)
		}
		if !slices.Equal(decisions(all), want) {
			t.Fatalf("without statements %v the policy decides otherwise:\n%s", whole, doc.Format())
		}
	}
	for _, rule := range []string{"redundant-action", "redundant-resource", "redundant-statement", "denied-allow"} {
		if counts[rule] < 20 {
			t.Errorf("only %d findings of %s were tried", counts[rule], rule)
		}
	}
}
