package stream_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/stream"
)

// lines are n records, each with an ID of its own.
func lines(name string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `{"eventID":"%s-%d","eventTime":"2026-09-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject",`+
			`"userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/orders-role/orders"}}`+"\n", name, i)
	}
	return b.String()
}

func text(name, content string) stream.Input {
	return reader(name, strings.NewReader(content))
}

func reader(name string, r io.Reader) stream.Input {
	return stream.Input{Name: name, Size: stream.UnknownSize, Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(r), nil }}
}

func refused(name string, err error) stream.Input {
	return stream.Input{Name: name, Open: func(context.Context) (io.ReadCloser, error) { return nil, err }}
}

// read reads inputs, then an error if there is one, and says how each ended.
func read(t *testing.T, last error, inputs ...stream.Input) (ends []string, stats trail.Stats, err error) {
	t.Helper()
	r := stream.Reader{Aggregator: trail.NewAggregator(), Workers: 12}
	err = r.Read(t.Context(), func(context.Context) iter.Seq2[stream.Input, error] {
		return func(yield func(stream.Input, error) bool) {
			for _, in := range inputs {
				done := in.Done
				in.Done = func(end stream.End) error {
					ends = append(ends, fmt.Sprintf("%s: %d %v %s", in.Name, end.Records, end.Whole, end.Skip))
					if done != nil {
						return done(end)
					}
					return nil
				}
				if !yield(in, nil) {
					return
				}
			}
			if last != nil {
				yield(stream.Input{}, last)
			}
		}
	})
	return ends, r.Aggregator.Stats(), err
}

// TestEnds checks how far each input came, and what ends everything.
func TestEnds(t *testing.T) {
	broken := errors.New("broken")
	var profile bytes.Buffer
	if err := trail.WriteProfile(&profile, nil, trail.Stats{Files: 7, Records: 70}); err != nil {
		t.Fatal(err)
	}
	counted := text("counted", lines("counted", 300))
	counted.Counted = 200
	stopping := text("stopping", lines("stopping", 3))
	stopping.Done = func(stream.End) error { return broken }
	for _, test := range []struct {
		reason  string
		last    error
		inputs  []stream.Input
		ends    []string
		records int64
		err     error
	}{
		{
			"whole, long, skipped", nil,
			[]stream.Input{text("a", lines("a", 1000)), text("b", "no record"), refused("c", broken), text("d", lines("d", 2)[:300])},
			[]string{"a: 1000 true ", "b: 0 true not-cloudtrail", "c: 0 true unreadable", "d: 1 true truncated"}, 1001, nil,
		},
		{
			"reading fails in one input", nil,
			[]stream.Input{reader("a", io.MultiReader(strings.NewReader(lines("a", 200)), iotest.ErrReader(broken))), text("b", lines("b", 1))},
			[]string{"a: 200 true unreadable", "b: 1 true "}, 201, nil,
		},
		{
			"reading fails for all", nil,
			[]stream.Input{text("a", lines("a", 1)), reader("b", io.MultiReader(strings.NewReader(lines("b", 200)), iotest.ErrReader(stream.Fatal(broken)))), text("c", lines("c", 1))},
			[]string{"a: 1 true ", "b: 200 false "}, 201, broken,
		},
		{
			"opening fails for all", nil,
			[]stream.Input{text("a", lines("a", 1)), refused("b", stream.Fatal(broken)), text("c", lines("c", 1))},
			[]string{"a: 1 true ", "b: 0 false "}, 1, broken,
		},
		{"listing fails", broken, []stream.Input{text("a", lines("a", 500))}, []string{"a: 500 true "}, 500, broken},
		{"records counted before", nil, []stream.Input{counted}, []string{"counted: 300 true "}, 100, nil},
		{"a profile", nil, []stream.Input{text("p", profile.String())}, []string{"p: 0 true "}, 70, nil},
		{"told to stop", nil, []stream.Input{stopping, text("b", lines("b", 1))}, []string{"stopping: 3 true "}, 3, broken},
	} {
		ends, stats, err := read(t, test.last, test.inputs...)
		if diff := cmp.Diff(test.ends, ends); diff != "" || !errors.Is(err, test.err) || stats.Records != test.records {
			t.Errorf("%s: error %v, %d records (-want +got):\n%s", test.reason, err, stats.Records, diff)
		}
	}
	if _, _, err := read(t, nil, refused("b", stream.Fatal(broken))); err == nil || err.Error() != "b: broken" {
		t.Error(err)
	}
}

// TestManyLargeInputs has many inputs wait for their turn with more than may wait.
func TestManyLargeInputs(t *testing.T) {
	var inputs []stream.Input
	for i := range 12 {
		inputs = append(inputs, text(fmt.Sprint(i), lines(fmt.Sprint(i), 4000)))
	}
	ends, stats, err := read(t, nil, inputs...)
	if err != nil || len(ends) != 12 || stats.Records != 48_000 || stats.Skipped[trail.SkipDuplicate] != 0 {
		t.Errorf("error %v, %q, %+v", err, ends, stats)
	}
}
