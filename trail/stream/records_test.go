package stream

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const event = `{"eventName":"n"}`

// found is what readRecords said, in short: the records, skips as "!reason", and in the end the error.
func found(r io.Reader, max int) []string {
	rd := &reader{scanner: newScanner(r)}
	rd.max = max
	lines := []string{}
	rd.yield = func(r record) error {
		line := fmt.Sprintf("%d:%s", r.offset, r.raw)
		if r.skip != "" {
			line = fmt.Sprintf("%d!%s", r.offset, r.skip)
		}
		lines = append(lines, line)
		return nil
	}
	if err := rd.run(); err != nil {
		lines = append(lines, string(reasonFor(err, &counter{n: 1})))
	}
	return lines
}

func TestReadRecords(t *testing.T) {
	for _, test := range []struct {
		reason, input string
		want          []string
	}{
		{"nothing", "", []string{"not-cloudtrail"}},
		{"space", " \n\t\r\n", []string{"not-cloudtrail"}},
		{"an empty delivered file", `{"Records":[]}`, []string{}},
		{"no records, but JSON", `{"name":"x","version":"1.0.0"}`, []string{"not-cloudtrail"}},
		{"an array of something else", `[1,2,3]`, []string{"not-cloudtrail"}},
		{"binary", "\x89PNG\r\n\x1a\n{", []string{"not-cloudtrail"}},
		{"text", "hello\nworld\n", []string{"not-cloudtrail"}},
		{"lines of text that start with a number", "2026-09-01 it rained\n2026-09-02 it did not\n", []string{"not-cloudtrail"}},
		{"many malformed lines and no record", strings.Repeat("{x\n", 1000), []string{"not-cloudtrail"}},
		{"application logs", `{"level":"info","message":"hi"}`, []string{"not-cloudtrail"}},
		{"an application's line before the records", `{"level":"info"}` + "\n" + event, []string{"0!not-an-event", "17:" + event}},
		{"something else first in an array", `[1,{},` + event + `]`, []string{"1!not-an-event", "3!not-an-event", "6:" + event}},
		{"many application logs and no record", strings.Repeat(`{"level":"info"}`+"\n", 1000), []string{"not-cloudtrail"}},
		{"one record", event, []string{"0:" + event}},
		{"other members around Records", `{"a":{"b":[1,"]"]},"Records":[` + event + `],"z":null}`, []string{"30:" + event}},
		{"something else among the records", `{"Records":[7,` + event + `,"x",{}]}`, []string{"12!not-an-event", "14:" + event, "32!not-an-event", "36:{}"}},
		{"half a line between lines", event + "\n" + `{"eventName":"cu` + "\n" + event, []string{"0:" + event, "18!malformed", "35:" + event}},
		{"half a line that looks like the start of an object", event + "\n" + `{"a":{"b":[1,` + "\n" + event + "\n" + event, []string{"0:" + event, "18!malformed", "32:" + event, "50:" + event}},
		{"half a line first", `{"eventName":` + "\n" + event, []string{"0!malformed", "14:" + event}},
		{"garbage between lines", event + "\nxyz\n" + event, []string{"0:" + event, "18!malformed", "22:" + event}},
		{"half a record last", event + "\n" + `{"eventName":"cu`, []string{"0:" + event, "truncated"}},
		{"a delivered file cut in a record", `{"Records":[` + event + `,{"eventNa`, []string{"12:" + event, "truncated"}},
		{"a delivered file cut between records", `{"Records":[` + event + `,`, []string{"12:" + event, "truncated"}},
		{"a delivered file cut after the records", `{"Records":[` + event + `]`, []string{"12:" + event, "truncated"}},
		{"a corrupt delivered file", `{"Records":[` + event + `,{"a"!}]}`, []string{"12:" + event, "corrupt"}},
		{"a corrupt file and a good one", `{"Records":[` + event + `,{"a"!}]}` + "\n" + event, []string{"12:" + event, "30!malformed", "39:" + event}},
		{"envelopes of other events", `{"detail-type":"EC2 State","detail":{"state":"x"}}` + "\n" + `{"detail-type":"AWS API Call","detail":` + event + `}`, []string{`0:{"state":"x"}`, "51:" + event}},
		{"a message that is no string", `{"Records":[{"message":7}]}`, []string{"12!malformed"}},
		{"a control message", `{"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"CWL CONTROL MESSAGE: Checking"}]}`, []string{"46!control-message"}},
		{"a record that has a detail", `{"eventName":"n","detail":{},"detail-type":"x"}`, []string{`0:{"eventName":"n","detail":{},"detail-type":"x"}`}},
		{"nested too deeply", event + "\n" + strings.Repeat(`{"a":`, 200) + "\n" + event, []string{"0:" + event, "18!malformed", "1019:" + event}},
		{"containers in containers", event + "\n" + strings.Repeat("[", 20) + "\n" + event, []string{"0:" + event, "23!malformed", "39:" + event}},
		{"too large", event + "\n" + `{"x":"` + strings.Repeat("x", 200) + `"}` + "\n" + event, []string{"0:" + event, "18!oversize", "227:" + event}},
	} {
		for name, r := range map[string]io.Reader{
			"whole":  strings.NewReader(test.input),
			"bytes":  iotest.OneByteReader(strings.NewReader(test.input)),
			"halves": iotest.HalfReader(strings.NewReader(test.input)),
		} {
			max := maxRecord
			if test.reason == "too large" {
				max = 100
			}
			if diff := cmp.Diff(test.want, found(r, max)); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", test.reason, name, diff)
			}
		}
	}
}

func TestReadErrors(t *testing.T) {
	broken := errors.New("the disk broke")
	r := io.MultiReader(strings.NewReader(event+"\n"+event+"\n"+`{"ev`), iotest.ErrReader(broken))
	n := 0
	err := readRecords(r, func(record) error { n++; return nil })
	if n != 2 || !errors.Is(err, broken) {
		t.Errorf("%d records, error %v", n, err)
	}
	stop := errors.New("stop")
	if err := readRecords(strings.NewReader(event), func(record) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error %v", err)
	}
	if got := (&brokenError{7, io.ErrUnexpectedEOF}).Error(); got != io.ErrUnexpectedEOF.Error() {
		t.Error(got)
	}
}

// genJSON makes any JSON value.
func genJSON(depth int) *rapid.Generator[any] {
	text := rapid.StringOf(rapid.SampledFrom([]rune("ab\"\\{}[]:, \n\x00é\u2028")))
	leaf := rapid.OneOf(
		rapid.Map(text, func(s string) any { return s }),
		rapid.Map(rapid.Float64(), func(f float64) any { return f }),
		rapid.SampledFrom([]any{nil, true, false, []any{}, map[string]any{}}),
	)
	if depth == 0 {
		return leaf
	}
	below := genJSON(depth - 1)
	return rapid.OneOf(leaf,
		rapid.Map(rapid.SliceOfN(below, 0, 3), func(l []any) any { return l }),
		rapid.Map(rapid.MapOfN(text, below, 0, 3), func(m map[string]any) any { return m }),
	)
}

// TestScannerAgainstJSON checks that the scanner finds the end of whatever encoding/json writes.
func TestScannerAgainstJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var input bytes.Buffer
		want := []string{}
		for i := range rapid.IntRange(1, 4).Draw(t, "records") {
			raw, err := json.Marshal(map[string]any{"eventName": i, "value": genJSON(3).Draw(t, "value")})
			if err != nil {
				t.Fatal(err)
			}
			if rapid.Bool().Draw(t, "indented") {
				var b bytes.Buffer
				if err := json.Indent(&b, raw, "", " "); err != nil {
					t.Fatal(err)
				}
				raw = b.Bytes()
			}
			want = append(want, fmt.Sprintf("%d:%s", input.Len(), raw))
			input.Write(raw)
			input.WriteString(rapid.SampledFrom([]string{"", "\n", " \r\n"}).Draw(t, "separator"))
		}
		if diff := cmp.Diff(want, found(iotest.HalfReader(&input), maxRecord)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzReadRecords(f *testing.F) {
	for _, seed := range []string{
		event, `{"Records":[` + event + `]}`, event + "\n{\"a\n" + event, "2026-09-01T00:00:00Z " + event,
		`{"Events":[{"CloudTrailEvent":"{\"eventName\":\"n\"}"}]}`, `{"logEvents":[{"message":"{}"}]}`, `[{"detail-type":"x","detail":{}}]`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		whole := found(bytes.NewReader(input), maxRecord)
		if diff := cmp.Diff(whole, found(iotest.OneByteReader(bytes.NewReader(input)), maxRecord)); diff != "" {
			t.Errorf("in one and byte by byte:\n%s", diff)
		}
	})
}
