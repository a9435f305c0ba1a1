package actionmap

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/glob"
	"github.com/whittle-iam/whittle/trail"
)

// kinds lists the events that overrides name, and a few that they do not.
func kinds(m *Mapper) [][2]string {
	out := [][2]string{
		{"ecr.amazonaws.com", "DescribeImages"}, {"glue.amazonaws.com", "GetTable"}, {"iam.amazonaws.com", "GetRole"},
		{"ec2.amazonaws.com", "RunInstances"}, {"sqs.amazonaws.com", "SendMessage"}, {"lambda.amazonaws.com", "GetFunction20150331v2"},
	}
	sources := map[string]string{}
	for _, source := range slices.Sorted(maps.Keys(m.table.Prefixes)) {
		sources[m.table.Prefixes[source]] = source
	}
	for _, s := range m.table.Sorted() {
		for _, name := range slices.Sorted(maps.Keys(s.Events)) {
			out = append(out, [2]string{sources[s.Prefix], name})
		}
	}
	return out
}

// FuzzMap gives every parameter that the mapping looks at a hostile value. It must answer the same
// twice, with known actions, and with no wildcard that a value brought in.
func FuzzMap(f *testing.F) {
	m := mustNew(f)
	events := kinds(m)
	seeds := [][2]string{
		{"*", "?"}, {"${aws:username}", "$"}, {"", "\n"}, {"\xff\x00", "日本"}, {"a/b", "a:b:c"},
		{"arn:aws:s3:::*", "arn:aws:dynamodb:*:*:table/*"}, {"arn:aws:sqs:us-east-1:111122223333:*", "arn:aws:lambda:us-east-1:111122223333:function:*:*"},
		{"arn:aws:iam::111122223333:role/*", "arn:aws:iam::aws:policy/*"}, {"https://sqs.us-east-1.amazonaws.com/111122223333/*", "alias/*"},
		{"HIDDEN_DUE_TO_SECURITY_REASONS", "**********"}, {"SELECT * FROM \"*\".\"?\"", "UPDATE * SET a=1"}, {"/*", "*:1"},
		{"arn:aws:secretsmanager:us-east-1:111122223333:secret:*-abcdef", "111122223333:function:*"}, {"x/*?versionId=*", "arn:aws:s3:us-east-1:111122223333:accesspoint/*"},
		{"arn:aws:logs:us-east-1:111122223333:log-group:*:*", "arn:aws:events:us-east-1:111122223333:event-bus/*"},
		{"arn:aws:events:us-east-1:*:event-bus/b", "SELECT * FROM \"arn:aws:dynamodb:*:*:table/*\".\"*\""},
		{"arn:*:s3:::b", "arn:aws:kms:us-east-1:*:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
	}
	for i := range events {
		s := seeds[i%len(seeds)]
		f.Add(uint16(i), s[0], s[1], i%3 == 0, "us-east-1", "")
	}
	for _, s := range seeds {
		f.Add(uint16(0), s[0], s[1], false, s[0], "NoSuchKey")
	}
	f.Fuzz(func(t *testing.T, which uint16, a, b string, open bool, region, errorCode string) {
		event := events[int(which)%len(events)]
		u := &trail.Usage{Key: trail.Key{
			Kind: trail.Call, EventSource: event[0], EventName: event[1], Region: region, ErrorCode: errorCode,
			Principal: trail.Principal{Account: "111122223333", Role: "arn:aws:iam::111122223333:role/r"},
			Denial:    trail.Denial{Action: "s3:GetObject", Resource: a},
		}}
		fields := m.Fields(event[0], event[1])
		for i, path := range fields.Paths {
			p := trail.Param{Path: path, Values: []string{"true"}}
			if !strings.HasPrefix(path, "?") {
				p.Values = [][]string{{a}, {b}, {a, b}}[i%3]
				slices.Sort(p.Values)
			}
			if open && path == fields.Wide && len(p.Values) == 1 {
				p.Open = true
			}
			u.Params = append(u.Params, p)
		}
		for _, result := range []Result{m.Map(u), m.Denied(u)} {
			checkResult(t, result)
			for _, g := range result.Grants {
				checkPattern(t, g)
			}
		}
		if diff := cmp.Diff(m.Map(u), m.Map(u)); diff != "" {
			t.Errorf("two answers: %s", diff)
		}
	})
}

var unescape = strings.NewReplacer("${*}", "", "${?}", "", "${$}", "")

// checkPattern checks that a pattern is an ARN pattern of one of the action's types in the caller's
// partition, and that its wildcards are the mapping's own.
func checkPattern(t *testing.T, g Grant) {
	t.Helper()
	if g.Resource.Pattern == "*" {
		return
	}
	if _, err := glob.CompileARN(g.Resource.Pattern); err != nil {
		t.Errorf("%s: %v", g.Action, err)
	}
	a, ok := parseARN(g.Resource.Pattern)
	if !ok || a.partition != "aws" {
		t.Errorf("%s on %q: no ARN of this partition", g.Action, g.Resource.Pattern)
	}
	if !slices.Contains(servicesOf(g.Action), a.service) {
		t.Errorf("%s on %q: the action has no such resource", g.Action, g.Resource.Pattern)
	}
	if !regions.MatchString(a.region) && a.region != "" && a.region != "*" || !ownerOf(a.account) && a.account != "*" {
		t.Errorf("%s on %q: place", g.Action, g.Resource.Pattern)
	}
	rest := unescape.Replace(g.Resource.Pattern)
	if strings.Contains(rest, "${") {
		t.Errorf("%s on %q: a variable", g.Action, g.Resource.Pattern)
	}
	explained := slices.ContainsFunc(g.Findings, func(f Finding) bool { return f.Kind != GenericResource })
	if a.service == "logs" { // log-group:NAME:*
		rest = strings.TrimSuffix(rest, ":*")
	}
	if strings.ContainsAny(rest, "*?") && !explained {
		t.Errorf("%s on %q: a wildcard without a finding", g.Action, g.Resource.Pattern)
	}
}

// servicesOf returns the services in the ARN formats of an action's resource types.
func servicesOf(id string) []string {
	a, _ := reference.LookupAction(id)
	s, _ := lookup(a.Service)
	var out []string
	for _, t := range s.types {
		for _, f := range t.formats {
			out = append(out, f.service)
		}
	}
	return out
}
