package actionmap

const (
	otherAccount     = "444455556666"
	testSchema       = "arn:aws:glue:us-east-1:444455556666:schema/events/order"
	testTopicCluster = "arn:aws:kafka:us-east-1:444455556666:cluster/events/5e3e-2"
)

var dataFormTests = []formTest{
	{"catalog-id", otherAccount, []value{{account: otherAccount}}, reads},
	{"catalog-id", otherAccount + ":s3tablescatalog/b", []value{{account: otherAccount, before: "s3tablescatalog/b/"}}, reads},
	{"catalog-id", "redshift", []value{{before: "redshift/"}}, reads},
	{"catalog-id", otherAccount + ":", nil, unreadable},
	{"catalog-id", "4444:x", nil, unreadable},
	{"catalog-owner", otherAccount, []value{{account: otherAccount}}, reads},
	{"catalog-owner", otherAccount + ":a/b", []value{{account: otherAccount}}, reads},
	{"catalog-owner", "a", []value{{}}, reads},
	{"catalog-owner", ":a", nil, unreadable},
	{"child-catalog", otherAccount + ":a/b", []value{{account: otherAccount, parts: []string{"a/b"}}}, reads},
	{"child-catalog", "a", []value{{parts: []string{"a"}}}, reads},
	{"child-catalog", otherAccount, nil, nothing},
	{"child-catalog", "x:y", nil, unreadable},
	{"folder", "events", []value{{before: "events/"}}, reads},
	{"folder", "a/b", nil, unreadable},
	{"msk-topic-cluster", testTopicCluster, []value{{account: otherAccount, parts: []string{"events", "5e3e-2"}}}, reads},
	{"msk-topic-cluster", "arn:aws:kafka:us-east-1:444455556666:cluster/events", nil, unreadable},
	{"msk-topic-cluster", "events", nil, unreadable},
	{"role", "service-role/r", []value{{parts: []string{"service-role/r"}}}, reads},
	{"role", "/a/r", []value{{parts: []string{"a/r"}}}, reads},
	{"role", "r", []value{{parts: []string{"r"}, assumed: "the event does not show the path, which is / if none was given"}}, reads},
	{"role", "arn:aws:iam::444455556666:role/a/r", []value{{arn: "arn:aws:iam::444455556666:role/a/r"}}, reads},
	{"schema-registry", testSchema, []value{{account: otherAccount, parts: []string{"events"}}}, reads},
	{"schema-registry", "arn:aws:glue:us-east-1:444455556666:schema/order", nil, unreadable},
	{"schema-registry", "order", nil, unreadable},
}
