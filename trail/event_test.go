package trail

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const minimal = `"eventName":"GetObject","eventSource":"s3.amazonaws.com","eventTime":"2026-09-01T00:00:00Z"`

func TestDecodeErrorsNameTheField(t *testing.T) {
	for _, test := range []struct{ raw, want string }{
		{`{"eventName":7}`, "eventName"},
		{`{"eventTime":7}`, "eventTime"},
		{`{"eventTime":"yesterday"}`, "eventTime"},
		{`{"eventTime":"0000-01-01T00:00:00+14:00"}`, "eventTime"},
		{`{"eventTime":"9999-12-31T23:59:59-14:00"}`, "eventTime"},
		{`{"eventName":"a","eventSource":"b"}`, "eventTime"},
		{`{"eventSource":"b","eventTime":"2026-09-01T00:00:00Z"}`, "eventName"},
		{`{"eventName":"b","eventTime":"2026-09-01T00:00:00Z"}`, "eventSource"},
		{`{` + minimal + `,"userIdentity":"root"}`, "userIdentity"},
		{`{` + minimal + `,"userIdentity":{"accountId":1}}`, "userIdentity.accountId"},
		{`{` + minimal + `,"userIdentity":{"sessionContext":{"sessionIssuer":{"arn":[]}}}}`, "userIdentity.sessionContext.sessionIssuer.arn"},
		{`{` + minimal + `,"resources":{}}`, "resources"},
		{`{` + minimal + `,"resources":[{"ARN":1}]}`, "resources.ARN"},
		{`{` + minimal + `,"requestParameters":[]}`, "requestParameters"},
		{`{` + minimal + `,"requestParameters":"text"}`, "requestParameters"},
		{`{` + minimal + `,"responseElements":1}`, "responseElements"},
		{`{` + minimal + `,"managementEvent":"maybe"}`, "managementEvent"},
		{`{`, "JSON"},
		{`[]`, ""},
		{``, ""},
	} {
		_, err := Decode([]byte(test.raw))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one that names %q", test.raw, err, test.want)
		}
	}
	if _, err := Decode([]byte(`{"name":"package.json"}`)); !errors.Is(err, ErrNotEvent) {
		t.Errorf("error %v, want ErrNotEvent", err)
	}
}

func TestDecodeTolerates(t *testing.T) {
	for _, test := range []struct{ raw, request, reason string }{
		{`{` + minimal + `}`, "", "the least"},
		{`{` + minimal + `,"requestParameters":null,"responseElements":null,"resources":null,"userIdentity":null}`, "", "null"},
		{`{` + minimal + `,"requestParameters":"null","responseElements":"null"}`, "", "null as a string"},
		{`{` + minimal + `,"requestParameters":" {\"a\":1} "}`, `{"a":1}`, "an object as a string, as Athena and Lake give it"},
		{`{` + minimal + `,"requestParameters":{"a":1}}`, `{"a":1}`, "an object"},
		{`{` + minimal + `,"readOnly":"true","managementEvent":"false"}`, "", "booleans as strings"},
		{`{` + minimal + `,"additionalEventData":"a sentence"}`, "", "free text"},
		{`{` + minimal + `,"brandNew":{"x":[1]},"userIdentity":{"onBehalfOf":{}}}`, "", "unknown members"},
	} {
		e, err := Decode([]byte(test.raw))
		if err != nil {
			t.Errorf("%s: %v", test.reason, err)
			continue
		}
		if diff := cmp.Diff(test.request, string(e.RequestParameters)); diff != "" {
			t.Errorf("%s: %s", test.reason, diff)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{` + minimal + `,"requestParameters":{"a":{"b":[1,"x"]}},"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/r/s"}}`))
	f.Add([]byte(`{` + minimal + `,"requestParameters":"{}","resources":[{"ARN":"a","type":"AWS::KMS::Key"}]}`))
	fields := func(string, string) Fields {
		return Fields{Paths: []string{"a", "a.b[]", "?a", "a{}", "a{}.b", "resources:", "responseElements:x", "additionalEventData:y[]{}"}, Wide: "a"}
	}
	observer := NewObserver(Query{Fields: fields})
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, err := Decode(raw)
		o := observer.Observe(raw)
		if err != nil && o.Skip == "" {
			t.Errorf("used in spite of %v", err)
		}
		a := NewAggregator()
		a.Add(&o)
		if s := a.Stats(); s.Records != 1 || s.Used+s.Skipped[o.Skip] != 1 {
			t.Errorf("%+v", s)
		}
		for _, u := range a.Usages() {
			if err := u.check(); err != nil {
				t.Errorf("%v: %+v", err, u)
			}
		}
	})
}
