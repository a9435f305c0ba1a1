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
	for _, test := range []struct {
		form, prefix string
		state        bool
	}{{"a folder", "a b+ü/", false}, {"the start of keys", "a b+ü/f", false}, {"a whole bucket, with a state", "", true}} {
		t.Run(test.form, func(t *testing.T) {
			trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source {
				objects := map[string][]byte{}
				for i, r := range records {
					objects[fmt.Sprintf("a b+ü/f%04d", i)] = zip(r)
				}
				f := newFake(t, objects)
				f.pageSize = 10
				var options []bucket.Option
				if test.state {
					options = append(options, bucket.WithState(filepath.Join(t.TempDir(), "state"), "suite"))
				}
				return bucket.New(f.api, name, test.prefix, options...)
			})
		})
	}
}
