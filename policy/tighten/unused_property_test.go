package tighten

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/actionmap/recorded"
	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/eval"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// The worlds of the random policies: what the example function does, what it does not, what nobody can
// tell, and odd spellings.
var (
	randomActions = []string{
		"s3:GetObject", "s3:*", "s3:Get*", "s3:?etObject", "S3:PUTOBJECT", "s3:ListBucket", "s3:DeleteObject", "s3:ListAllMyBuckets",
		"dynamodb:*Item", "dynamodb:Query", "dynamodb:Scan", "dynamodb:DeleteTable", "dynamodb:*",
		"sqs:*", "sqs:SendMessage", "sqs:ReceiveMessage", "kms:Decrypt", "kms:*", "kms:Create*",
		"logs:PutLogEvents", "logs:Create*", "iam:PassRole", "iam:ListRoles", "sns:Publish", "xray:*", "ssm:GetParameter",
		"secretsmanager:GetSecretValue", "ec2:*NetworkInterface*", "made:Up", "made:*", "*:GetObject", "s3*",
	}
	randomResources = []string{
		"*", "arn:aws:s3:::*", "arn:aws:s3:::orders-incoming", "arn:aws:s3:::orders-incoming/*", "arn:aws:s3:::orders-incoming/incoming/*",
		"arn:aws:s3:::orders-*/*.json", "arn:aws:s3:::${aws:PrincipalAccount}-data/*", "arn:aws:s3:::orders-${aws:SourceVpce}/*",
		"arn:aws:dynamodb:*:*:table/*", "arn:aws:dynamodb:us-east-1:111122223333:table/orders", "arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/*",
		"arn:aws:dynamodb:eu-west-1:111122223333:table/orders", "arn:aws:sqs:us-east-1:111122223333:*", "arn:aws:sqs:*:*:notifications",
		"arn:aws:kms:us-east-1:111122223333:key/*", "arn:aws:logs:*:*:*", "arn:aws:iam::111122223333:role/*", "not an ARN",
	}
	randomConditions = []policy.Condition{
		{Operator: "StringEquals", Key: "aws:RequestedRegion", Values: []string{"us-east-1"}},
		{Operator: "StringEquals", Key: "aws:RequestedRegion", Values: []string{"eu-west-1"}},
		{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"true"}},
		{Operator: "StringNotEquals", Key: "aws:PrincipalAccount", Values: []string{"111122223333"}},
		{Operator: "StringLike", Key: "kms:ViaService", Values: []string{"s3.*"}},
	}
	// requests are what the sides are asked for.
	requestResources = []string{
		"*", "arn:aws:s3:::orders-incoming", "arn:aws:s3:::orders-incoming/incoming/2026/10/01/a.json", "arn:aws:s3:::orders-incoming/config/settings.json",
		"arn:aws:s3:::orders-receipts/receipts/1.pdf", "arn:aws:s3:::other/x", "arn:aws:s3:::111122223333-data/x", "arn:aws:s3:::orders-/x",
		"arn:aws:dynamodb:us-east-1:111122223333:table/orders", "arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/customer-index",
		"arn:aws:dynamodb:eu-west-1:111122223333:table/orders", "arn:aws:dynamodb:us-east-1:111122223333:table/inventory",
		"arn:aws:sqs:us-east-1:111122223333:notifications", "arn:aws:sqs:us-east-1:111122223333:orders-queue", "arn:aws:sqs:eu-west-1:111122223333:x",
		"arn:aws:kms:us-east-1:111122223333:key/5b7e2a90-14cd-4f83-9e6a-c81b0d3f7e42", "arn:aws:kms:us-east-1:111122223333:key/x",
		"arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/orders-processor:log-stream:s", "arn:aws:iam::111122223333:role/r",
		"arn:aws:sns:us-east-1:111122223333:t", "arn:aws:ssm:us-east-1:111122223333:parameter/p",
		"arn:aws:ec2:us-east-1:111122223333:network-interface/eni-1",
		"arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/payment-api-AbCdEf",
	}
	requestContexts = []condition.Context{
		{},
		{"aws:RequestedRegion": condition.One("us-east-1"), "aws:SecureTransport": condition.One("true"), "aws:PrincipalAccount": condition.One("111122223333")},
		{"aws:RequestedRegion": condition.One("eu-west-1"), "kms:ViaService": condition.One("s3.eu-west-1.amazonaws.com"), "aws:PrincipalAccount": condition.One("1")},
	}
)

func randomStatement(t *rapid.T, deny bool) policy.Statement {
	some := func(of []string, label string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 1, 4, rapid.ID).Draw(t, label)
	}
	rarely := func(label string) bool { return rapid.IntRange(0, 59).Draw(t, label) == 7 }
	s := policy.Statement{Effect: policy.Allow, Sid: rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "sid")}
	if deny && rarely("deny") {
		s.Effect = policy.Deny
	}
	switch {
	case rarely("star"):
		s.Actions = []string{"*"}
	case rarely("notAction"):
		s.NotActions = some(randomActions, "notActions")
	default:
		s.Actions = some(randomActions, "actions")
	}
	if rarely("notResource") {
		s.NotResources = some(randomResources[1:], "notResources")
	} else {
		s.Resources = some(randomResources, "resources")
	}
	if rapid.IntRange(0, 3).Draw(t, "conditional") == 0 {
		s.Conditions = []policy.Condition{rapid.SampledFrom(randomConditions).Draw(t, "condition")}
	}
	return s
}

func randomDocument(t *rapid.T, deny bool) policy.Document {
	d := policy.Document{Version: rapid.SampledFrom([]string{policy.Version2012, policy.Version2012, policy.Version2008, ""}).Draw(t, "version")}
	for i := range rapid.IntRange(1, 3).Draw(t, "statements") {
		s := randomStatement(t, deny)
		if s.Sid != "" {
			s.Sid += fmt.Sprint(i) // IAM refuses repetitions
		}
		d.Statements = append(d.Statements, s)
	}
	return d
}

// asked are the actions of the requests: those that are named anywhere.
var asked = func() []string {
	out := set{}
	for _, pattern := range randomActions {
		for i, a := range matching(pattern) {
			if i%31 == 0 || recorded.Of(a.ID()).Kind == recorded.Never || slices.Contains([]string{"s3:GetObject", "dynamodb:PutItem", "kms:Decrypt", "sqs:SendMessage"}, a.ID()) {
				out.add(a.ID())
			}
		}
	}
	return append(out.with(nil), "made:Up", "made:Other", "s3:NotYetMade")
}()

func TestUnusedProperties(t *testing.T) {
	usages, base := quickstart(t)
	rapid.Check(t, func(t *rapid.T) {
		opt := base
		opt.MinDays = rapid.SampledFrom([]int{1, 28, 30}).Draw(t, "minDays")
		opt.KeepResources = rapid.Bool().Draw(t, "keepResources")
		opt.Grace = rapid.SampledFrom([]int{0, 0, 10}).Draw(t, "grace")
		role := current.Role{ARN: ordersRole}
		var boundary []policy.Document
		for i := range rapid.IntRange(1, 2).Draw(t, "policies") {
			p := current.Policy{Name: fmt.Sprint("p", i), Document: randomDocument(t, true)}
			if rapid.Bool().Draw(t, "new") {
				p.Created = opt.Stats.Last.AddDate(0, 0, -5)
			}
			role.Policies = append(role.Policies, p)
		}
		if rapid.IntRange(0, 3).Draw(t, "bounded") == 0 {
			role.Boundary = &current.Policy{Document: randomDocument(t, true)}
			boundary = []policy.Document{role.Boundary.Document}
		}
		role.Functions, role.FunctionsKnown = randomFunctions(t), rapid.Bool().Draw(t, "known")
		for _, action := range rapid.SliceOfN(rapid.SampledFrom(randomActions), 0, 2).Draw(t, "accessed") {
			role.Accessed = append(role.Accessed, current.Access{Action: action, Last: opt.Stats.Last.AddDate(0, 0, rapid.IntRange(-60, 5).Draw(t, "ago"))})
		}
		got, err := Unused(role, usages, opt)
		if err != nil {
			t.Fatal(err)
		}
		checkProposal(t, role, boundary, got)
		checkNeeds(t, role, boundary, got)
		checkUsed(t, role, usages, opt, got)
		checkCounts(t, got)
	})
}

// checkProposal asks the evaluator: the proposal allows nothing more than the current policies, and
// everything that a row which is kept as it is stands for.
func checkProposal(t *rapid.T, role current.Role, boundary []policy.Document, got report.UnusedRole) {
	var identity, proposed []policy.Document
	for _, p := range role.Policies {
		identity = append(identity, p.Document)
	}
	for _, p := range got.Proposed {
		proposed = append(proposed, p.Document)
	}
	before := eval.Compile(eval.Policies{Identity: identity, Boundary: boundary})
	after := eval.Compile(eval.Policies{Identity: proposed, Boundary: boundary})
	kept := map[string][]report.GrantedPermission{}
	for _, g := range got.Granted {
		if g.Status == report.Unobservable || g.Status == report.Unused && g.Kept {
			kept[g.Action+" "+g.Policy+" "+g.Statement] = append(kept[g.Action+" "+g.Policy+" "+g.Statement], g)
		}
	}
	for _, action := range asked {
		for _, resource := range requestResources {
			for _, ctx := range requestContexts {
				r := eval.Request{Action: action, Resource: resource, Context: ctx}
				was, is := before.Evaluate(r), after.Evaluate(r)
				if is.Outcome == eval.Allowed && was.Outcome != eval.Allowed {
					t.Fatalf("the proposal allows %s on %s, which the current policies do not", action, resource)
				}
				if is.Outcome == eval.Allowed || was.Outcome != eval.Allowed {
					continue
				}
				for _, ref := range was.Statements {
					if ref.Boundary {
						continue
					}
					p := role.Policies[ref.Document]
					for _, g := range kept[action+" "+p.Name+" "+statementName(p.Document.Statements[ref.Statement], ref.Statement)] {
						if matches(g.Resource, p.Document.Version, resource) {
							t.Fatalf("the proposal lost %s on %s, which is %s (%s)", action, resource, g.Status, g.Why)
						}
					}
				}
			}
		}
	}
}

// matches reports whether a resource without variables matches.
func matches(pattern, version, resource string) bool {
	d := policy.Document{Version: version, Statements: []policy.Statement{{Effect: policy.Allow, Actions: []string{"*"}, Resources: []string{pattern}}}}
	return eval.Evaluate(eval.Request{Action: "a:b", Resource: resource}, eval.Policies{Identity: []policy.Document{d}}).Outcome == eval.Allowed
}

// checkUsed is a naive loop over calls and rows: a row that by itself allows what a call needed is used.
func checkUsed(t *rapid.T, role current.Role, usages []trail.Usage, opt UnusedOptions, got report.UnusedRole) {
	byAction := map[string][]report.GrantedPermission{}
	for _, g := range got.Granted {
		if len(g.Conditions) == 0 {
			byAction[g.Action] = append(byAction[g.Action], g)
		}
	}
	for i := range usages {
		u := &usages[i]
		if u.Kind != trail.Call || u.Outcome != trail.Authorised {
			continue
		}
		for _, need := range opt.Mapper.Map(u).Grants {
			for _, g := range byAction[need.Action] {
				version := role.Policies[slices.IndexFunc(role.Policies, func(p current.Policy) bool { return p.Name == g.Policy })].Document.Version
				if g.Status != report.Used && matches(g.Resource, version, resourceText(need.Resource)) {
					t.Fatalf("%s on %s is %s (%s), and %s used it on %s", g.Action, g.Resource, g.Status, g.Why, event(u), resourceText(need.Resource))
				}
				if g.Status == report.Used && g.Evidence.Count == 0 && !strings.HasPrefix(g.Why, "IAM saw it on ") {
					t.Fatalf("%s on %s is used without evidence", g.Action, g.Resource)
				}
			}
		}
	}
	for _, g := range got.Granted {
		if g.Status == report.Unused && (opt.MinDays > 28 || recorded.Of(g.Action).Kind == recorded.Never || recorded.Of(g.Action).Kind == recorded.Unknown) {
			t.Fatalf("%s on %s is unused, which the log cannot show", g.Action, g.Resource)
		}
		if g.Kept == (g.Status == report.Unused) && opt.Grace == 0 || g.Status == report.Unobservable && g.Why == "" {
			t.Fatalf("%+v", g)
		}
	}
}

func checkCounts(t *rapid.T, got report.UnusedRole) {
	for _, w := range got.Wildcards {
		if w.Actions != w.Used+w.Unused+w.Unobservable {
			t.Fatalf("%+v", w)
		}
	}
	if got.After.Permissions > got.Before.Permissions || got.Before.Permissions != len(got.Granted) {
		t.Fatalf("before %+v, after %+v, %d rows", got.Before, got.After, len(got.Granted))
	}
	if got.Before.Actions > reference.ActionCount+2 {
		t.Fatalf("%+v", got.Before)
	}
}
