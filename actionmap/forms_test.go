package actionmap

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A formTest is what a form makes of a text.
type formTest struct {
	form, text string
	want       []value
	reading    reading
}

func TestForms(t *testing.T) {
	const lambda = "arn:aws:lambda:us-east-1:111122223333:function:f"
	const secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:a"
	parts := func(texts ...string) []value { return []value{{parts: texts}} }
	whole := func(arn string) []value { return []value{{arn: arn}} }
	tests := []formTest{
		{"", "a", parts("a"), reads},
		{"", "arn:x", whole("arn:x"), reads},
		{"name", "arn:x", nil, elsewhere},
		{"arn", "a", nil, elsewhere},
		{"alias-name", "alias/a/b", parts("a/b"), reads},
		{"alias-name", "a", nil, elsewhere},
		{"bus-name", "default", parts("default"), reads},
		{"bus-name", "arn:aws:events:us-east-1:444455556666:event-bus/b", []value{{account: "444455556666", parts: []string{"b"}}}, reads},
		{"bus-name", "arn:aws:events:us-east-1:444455556666:rule/b", nil, unreadable},
		{"custom-bus-name", "default", nil, elsewhere},
		{"custom-bus-name", "b", parts("b"), reads},
		{"copy-source", "b/k", parts("b", "k"), reads},
		{"copy-source", "/b/k%2F%2A/x?versionId=1", parts("b", "k/*/x"), reads},
		{"copy-source", "b", nil, unreadable},
		{"copy-source", "b/%zz", nil, unreadable},
		{"function", "f", parts("f"), reads},
		{"function", "f:1", parts("f"), reads},
		{"function", "f:1:2", nil, unreadable},
		{"function", ":1", nil, unreadable},
		{"function", "111122223333:function:f", []value{{account: "111122223333", parts: []string{"f"}}}, reads},
		{"function", "1:function:f", nil, unreadable},
		{"function", lambda, []value{{arn: lambda, parts: []string{"f"}}}, reads},
		{"function", lambda + ":live", []value{{arn: lambda, parts: []string{"f"}}}, reads},
		{"function", "arn:aws:lambda:us-east-1:111122223333:function:function:live", []value{{arn: "arn:aws:lambda:us-east-1:111122223333:function:function", parts: []string{"function"}}}, reads},
		{"qualified", "f", nil, elsewhere},
		{"qualified", lambda + ":live", []value{{arn: lambda + ":live", parts: []string{"f", "live"}}}, reads},
		{"qualified", "f:$LATEST", parts("f", "$LATEST"), reads},
		{"qualified", "arn:aws:s3:::f:1", nil, unreadable},
		{"iam-name", "r", []value{{parts: []string{"r"}, assumed: "the event does not show the path, which is / if none was given"}}, reads},
		{"key-id", "1234abcd-12ab-34cd-56ef-1234567890ab", parts("1234abcd-12ab-34cd-56ef-1234567890ab"), reads},
		{"key-id", "mrk-1234abcd12ab34cd56ef1234567890ab", parts("mrk-1234abcd12ab34cd56ef1234567890ab"), reads},
		{"key-id", "alias/a", nil, unreadable},
		{"log-group", "/a/b", []value{{parts: []string{"/a/b"}, suffix: ":*"}}, reads},
		{"log-group", "a:*", nil, unreadable},
		{"log-group-name", "arn:aws:logs:us-east-1:111122223333:log-group:a:*", whole("arn:aws:logs:us-east-1:111122223333:log-group:a"), reads},
		{"parameter", "/a/b:3", parts("a/b"), reads},
		{"parameter", "a", parts("a"), reads},
		{"parameter", "/", nil, unreadable},
		{"parameter", "/aws/service/x", []value{{account: public, parts: []string{"aws/service/x"}}}, reads},
		{"parameter", "arn:aws:ssm:us-east-1:111122223333:parameter/a:3", whole("arn:aws:ssm:us-east-1:111122223333:parameter/a"), reads},
		{"partiql-select", `SELECT * FROM "T" WHERE a = 'x FROM y'`, parts("T"), reads},
		{"partiql-select", "select a,'it''s FROM x', \"b FROM c\" from T;", parts("T"), reads},
		{"partiql-select", `SELECT * FROM T."I"`, nil, nothing},
		{"partiql-index", `SELECT * FROM T."I" WHERE a=1`, parts("T", "I"), reads},
		{"partiql-index", `SELECT * FROM T`, nil, nothing},
		{"partiql-index", `SELECT * FROM "arn:aws:dynamodb:us-east-1:444455556666:table/T"."I"`, whole("arn:aws:dynamodb:us-east-1:444455556666:table/T/index/I"), reads},
		{"partiql-select", `EXISTS(SELECT * FROM T WHERE a=1)`, parts("T"), reads},
		{"partiql-select", `DELETE FROM T`, nil, nothing},
		{"partiql-delete", "DELETE\nFROM T WHERE a=1", parts("T"), reads},
		{"partiql-insert", `INSERT INTO "T" VALUE {'a': 1}`, parts("T"), reads},
		{"partiql-update", `UPDATE "arn:aws:dynamodb:us-east-1:444455556666:table/T" SET a=1`, whole("arn:aws:dynamodb:us-east-1:444455556666:table/T"), reads},
		{"partiql-update", `UPDATE`, nil, unreadable},
		{"partiql-update", `WITH x`, nil, unreadable},
		{"queue-url", "https://sqs.us-east-1.amazonaws.com/111122223333/q.fifo", []value{{account: "111122223333", parts: []string{"q.fifo"}}}, reads},
		{"text", "arn:x", parts("arn:x"), reads},
		{"queue-url", "q", nil, unreadable},
		{"queue-url", "https://x/1/q", nil, unreadable},
		{"queue-url", "https://x/111122223333/q/r", nil, unreadable},
		{"queue-url", "https://x/%zz", nil, unreadable},
		{"secret", "a", []value{{parts: []string{"a"}, suffix: anySuffix, assumed: suffixAssumed}}, reads},
		{"secret", secret, []value{{arn: secret, suffix: anySuffix, assumed: suffixAssumed}}, reads},
		{"secret", secret + "-AbC123", whole(secret + "-AbC123"), reads},
		{"secret", secret + "-secret", []value{{arn: secret + "-secret"}, {arn: secret + "-secret", suffix: anySuffix, assumed: suffixAssumed}}, reads},
		{"ssm-document", "AWS-RunShellScript", []value{{account: public, parts: []string{"AWS-RunShellScript"}}}, reads},
		{"secret", secret + "-prod01", []value{{arn: secret + "-prod01"}, {arn: secret + "-prod01", suffix: anySuffix, assumed: suffixAssumed}}, reads},
		{"secret", secret + "-ProdDb", []value{{arn: secret + "-ProdDb"}, {arn: secret + "-ProdDb", suffix: anySuffix, assumed: suffixAssumed}}, reads},
		{"access-point", "arn:aws:s3:us-east-1:111122223333:accesspoint/a", whole("arn:aws:s3:us-east-1:111122223333:accesspoint/a"), reads},
		{"access-point", "mfzwi23gnjvgw.mrap", []value{{region: public, parts: []string{"mfzwi23gnjvgw.mrap"}}}, reads},
		{"access-point", "b", nil, elsewhere},
		{"bucket-name", "b", parts("b"), reads},
		{"bucket-name", "mfzwi23gnjvgw.mrap", nil, elsewhere},
		{"bucket-name", "ap1-5k3eub7stow5ym3idse1is49kcjkcuse1a-s3alias", nil, elsewhere},
		{"bucket-name", "b--usw2-az1--x-s3", nil, elsewhere},
		{"copy-source", "b--usw2-az1--x-s3/k", nil, nothing},
		{"copy-source-bucket", "b/k", parts("b"), reads},
		{"copy-source-bucket", "arn:aws:s3:us-east-1:111122223333:accesspoint/a/object/k", whole("arn:aws:s3:us-east-1:111122223333:accesspoint/a"), reads},
		{"copy-source-bucket", "b", nil, unreadable},
		{"copy-source-directory", "b/k", nil, nothing},
		{"copy-source-directory", "b--usw2-az1--x-s3/k", parts("b--usw2-az1--x-s3"), reads},
		{"copy-source-directory", "arn:aws:s3express:us-west-2:111122223333:accesspoint/a--usw2-az1--xa-s3/object/k", whole("arn:aws:s3express:us-west-2:111122223333:accesspoint/a--usw2-az1--xa-s3"), reads},
		{"copy-source-directory", "b", nil, unreadable},
		{"custom-bus-name", "aws.partner/example.com/acct/1", []value{{parts: []string{"aws.partner"}, before: "example.com/acct/1/"}}, reads},
		{"default-bus", "default", []value{{}}, reads},
		{"default-bus", "arn:aws:events:us-east-1:444455556666:event-bus/default", []value{{account: "444455556666"}}, reads},
		{"default-bus", "b", nil, elsewhere},
		{"default-bus", "arn:aws:s3:::b", nil, unreadable},
		{"name-with-id", "c", []value{{parts: []string{"c"}, suffix: "/*", assumed: uuidAssumed}}, reads},
		{"name-with-id", "arn:x", whole("arn:x"), reads},
		{"in-account", "444455556666", []value{{account: "444455556666"}}, reads},
		{"in-account", "*", nil, unreadable},
		{"in-region", "eu-west-1", []value{{region: "eu-west-1"}}, reads},
		{"in-region", "*", nil, unreadable},
		{"role-in-json", `{"RoleArn":"arn:aws:iam::111122223333:role/r"}`, whole("arn:aws:iam::111122223333:role/r"), reads},
		{"role-in-json", `{}`, nil, nothing},
		{"role-in-json", `{`, nil, unreadable},
		{"state-machine", "arn:aws:states:us-east-1:111122223333:stateMachine:orders:PROD", whole("arn:aws:states:us-east-1:111122223333:stateMachine:orders"), reads},
		{"state-machine", "arn:aws:states:us-east-1:111122223333:stateMachine:orders", whole("arn:aws:states:us-east-1:111122223333:stateMachine:orders"), reads},
		{"state-machine", "orders", nil, elsewhere},
		{"instance-id", "i-1", parts("i-1"), reads},
		{"instance-id", "mi-1", nil, nothing},
		{"instance-id", "*", nil, unreadable},
		{"managed-instance-id", "mi-1", parts("mi-1"), reads},
		{"managed-instance-id", "i-1", nil, nothing},
		{"ecs-target", "ecs:my_cluster_d789_d789-1", parts("my_cluster/d789"), reads},
		{"ecs-target", "ecs:x", nil, unreadable},
		{"ecs-target", "i-1", nil, nothing},
		{"ssm-automation", "mine", parts("mine"), reads},
		{"ssm-document", "mine", parts("mine"), reads},
		{"subscription", "arn:aws:sns:us-east-1:111122223333:t:5e3e", whole("arn:aws:sns:us-east-1:111122223333:t"), reads},
		{"subscription", "PendingConfirmation", nil, unreadable},
	}
	tested := map[string]bool{}
	for _, tt := range slices.Concat(tests, idFormTests, endpointFormTests, modelFormTests, dataFormTests) {
		t.Run(tt.form+" "+tt.text, func(t *testing.T) {
			tested[tt.form] = true
			got, r := forms[tt.form](tt.text)
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(value{})); diff != "" || r != tt.reading {
				t.Errorf("reading %d, want %d; values (-want +got):\n%s", r, tt.reading, diff)
			}
		})
	}
	for name := range forms {
		if !tested[name] {
			t.Errorf("form %q has no test", name)
		}
	}
}
