package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// full is a report in which every member is set, with hostile names.
func full() Report {
	at := time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC)
	seen := Evidence{Count: 3, First: at, Last: at.AddDate(0, 0, 2), Days: 2, EventIDs: []string{"e1", "e2"}}
	row := CallRow{Event: "s3 GetObject", Region: "us-east-1", ErrorCode: "AccessDenied", Functions: []string{"orders"}, Evidence: seen}
	doc := policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{
		Sid: "S3Get", Effect: policy.Allow, Actions: []string{"s3:GetObject"}, Resources: []string{"arn:aws:s3:::b/*"},
	}}}
	return Report{
		SchemaVersion: SchemaVersion, Tool: "whittle devel", Reference: "iam-data 1",
		Input: Input{
			Sources: []string{"logs"}, Files: 1, Records: 5, Used: 3, First: at, Last: at.AddDate(0, 0, 2),
			Skipped: []Count{{"duplicate", 2}}, SkippedFiles: []Count{{"truncated", 1}},
			Problems: []string{"logs/\x1b[2Ja.gz: truncated"},
		},
		Roles: []Role{{
			Role: "arn:aws:iam::111122223333:role/orders", Function: "orders", Functions: []string{"orders"},
			Calls:    Calls{Authorised: 3, Denied: 3, Inconclusive: 3},
			Policies: []Policy{{Document: doc, Size: doc.Size()}},
			Permissions: []Permission{
				{
					Action: "s3:GetObject", AccessLevel: "Read", Resource: "arn:aws:s3:::b/*", Sids: []string{"S3Get"},
					Conditions: []Condition{{"StringEquals", "aws:SourceVpce", []string{"vpce-1"}}},
					Rules:      []string{"overrides/s3.txt:1"}, Functions: []string{"orders"}, LambdaService: true, Events: []string{"s3 GetObject"},
					Evidence:  seen,
					Widening:  &Widening{Reason: "identifier", Detail: "2 distinct names", Distinct: 2, Examples: []string{"a\x1b[31m", "b\u202e"}},
					Findings:  []Finding{{"generic-resource", "no reviewed rule names this operation"}},
					Suggested: []Suggestion{{Condition: Condition{"Bool", "aws:SecureTransport", []string{"true"}}, Why: "all 3 calls used TLS", Applied: true}},
				},
				{Action: "ec2:DescribeInstances", AccessLevel: "List", Resource: "*", Rules: []string{"reference"}, Evidence: seen},
				{Action: "logs:PutLogEvents", AccessLevel: "Write", Resource: "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/orders:*", Rules: []string{"overlay"}},
			},
			Denied:       []Denied{{CallRow: row, Action: "s3:GetObject", Resource: "arn:aws:s3:::c/k", By: "scp", Explicit: true}, {CallRow: row}},
			Unmapped:     []Unmapped{{CallRow: row, Reason: "unknown-action", Detail: "no such action"}},
			Inconclusive: []CallRow{row},
			Notes:        []string{"a note"},
			Proof:        Proof{Checked: 3, Allowed: 3, Pairs: 1, Traced: 1},
			Containment: &Containment{Policies: []string{"inline", evil}, Permissions: 3, Within: 2, Beyond: []Change{{
				Kind: "granted", Widens: true, Service: "logs", Actions: []string{"logs:PutLogEvents"}, Known: []string{"logs:PutLogEvents"},
				AccessLevels: []LevelCount{{"Write", 1}}, Resources: []string{"arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/orders:*"},
				NewAccess: &Access{When: [][]Condition{{}}},
				Gained:    &Witness{Action: "logs:PutLogEvents", Resource: "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/orders:log-stream:a", Confirmed: true},
			}}},
		}, {
			Role: "arn:aws:iam::111122223333:role/idle", Proof: Proof{},
		}},
	}
}

func TestGolden(t *testing.T) {
	for _, f := range Formats {
		for _, section := range sections {
			if section.name == "generate" && !f.Proposals {
				continue
			}
			t.Run(f.Name+"/"+section.name, func(t *testing.T) {
				var got bytes.Buffer
				if err := f.Write(&got, section.report()); err != nil {
					t.Fatal(err)
				}
				golden(t, section.name+f.Ext+".golden", got.Bytes())
			})
		}
	}
}

// TestColor: colour changes nothing but colour.
func TestColor(t *testing.T) {
	codes := regexp.MustCompile("\x1b\\[[0-9]+m")
	for _, section := range sections {
		var plain, colored bytes.Buffer
		if err := TextWriter(false)(&plain, section.report()); err != nil {
			t.Fatal(err)
		}
		if err := TextWriter(true)(&colored, section.report()); err != nil {
			t.Fatal(err)
		}
		if section.name == "diff" {
			golden(t, "diff.color.golden", colored.Bytes())
		}
		if d := cmp.Diff(plain.String(), codes.ReplaceAllString(colored.String(), "")); d != "" {
			t.Errorf("%s (-plain +colour without codes):\n%s", section.name, d)
		}
	}
}

func TestExplainGolden(t *testing.T) {
	var got bytes.Buffer
	for _, p := range full().Roles[0].Permissions {
		if err := Explain(&got, full().Roles[0].Role, p); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "explain.golden", got.Bytes())
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-want +got):\n%s", file, d)
	}
}

// TestTextIsSafe: nothing from a policy or a log reaches the terminal as more than letters.
func TestTextIsSafe(t *testing.T) {
	names := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.SampledFrom(sections).Draw(t, "section").report()
		replaceStrings(&r, func() string { return names.Draw(t, "name") })
		var b bytes.Buffer
		if err := Text(&b, r); err != nil {
			t.Fatal(err)
		}
		if i := strings.IndexFunc(b.String(), func(c rune) bool { return c != '\n' && !unicode.IsPrint(c) }); i >= 0 || !utf8.Valid(b.Bytes()) {
			t.Fatalf("unprintable character at %d of %q", i, b.String())
		}
	})
}

func TestForFile(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"a.json", "json"}, {"dir.txt/A.JSON", "json"}, {"a.txt", "text"}, {"a.md", "markdown"}, {"a.sarif", "sarif"}, {"a.pdf", ""}, {"json", ""}, {"", ""},
	} {
		f, err := ForFile(test.name)
		if f.Name != test.want || (err != nil) != (test.want == "") {
			t.Errorf("ForFile(%q) = %q, %v; want %q", test.name, f.Name, err, test.want)
		}
	}
}

func TestNamed(t *testing.T) {
	for _, f := range Formats {
		got, err := Named(f.Name)
		if err != nil || got.Ext != f.Ext {
			t.Errorf("Named(%q) = %q, %v", f.Name, got.Ext, err)
		}
	}
	if _, err := Named("pdf"); err == nil || !strings.Contains(err.Error(), "text, json, markdown, sarif") {
		t.Errorf("Named(pdf) = %v, want an error that names the formats", err)
	}
}

// TestProposals: a format writes proposals if it says so, and refuses them otherwise.
func TestProposals(t *testing.T) {
	for _, f := range Formats {
		if err := f.Write(&bytes.Buffer{}, full()); (err == nil) != f.Proposals {
			t.Errorf("%s: %v, with Proposals %v", f.Name, err, f.Proposals)
		}
	}
}
