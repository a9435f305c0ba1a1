package actionmap

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGlueForms(t *testing.T) {
	const other = "444455556666"
	const schema = "arn:aws:glue:us-east-1:444455556666:schema/events/order"
	const cluster = "arn:aws:kafka:us-east-1:444455556666:cluster/events/5e3e-2"
	tests := []struct {
		form, text string
		want       []value
		reading    reading
	}{
		{"catalog-id", other, []value{{account: other}}, reads},
		{"catalog-id", other + ":s3tablescatalog/b", []value{{account: other, before: "s3tablescatalog/b/"}}, reads},
		{"catalog-id", "redshift", []value{{before: "redshift/"}}, reads},
		{"catalog-id", other + ":", nil, unreadable},
		{"catalog-id", "4444:x", nil, unreadable},
		{"catalog-owner", other, []value{{account: other}}, reads},
		{"catalog-owner", other + ":a/b", []value{{account: other}}, reads},
		{"catalog-owner", "a", []value{{}}, reads},
		{"catalog-owner", ":a", nil, unreadable},
		{"child-catalog", other + ":a/b", []value{{account: other, parts: []string{"a/b"}}}, reads},
		{"child-catalog", "a", []value{{parts: []string{"a"}}}, reads},
		{"child-catalog", other, nil, nothing},
		{"child-catalog", "x:y", nil, unreadable},
		{"folder", "events", []value{{before: "events/"}}, reads},
		{"folder", "a/b", nil, unreadable},
		{"msk-topic-cluster", cluster, []value{{account: other, parts: []string{"events", "5e3e-2"}}}, reads},
		{"msk-topic-cluster", "arn:aws:kafka:us-east-1:444455556666:cluster/events", nil, unreadable},
		{"msk-topic-cluster", "events", nil, unreadable},
		{"role", "service-role/r", []value{{parts: []string{"service-role/r"}}}, reads},
		{"role", "/a/r", []value{{parts: []string{"a/r"}}}, reads},
		{"role", "r", []value{{parts: []string{"r"}, assumed: "the event does not show the path, which is / if none was given"}}, reads},
		{"role", "arn:aws:iam::444455556666:role/a/r", []value{{arn: "arn:aws:iam::444455556666:role/a/r"}}, reads},
		{"schema-registry", schema, []value{{account: other, parts: []string{"events"}}}, reads},
		{"schema-registry", "arn:aws:glue:us-east-1:444455556666:schema/order", nil, unreadable},
		{"schema-registry", "order", nil, unreadable},
	}
	for _, tt := range tests {
		t.Run(tt.form+" "+tt.text, func(t *testing.T) {
			got, r := forms[tt.form](tt.text)
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(value{})); diff != "" || r != tt.reading {
				t.Errorf("reading %d, want %d; values (-want +got):\n%s", r, tt.reading, diff)
			}
		})
	}
}
