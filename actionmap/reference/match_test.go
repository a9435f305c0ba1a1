package reference

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestActionsMatching(t *testing.T) {
	tests := []struct {
		reason, pattern string
		want            []string
	}{
		{"exact, any case", "SQS:sendmessage", []string{"sqs:SendMessage"}},
		{"star", "kinesis:ListS*s", []string{"kinesis:ListShards", "kinesis:ListStreamConsumers", "kinesis:ListStreams"}},
		{"question mark", "sns:?ublish", []string{"sns:Publish"}},
		{"star in the prefix", "sq*:SendMessage", []string{"sqs:SendMessage"}},
		{"bare name", "PutItem", []string{"dax:PutItem", "dynamodb:PutItem"}},
		{"bare name with a star", "AssumeRole*", []string{"eks-auth:AssumeRoleForPodIdentity", "sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity"}},
		{"bare prefix", "rds-db", []string{"rds-db:connect"}},
		{"unknown service", "nosuch:*", nil},
		{"unknown word", "nosuch", nil},
		{"empty", "", nil},
		{"nothing after the colon", "s3:", nil},
	}
	for _, tt := range tests {
		var got []string
		for _, a := range ActionsMatching(tt.pattern) {
			got = append(got, a.ID())
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: ActionsMatching(%q) (-want +got):\n%s", tt.reason, tt.pattern, diff)
		}
	}
	if n := len(ActionsMatching("*")); n != ActionCount {
		t.Errorf(`ActionsMatching("*") has %d of %d actions`, n, ActionCount)
	}
}

func TestMatchAgainstRegexp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[aAbB*?.]{0,8}`).Draw(t, "pattern")
		s := rapid.StringMatching(`[aAbB.]{0,12}`).Draw(t, "s")
		oracle := regexp.QuoteMeta(pattern)
		oracle = strings.ReplaceAll(oracle, `\*`, `.*`)
		oracle = strings.ReplaceAll(oracle, `\?`, `.`)
		if want := regexp.MustCompile(`(?is)^` + oracle + `$`).MatchString(s); match(pattern, s) != want {
			t.Fatalf("match(%q, %q) = %v", pattern, s, !want)
		}
	})
}
