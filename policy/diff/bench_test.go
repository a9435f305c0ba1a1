package diff_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/diff"
)

// BenchmarkManagedPolicies compares each managed policy with itself, its expansion and the next one:
// the three for all have to take less than 20 s together.
func BenchmarkManagedPolicies(b *testing.B) {
	all := managed(b)
	expanded := make([]policy.Document, len(all))
	for i, m := range all {
		expanded[i] = expansion(m.doc)
	}
	for _, c := range []struct {
		name  string
		other func(i int) policy.Document
	}{
		{"itself", func(i int) policy.Document { return all[i].doc.Canonical() }},
		{"expansion", func(i int) policy.Document { return expanded[i] }},
		{"next", func(i int) policy.Document { return all[(i+1)%len(all)].doc }},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				for i, m := range all {
					diff.Compare(m.side(), sideOf(c.other(i)), diff.Options{Partition: "aws"})
				}
			}
		})
	}
}

// BenchmarkPowerUserReadOnly compares two of the widest policies there are, in the shape that AWS
// gives them. It has to take less than 1 s.
func BenchmarkPowerUserReadOnly(b *testing.B) {
	power := policy.Document{Version: policy.Version2012, Statements: []policy.Statement{
		{Effect: policy.Allow, NotActions: []string{"iam:*", "organizations:*", "account:*"}, Resources: []string{"*"}},
		{Effect: policy.Allow, Actions: []string{"account:GetAccountInformation", "account:GetPrimaryEmail", "account:ListRegions",
			"iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles", "organizations:DescribeOrganization"}, Resources: []string{"*"}},
	}}
	read := policy.Document{Version: policy.Version2012, Statements: []policy.Statement{{Effect: policy.Allow, Resources: []string{"*"}}}}
	for _, prefix := range reference.Prefixes() {
		for _, verb := range []string{"BatchGet*", "Describe*", "Get*", "List*"} {
			read.Statements[0].Actions = append(read.Statements[0].Actions, prefix+":"+verb)
		}
	}
	for _, c := range []struct {
		name     string
		old, new policy.Document
	}{{"narrowed", power, read}, {"widened", read, power}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if len(diff.Compare(sideOf(c.old), sideOf(c.new), diff.Options{Partition: "aws"})) == 0 {
					b.Fatal("no difference")
				}
			}
		})
	}
}

// hostile are policies made to cost much.
func hostile() map[string]pair {
	stars := func(s string, n int) string { return strings.Repeat("*"+s, n) + "*" }
	allow := func(action, resource string) policy.Statement {
		return policy.Statement{Effect: policy.Allow, Actions: []string{action}, Resources: []string{resource}}
	}
	out := map[string]pair{}
	side := func(statements ...policy.Statement) diff.Side {
		return sideOf(policy.Document{Version: policy.Version2012, Statements: statements})
	}
	out["stars"] = pair{
		old: side(allow("s3:GetObject", "arn:aws:s3:::"+stars("a", 200)), allow("s3:GetObject", "arn:aws:s3:::"+stars("b", 200))),
		new: side(allow("s3:GetObject", "arn:aws:s3:::"+stars("ab", 150)), allow("s3:GetObject", "arn:aws:s3:::"+stars("ba", 150))),
	}
	out["star actions"] = pair{
		old: side(allow("s3:"+stars("e", 50), "*"), allow(stars("e", 20)+":"+stars("t", 20), "*")),
		new: side(allow("s3:"+stars("t", 50), "*"), allow(stars("t", 20)+":"+stars("e", 20), "*")),
	}
	var many, others, marks, conditions []policy.Statement
	for i := range 3000 {
		many = append(many, allow("s3:GetObject", fmt.Sprintf("arn:aws:s3:::bucket-%d/*", i)))
		others = append(others, allow("s3:GetObject", fmt.Sprintf("arn:aws:s3:::bucket-%d/*", i+1)))
	}
	out["statements"] = pair{old: side(many...), new: side(others...)}
	for i := range 60 {
		marks = append(marks, allow("s3:GetObject", "arn:aws:s3:::*a"+strings.Repeat("?", i)))
		c := allow("s3:GetObject", "*")
		for j := range 12 {
			c.Conditions = append(c.Conditions, policy.Condition{Operator: "StringLike", Key: fmt.Sprintf("aws:PrincipalTag/k%d", (i*7+j*5)%40), Values: []string{stars("a", i%5+j), stars("b", j)}})
		}
		conditions = append(conditions, c)
	}
	out["question marks"] = pair{old: side(marks...), new: side(allow("s3:GetObject", "arn:aws:s3:::*a*"))}
	out["conditions"] = pair{old: side(conditions[:30]...), new: side(conditions[30:]...)}
	out["set conditions"] = pair{old: side(many[:1000]...), new: side(append([]policy.Statement{{
		Effect: policy.Deny, NotActions: []string{"iam:*"}, NotResources: []string{"arn:aws:s3:::" + stars("k", 100)},
		Conditions: []policy.Condition{{Operator: "ForAllValues:StringNotLike", Key: "aws:TagKeys", Values: []string{stars("z", 100)}}},
	}}, many[:1000]...)...)}
	return out
}

// BenchmarkHostile bounds what a policy can cost.
func BenchmarkHostile(b *testing.B) {
	for name, p := range hostile() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				diff.Compare(p.old, p.new, diff.Options{})
			}
		})
	}
}

// TestHostile: what is made to cost much ends, and what is said of it is true.
func TestHostile(t *testing.T) {
	for name, p := range hostile() {
		t.Run(name, func(t *testing.T) {
			rows := diff.Compare(p.old, p.new, p.opt)
			if len(rows) == 0 {
				t.Error("no difference")
			}
			js := judgesOf(p)
			for _, row := range rows {
				if err := sound(js, p.opt, row); err != nil {
					t.Errorf("%v\n%s", err, show(row))
				}
			}
		})
	}
}
