package cli

import (
	"testing"

	"github.com/whittle-iam/whittle/trail/lookup"
)

func TestParseNarrow(t *testing.T) {
	for text, want := range map[string]lookup.Narrow{
		"":                                     {},
		"event-source=dynamodb.amazonaws.com":  {EventSource: "dynamodb.amazonaws.com"},
		"event-name=CreateTable":               {EventName: "CreateTable"},
		"access-key=AKIDEXAMPLE":               {AccessKeyID: "AKIDEXAMPLE"},
		"read-only=false&event-name=PutObject": {EventName: "PutObject", Writes: true},
	} {
		if got, err := parseNarrow(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{
		"read-only=true", "event-name=", "event-name=A&event-name=B", "user=alice", "%zz", "event-source",
	} {
		if n, err := parseNarrow(text); err == nil {
			t.Errorf("%q: %+v, want an error", text, n)
		}
	}
}
