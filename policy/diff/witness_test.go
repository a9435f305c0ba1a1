package diff_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/diff"
	"github.com/whittle-iam/whittle/policy/glob"
)

// sound checks what holds for every row: its parts fit its kind, its actions are what the reference
// says, and each witness is a request that the evaluator decides as the row says.
func sound(js judges, opt diff.Options, row diff.Row) error {
	var ok bool
	switch row.Kind {
	case diff.Granted:
		ok = row.Old == nil && row.New != nil && row.Gained != nil && row.Lost == nil
	case diff.Removed:
		ok = row.Old != nil && row.New == nil && row.Gained == nil && row.Lost != nil
	case diff.Changed:
		ok = row.Old != nil && row.New != nil && (row.Gained != nil || row.Lost != nil)
	case diff.Undecided:
		ok = row.Gained == nil && row.Lost == nil
	}
	if !ok || (row.Reason != "") != (row.Kind == diff.Undecided) {
		return errors.New("its parts do not fit its kind")
	}
	if err := soundActions(row.Actions); err != nil {
		return err
	}
	if len(row.Resources.Include) == 0 {
		return errors.New("no resources")
	}
	if err := confirm(js, opt, row, row.Gained); err != nil {
		return fmt.Errorf("what is gained: %w", err)
	}
	if err := confirm(judges{js.new, js.old}, opt, row, row.Lost); err != nil {
		return fmt.Errorf("what is lost: %w", err)
	}
	return nil
}

func soundActions(a diff.Actions) error {
	if len(a.Include) == 0 || len(a.Known)+len(a.Unknown) == 0 && !a.Future {
		return errors.New("no actions")
	}
	matches := func(action string) bool {
		in := func(pattern string) bool { return glob.CompileFold(pattern).Match(strings.ToLower(action)) }
		out := func(pattern string) bool { return !in(pattern) }
		return slices.ContainsFunc(a.Include, in) && !slices.ContainsFunc(a.Within, out) && !slices.ContainsFunc(a.Except, in)
	}
	for _, list := range [][]string{a.Known, a.Unknown} {
		if !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
			return fmt.Errorf("not sorted: %v", list)
		}
		if len(list) > 200 {
			continue // too many to match here
		}
		for _, action := range list {
			if !matches(action) {
				return fmt.Errorf("%s is not one of its patterns' actions", action)
			}
		}
	}
	for _, id := range a.Known {
		if known, ok := reference.LookupAction(id); !ok || known.ID() != id {
			return fmt.Errorf("the reference does not know %s", id)
		}
	}
	for _, id := range a.Unknown {
		if _, ok := reference.LookupAction(id); ok {
			return fmt.Errorf("the reference knows %s", id)
		}
	}
	return nil
}

// confirm checks a witness for what the new side gains.
func confirm(js judges, opt diff.Options, row diff.Row, w *diff.Witness) error {
	if w == nil {
		return nil
	}
	text := fmt.Sprintf("%s %s %v", w.Action, w.Resource, w.Context)
	if !row.Contains(w.Action, w.Resource) {
		return fmt.Errorf("%s is not in the row", text)
	}
	if err := possible(w.Action, w.Resource, opt.Partition); err != nil {
		return err
	}
	if !allows(js.new, w.Action, w.Resource, w.Context) {
		return fmt.Errorf("%s is not allowed", text)
	}
	if allows(js.old, w.Action, w.Resource, w.Context) {
		return fmt.Errorf("%s is allowed on the other side too", text)
	}
	for key, v := range w.Context {
		if known := requestValues[strings.ToLower(key)]; known != nil && known[0].Multi != v.Multi {
			return fmt.Errorf("%s: %s has the wrong number of values", text, key)
		}
	}
	return nil
}

// possible says why an action cannot act on a resource, nil if it may.
func possible(action, resource, partition string) error {
	if strings.ContainsAny(action, "*?") || strings.Count(action, ":") != 1 {
		return fmt.Errorf("%q is no action", action)
	}
	if resource != "*" && partition != "" && !strings.HasPrefix(strings.ToLower(resource), "arn:"+partition+":") {
		return fmt.Errorf("%q is not in the partition", resource)
	}
	a, known := reference.LookupAction(action)
	if !known {
		return nil
	}
	if resource == "*" {
		if slices.ContainsFunc(a.Resources, func(r reference.ActionResource) bool { return r.Required }) {
			return fmt.Errorf("%s is never called without a resource", action)
		}
		return nil
	}
	service, _ := reference.Lookup(a.Service)
	for _, r := range a.Resources {
		rt, ok := service.ResourceType(r.Type)
		if !ok {
			continue
		}
		for _, format := range rt.ARNs {
			if formatPattern(format).MatchString(resource) {
				return nil
			}
		}
	}
	return fmt.Errorf("%s does not act on %q", action, resource)
}

var (
	formats  sync.Map // of *regexp.Regexp
	variable = regexp.MustCompile(`\\\$\\\{[^}]*\\\}`)
)

// formatPattern takes an ARN format as widely as it can be meant: a variable is any text, but in
// the first five fields one without a colon.
func formatPattern(format string) *regexp.Regexp {
	if re, ok := formats.Load(format); ok {
		return re.(*regexp.Regexp)
	}
	fields := strings.SplitN(format, ":", 6)
	for i, f := range fields {
		any := `[^:]*`
		if i == 5 {
			any = `(?s:.*)`
		}
		f = strings.ReplaceAll(regexp.QuoteMeta(f), `\*`, any)
		fields[i] = variable.ReplaceAllLiteralString(f, any)
	}
	re := regexp.MustCompile(`\A` + strings.Join(fields, ":") + `\z`)
	formats.Store(format, re)
	return re
}

// show is a row as a failing test prints it.
func show(row diff.Row) string {
	if n := len(row.Actions.Known); n > 12 {
		row.Actions.Known = append(slices.Clone(row.Actions.Known[:12]), fmt.Sprintf("and %d more", n-12))
	}
	b, err := json.MarshalIndent(row, "", " ")
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// TestNamedChanges are the changes that reviewers meet.
func TestNamedChanges(t *testing.T) {
	const boundary = "boundary "
	for _, c := range []struct {
		name     string
		old, new []string // statements; in the boundary with that word before them
		// rows are the kinds of the rows, with what is gained or lost.
		rows []string
		// gained and lost are requests that lie in a row that says so, or not if they begin with "!".
		gained, lost []target
	}{
		{
			name:   "narrowed to one bucket's objects",
			old:    []string{`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`},
			new:    []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`},
			rows:   []string{"removed"},
			lost:   []target{{"s3:PutObject", "arn:aws:s3:::b/x"}, {"s3:GetObject", "arn:aws:s3:::c/x"}, {"s3:ListAllMyBuckets", "*"}, {"s3:GetFuture", "arn:aws:s3:::b/x"}, {"!s3:GetObject", "arn:aws:s3:::b/x"}},
			gained: []target{{"!s3:GetObject", "arn:aws:s3:::b/x"}},
		},
		{
			name:   "widened from one bucket's objects",
			old:    []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`},
			new:    []string{`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`},
			rows:   []string{"granted"},
			gained: []target{{"s3:PutObject", "arn:aws:s3:::b/x"}, {"s3:GetObject", "arn:aws:s3:::c/x"}, {"s3:ListAllMyBuckets", "*"}, {"s3:GetFuture", "arn:aws:s3:::b/x"}, {"!s3:GetObject", "arn:aws:s3:::b/x"}},
		},
		{
			name: "a Deny added",
			old:  []string{`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, `{"Effect":"Deny","Action":"s3:Delete*","Resource":"*"}`},
			rows: []string{"removed"},
			lost: []target{{"s3:DeleteObject", "arn:aws:s3:::b/x"}, {"!s3:PutObject", "arn:aws:s3:::b/x"}, {"s3:DeleteSomething", "arn:aws:s3:::b"}},
		},
		{
			name:   "a Deny removed",
			old:    []string{`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, `{"Effect":"Deny","Action":"s3:*","NotResource":"arn:aws:s3:::b/*"}`},
			new:    []string{`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`},
			rows:   []string{"granted"},
			gained: []target{{"s3:GetObject", "arn:aws:s3:::c/x"}, {"!s3:GetObject", "arn:aws:s3:::b/x"}, {"s3:ListBucket", "arn:aws:s3:::b"}},
		},
		{
			name: "a Deny of what was never allowed",
			old:  []string{`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:*","Resource":"*"}`, `{"Effect":"Deny","Action":"ec2:*","Resource":"*"}`},
		},
		{
			name: "a Deny with a condition added",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`},
			rows: []string{"changed lost"},
			lost: []target{{"s3:GetObject", "arn:aws:s3:::b/x"}},
		},
		{
			name: "a boundary added",
			old:  []string{`{"Effect":"Allow","Action":["s3:*","sqs:*"],"Resource":"*"}`},
			new:  []string{`{"Effect":"Allow","Action":["s3:*","sqs:*"],"Resource":"*"}`, boundary + `{"Effect":"Allow","Action":"s3:*","Resource":"*"}`},
			rows: []string{"removed"},
			lost: []target{{"sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q"}, {"!s3:GetObject", "arn:aws:s3:::b/x"}},
		},
		{
			name: "a boundary that is wider than the policy",
			old:  []string{`{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::b/*"}`, boundary + `{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`},
		},
		{
			name: "a condition narrowed",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":["vpc-1","vpc-2"]}}}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}`},
			rows: []string{"changed lost"},
		},
		{
			name: "an exact value becomes a pattern",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:SourceVpc":"vpc-1*"}}}`},
			rows: []string{"changed gained"},
		},
		{
			name: "a pattern without wildcards is an exact value",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"AWS:sourcevpc":"vpc-1"}}}`},
		},
		{
			name: "an exact value with a star is not a pattern",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringLike":{"aws:SourceVpc":"vpc-*"}}}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-*"}}}`},
			rows: []string{"changed lost"},
		},
		{
			name: "an endpoint demanded",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`},
			rows: []string{"changed lost"},
			lost: []target{{"s3:GetObject", "arn:aws:s3:::b/x"}, {"!s3:GetObject", "arn:aws:s3:::c/x"}},
		},
		{
			name: "an endpoint demanded only where there is one",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEqualsIfExists":{"aws:SourceVpce":"vpce-1"}}}`},
			rows: []string{"changed gained"},
		},
		{
			name: "a Deny of other endpoints and an Allow of this one",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`, `{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"StringEquals":{"aws:SourceVpce":"vpce-1"}}}`},
		},
		{
			name: "everything but IAM becomes two services",
			old:  []string{`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`},
			new:  []string{`{"Effect":"Allow","Action":["s3:*","sqs:*"],"Resource":"*"}`},
			rows: []string{"removed"},
			lost: []target{{"ec2:StartInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i-1"}, {"new:Thing", "*"}, {"!iam:ListUsers", "*"}, {"!s3:GetObject", "arn:aws:s3:::b/x"}},
		},
		{
			name:   "two services become everything but IAM",
			old:    []string{`{"Effect":"Allow","Action":["s3:*","sqs:*"],"Resource":"*"}`},
			new:    []string{`{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}`},
			rows:   []string{"granted"},
			gained: []target{{"ec2:StartInstances", "arn:aws:ec2:us-east-1:111122223333:instance/i-1"}, {"new:Thing", "*"}, {"!iam:ListUsers", "*"}},
		},
		{
			name: "one bucket for another",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::old/*"}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::new/*"}`},
			rows: []string{"granted", "removed"},
		},
		{
			name: "objects do not act on buckets",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`},
			new:  []string{`{"Effect":"Allow","Action":"S3:getobject","Resource":["arn:aws:s3:::b/*","arn:aws:sqs:us-east-1:111122223333:q"]}`},
		},
		{
			name: "a network in two halves",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"192.0.2.0/24"}}}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["192.0.2.0/25","192.0.2.128/25"]}}}`},
		},
		{
			name: "below ten is not up to nine",
			old:  []string{`{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"NumericLessThan":{"s3:max-keys":"10"}}}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"NumericLessThanEquals":{"s3:max-keys":"9"}}}`},
			rows: []string{"changed lost"},
		},
		{
			name: "true, false or absent is always",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`},
			new: []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":["true","false"]}}}`,
				`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*","Condition":{"Null":{"aws:SecureTransport":"true"}}}`},
		},
		{
			name: "the same set condition in another order",
			old: []string{`{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}}`,
				`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`},
			new: []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}`,
				`{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["b","a"]}}}`},
		},
		{
			name: "a set condition demanded",
			old:  []string{`{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*"}`},
			new:  []string{`{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}}`},
			rows: []string{"changed lost"},
		},
		{
			name: "the same variable",
			old:  []string{`{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b/${aws:username}/*"}`},
			new: []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`,
				`{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`},
		},
		{
			name: "what a variable stands for, and no more",
			old:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`},
			new:  []string{`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`},
			rows: []string{"changed lost", "removed"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := pair{parseSide(t, boundary, c.old), parseSide(t, boundary, c.new), diff.Options{Partition: "aws"}}
			check(t, 0, p, exact)
			check(t, 0, p, otherwise)
			rows := diff.Compare(p.old, p.new, p.opt)
			for _, row := range rows {
				if kind := describe(row); !slices.Contains(c.rows, kind) {
					t.Errorf("a row is %s, want %v\n%s", kind, c.rows, show(row))
				}
			}
			if (len(rows) == 0) != (len(c.rows) == 0) {
				t.Errorf("%d rows, want %v", len(rows), c.rows)
			}
			inRow(t, rows, c.gained, "gained", func(r diff.Row) bool { return r.Gained != nil })
			inRow(t, rows, c.lost, "lost", func(r diff.Row) bool { return r.Lost != nil })
		})
	}
}

func describe(r diff.Row) string {
	kind := string(r.Kind)
	if r.Kind == diff.Changed && r.Gained != nil {
		kind += " gained"
	}
	if r.Kind == diff.Changed && r.Lost != nil {
		kind += " lost"
	}
	return kind
}

func inRow(t *testing.T, rows []diff.Row, targets []target, what string, says func(diff.Row) bool) {
	for _, tg := range targets {
		action, not := strings.CutPrefix(tg.action, "!")
		got := slices.ContainsFunc(rows, func(r diff.Row) bool { return says(r) && r.Contains(action, tg.resource) })
		if got == not {
			t.Errorf("%s %s is %s: %v\n%s", action, tg.resource, what, got, showAll(rows))
		}
	}
}

func parseSide(t *testing.T, boundary string, statements []string) diff.Side {
	var side diff.Side
	for _, s := range statements {
		to := &side.Identity
		text, bounds := strings.CutPrefix(s, boundary)
		if bounds {
			to = &side.Boundary
		}
		doc, err := policy.Parse([]byte(`{"Version":"2012-10-17","Statement":` + text + `}`))
		if err != nil {
			t.Fatal(err)
		}
		*to = append(*to, *doc)
	}
	return side
}

// TestTodaysNames: to spell out what a wildcard stands for today takes away the actions to come.
func TestTodaysNames(t *testing.T) {
	old := parseSide(t, "boundary", []string{`{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}`})
	new := cloneSide(old)
	statement := &new.Identity[0].Statements[0]
	statement.Actions = nil
	for _, a := range reference.ActionsMatching("s3:Get*") {
		statement.Actions = append(statement.Actions, a.ID())
	}
	p := pair{old: old, new: new}
	rows := diff.Compare(old, new, p.opt)
	if len(rows) != 1 || rows[0].Kind != diff.Removed || !rows[0].Actions.Future || len(rows[0].Actions.Known) > 0 {
		t.Errorf("want one removed row of the future:\n%s", showAll(rows))
	}
	if err := agree(p, rows); err != nil {
		t.Error(err)
	}
	inRow(t, rows, []target{{"s3:GetTomorrow", "arn:aws:s3:::b"}, {"!s3:GetObject", "arn:aws:s3:::b/x"}, {"!s3:PutTomorrow", "*"}}, "lost", func(r diff.Row) bool { return r.Lost != nil })
}

// TestUncertainChanges: where not everything is decided, what is said is true, and that there may be
// more is said too.
func TestUncertainChanges(t *testing.T) {
	for name, c := range map[string][2]string{
		"a set condition changed": {`{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}}`,
			`{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a","c"]}}}`},
		"a set condition dropped": {`{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}}`,
			`{"Effect":"Allow","Action":"ec2:CreateTags","Resource":"*"}`},
		"a variable dropped": {`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`,
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}`},
		"another variable": {`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}`,
			`{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:userid}/*"}`},
		"a variable in a condition dropped": {`{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"StringLike":{"s3:prefix":"${aws:username}/*"}}}`,
			`{"Effect":"Allow","Action":"s3:ListBucket","Resource":"*","Condition":{"StringLike":{"s3:prefix":"*"}}}`},
	} {
		t.Run(name, func(t *testing.T) {
			p := pair{parseSide(t, "-", []string{c[0]}), parseSide(t, "-", []string{c[1]}), diff.Options{}}
			rows := diff.Compare(p.old, p.new, p.opt)
			if err := agree(p, rows); err != nil {
				t.Error(err)
			}
			if !slices.ContainsFunc(rows, diff.Row.Widens) {
				t.Errorf("no row widens:\n%s", showAll(rows))
			}
		})
	}
}
