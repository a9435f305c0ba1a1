package minimize_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/minimize"
)

func ExampleFit() {
	var grants []minimize.Grant
	for i := range 200 {
		grants = append(grants, minimize.Grant{Action: "s3:GetObject", Resource: fmt.Sprintf("arn:aws:s3:::orders/2026/11/%03d.json", i)})
	}
	doc := minimize.Minimize(grants)
	fitted, err := minimize.Fit(doc, minimize.Limit{Characters: 6144, Documents: 1})
	if err != nil {
		panic(err)
	}
	fmt.Println(doc.Size(), "characters, now", fitted.Documents[0].Size())
	w := fitted.Widenings[0]
	fmt.Println(len(w.From), "resources are now", w.To)
	// Output:
	// 7933 characters, now 6114
	// 10 resources are now arn:aws:s3:::orders/2026/11/00*
}

// keys draws a document with statements of many resources, some of which may be widened.
func keys() *rapid.Generator[policy.Document] {
	return rapid.Custom(func(t *rapid.T) policy.Document {
		var grants []minimize.Grant
		for range rapid.IntRange(1, 6).Draw(t, "groups") {
			action := rapid.SampledFrom([]string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "sqs:SendMessage"}).Draw(t, "action")
			prefix := rapid.SampledFrom([]string{
				"arn:aws:s3:::a/", "arn:aws:s3:::b/x/${$}", "arn:aws:s3:::b/é", "arn:aws:sqs:eu-west-1:111122223333:q",
				"arn:aws:dynamodb:eu-west-1:111122223333:table/T/index/", "arn:aws:s3:::bucket",
			}).Draw(t, "prefix")
			conditions := rapid.SampledFrom(conditionSets).Draw(t, "conditions")
			for _, key := range rapid.SliceOfN(rapid.StringMatching(`[ab/]{1,2}([a-c]|\$\{[$*]\}|è){0,6}`), 0, 30).Draw(t, "keys") {
				grants = append(grants, minimize.Grant{Action: action, Resource: prefix + key, Conditions: conditions})
			}
		}
		return minimize.Minimize(grants)
	})
}

func TestFit(t *testing.T) {
	outcomes := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		doc := keys().Draw(t, "doc")
		limit := minimize.Limit{
			Characters: rapid.IntRange(100, 3000).Draw(t, "characters"),
			Documents:  rapid.IntRange(1, 6).Draw(t, "documents"),
		}
		fitted, err := minimize.Fit(doc, limit)
		var tooLarge *minimize.TooLargeError
		if errors.As(err, &tooLarge) {
			outcomes["too large"]++
			if doc.Size() <= limit.Characters {
				t.Fatalf("%v", err)
			}
			return
		} else if err != nil {
			t.Fatal(err)
		}
		if len(fitted.Documents) > limit.Documents {
			t.Fatalf("%d documents", len(fitted.Documents))
		}
		for _, d := range fitted.Documents {
			if d.Size() > limit.Characters {
				t.Fatalf("%d characters\n%s", d.Size(), d.Format())
			}
			if _, err := policy.Parse(d.Format()); err != nil {
				t.Fatal(err)
			}
		}
		want, got := expand(doc), expand(fitted.Documents...)
		if err := allCovered(want, got); err != nil {
			t.Fatalf("not sufficient: %v", err)
		}
		// What is more than asked for is what the widenings say.
		if len(fitted.Widenings) == 0 {
			outcomes["exact"]++
		} else {
			outcomes["widened"]++
			if doc.Size() <= limit.Characters {
				t.Fatalf("widened what fits")
			}
		}
		for _, w := range fitted.Widenings {
			for _, a := range w.Actions {
				want = append(want, minimize.Grant{Action: a, Resource: w.To, Conditions: w.Conditions})
				for _, from := range w.From {
					if !covers(want[len(want)-1], minimize.Grant{Action: a, Resource: from, Conditions: w.Conditions}) {
						t.Fatalf("%+v covers not what it replaces", w)
					}
				}
			}
			checkName(t, w)
		}
		if err := allCovered(got, want); err != nil {
			t.Fatalf("a pair more: %v", err)
		}
		again, err := minimize.Fit(doc, limit)
		if err != nil || !cmp.Equal(fitted, again) {
			t.Fatalf("not deterministic: %v %s", err, cmp.Diff(fitted, again))
		}
	})
	t.Logf("outcomes: %v", outcomes)
}

// checkName checks that a widening stays within a bucket or a table.
func checkName(t *rapid.T, w minimize.Widening) {
	for _, name := range []string{"arn:aws:s3:::a/", "arn:aws:s3:::b/", "table/T/index/", "arn:aws:s3:::bucketa/", "arn:aws:s3:::bucketb/"} {
		if strings.Contains(w.To, name) {
			return
		}
	}
	// Other buckets have names drawn at random.
	if i := strings.Index(w.To, "/"); !strings.HasPrefix(w.To, "arn:aws:s3:::bucket") || i < 0 {
		t.Fatalf("widened across names: %+v", w)
	}
}

func TestFitSplitsAndKeepsSids(t *testing.T) {
	var grants []minimize.Grant
	for i := range 100 {
		grants = append(grants, minimize.Grant{Action: "sqs:SendMessage", Resource: fmt.Sprintf("arn:aws:sqs:eu-west-1:111122223333:q%d", i)})
	}
	fitted, err := minimize.Fit(minimize.Minimize(grants), minimize.Limit{Characters: 2000, Documents: 3})
	if err != nil {
		t.Fatal(err)
	}
	var sids []string
	for _, d := range fitted.Documents {
		for _, s := range d.Statements {
			sids = append(sids, s.Sid)
		}
	}
	want := []string{"SQSSendMessageQueues", "SQSSendMessageQueuesPart2", "SQSSendMessageQueuesPart3"}
	if diff := cmp.Diff(want, sids); diff != "" {
		t.Error(diff)
	}
}

func TestFitRefusesToWidenNames(t *testing.T) {
	var grants []minimize.Grant
	for i := range 100 {
		grants = append(grants,
			minimize.Grant{Action: "sqs:SendMessage", Resource: fmt.Sprintf("arn:aws:sqs:eu-west-1:111122223333:q%d", i)},
			minimize.Grant{Action: "s3:ListBucket", Resource: fmt.Sprintf("arn:aws:s3:::bucket%d", i)},
			minimize.Grant{Action: "kms:Decrypt", Resource: fmt.Sprintf("arn:aws:kms:eu-west-1:111122223333:key/%d", i)})
	}
	doc := minimize.Minimize(grants)
	_, err := minimize.Fit(doc, minimize.Limit{Characters: 5000, Documents: 1})
	var tooLarge *minimize.TooLargeError
	if !errors.As(err, &tooLarge) || tooLarge.Characters != doc.Size() {
		t.Fatalf("error %v", err)
	}
	if !strings.Contains(err.Error(), "does not fit one document of 5000 characters") {
		t.Error(err)
	}
}

func TestFitWidensTheLongestBeginningFirst(t *testing.T) {
	doc := policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{
		Effect: policy.Allow, Actions: []string{"s3:GetObject"},
		Resources: []string{
			"arn:aws:s3:::a/deep/path/x1", "arn:aws:s3:::a/deep/path/x2", "arn:aws:s3:::a/deep/path/x3",
			"arn:aws:s3:::a/other", "arn:aws:s3:::b/${$}{x}1", "arn:aws:s3:::b/${*}2",
		},
	}}}
	if doc.Size() != 256 {
		t.Fatalf("%d characters", doc.Size())
	}
	for size, want := range map[int][]string{
		200: {"arn:aws:s3:::a/deep/path/x*", "arn:aws:s3:::a/other", "arn:aws:s3:::b/${$}{x}1", "arn:aws:s3:::b/${*}2"},
		170: {"arn:aws:s3:::a/*", "arn:aws:s3:::b/${$}{x}1", "arn:aws:s3:::b/${*}2"},
		140: {"arn:aws:s3:::a/*", "arn:aws:s3:::b/*"},
	} {
		fitted, err := minimize.Fit(doc, minimize.Limit{Characters: size, Documents: 1})
		if err != nil {
			t.Errorf("%d: %v", size, err)
			continue
		}
		if diff := cmp.Diff(want, fitted.Documents[0].Statements[0].Resources); diff != "" {
			t.Errorf("%d: %s", size, diff)
		}
	}
}

func TestFitLeavesNotResourceAlone(t *testing.T) {
	var keys []string
	for i := range 100 {
		keys = append(keys, fmt.Sprintf("arn:aws:s3:::a/%03d", i))
	}
	for _, s := range []policy.Statement{
		{Effect: policy.Allow, Actions: []string{"s3:GetObject"}, NotResources: keys},
		{Effect: policy.Allow, NotActions: []string{"iam:*"}, NotResources: keys},
	} {
		_, err := minimize.Fit(policy.Document{Statements: []policy.Statement{s}}, minimize.Limit{Characters: 1000, Documents: 5})
		if tooLarge := new(minimize.TooLargeError); !errors.As(err, &tooLarge) {
			t.Errorf("error %v", err)
		}
	}
	deny := policy.Document{Statements: []policy.Statement{{Effect: policy.Deny, Actions: []string{"s3:*"}, Resources: keys}}}
	fitted, err := minimize.Fit(deny, minimize.Limit{Characters: 1000, Documents: 5})
	if err != nil || len(fitted.Widenings) > 0 {
		t.Fatalf("%v %v", err, fitted.Widenings)
	}
	var got []string
	for _, d := range fitted.Documents {
		got = append(got, d.Statements[0].Resources...)
	}
	if !slices.Equal(got, keys) {
		t.Error(cmp.Diff(keys, got))
	}
}

func BenchmarkFitWidening(b *testing.B) {
	var grants []minimize.Grant
	for i := range 5000 {
		grants = append(grants, minimize.Grant{Action: "s3:GetObject", Resource: fmt.Sprintf("arn:aws:s3:::bucket%d/%x/%d", i%3, i*7919%4096, i)})
	}
	doc := minimize.Minimize(grants)
	for b.Loop() {
		if _, err := minimize.Fit(doc, minimize.Inline); err != nil {
			b.Fatal(err)
		}
	}
}
