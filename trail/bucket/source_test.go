package bucket_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/bucket"
	"github.com/whittle-iam/whittle/trail/trailtest"
)

// zip packs records as a trail does.
func zip(records ...json.RawMessage) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(`{"Records":[`))
	_, _ = z.Write(bytes.Join(raw(records), []byte(",")))
	_, _ = z.Write([]byte(`]}`))
	_ = z.Close()
	return b.Bytes()
}

func raw(records []json.RawMessage) [][]byte {
	out := make([][]byte, len(records))
	for i, r := range records {
		out[i] = r
	}
	return out
}

func TestSource(t *testing.T) {
	for form, prefix := range map[string]string{"plain": "a b+ü/", "start of keys": "a b+ü/f", "whole bucket": ""} {
		for _, state := range []bool{false, true} {
			t.Run(fmt.Sprint(form, ", state ", state), func(t *testing.T) {
				trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source {
					objects := map[string][]byte{}
					for i, r := range records {
						objects[fmt.Sprintf("a b+ü/f%04d", i)] = zip(r)
					}
					f := newFake(t, objects)
					var options []bucket.Option
					if state {
						options = append(options, bucket.WithState(filepath.Join(t.TempDir(), "state"), "suite"))
					}
					return bucket.New(f.api, name, prefix, options...)
				})
			})
		}
	}
}
