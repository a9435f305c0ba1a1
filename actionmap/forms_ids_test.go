package actionmap

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIDForms(t *testing.T) {
	const cluster = "arn:aws:ecs:us-east-1:111122223333:cluster/prod"
	tests := []struct {
		form, text string
		want       []value
		reading    reading
	}{
		{"account-id", "111122223333", []value{{parts: []string{"111122223333"}}}, reads},
		{"account-id", "r-abcd", nil, elsewhere},
		{"arn-name", "prod", []value{{parts: []string{"prod"}}}, reads},
		{"arn-name", cluster, []value{{account: "111122223333", parts: []string{"prod"}}}, reads},
		{"arn-name", "arn:aws:ecs:us-east-1:111122223333:prod", nil, unreadable},
		{"arn-name", cluster + "/", nil, unreadable},
		{"arn-name", "arn:aws", nil, unreadable},
		{"organization-unit", "ou-a-b", []value{{parts: []string{"a-b"}}}, reads},
		{"organization-unit", "r-a", nil, elsewhere},
		{"path-id", "/hostedzone/Z1", []value{{parts: []string{"Z1"}}}, reads},
		{"path-id", "Z1", []value{{parts: []string{"Z1"}}}, reads},
		{"path-id", "arn:aws:route53:::hostedzone/Z1", []value{{arn: "arn:aws:route53:::hostedzone/Z1"}}, reads},
		{"provider-url", "https://token.example.com/a", []value{{parts: []string{"token.example.com/a"}}}, reads},
		{"provider-url", "token.example.com", nil, unreadable},
		{"task-definition", "etl:7", []value{{parts: []string{"etl", "7"}}}, reads},
		{"task-definition", "etl", nil, elsewhere},
		{"task-definition", cluster + ":7", []value{{arn: cluster + ":7"}}, reads},
		{"unversioned", "etl", []value{{parts: []string{"etl"}}}, reads},
		{"unversioned", "etl:7", nil, elsewhere},
		{"unversioned", cluster, []value{{arn: cluster}}, reads},
		{"waf-scope", "REGIONAL", []value{{parts: []string{"regional"}}}, reads},
		{"waf-scope", "CLOUDFRONT", []value{{parts: []string{"global"}}}, reads},
		{"waf-scope", "elsewhere", nil, unreadable},
	}
	for _, test := range tests {
		t.Run(test.form+" "+test.text, func(t *testing.T) {
			got, r := forms[test.form](test.text)
			if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(value{})); diff != "" || r != test.reading {
				t.Errorf("reading %d instead of %d; values (-want +got):\n%s", r, test.reading, diff)
			}
		})
	}
}
