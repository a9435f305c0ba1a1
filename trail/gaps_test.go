package trail

import (
	"bytes"
	"testing"
	"time"
)

// Names with gaps are rows of their own, which a profile keeps.
func TestGaps(t *testing.T) {
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	row := func(p Param) Usage {
		return Usage{Key: Key{Kind: Call, Principal: Principal{Role: "r"}, EventSource: "s", EventName: "n", Outcome: Authorised, Params: []Param{p}}, Evidence: once(at, "")}
	}
	gaps, exact := row(Param{Path: "key", Values: []string{"a\x00"}, Gaps: true}), row(Param{Path: "key", Values: []string{"a\x00"}, Wide: true})
	plain := row(Param{Path: "key", Values: []string{"a\x00"}})
	merged := Merge([]Usage{gaps, exact}, []Usage{plain, gaps})
	if len(merged) != 3 {
		t.Fatalf("%d rows of one text in three roles: %+v", len(merged), merged)
	}
	var b bytes.Buffer
	if err := WriteProfile(&b, merged, Stats{}); err != nil {
		t.Fatal(err)
	}
	if read, _, err := ReadProfile(&b); err != nil || len(read) != 3 {
		t.Errorf("%d rows read, error %v", len(read), err)
	}
	for reason, p := range map[string]Param{
		"no gap":     {Path: "key", Values: []string{"a"}, Gaps: true},
		"wide":       {Path: "key", Values: []string{"a\x00"}, Gaps: true, Wide: true},
		"open":       {Path: "key", Values: []string{"a\x00/"}, Gaps: true, Wide: true, Open: true},
		"two values": {Path: "key", Values: []string{"a\x00", "b\x00"}, Gaps: true},
		"no value":   {Path: "key", Gaps: true},
	} {
		if u := row(p); u.check() == nil {
			t.Errorf("%s: the profile reader takes it", reason)
		}
	}
}
