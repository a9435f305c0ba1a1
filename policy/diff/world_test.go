package diff_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// world are the actions that requests are made of, with the kinds of resources that they act on, as
// kindOf tells them. Of the last three, the reference knows none: one is named by policies, one can
// only be meant by wildcards, and one is of a service that does not exist.
var world = []struct {
	action string
	kinds  string
}{
	{"s3:GetObject", "object accesspointobject"},
	{"s3:PutObject", "object accesspointobject"},
	{"s3:GetObjectAcl", "object accesspointobject"},
	{"s3:ListBucket", "bucket accesspoint"},
	{"s3:ListAllMyBuckets", "*"},
	{"dynamodb:GetItem", "table"},
	{"dynamodb:Query", "table index"},
	{"dynamodb:ListTables", "*"},
	{"sqs:SendMessage", "queue"},
	{"sqs:ListQueues", "*"},
	{"iam:PassRole", "role"},
	{"iam:ListUsers", "*"},
	{"s3:GetMade", "any"},
	{"sqs:GetFuture", "any"},
	{"made:Up", "any"},
}

// TestWorld compares the kinds with the reference's.
func TestWorld(t *testing.T) {
	for _, w := range world {
		a, ok := reference.LookupAction(w.action)
		var kinds []string
		switch {
		case !ok:
			kinds = []string{"any"}
		case !a.TakesResource():
			kinds = []string{"*"}
		default:
			for _, r := range a.Resources {
				kinds = append(kinds, r.Type)
			}
		}
		want := strings.Fields(w.kinds)
		slices.Sort(want)
		slices.Sort(kinds)
		if !slices.Equal(kinds, want) {
			t.Errorf("%s acts on %v, the world says %v", w.action, kinds, want)
		}
	}
}

// kindOf returns the kind of a concrete resource, empty if it is of none: what it says is true for
// certain, so that names which may or may not be possible have no kind.
func kindOf(resource string) string {
	if resource == "*" {
		return "*"
	}
	arn, err := policy.ParseARN(resource)
	if err != nil || !slices.Contains([]string{"aws", "aws-cn"}, arn.Partition) {
		return ""
	}
	parts := strings.Split(arn.Resource, "/")
	if parts[len(parts)-1] == "" && arn.Service != "s3" || strings.Contains(arn.Resource, ":") {
		return ""
	}
	place := fmt.Sprintf("%s %t %t", arn.Service, arn.Region != "", arn.Account != "")
	switch {
	case place == "s3 false false" && len(parts) == 1:
		return "bucket"
	case place == "s3 false false" && parts[0] != "" && len(arn.Resource) > len(parts[0])+1:
		return "object"
	case place == "s3 true true" && parts[0] == "accesspoint" && len(parts) == 2 && parts[1] != "":
		return "accesspoint"
	case place == "s3 true true" && parts[0] == "accesspoint" && len(parts) == 4 && parts[1] != "" && parts[2] == "object" && parts[3] != "":
		return "accesspointobject"
	case place == "dynamodb true true" && parts[0] == "table" && len(parts) == 2:
		return "table"
	case place == "dynamodb true true" && parts[0] == "table" && len(parts) == 4 && parts[1] != "" && parts[2] == "index":
		return "index"
	case place == "sqs true true" && len(parts) == 1:
		return "queue"
	case place == "iam false true" && parts[0] == "role" && len(parts) > 1 && parts[1] != "":
		return "role"
	}
	return ""
}

// pool are resources that every world has, chosen so that short patterns tell them apart.
var pool = []string{
	"*",
	"arn:aws:s3:::a", "arn:aws:s3:::ab", "arn:aws:s3:::b", "arn:aws-cn:s3:::a",
	"arn:aws:s3:::a/x", "arn:aws:s3:::a/xy", "arn:aws:s3:::a/x/y", "arn:aws:s3:::a/*", "arn:aws:s3:::ab/x", "arn:aws:s3:::b/x",
	"arn:aws:s3:::b/y/a", "arn:aws-cn:s3:::a/x",
	"arn:aws:s3:us-east-1:111122223333:accesspoint/a", "arn:aws:s3:us-east-1:111122223333:accesspoint/a/object/x",
	"arn:aws:dynamodb:us-east-1:111122223333:table/a", "arn:aws:dynamodb:us-east-1:111122223333:table/ab",
	"arn:aws:dynamodb:eu-west-1:111122223333:table/a", "arn:aws:dynamodb:us-east-1:444455556666:table/b",
	"arn:aws:dynamodb:us-east-1:111122223333:table/a/index/x",
	"arn:aws:sqs:us-east-1:111122223333:a", "arn:aws:sqs:us-east-1:444455556666:ab", "arn:aws:sqs:eu-west-1:111122223333:x",
	"arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/x/a", "arn:aws:iam::444455556666:role/ab",
}

// requestValues are the values that a request may have for a key, of every kind that its operators
// tell apart, those that they cannot read included.
var requestValues = map[string][]condition.Value{
	"aws:sourcevpce":             ones("vpce-1", "vpce-2", "VPCE-1", "vpce-12", "", "vpce-*", "x"),
	"s3:prefix":                  ones("a", "a/", "a/b", "b", "", "*", "x"),
	"aws:principalarn":           ones("arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/b", "arn:aws:iam::444455556666:role/a", "arn:aws:sts::111122223333:assumed-role/a/b", "no-arn"),
	"s3:max-keys":                ones("0", "1", "01", "1.5", "5", "1e1", "11", "-1", "abc"),
	"aws:currenttime":            ones("2029-01-01", "2030-01-01T00:00:00Z", "1893456000", "2030-03-01", "2030-06-01T00:00:00Z", "2031-01-01", "abc"),
	"aws:multifactorauthpresent": ones("true", "TRUE", "false", ""),
	"aws:sourceip":               ones("192.0.2.1", "192.0.2.129", "192.0.3.1", "2001:db8::1", "2001:db9::1", "::ffff:192.0.2.1", "abc"),
	"aws:username":               ones("x", "y", "*", "a", "x/y"),
	"aws:tagkeys": {
		condition.Many(), condition.Many("a"), condition.Many("b"), condition.Many("a", "b"), condition.Many("b", "c"), condition.Many("c"),
	},
}

func ones(values ...string) []condition.Value {
	var out []condition.Value
	for _, v := range values {
		out = append(out, condition.One(v))
	}
	return out
}

// A space is the enumerated requests of a pair: targets × contexts.
type space struct {
	targets  []target
	contexts []condition.Context
}

type target struct{ action, resource string }

const (
	maxTargets  = 22
	maxContexts = 7
)

// enumerate makes the requests that tell the patterns and conditions in play apart. It depends on
// nothing but the pair.
func enumerate(p pair) space {
	r := rand.New(rand.NewPCG(1, 2))
	var patterns []string
	services, keys := map[string]bool{}, map[string]bool{}
	for s := range statements(p) {
		patterns = append(append(patterns, s.Resources...), s.NotResources...)
		for _, a := range slices.Concat(s.Actions, s.NotActions) {
			service, _, _ := strings.Cut(strings.ToLower(a), ":")
			services[service] = true
		}
		for _, c := range s.Conditions {
			keys[strings.ToLower(c.Key)] = true
		}
		if strings.Contains(fmt.Sprint(s.Resources, s.NotResources, s.Conditions), "${aws:") {
			keys["aws:username"] = true
		}
	}
	return space{targets(r, p, patterns, services), contexts(r, keys)}
}

func targets(r *rand.Rand, p pair, patterns []string, services map[string]bool) []target {
	byKind := map[string][]string{}
	add := func(resource string) {
		kind := kindOf(resource)
		if p.opt.Partition != "" && !strings.HasPrefix(resource, "arn:"+p.opt.Partition+":") && resource != "*" {
			return
		}
		if kind != "" && !slices.Contains(byKind[kind], resource) {
			byKind[kind] = append(byKind[kind], resource)
			byKind["any"] = append(byKind["any"], resource)
		}
	}
	slices.Sort(patterns)
	for _, pattern := range slices.Compact(patterns) {
		for range 3 {
			add(instance(r, pattern))
		}
	}
	for _, resource := range pool {
		add(resource)
	}
	var all []target
	for _, w := range world {
		service, _, _ := strings.Cut(w.action, ":")
		if !services[service] && r.IntN(4) > 0 {
			continue
		}
		for kind := range strings.FieldsSeq(w.kinds) {
			for _, resource := range byKind[kind] {
				all = append(all, target{w.action, resource})
			}
		}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:min(len(all), maxTargets)]
}

// marked writes variables and escapes as one character each.
var marked = strings.NewReplacer("${aws:username}", "\x00", "${*}", "\x01", "${aws:username, 'x'}", "\x00")

// instance replaces the wildcards and variables of a pattern by fresh names and by parts of other
// patterns.
func instance(r *rand.Rand, pattern string) string {
	pattern = marked.Replace(pattern)
	var b strings.Builder
	for _, c := range pattern {
		switch c {
		case '*':
			b.WriteString(pick(r, "", "q", "a", "x", "/x", "b/x", "x/y", "aws", "east-1", "1111", "s3:::a/x", "-east-1:111122223333:table/a", "111122223333"))
		case '?':
			b.WriteString(pick(r, "q", "a", "x", "/"))
		case 0:
			b.WriteString(pick(r, "x", "y", "*", "x/y"))
		case 1:
			b.WriteByte('*')
		default:
			b.WriteRune(c)
		}
	}
	resource := b.String()
	if n := strings.Count(resource, ":"); strings.HasPrefix(resource, "arn:") && n < 5 {
		resource += strings.Repeat(":", 5-n) + pick(r, "a", "a/x", "table/a", "role/a")
	}
	return resource
}

// contexts are all combinations of the keys' values, absence included, or a sample of them.
func contexts(r *rand.Rand, keys map[string]bool) []condition.Context {
	var out []condition.Context
	names := make([]string, 0, len(keys))
	for key := range keys {
		names = append(names, key)
	}
	slices.Sort(names)
	n := 1
	for _, key := range names {
		n *= len(requestValues[key]) + 1
	}
	all := n <= maxContexts+4
	for i := range n {
		if !all && i == maxContexts {
			break
		}
		if !all {
			i = r.IntN(n)
		}
		ctx := condition.Context{}
		for _, key := range names {
			values := requestValues[key]
			if j := i % (len(values) + 1); j > 0 {
				ctx[key] = values[j-1]
			}
			i /= len(values) + 1
		}
		out = append(out, ctx)
	}
	return out
}

// statements yields those of both sides.
func statements(p pair) func(yield func(policy.Statement) bool) {
	return func(yield func(policy.Statement) bool) {
		for _, docs := range [][]policy.Document{p.old.Identity, p.old.Boundary, p.new.Identity, p.new.Boundary} {
			for _, doc := range docs {
				for _, s := range doc.Statements {
					if !yield(s) {
						return
					}
				}
			}
		}
	}
}
