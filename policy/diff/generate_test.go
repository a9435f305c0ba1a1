package diff_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/diff"
)

func pick[T any](r *rand.Rand, choices ...T) T { return choices[r.IntN(len(choices))] }

// A gen makes the policies of one pair from few words, so that they meet often.
type gen struct {
	*rand.Rand
	services []string
	keys     []string
	// wide lets a few pairs allow actions of any service: to look at all of them takes long.
	wide bool
	// small worlds have few statements, and short lists in them.
	small bool
	// odd lets variables, set qualifiers, mixed operators and malformed operands in.
	odd bool
}

// randomPair is a function of its seed.
func randomPair(seed uint64) pair {
	g := gen{Rand: rand.New(rand.NewPCG(seed, 0x77686974746c65))}
	g.services = []string{pick(g.Rand, "s3", "sqs", "sqs", "sqs", "dynamodb", "iam")}
	if g.IntN(3) == 0 {
		g.services = append(g.services, pick(g.Rand, "dynamodb", "sqs", "iam", "made"))
	}
	g.small = g.IntN(6) > 0
	g.wide = seed%wideEvery == 1
	g.odd = g.IntN(3) == 0
	for range 1 + g.IntN(2) {
		g.keys = append(g.keys, pick(g.Rand, "aws:SourceVpce", "aws:SourceVpce", "s3:prefix", "aws:PrincipalArn", "s3:max-keys",
			"aws:CurrentTime", "aws:MultiFactorAuthPresent", "aws:SourceIp"))
	}
	if g.odd && g.IntN(2) == 0 {
		g.keys = append(g.keys, "aws:TagKeys")
	}
	var p pair
	if g.IntN(3) == 0 {
		p.opt.Partition = "aws"
	}
	p.old = g.side()
	if g.IntN(5) == 0 {
		p.new = g.side()
		return p
	}
	p.new = cloneSide(p.old)
	for range 1 + g.IntN(2) {
		g.mutate(&p.new)
	}
	if g.IntN(3) == 0 {
		p.new = reordered(g.Rand, p.new)
	}
	if g.IntN(2) == 0 {
		p = p.mirrored()
	}
	return p
}

func (g gen) side() diff.Side {
	s := diff.Side{Identity: g.documents(pick(g.Rand, 1, 1, 2))}
	if g.IntN(5) == 0 {
		s.Boundary = append([]policy.Document{}, g.documents(g.IntN(2))...)
		if g.IntN(8) > 0 {
			s.Boundary = g.documents(1)
		}
	}
	return s
}

func (g gen) documents(n int) []policy.Document {
	var docs []policy.Document
	for range n {
		d := policy.Document{Version: policy.Version2012}
		if g.odd && g.IntN(6) == 0 {
			d.Version = pick(g.Rand, "", policy.Version2008)
		}
		statements := pick(g.Rand, 1, 1, 1, 2, 2, 3)
		if g.small {
			statements = pick(g.Rand, 1, 1, 2)
		}
		for range statements {
			d.Statements = append(d.Statements, g.statement())
		}
		docs = append(docs, d)
	}
	return docs
}

func (g gen) statement() policy.Statement {
	s := policy.Statement{Effect: pick(g.Rand, policy.Allow, policy.Allow, policy.Deny)}
	narrow := g
	narrow.wide = g.wide || s.Effect == policy.Deny
	if actions := several(g, narrow.action); narrow.wide && g.IntN(6) == 0 {
		s.NotActions = actions
	} else {
		s.Actions = actions
	}
	if resources := several(g, g.resource); g.IntN(6) == 0 {
		s.NotResources = resources
	} else {
		s.Resources = resources
	}
	for range pick(g.Rand, 0, 0, 0, 1, 1, 2) {
		g.condition(&s)
	}
	return s
}

func several(g gen, one func() string) []string {
	out := []string{one()}
	for g.IntN(3) == 0 && (!g.small || len(out) < 2) {
		out = append(out, one())
	}
	return out
}

func (g gen) action() string {
	if g.wide && g.IntN(40) == 0 {
		return pick(g.Rand, "*", "*:*", "s*", "*:Get*", "?3:*", "*s:*")
	}
	service := pick(g.Rand, g.services...)
	name := pick(g.Rand, "*", "*", "Get*", "*Get*", "G*", "List*", "*t*", "?et*", "*e", "*Ma*")
	if g.IntN(2) == 0 {
		switch service {
		case "s3":
			name = pick(g.Rand, "GetObject", "GetObject", "getobject", "PutObject", "GetObjectAcl", "ListBucket", "GetMade", "GetMad?",
				"Get*Acl", "*Object", "?etObject", "GetObject*", "ListAllMyBuckets")
		case "dynamodb":
			name = pick(g.Rand, "GetItem", "*Item", "Query", "ListTables", "q*", "Ge?Item")
		case "sqs":
			name = pick(g.Rand, "SendMessage", "sendmessage", "*Message", "ListQueues", "*ueue*")
		case "iam":
			name = pick(g.Rand, "PassRole", "Pass*", "*Role", "ListUsers")
		case "made":
			name = pick(g.Rand, "Up", "U*")
		}
	}
	if g.IntN(20) == 0 {
		service = strings.ToUpper(service)
	}
	return service + ":" + name
}

func (g gen) resource() string {
	if g.IntN(6) == 0 {
		return "*"
	}
	if g.odd && g.IntN(4) == 0 {
		return pick(g.Rand, "arn:aws:s3:::a/${aws:username}/*", "arn:aws:s3:::a/${aws:username}", "arn:aws:s3:::${aws:username}/x",
			"arn:aws:s3:::${aws:username}", "arn:aws:s3:::a/${aws:username, 'x'}", "arn:aws:sqs:*:*:${aws:username}", "arn:aws:${aws:username}:*",
			"arn:aws:iam::111122223333:role/${aws:username}", "nonsense", "arn:aws:s3:::${aws:username")
	}
	if g.IntN(12) == 0 { // a run of any length before the resource
		return pick(g.Rand, "arn:aws:s3:*", "arn:aws:*", "arn:*", "arn:aws:*:*:*:a*", "arn:aws:s3*:a/x", "arn:aws:s3:::", "arn:aws:*a", "arn:aws:*:::a/x",
			"arn:aws:dynamodb:us-*:table/a", "arn:aws:*:us-east-1:*:*", "arn:*:s3:::a*", "arn:aws:s3", "arn:aws:???:*:111122223333:a*", "arn:*x")
	}
	partition := pick(g.Rand, "aws", "aws", "aws", "aws", "*", "aws-cn", "aws*", "AWS")
	region := pick(g.Rand, "us-east-1", "us-east-1", "*", "us-*", "eu-west-1", "??-*-1", "*-1", "")
	account := pick(g.Rand, "111122223333", "111122223333", "*", "1111*", "444455556666", "????????????", "")
	switch pick(g.Rand, g.services...) {
	case "s3", "made":
		if g.IntN(8) == 0 {
			return fmt.Sprintf("arn:%s:s3:%s:%s:accesspoint/%s", partition, region, account, pick(g.Rand, "*", "a", "a/object/*", "a*", "*/object/x"))
		}
		return "arn:" + partition + ":s3:::" + g.name()
	case "dynamodb":
		return fmt.Sprintf("arn:%s:dynamodb:%s:%s:%s", partition, region, account, pick(g.Rand, "*", "table/*", "table/a", "table/a*", "table/?",
			"table/*/index/*", "table/a/index/*", "table/a/*", "table/*b", "t*x"))
	case "sqs":
		return fmt.Sprintf("arn:%s:sqs:%s:%s:%s", partition, region, account, pick(g.Rand, "*", "a", "a*", "?", "*b", "x", g.name(), g.name()))
	default:
		return fmt.Sprintf("arn:%s:iam::%s:%s", partition, account, pick(g.Rand, "role/*", "role/a", "role/a*", "role/x/*", "*", "role/*a", "r*"))
	}
}

// name is the pattern of a bucket or object.
func (g gen) name() string {
	if g.IntN(2) == 0 {
		return pick(g.Rand, "*", "a", "a/*", "a*", "b/*", "*/x", "a/x", "a/x*", "?/x", "*b/*", "a/${*}", "a/?", "a?", "*/*", "A/x", "a/*y", "a*/x*")
	}
	var b strings.Builder
	for range 1 + g.IntN(5) {
		b.WriteString(pick(g.Rand, "a", "b", "x", "/", "/", "*", "*", "?", "y", "a/"))
	}
	return b.String()
}

// condition adds one, unless the statement has that operator on that key.
func (g gen) condition(s *policy.Statement) {
	c := g.conditionOn(pick(g.Rand, g.keys...))
	if slices.ContainsFunc(s.Conditions, func(d policy.Condition) bool {
		return d.Operator == c.Operator && strings.EqualFold(d.Key, c.Key)
	}) {
		return
	}
	s.Conditions = append(s.Conditions, c)
}

func (g gen) conditionOn(key string) policy.Condition {
	c := policy.Condition{Key: key}
	words := func(words ...string) { c.Values = several(g, func() string { return pick(g.Rand, words...) }) }
	str := []string{"StringEquals", "StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"}
	if g.odd && g.IntN(10) == 0 {
		key = pick(g.Rand, "s3:prefix", "s3:max-keys", "aws:SourceIp", "aws:PrincipalArn", "aws:MultiFactorAuthPresent")
	}
	switch strings.ToLower(key) {
	case "aws:sourcevpce":
		c.Operator = pick(g.Rand, str...)
		words("vpce-1", "vpce-1", "vpce-2", "VPCE-1", "vpce-*", "vpce-?", "*", "*-1", "", "vpce-${*}")
	case "s3:prefix":
		c.Operator = pick(g.Rand, str...)
		words("a", "a/*", "a*", "*", "b", "?", "*/*", "")
	case "aws:principalarn":
		c.Operator = pick(g.Rand, "ArnEquals", "ArnLike", "ArnLike", "ArnNotLike", "ArnNotEquals")
		words("arn:aws:iam::111122223333:role/a", "arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:*", "arn:*:*:*:*:*", "arn:aws:iam::1*:role/?")
	case "s3:max-keys":
		c.Operator = "Numeric" + pick(g.Rand, "Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
		words("1", "01", "5", "10", "1e1", "1.5", "0", "-1")
	case "aws:currenttime":
		c.Operator = "Date" + pick(g.Rand, "Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
		words("2030-01-01T00:00:00Z", "1893456000", "2030-01-01", "2030-06-01T00:00:00Z", "2031")
	case "aws:multifactorauthpresent":
		c.Operator = "Bool"
		words("true", "false", "TRUE")
	case "aws:sourceip":
		c.Operator = pick(g.Rand, "IpAddress", "IpAddress", "NotIpAddress")
		words("192.0.2.0/24", "192.0.2.0/25", "192.0.2.128/25", "192.0.2.1", "0.0.0.0/0", "2001:db8::/32", "::/0", "192.0.0.0/16")
	case "aws:tagkeys":
		c.Operator = pick(g.Rand, "ForAllValues:", "ForAllValues:", "ForAnyValue:", "ForAnyValue:", "") +
			pick(g.Rand, "StringEquals", "StringLike", "StringNotEquals", "StringNotLike")
		words("a", "a", "b", "*", "a*", "A")
	}
	switch {
	case g.IntN(6) == 0:
		c.Operator += "IfExists"
	case g.IntN(8) == 0:
		c.Operator, c.Values = "Null", []string{pick(g.Rand, "true", "false")}
		if g.IntN(10) == 0 {
			c.Values = []string{"true", "false"}
		}
	}
	if g.IntN(10) == 0 {
		c.Key = pick(g.Rand, strings.ToLower(c.Key), strings.ToUpper(c.Key))
	}
	if g.odd {
		g.spoil(&c)
	}
	return c
}

// spoil makes some conditions such as AWS refuses or cannot decide, or that are no plain ones.
func (g gen) spoil(c *policy.Condition) {
	switch g.IntN(24) {
	case 0:
		c.Values = append(c.Values, "${aws:username}")
	case 1:
		c.Values = []string{"${aws:username}", "${aws:username, 'x'}"}
	case 2:
		c.Values = append(c.Values, pick(g.Rand, "abc", "no-arn", "not-a-date", "not-an-ip"))
	case 3:
		c.Operator = pick(g.Rand, "ForAllValues:", "ForAnyValue:") + strings.TrimPrefix(strings.TrimPrefix(c.Operator, "ForAllValues:"), "ForAnyValue:")
	case 4:
		c.Operator = pick(g.Rand, "Strange", "NullIfExists", "stringequals")
	case 5:
		c.Values = []string{}
	}
}

// mutate changes one thing, as people do.
func (g gen) mutate(s *diff.Side) {
	docs := &s.Identity
	if len(s.Boundary) > 0 && g.IntN(4) == 0 {
		docs = &s.Boundary
	}
	if len(*docs) == 0 {
		return
	}
	d := &(*docs)[g.IntN(len(*docs))]
	if len(d.Statements) == 0 {
		d.Statements = []policy.Statement{g.statement()}
		return
	}
	i := g.IntN(len(d.Statements))
	st := &d.Statements[i]
	switch g.IntN(14) {
	case 0:
		d.Statements = slices.Delete(d.Statements, i, i+1)
	case 1:
		d.Statements = append(d.Statements, g.statement())
	case 2:
		other := cloneStatement(*st)
		replaceOne(g, other.Resources, g.resource)
		d.Statements = append(d.Statements, other)
	case 3:
		g.wide = g.wide || st.Effect == policy.Deny
		replaceOne(g, st.Actions, g.action)
		replaceOne(g, st.NotActions, g.action)
	case 4, 5:
		replaceOne(g, st.Resources, g.resource)
		replaceOne(g, st.NotResources, g.resource)
	case 6:
		g.condition(st)
	case 7, 8, 9:
		if len(st.Conditions) == 0 {
			g.condition(st)
			return
		}
		g.mutateCondition(st, g.IntN(len(st.Conditions)))
	case 10:
		if len(st.Conditions) > 0 {
			st.Conditions = slices.Delete(st.Conditions, 0, 1)
		}
	case 11:
		if s.Boundary == nil {
			s.Boundary = g.documents(1)
		} else {
			s.Boundary = nil
		}
	case 12:
		if !g.wide && st.Effect == policy.Allow && st.Actions != nil {
			return
		}
		st.Actions, st.NotActions = st.NotActions, st.Actions
	case 13:
		*d = respeltDocument(g.Rand, *d)
	}
}

func (g gen) mutateCondition(s *policy.Statement, i int) {
	c := &s.Conditions[i]
	fresh := g.conditionOn(c.Key)
	switch {
	case g.IntN(4) == 0 && len(c.Values) > 1:
		c.Values = c.Values[1:]
	case fresh.Operator != c.Operator && slices.ContainsFunc(s.Conditions, func(d policy.Condition) bool { return d.Operator == fresh.Operator }):
	case g.IntN(2) == 0 && c.Operator != "Null" && fresh.Operator != "Null" && len(c.Values) > 0:
		c.Operator = fresh.Operator
	default:
		*c = fresh
	}
}

func replaceOne(g gen, list []string, fresh func() string) {
	if len(list) > 0 {
		list[g.IntN(len(list))] = fresh()
	}
}
