package minimize_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/policy/minimize"
)

// covers says, by the patterns alone, that wide allows all that narrow does.
func covers(wide, narrow minimize.Grant) bool {
	w, err := glob.CompileARN(wide.Resource)
	if err != nil {
		panic(err)
	}
	n, err := glob.CompileARN(narrow.Resource)
	if err != nil {
		panic(err)
	}
	return glob.CompileFold(wide.Action).Covers(glob.CompileFold(narrow.Action)) && w.Covers(n) &&
		(len(wide.Conditions) == 0 || cmp.Equal(wide.Conditions, narrow.Conditions))
}

func allCovered(narrow, by []minimize.Grant) error {
	for _, n := range narrow {
		if !slices.ContainsFunc(by, func(w minimize.Grant) bool { return covers(w, n) }) {
			return fmt.Errorf("nothing covers %+v", n)
		}
	}
	return nil
}

// expand is the naive meaning of a document: every action on every resource.
func expand(docs ...policy.Document) []minimize.Grant {
	var out []minimize.Grant
	for _, d := range docs {
		for _, s := range d.Statements {
			for _, a := range s.Actions {
				for _, r := range s.Resources {
					out = append(out, minimize.Grant{Action: a, Resource: r, Conditions: s.Conditions})
				}
			}
		}
	}
	return out
}

var conditionSets = [][]policy.Condition{
	nil,
	{{Operator: "Bool", Key: "aws:SecureTransport", Values: []string{"true"}}},
	{{Operator: "StringEquals", Key: "kms:ViaService", Values: []string{"s3.eu-west-1.amazonaws.com"}}},
}

// grants draws up to n grants of few actions and resources, some of which cover others.
func grants(n, actions, resources, conditions int) *rapid.Generator[[]minimize.Grant] {
	actionTexts := []string{"s3:GetObject", "s3:PutObject", "s3:Get*", "s3:DeleteObject", "s3:getobjecttagging", "sqs:SendMessage"}
	resourceTexts := []string{"arn:aws:s3:::b/k", "arn:aws:s3:::b/x", "arn:aws:s3:::b/*", "arn:aws:s3:::c", "*", "arn:aws:s3:::c/${*}?"}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) minimize.Grant {
		return minimize.Grant{
			Action:     rapid.SampledFrom(actionTexts[:actions]).Draw(t, "action"),
			Resource:   rapid.SampledFrom(resourceTexts[:resources]).Draw(t, "resource"),
			Conditions: rapid.SampledFrom(conditionSets[:conditions]).Draw(t, "conditions"),
		}
	}), 0, n)
}

func TestMinimizeIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := grants(25, 6, 6, 3).Draw(t, "grants")
		doc := minimize.Minimize(want)
		got := expand(doc)
		if err := allCovered(want, got); err != nil {
			t.Fatalf("not sufficient: %v\n%s", err, doc.Format())
		}
		if err := allCovered(got, want); err != nil {
			t.Fatalf("a pair more: %v\n%s", err, doc.Format())
		}
		parsed, err := policy.Parse(doc.Format()) // refuses Sids that repeat or hold other characters
		if err != nil {
			t.Fatalf("%v\n%s", err, doc.Format())
		}
		if diff := cmp.Diff(doc.Canonical(), *parsed); diff != "" {
			t.Fatalf("not canonical: %s", diff)
		}
		for _, s := range doc.Statements {
			if s.Sid == "" {
				t.Fatalf("no Sid in\n%s", doc.Format())
			}
		}

		shuffled := rapid.Permutation(want).Draw(t, "shuffled")
		if diff := cmp.Diff(string(doc.Format()), string(minimize.Minimize(shuffled).Format())); diff != "" {
			t.Fatalf("depends on the order of grants: %s", diff)
		}
		if diff := cmp.Diff(string(doc.Format()), string(minimize.Minimize(got).Format())); diff != "" {
			t.Fatalf("minimising twice differs: %s", diff)
		}
	})
}

// fewest finds by trial how many statements without conditions the grants need: of all rectangles of
// their actions and resources within what they allow, the least number that covers them.
func fewest(want []minimize.Grant) int {
	var actions, resources []string
	for _, g := range want {
		actions, resources = append(actions, g.Action), append(resources, g.Resource)
	}
	slices.Sort(actions)
	slices.Sort(resources)
	actions, resources = slices.Compact(actions), slices.Compact(resources)

	var rectangles [][]bool // which grants each covers
	for a := 1; a < 1<<len(actions); a++ {
		for r := 1; r < 1<<len(resources); r++ {
			got := expand(policy.Document{Statements: []policy.Statement{{Actions: subset(actions, a), Resources: subset(resources, r)}}})
			if allCovered(got, want) != nil {
				continue
			}
			covered := make([]bool, len(want))
			for i, g := range want {
				covered[i] = allCovered([]minimize.Grant{g}, got) == nil
			}
			rectangles = append(rectangles, covered)
		}
	}
	for n := 0; ; n++ {
		if coverable(make([]bool, len(want)), rectangles, n) {
			return n
		}
	}
}

func subset(texts []string, mask int) []string {
	var out []string
	for i, s := range texts {
		if mask>>i&1 != 0 {
			out = append(out, s)
		}
	}
	return out
}

func coverable(covered []bool, rectangles [][]bool, n int) bool {
	open := slices.Index(covered, false)
	if open < 0 {
		return true
	}
	if n == 0 {
		return false
	}
	for _, r := range rectangles {
		if !r[open] {
			continue
		}
		next := slices.Clone(covered)
		for i := range next {
			next[i] = next[i] || r[i]
		}
		if coverable(next, rectangles, n-1) {
			return true
		}
	}
	return false
}

func TestMinimizeNeedsTheFewestStatements(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := grants(12, 4, 5, 1).Draw(t, "grants")
		doc := minimize.Minimize(want)
		if n := fewest(want); len(doc.Statements) != n {
			t.Fatalf("%d statements, %d are enough:\n%s", len(doc.Statements), n, doc.Format())
		}
	})
}

// crown is the relation of n actions and resources in which each action may use all resources but its
// own: the classic case in which greedy choice goes wrong. It has a cover of the least k with
// k choose k/2 at least n.
func crown(n int) []minimize.Grant {
	var out []minimize.Grant
	for a := range n {
		for r := range n {
			if a != r {
				out = append(out, minimize.Grant{
					Action:   fmt.Sprintf("s3:Action%02d", a),
					Resource: fmt.Sprintf("arn:aws:s3:::bucket%02d", r),
				})
			}
		}
	}
	return out
}

func TestMinimizeCrowns(t *testing.T) {
	for n, want := range map[int]int{2: 2, 3: 3, 4: 4, 5: 4, 6: 4, 7: 5, 8: 5} {
		doc := minimize.Minimize(crown(n))
		if len(doc.Statements) != want {
			t.Errorf("crown of %d: %d statements, want %d\n%s", n, len(doc.Statements), want, doc.Format())
		}
	}
}

func TestMinimizeTables(t *testing.T) {
	bool1 := conditionSets[1]
	tests := []struct {
		name   string
		grants []minimize.Grant
		want   []policy.Statement
	}{
		{"nothing", nil, nil},
		{"unconditioned covers conditioned", []minimize.Grant{
			{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k", Conditions: bool1},
			{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*"},
		}, []policy.Statement{
			{Sid: "S3GetObjectBBucketObjects", Effect: policy.Allow, Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::b/*"}},
		}},
		{"conditioned does not cover unconditioned", []minimize.Grant{
			{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*", Conditions: bool1},
			{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/k"},
		}, []policy.Statement{
			{Sid: "S3GetObjectBBucketObjects", Effect: policy.Allow, Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::b/*"}, Conditions: bool1},
			{Sid: "S3GetObjectBBucketObjects2", Effect: policy.Allow, Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::b/k"}},
		}},
		{"spellings of one action", []minimize.Grant{
			{Action: "sqs:sendmessage", Resource: "arn:aws:sqs:eu-west-1:111122223333:orders"},
			{Action: "sqs:SendMessage", Resource: "arn:aws:SQS:eu-west-1:111122223333:orders"},
		}, []policy.Statement{
			{Sid: "SQSSendMessageOrdersQueue", Effect: policy.Allow, Actions: []string{"sqs:SendMessage"}, Resources: []string{"arn:aws:SQS:eu-west-1:111122223333:orders"}},
		}},
		{"variables are text", []minimize.Grant{
			{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/${aws:username}/k"},
			{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*"},
		}, []policy.Statement{
			{Sid: "S3GetObjectBBucketObjects", Effect: policy.Allow, Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::b/${aws:username}/k", "arn:aws:s3:::b/*"}},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := minimize.Minimize(test.grants)
			if diff := cmp.Diff(policy.Document{Version: policy.Version2012, Statements: test.want}.Canonical(), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSids(t *testing.T) {
	const account = ":eu-west-1:111122223333:"
	tests := []struct {
		actions, resource, want string
	}{
		{"s3:GetObject s3:PutObject", "arn:aws:s3:::orders/*", "S3ReadWriteOrdersBucketObjects"},
		{"s3:ListBucket", "arn:aws:s3:::orders-bucket", "S3ListBucketOrdersBucket"},
		{"dynamodb:Query dynamodb:GetItem", "arn:aws:dynamodb" + account + "table/Orders/index/by-date", "DynamoDBReadOrdersTableIndex"},
		{"kms:Decrypt kms:GenerateDataKey", "arn:aws:kms" + account + "key/1234abcd-12ab-34cd-56ef-1234567890ab", "KMSUseKey"},
		{"logs:CreateLogStream logs:PutLogEvents", "arn:aws:logs" + account + "log-group:/aws/lambda/process-orders:*", "LogsWriteProcessOrdersLogGroup"},
		{"secretsmanager:GetSecretValue", "arn:aws:secretsmanager" + account + "secret:orders/db-??????", "SecretsManagerGetSecretValueOrdersDbSecret"},
		{"xray:PutTraceSegments cloudwatch:PutMetricData", "*", "CloudWatchXRayWriteAnyResource"},
		{"sns:Publish", "arn:aws:sns" + account + "\x1b[31m${*}日本", "SNSPublish31mTopic"},
		{"kms:GenerateDataKey", "arn:aws:kms" + account + "key/1234abcd-12ab-34cd-56ef-1234567890ab", "KMSGenerateDataKey"},
		{"ec2:DeleteNetworkInterface", "arn:aws:ec2" + account + "network-interface/eni-009ab125f193c0441", "EC2DeleteNetworkInterface"},
		{"s3:*", "arn:aws:s3:::a-bucket-with-a-name-that-goes-on-and-on-and-on/*", "S3ABucketWithANameThatGoesOnAndOBucketObjects"},
		{"*", "*", "AnyResource"},
		{"s3:GetObject", "arn:aws:s3-object-lambda" + account + "accesspoint/mine", "S3GetObjectMineAccesspoint"},
		{"s3:GetObject", "arn:aws:s3", "S3GetObjectResource"},
		{"lambda:InvokeFunction", "arn:aws:lambda" + account + "function:price:live", "LambdaInvokeFunctionPriceFunction"},
	}
	for _, test := range tests {
		var grants []minimize.Grant
		for _, a := range strings.Fields(test.actions) {
			grants = append(grants, minimize.Grant{Action: a, Resource: test.resource})
		}
		doc := minimize.Minimize(grants)
		if len(doc.Statements) != 1 || doc.Statements[0].Sid != test.want {
			t.Errorf("%s on %s: want Sid %s in\n%s", test.actions, test.resource, test.want, doc.Format())
		}
	}
}

func FuzzMinimize(f *testing.F) {
	f.Add("s3:Get*\ns3:GetObject", "arn:aws:s3:::b/*\n*\narn:aws:s3:::b/k", uint64(0b101101))
	f.Add("", "${aws:x}\n\xff", uint64(3))
	f.Add("日:本", "arn:aws:日:::本", uint64(1))
	f.Fuzz(func(t *testing.T, actionLines, resourceLines string, pairs uint64) {
		actions, resources := strings.Split(actionLines, "\n"), strings.Split(resourceLines, "\n")
		var want []minimize.Grant
		for i := range 64 {
			if pairs>>i&1 != 0 {
				want = append(want, minimize.Grant{Action: actions[i%len(actions)], Resource: resources[i/8%len(resources)]})
			}
		}
		doc := minimize.Minimize(want)
		fitted, err := minimize.Fit(doc, minimize.Limit{Characters: 400, Documents: 3})
		if err == nil {
			for _, d := range fitted.Documents {
				if d.Size() > 400 {
					t.Errorf("%d characters", d.Size())
				}
			}
		}
		sids := map[string]bool{}
		for _, s := range doc.Statements {
			if s.Sid == "" || sids[s.Sid] || strings.Trim(s.Sid, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") != "" {
				t.Errorf("Sid %q", s.Sid)
			}
			sids[s.Sid] = true
			for _, a := range s.Actions {
				for _, r := range s.Resources {
					if !slices.Contains(actions, a) || !slices.Contains(resources, r) {
						t.Errorf("%q on %q was not asked for", a, r)
					}
				}
			}
		}
	})
}

func BenchmarkMinimizeRole(b *testing.B) {
	var want []minimize.Grant
	for i := range 300 {
		want = append(want, minimize.Grant{
			Action:   fmt.Sprintf("s3:Action%d", i%12),
			Resource: fmt.Sprintf("arn:aws:s3:::bucket%d/prefix%d/*", i%7, i%5),
		})
	}
	for b.Loop() {
		minimize.Minimize(want)
	}
}

// unstructured returns literal grants in which there is nothing to find, distinct.
func unstructured(actions, resources, draws uint32) []minimize.Grant {
	var out []minimize.Grant
	seen := map[[2]uint32]bool{}
	x := uint32(1)
	for range draws {
		x = x*1664525 + 1013904223
		pair := [2]uint32{x >> 8 % actions, x >> 16 % resources}
		if !seen[pair] {
			seen[pair] = true
			out = append(out, minimize.Grant{
				Action:   fmt.Sprintf("s3:Action%d", pair[0]),
				Resource: fmt.Sprintf("arn:aws:s3:::bucket%d", pair[1]),
			})
		}
	}
	return out
}

// TestMinimizeBeyondTheSearch takes a relation that is too large to search.
func TestMinimizeBeyondTheSearch(t *testing.T) {
	want := unstructured(40, 500, 6000)
	doc := minimize.Minimize(want)
	if n := len(doc.Statements); n > 40 {
		t.Errorf("%d statements, more than actions", n)
	}
	text := func(grants []minimize.Grant) []string {
		var out []string
		for _, g := range grants {
			out = append(out, g.Action+" "+g.Resource)
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	if diff := cmp.Diff(text(want), text(expand(doc))); diff != "" {
		t.Error(diff)
	}
}

func BenchmarkMinimizeHostile(b *testing.B) {
	want := unstructured(60, 1500, 20000)
	for b.Loop() {
		minimize.Minimize(want)
	}
}
