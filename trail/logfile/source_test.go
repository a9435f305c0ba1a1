package logfile_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/logfile"
	"github.com/whittle-iam/whittle/trail/trailtest"
)

// A form is a way to store records.
type form struct {
	name  string
	write func(records []json.RawMessage) []byte
}

func text(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// each writes every record through one template: "%s" is the record, "%q" the record as a string.
func each(records []json.RawMessage, template, separator string) string {
	parts := make([]string, len(records))
	for i, r := range records {
		parts[i] = strings.NewReplacer("%s", string(r), "%q", text(string(r))).Replace(template)
	}
	return strings.Join(parts, separator)
}

func indent(s string) []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(s), "", "    "); err != nil {
		panic(err)
	}
	return b.Bytes()
}

var forms = []form{
	{"delivered", func(r []json.RawMessage) []byte { return []byte(`{"Records":[` + each(r, "%s", ",") + `]}`) }},
	{"delivered, indented", func(r []json.RawMessage) []byte { return indent(`{"Records":[` + each(r, "%s", ",") + `]}`) }},
	{"delivered, one file after the other", func(r []json.RawMessage) []byte { return []byte(each(r, `{"Records":[%s]}`, "")) }},
	{"JSON lines", func(r []json.RawMessage) []byte { return []byte(each(r, "%s", "\n") + "\n") }},
	{"JSON lines, CRLF", func(r []json.RawMessage) []byte { return []byte("\r\n" + each(r, "%s", "\r\n")) }},
	{"JSON lines, byte order mark", func(r []json.RawMessage) []byte { return []byte("\xef\xbb\xbf" + each(r, "%s", "\r\n")) }},
	{"array", func(r []json.RawMessage) []byte { return []byte(`[` + each(r, "%s", ",\n") + `]`) }},
	{"lookup-events", func(r []json.RawMessage) []byte {
		return indent(`{"Events":[` + each(r, `{"EventId":"x","EventTime":1788000000.0,"Resources":[],"CloudTrailEvent":%q}`, ",") + `],"NextToken":"y"}`)
	}},
	{"EventBridge", func(r []json.RawMessage) []byte {
		return []byte(each(r, `{"version":"0","detail-type":"AWS API Call via CloudTrail","resources":[],"detail":%s}`, "\n"))
	}},
	{"EventBridge array", func(r []json.RawMessage) []byte {
		return []byte(`[` + each(r, `{"version":"0","detail-type":"AWS API Call via CloudTrail","detail":%s}`, ",") + `]`)
	}},
	{"CloudWatch Logs subscription", func(r []json.RawMessage) []byte {
		return []byte(each(r, `{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{"id":"1","timestamp":1,"message":%q}]}`, ""))
	}},
	{"filter-log-events", func(r []json.RawMessage) []byte {
		return indent(`{"events":[` + each(r, `{"logStreamName":"s","timestamp":1,"message":%q,"ingestionTime":2}`, ",") + `]}`)
	}},
	{"Logs Insights", func(r []json.RawMessage) []byte {
		return []byte(`[` + each(r, `{"@timestamp":"2026-09-01 22:00:00.000","@message":%q}`, ",") + `]`)
	}},
	{"CloudWatch Logs export", func(r []json.RawMessage) []byte { return []byte(each(r, "2026-09-01T22:00:00.000Z %s", "\n") + "\n") }},
}

var packings = map[string]func([]byte) []byte{
	"plain": func(b []byte) []byte { return b },
	"gzip":  func(b []byte) []byte { return gzipped(b) },
	"gzip members": func(b []byte) []byte {
		return append(gzipped(b[:len(b)/2]), gzipped(b[len(b)/2:])...)
	},
	"gzip twice": func(b []byte) []byte { return gzipped(gzipped(b)) },
	"zstd": func(b []byte) []byte {
		z, err := zstd.NewWriter(nil)
		if err != nil {
			panic(err)
		}
		return z.EncodeAll(b, nil)
	},
}

func newGzip(w io.Writer) *gzip.Writer { return gzip.NewWriter(w) }

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	z := newGzip(&out)
	if _, err := z.Write(b); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func write(t *testing.T, path string, content []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSource(t *testing.T) {
	for _, form := range forms {
		for packing, pack := range packings {
			if packing != "plain" && form.name != "delivered" && form.name != "JSON lines" {
				continue // the packing is undone before the form is looked at
			}
			t.Run(form.name+"/"+packing, func(t *testing.T) {
				t.Parallel()
				trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source {
					return logfile.New([]string{write(t, filepath.Join(t.TempDir(), "file"), pack(form.write(records)))})
				})
			})
		}
	}
	t.Run("stdin", func(t *testing.T) {
		trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source {
			return logfile.New([]string{"-"}, logfile.WithStdin(bytes.NewReader(gzipped(forms[0].write(records)))))
		})
	})
	t.Run("a folder with a file for each record", func(t *testing.T) {
		trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source {
			dir := t.TempDir()
			for i, r := range records {
				write(t, filepath.Join(dir, "a", fmt.Sprintf("%04d", i)), r)
			}
			return logfile.New([]string{dir}, logfile.WithWorkers(3))
		})
	})
}
