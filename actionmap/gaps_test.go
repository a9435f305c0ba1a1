package actionmap

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
)

// A name that a query made of several is a pattern with a finding, and no other name is.
func TestGaps(t *testing.T) {
	m := mustNew(t)
	usage := func(event, path, value string, gaps bool) *trail.Usage {
		return &trail.Usage{Key: trail.Key{
			Kind: trail.Call, Principal: trail.Principal{Account: "111122223333", Role: "arn:aws:iam::111122223333:role/r"},
			EventSource: "s3.amazonaws.com", EventName: event, Region: "eu-west-1", Outcome: trail.Authorised,
			Params: []trail.Param{{Path: "bucketName", Values: []string{"b"}}, {Path: path, Values: []string{value}, Gaps: gaps, Wide: !gaps}},
		}}
	}
	for _, test := range []struct {
		reason, key string
		gaps        bool
		want        string
		finding     FindingKind
	}{
		{"gaps become stars", "in/\x00/\x00.json", true, "arn:aws:s3:::b/in/*/*.json", FoldedName},
		{"gaps side by side are one star", "in/\x00\x00", true, "arn:aws:s3:::b/in/*", FoldedName},
		{"stars of the name stay literal", "*\x00?$", true, "arn:aws:s3:::b/${*}*${?}${$}", FoldedName},
		{"a name of one object is no pattern", "in/\x00", false, "arn:aws:s3:::b/", ""},
	} {
		grants := m.Map(usage("GetObject", "key", test.key, test.gaps)).Grants
		if len(grants) != 1 || grants[0].Resource.Pattern != test.want {
			t.Errorf("%s: %+v", test.reason, grants)
			continue
		}
		var kinds []FindingKind
		for _, f := range grants[0].Findings {
			kinds = append(kinds, f.Kind)
		}
		if test.finding != "" && !cmp.Equal(kinds, []FindingKind{test.finding}) || test.gaps != (grants[0].Resource.Name == "") {
			t.Errorf("%s: findings %v, resource %+v", test.reason, kinds, grants[0].Resource)
		}
	}

	denied := usage("GetObject", "key", "in/\x00", true)
	denied.Outcome, denied.Denial = trail.Denied, trail.Denial{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/in/\x00"}
	if grants := m.Denied(denied).Grants; len(grants) != 1 || grants[0].Resource.Pattern != "arn:aws:s3:::b/in/*" {
		t.Errorf("denied: %+v", grants)
	}

	told := m.Map(usage("ListObjects", "prefix", "in/\x00/x", true)).Grants
	if len(told) != 1 || !cmp.Equal(told[0].Tells.Values, []string{"in/"}) || !told[0].Tells.Open {
		t.Errorf("told: %+v", told)
	}
}
