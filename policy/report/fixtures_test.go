package report

import (
	"time"

	"github.com/whittle-iam/whittle/policy"
)

// The fixtures below set every member of their section at least once, see TestFixturesAreFull.

const evil = "</details>\x1b[31m|`<img src=x>`\n![a](http://evil.example) @octocat ${x}\u202e"

func seen(count int64) Evidence {
	at := time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)
	return Evidence{Count: count, First: at, Last: at.AddDate(0, 0, 2), Days: 2, EventIDs: []string{"e1"}}
}

func base() Report {
	return Report{SchemaVersion: SchemaVersion, Tool: "whittle devel", Reference: "iam-data 1"}
}

func fullInput() Input {
	in := full().Input
	in.DataEvents = 2
	in.Gaps = []Gap{{"no-data-events", "lookup://eu-west-1", "Event history has none."}, {Partial, "s3://" + evil, "the token expired"}}
	return in
}

func fullDiff() Report {
	vpce := []Condition{{"StringEquals", "aws:SourceVpce", []string{"vpce-1", "vpce-2"}}}
	tls := []Condition{{"Bool", "aws:SecureTransport", []string{"false"}}}
	gained := &Witness{Action: "s3:PutObject", Resource: "arn:aws:s3:::b/k", Confirmed: true,
		Context: []ContextValue{{Key: "aws:SourceVpce", Values: []string{"vpce-1"}}, {Key: "aws:TagKeys", Values: []string{"a", "b"}, Multi: true}}}
	lost := &Witness{Action: "ec2:RunInstances", Resource: "*"}
	r := base()
	r.Input = fullInput()
	r.Comparisons = []Comparison{{
		Name: "arn:aws:iam::111122223333:role/" + evil, Old: "old.json", New: "new.json",
		Notes: []string{"the attached policy " + evil + " is not in the input"},
		Changes: []Change{
			{
				Kind: "granted", Widens: true, Service: "s3", Actions: []string{"s3:Put*", "s3:Get*"}, ActionsExcept: []string{"s3:PutBucketPolicy"},
				Known: []string{"s3:GetObject", "s3:PutObject"}, Unknown: []string{"s3:PutNothing"}, Future: true,
				AccessLevels: []LevelCount{{"Read", 1}, {"Write", 1}},
				Resources:    []string{"arn:aws:s3:::b/*"}, ResourcesWithin: []string{"arn:aws:s3:::*/logs/*"}, ResourcesExcept: []string{"arn:aws:s3:::b/" + evil},
				NewAccess: &Access{When: [][]Condition{vpce, append(tls, vpce...)}, Boundary: [][]Condition{vpce}, Unless: [][]Condition{tls}},
				Gained:    gained, Wide: []string{"s3:Get* stands for 61 actions"},
				Usage: &ChangeUsage{Status: Used, Evidence: seen(3), Used: []ActionCount{{"s3:GetObject", 3}}},
				At:    &Location{File: "policies/a b.json", Line: 12, Column: 5},
			},
			{
				Kind: "undecided", Widens: true, Reason: "ForAnyValue is not decided", Service: "kms", Actions: []string{"kms:Decrypt"}, Known: []string{"kms:Decrypt"},
				AccessLevels: []LevelCount{{"Write", 1}}, Resources: []string{"*"}, OldAccess: &Access{When: [][]Condition{vpce}}, NewAccess: &Access{When: [][]Condition{{}}},
				Usage: &ChangeUsage{Status: Unobservable, Why: "the trail has no data events", Evidence: Evidence{}},
			},
			{
				Kind: "changed", Widens: true, Service: "sqs", Actions: []string{"sqs:SendMessage"}, Known: []string{"sqs:SendMessage"},
				AccessLevels: []LevelCount{{"Write", 1}}, Resources: []string{"arn:aws:sqs:*:*:q"}, OldAccess: &Access{When: [][]Condition{vpce}}, NewAccess: &Access{When: [][]Condition{{}}},
				Gained: gained, Lost: lost, At: &Location{File: "new.json", Line: 3},
			},
			{
				Kind: "changed", Service: "sqs", Actions: []string{"sqs:ReceiveMessage"}, Known: []string{"sqs:ReceiveMessage"},
				AccessLevels: []LevelCount{{"Read", 1}}, Resources: []string{"*"}, OldAccess: &Access{When: [][]Condition{{}}}, NewAccess: &Access{When: [][]Condition{vpce}}, Lost: lost,
			},
			{
				Kind: "removed", Service: "ec2", Actions: []string{"ec2:*"}, Known: []string{"ec2:DescribeInstances", "ec2:RunInstances"}, Future: true,
				AccessLevels: []LevelCount{{"List", 1}, {"Write", 1}}, Resources: []string{"*"}, OldAccess: &Access{When: [][]Condition{{}}}, Lost: lost,
				Usage: &ChangeUsage{Status: Unused, Evidence: Evidence{}},
			},
		},
	}, {
		Name: "arn:aws:iam::111122223333:role/gone", Old: "old.json", Changes: []Change{{
			Kind: "removed", Service: "*", Actions: []string{"*"}, Resources: []string{"*"}, OldAccess: &Access{When: [][]Condition{{}}}, Lost: lost,
		}},
	}, {
		Name: "arn:aws:iam::111122223333:role/same", Old: "old.json", New: "new.json",
	}}
	return r
}

func sameDiff() Report {
	r := base()
	r.Comparisons = []Comparison{{Old: "old.json", New: "new.json"}}
	return r
}

func fullLint() Report {
	r := base()
	r.Lint = &Lint{
		Policies: 2, Files: 1,
		Findings: []LintFinding{
			{
				Rule: "missing-version", Severity: "warning", Message: "there is no Version", Policy: "inline", Role: "arn:aws:iam::111122223333:role/orders",
				Statement: -1, At: Location{File: "dir/a b#%.json"}, Fingerprint: "f0",
			},
			{
				Rule: "wildcard-action", Severity: "security", Message: "s3:* stands for 170 actions, 80 of which write " + evil, Policy: "inline",
				Role: "arn:aws:iam::111122223333:role/orders", Statement: 0, Sid: "S3", Element: "Action", Value: "s3:*", Actions: []string{"s3:GetObject", "s3:PutObject"},
				At: Location{File: "dir/a b#%.json", Line: 7, Column: 11}, Fingerprint: "f1",
			},
			{
				Rule: "unknown-action", Severity: "error", Message: "s3:GetObejct is unknown, s3:GetObject is the nearest", Policy: evil, Statement: 1, Element: "Action",
				Value: "s3:GetObejct", At: Location{File: evil, Line: 9, Column: 1}, Fingerprint: "f2",
			},
		},
		Ignored: []LintFinding{{
			Rule: "wildcard-action", Severity: "security", Message: "ec2:Describe* stands for 120 actions", Policy: "inline", Statement: 2, Element: "Action",
			Value: "ec2:Describe*", At: Location{File: "dir/a b#%.json", Line: 20, Column: 3}, Fingerprint: "f3", Reason: "the agent reads all of them",
		}},
		Rules: []LintRule{
			{ID: "missing-version", Title: "No Version", Help: "Say which version of the language it is.", Severity: "warning", AWS: []string{"MISSING_VERSION"}},
			{ID: "unknown-action", Title: "No such action", Help: "The reference has no such action.", Severity: "error", AWS: []string{"INVALID_ACTION"}},
			{ID: "wildcard-action", Title: "Action with a wildcard", Help: "Name the actions.", Severity: "security"},
		},
	}
	return r
}

func fullUnused() Report {
	doc := policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{
		Sid: "S3", Effect: policy.Allow, Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::b/*"},
	}}}
	at := &Location{File: "roles/orders.json", Line: 4, Column: 7}
	granted := func(action, level, status string) GrantedPermission {
		return GrantedPermission{Action: action, AccessLevel: level, Resource: "arn:aws:s3:::b/*", Policy: "inline", Statement: "S3", As: "s3:*", Status: status, At: at}
	}
	used := granted("s3:GetObject", "Read", Used)
	used.Kept, used.Evidence, used.UsedOn = true, seen(3), []string{"arn:aws:s3:::b/in/*", evil}
	used.Conditions = []Condition{{"Bool", "aws:SecureTransport", []string{"true"}}}
	dark := granted("s3:GetObjectTagging", "Read", Unobservable)
	dark.Kept, dark.Why = true, "the trail has no data events "+evil
	young := granted("s3:PutObjectAcl", "Permissions management", Unused)
	young.Kept, young.Why = true, "granted 3 days ago"
	r := base()
	r.Input = fullInput()
	r.Unused = []UnusedRole{{
		Role: "arn:aws:iam::111122223333:role/idle", Policies: []string{"inline"}, Inactive: true, Days: 30,
		Granted: []GrantedPermission{{Action: "sns:Publish", AccessLevel: "Write", Resource: "*", Policy: "inline", Statement: "#1", Status: Unused}},
		Before:  Totals{Actions: 1, Write: 1, Services: 1, Permissions: 1},
	}, {
		Role: "arn:aws:iam::111122223333:role/" + evil, Policies: []string{"inline", evil}, Calls: Calls{Authorised: 3, Denied: 1, Inconclusive: 1}, Days: 30,
		Granted: []GrantedPermission{
			granted("s3:DeleteObject", "Write", Unused), used, dark, granted("s3:ListBucket", "List", Unused), granted("s3:PutObject", "Write", Unused), young,
		},
		Wildcards: []WildcardUse{{Pattern: "s3:*", Policy: "inline", Statement: "S3", Actions: 6, Used: 1, Unused: 4, Unobservable: 1}},
		Proposed:  []ProposedPolicy{{Replaces: "inline", Document: doc, Size: doc.Size()}},
		Removes: []Change{{
			Kind: "removed", Service: "s3", Actions: []string{"s3:*"}, ActionsExcept: []string{"s3:GetObject*", "s3:PutObjectAcl"}, Known: []string{"s3:DeleteObject", "s3:ListBucket", "s3:PutObject"},
			Future: true, AccessLevels: []LevelCount{{"List", 1}, {"Write", 2}}, Resources: []string{"arn:aws:s3:::b/*"}, OldAccess: &Access{When: [][]Condition{{}}},
			Lost: &Witness{Action: "s3:PutObject", Resource: "arn:aws:s3:::b/k", Confirmed: true},
		}},
		Before: Totals{Actions: 6, Write: 3, PermissionsManagement: 1, Services: 1, Permissions: 6},
		After:  Totals{Actions: 3, Write: 1, PermissionsManagement: 1, Services: 1, Permissions: 3},
		Proof:  Proof{Checked: 3, Allowed: 3, Unknown: 1, Pairs: 3, Traced: 3}, Notes: []string{"a note"}, At: at,
	}}
	return r
}

// sections are the fixtures by the command that fills them.
var sections = []struct {
	name   string
	report func() Report
}{
	{"generate", full}, {"diff", fullDiff}, {"same", sameDiff}, {"lint", fullLint}, {"unused", fullUnused},
}
