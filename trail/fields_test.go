package trail

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProject(t *testing.T) {
	const request = `{"tableName":"t","n":12345678901234567890,"f":1.50,"b":true,"x":null,"list":["b","a","b",1],"o":{"k2":{"v":2},"k1":{"v":"1"}},
		"items":[{"put":{"tableName":"p"}},{"delete":{"tableName":"d"}},7,{"op":"Put","on":"q"},{"op":"Get","on":"g"},{"op":7,"on":"n"}],"x-amz-acl":"private","empty":{},"nested":[["a"],["b"]],"enc":{"aws:s3:arn":"q"}}`
	const rest = `,"responseElements":{"arn":"r"},"additionalEventData":{"bytes":5},
		"resources":[{"ARN":"arn:1","type":"AWS::KMS::Key","accountId":"1"},{"ARN":"arn:2","type":"AWS::S3::Object"},{"ARNPrefix":"arn:3","type":"AWS::S3::Object","accountId":"3"},{}]`
	values := func(path string, values ...string) Param { return Param{Path: path, Values: values} }
	for _, test := range []struct {
		path string
		want []Param
	}{
		{"tableName", []Param{values("tableName", "t")}},
		{"n", []Param{values("n", "12345678901234567890")}},
		{"f", []Param{values("f", "1.50")}},
		{"b", []Param{values("b", "true")}},
		{"x", nil},
		{"?x", nil},
		{"?b", []Param{values("?b", "true")}},
		{"?empty", []Param{values("?empty", "true")}},
		{"?list", []Param{values("?list", "true")}},
		{"?x-amz-acl", []Param{values("?x-amz-acl", "true")}},
		{"absent.far.away", nil},
		{"list", nil},
		{"list[]", []Param{values("list[]", "1", "a", "b")}},
		{"nested[][]", []Param{values("nested[][]", "a", "b")}},
		{"o{}", []Param{values("o{}", "k1", "k2")}},
		{"o{}.v", []Param{values("o{}.v", "1", "2")}},
		{"o", nil},
		{"items[].put.tableName", []Param{values("items[].put.tableName", "p")}},
		{"items[]{}.tableName", []Param{values("items[]{}.tableName", "d", "p")}},
		{"items[op:Put].on", []Param{values("items[op:Put].on", "q")}},
		{"items[op:Nothing].on", nil},
		{"?items[op:Get]", []Param{values("?items[op:Get]", "true")}},
		{"items[op:7].on", nil},
		{"items[on:].op", nil},
		{"?items[on:]", []Param{values("?items[on:]", "true")}},
		{"?items[put:].on", []Param{values("?items[put:].on", "true")}},
		{"enc.aws:s3:arn", []Param{values("enc.aws:s3:arn", "q")}},
		{"responseElements:arn", []Param{values("responseElements:arn", "r")}},
		{"additionalEventData:bytes", []Param{values("additionalEventData:bytes", "5")}},
		{"resources:AWS::KMS::Key", []Param{values("resources:AWS::KMS::Key", "arn:1")}},
		{"resources:", []Param{values("resources:", "arn:1", "arn:2")}},
		{"?resources:AWS::S3::Object", []Param{values("?resources:AWS::S3::Object", "true")}},
		{"resourcePrefixes:AWS::S3::Object", []Param{values("resourcePrefixes:AWS::S3::Object", "arn:3")}},
		{"resourceAccounts:", []Param{values("resourceAccounts:", "1", "3")}},
		{"resourceAccounts:AWS::S3::Object", []Param{values("resourceAccounts:AWS::S3::Object", "3")}},
	} {
		e := mustDecode(t, `{`+minimal+`,"requestParameters":`+request+rest+`}`)
		got, missing := compile(Fields{Paths: []string{test.path}}).project(&e)
		if diff := cmp.Diff(test.want, got); diff != "" || missing != "" {
			t.Errorf("%s: missing %q (-want +got):\n%s", test.path, missing, diff)
		}
	}
}

func TestProjectMissing(t *testing.T) {
	many := make([]string, maxValues+1)
	for i := range many {
		many[i] = strings.Repeat("x", i+1)
	}
	for _, test := range []struct {
		request, missing string
		want             []Param
		reason           string
	}{
		{`null`, "null", nil, "null"},
		{`"null"`, "null", nil, "null as a string"},
		{`{}`, "", nil, "no parameters are not missing parameters"},
		{`{"omitted":true,"originalSize":107077,"reason":"requestParameters too large"}`, "omitted", nil, "CloudTrail's marker"},
		{`{"omitted":true,"key":"k"}`, "", []Param{{Path: "key", Values: []string{"k"}, Wide: true}}, "a parameter that happens to be called so"},
		{`{"key":"k","list":["a"]}`, "", []Param{{Path: "key", Values: []string{"k"}, Wide: true}, {Path: "list[]", Values: []string{"a"}}}, "the whole"},
		{`{"key":"` + strings.Repeat("k", maxValue) + `"}`, "", []Param{{Path: "key", Values: []string{strings.Repeat("k", maxValue)}, Wide: true}}, "the longest"},
		{`{"key":"` + strings.Repeat("k", maxValue+1) + `","list":["a"]}`, "omitted", []Param{{Path: "list[]", Values: []string{"a"}}}, "too long: left out, not cut"},
		{`{"key":"k","list":` + asJSON(t, many) + `}`, "omitted", []Param{{Path: "key", Values: []string{"k"}, Wide: true}}, "too many"},
	} {
		e := mustDecode(t, `{`+minimal+`,"requestParameters":`+test.request+`}`)
		got, missing := compile(Fields{Paths: []string{"list[]", "key", "reason", "key"}, Wide: "key"}).project(&e)
		if diff := cmp.Diff(test.want, got); diff != "" || missing != test.missing {
			t.Errorf("%s: missing %q, want %q (-want +got):\n%s", test.reason, missing, test.missing, diff)
		}
	}
}

// TestFieldsIsAskedOnce checks that the mapping is asked once for each kind of event.
func TestFieldsIsAskedOnce(t *testing.T) {
	asked := map[string]int{}
	o := NewObserver(Query{Fields: func(source, name string) Fields {
		asked[source+" "+name]++
		return Fields{Paths: []string{"key"}}
	}})
	for _, name := range []string{"GetObject", "PutObject", "GetObject"} {
		o.Observe([]byte(`{"eventName":"` + name + `","eventSource":"s3.amazonaws.com","eventTime":"2026-09-01T00:00:00Z","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/r/s"}}`))
	}
	if diff := cmp.Diff(map[string]int{"s3.amazonaws.com GetObject": 1, "s3.amazonaws.com PutObject": 1}, asked); diff != "" {
		t.Error(diff)
	}
}

func mustDecode(t *testing.T, raw string) Event {
	t.Helper()
	e, err := Decode([]byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
