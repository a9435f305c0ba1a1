package overrides

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	files := fstest.MapFS{"old.txt": {Data: []byte(`retired old older.example.org "AWS has closed it"`)}, "s3.txt": {Data: []byte(`# a comment
service s3 s3.example.org = s3   # two sources

type object "a b" = (bucketName, key...) | (resources:AWS::S3::Object as arn) | ("x", *)
open object

event GetObject HeadObject
  s3:GetObject   on object | object(x-amz-copy-source as copy-source)  if no versionId and list[].kind is "Put it"
  iam:PassRole   on everything "because"  with iam:PassedToService = lambda.amazonaws.com  if a or b has x
  same           if error NoSuchKey
event GetCallerIdentity
  none "AWS asks for nothing"
event PassRoles
  passes a.amazonaws.com in b = c d.e
  passes a.amazonaws.com = f
event DeleteObjects
	s3:DeleteObject
	itemised DeleteObject

service s3 = other if bucketName ends --x or key
type kind = (resources: as arn except keyId) | (?) | (* "not shown", ? "nowhere") | (* unshown)
`)}}
	got, err := Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	at := func(line int) Pos { return Pos{"s3.txt", line} }
	fills := []Fill{
		{{Path: "bucketName"}, {Path: "key", Wide: true}},
		{{Path: "resources:AWS::S3::Object", Form: "arn"}},
		{{Constant: "x"}, {Made: true}},
	}
	lines := []Line{
		{
			Action:  "s3:GetObject",
			Targets: []Target{{Type: "object"}, {Type: "object", Fill: Fill{{Path: "x-amz-copy-source", Form: "copy-source"}}}},
			Gates:   []Gate{{Path: "versionId", Negated: true}, {Path: "list[].kind", Is: "Put it"}},
			Pos:     at(8),
		},
		{
			Action: "iam:PassRole", Targets: []Target{{Everything: "because"}},
			ConditionKey: "iam:PassedToService", ConditionValue: "lambda.amazonaws.com",
			Gates: []Gate{{Path: "a"}, {Path: "b", Has: "x"}}, AnyGate: true, Pos: at(9),
		},
		{Action: "same", Gates: []Gate{{Error: "NoSuchKey"}}, Pos: at(10)},
	}
	passed := func(path string, line int) Line {
		return Line{
			Action: "iam:PassRole", Targets: []Target{{Type: "role", Fill: Fill{{Path: path, Form: "arn"}}}},
			ConditionKey: "iam:PassedToService", ConditionValue: "a.amazonaws.com",
			Gates: []Gate{{Path: path}}, Pos: at(line),
		}
	}
	want := &Table{
		Prefixes: map[string]string{"s3.amazonaws.com": "s3", "s3.example.org": "s3"},
		Variants: map[string][]Variant{"s3.amazonaws.com": {{"other", []Gate{{Path: "bucketName", Ends: "--x"}, {Path: "key"}}}}},
		Retired:  map[string]string{"old.amazonaws.com": "AWS has closed it", "older.example.org": "AWS has closed it"},
		Services: map[string]*Service{"s3": {
			Prefix: "s3",
			Types: map[string]*Type{
				"object": {Name: "object", Fills: fills, Open: true, Pos: at(4)},
				"a b":    {Name: "a b", Fills: fills, Pos: at(4)},
			},
			Events: map[string]*Event{
				"GetObject":         {Lines: lines, Pos: at(7)},
				"HeadObject":        {Lines: lines, Pos: at(7)},
				"GetCallerIdentity": {None: "AWS asks for nothing", Pos: at(11)},
				"PassRoles":         {Lines: []Line{passed("b.c", 14), passed("b.d.e", 14), passed("f", 15)}, Pos: at(13)},
				"DeleteObjects": {
					Lines: []Line{{Action: "s3:DeleteObject", Pos: at(17)}}, Itemised: "DeleteObject", Pos: at(16),
				},
			},
		}, "other": {
			Prefix: "other",
			Types: map[string]*Type{"kind": {Name: "kind", Pos: at(21), Fills: []Fill{
				{{Path: "resources:", Form: "arn", Except: "keyId"}}, {{Unseen: true}},
				{{Made: true, Why: "not shown"}, {Unseen: true, Why: "nowhere"}}, {{Made: true, Why: unshown}},
			}}},
			Events: map[string]*Event{},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestParseErrors(t *testing.T) {
	const head = "service s3 = s3\n"
	tests := []struct{ text, want string }{
		{"event A\n", `overrides/f.txt:1: "event" before the first service line`},
		{"retired old\n", "eventSources and a reason expected"},
		{head + "retired s3 \"gone\"\n", ":2: duplicate service s3.amazonaws.com"},
		{"retired s3 \"gone\"\n" + head, ":2: duplicate service s3.amazonaws.com"},
		{"service s3 =\n", `:1: end of line where a service prefix is expected`},
		{"service s3 s3\n", `:1: end of line where "=" is expected`},
		{head + "service s3 = s3\n", `:2: duplicate service s3.amazonaws.com`},
		{head + "servce x = y\n", `:2: unknown declaration "servce"`},
		{head + "  s3:GetObject\n", `:2: indented line outside an event block`},
		{head + "event A\nevent B\n  s3:X\n", `:3: the event block of line 2 is empty`},
		{head + "event A\n", `:2: the event block of line 2 is empty`},
		{head + "event A A\n  s3:X\n", `:2: duplicate event A`},
		{head + "event A\n  s3.X\n", `:3: "s3.X" is no action`},
		{head + "event A\n  s3:X\n  s3:X\n", `:4: duplicate line`},
		{head + "event A\n  passes\n", `:3: end of line where a service is expected`},
		{head + "event A\n  passes x in\n", `:3: end of line where a parameter path is expected`},
		{head + "event A\n  passes x y\n", `:3: y where "=" is expected`},
		{head + "event A\n  passes x =\n", `:3: end of line where a parameter path is expected`},
		{head + "event A\n  passes x in a = b..c\n", `:3: "a.b..c" is no parameter path`},
		{head + "event A\n  passes x = a a\n", `:3: duplicate line`},
		{head + "event A\n  s3:X if\n", `:3: end of line where a parameter path is expected`},
		{head + "event A\n  s3:X if a b\n", `:3: b where "and" or "or" is expected`},
		{head + "event A\n  s3:X if a and b or c\n", `:3: "and" and "or" in one line`},
		{head + "event A\n  s3:X if a..b\n", `:3: "a..b" is no parameter path`},
		{head + "event A\n  s3:X if resourcs:AWS::S3::Object\n", `is no parameter path`},
		{head + "event A\n  s3:X if ?a\n", `:3: "?a" is no parameter path`},
		{head + "event A\n  s3:X on\n", `:3: end of line where a resource type is expected`},
		{head + "event A\n  s3:X on t(a\n", `:3: end of line where ")" is expected`},
		{head + "event A\n  s3:X on t()\n", `:3: ) where an argument is expected`},
		{head + "event A\n  s3:X on everything\n", `:3: end of line where a reason is expected`},
		{head + "event A\n  s3:X with k v\n", `:3: v where "=" is expected`},
		{head + "event A\n  s3:X on t u\n", `:3: unexpected u`},
		{head + "event A\n  s3:X \"open\n", `has no closing quote`},
		{head + "event A\n  s3:X on \"\"\n", `:3: empty text`},
		{head + "event A\n  none \"a\"\n  none \"b\"\n", `:4: a second reason why nothing is needed`},
		{head + "type t = (a)\ntype t = (b)\n", `:3: duplicate type t`},
		{head + "type t = (a) (b)\n", `:2: unexpected (`},
		{head + "type t = a\n", `:2: a where "(" is expected`},
		{head + "type t = (a as)\n", `:2: ) where a form is expected`},
		{head + "type t = (a except)\n", `:2: ) where a parameter path is expected`},
		{"service s3 = s3 if a and b\n", `:1: "and" in a service line`},
		{head + "open t t\n", `:2: duplicate open t`},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			_, err := Parse(fstest.MapFS{"f.txt": {Data: []byte(tt.text)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
			if err != nil && !strings.HasPrefix(err.Error(), "overrides/f.txt:") {
				t.Errorf("error %v names no place", err)
			}
		})
	}
}

// The embedded files parse; whether what they name exists is tested by package actionmap.
func TestLoad(t *testing.T) {
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	events, lines := 0, 0
	for _, s := range table.Sorted() {
		for _, e := range s.Events {
			events++
			lines += len(e.Lines)
		}
	}
	if len(table.Prefixes) < 50 || events < 200 {
		t.Errorf("%d sources, %d events", len(table.Prefixes), events)
	}
	t.Logf("%d sources, %d events, %d actions of events", len(table.Prefixes), events, lines)
}

func FuzzParse(f *testing.F) {
	names, err := fs.Glob(texts, "*.txt")
	if err != nil || len(names) < 10 {
		f.Fatalf("%d files, %v", len(names), err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(texts, name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, err := Parse(fstest.MapFS{"f.txt": {Data: []byte(text)}})
		if err != nil && !strings.HasPrefix(err.Error(), "overrides/f.txt:") {
			t.Errorf("error %v names no place", err)
		}
	})
}
