package athena

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// finished is query-1, with its result in a file or not.
func finished(file string) *types.QueryExecution {
	q := &types.QueryExecution{QueryExecutionId: aws.String("query-1")}
	if file != "" {
		q.ResultConfiguration = &types.ResultConfiguration{OutputLocation: &file}
	}
	return q
}

func drain(r rows) ([][]string, error) {
	defer r.close()
	var all [][]string
	for {
		row, err := r.next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, slices.Clone(row))
	}
}

// TestRows: the file and the pages give the same rows.
func TestRows(t *testing.T) {
	f := newFake(t)
	value := rapid.OneOf(rapid.StringOf(rapid.SampledFrom([]rune("a,\"\n\\;é\u2028"))), rapid.StringMatching(`\PC+`))
	rapid.Check(t, func(rt *rapid.T) {
		width := rapid.IntRange(2, 4).Draw(rt, "width") // a line with nothing but one null is empty
		want := rapid.SliceOfN(rapid.SliceOfN(value, width, width), 1, 12).Draw(rt, "rows")
		f.objects["results/whittle/query-1.csv"] = quoted(want)
		f.handle["GetQueryResults"] = page(want)
		for _, file := range []string{results + "query-1.csv", ""} {
			r, err := f.source(t).results(t.Context(), finished(file))
			if err != nil {
				rt.Fatal(err)
			}
			got, err := drain(r)
			if err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Fatalf("%q (-want +got):\n%s", file, diff)
			}
		}
	})
}

// TestRowsSealed: a file that Athena encrypted before S3 had it is read by Athena alone.
func TestRowsSealed(t *testing.T) {
	f := newFake(t)
	f.objects["results/whittle/query-1.csv"] = []byte("\x00sealed")
	want := [][]string{{"a", "b"}, {"1", "2"}}
	f.handle["GetQueryResults"] = page(want)
	q := finished(results + "query-1.csv")
	q.ResultConfiguration.EncryptionConfiguration = &types.EncryptionConfiguration{EncryptionOption: types.EncryptionOptionCseKms}
	r, err := f.source(t).results(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := drain(r); err != nil || !cmp.Equal(want, got) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestRowsPaged(t *testing.T) {
	f := newFake(t)
	want := [][]string{{"n"}}
	for i := range 10 {
		want = append(want, []string{strconv.Itoa(i)})
	}
	f.handle["GetQueryResults"] = page(want)
	r, err := f.source(t).results(t.Context(), finished(""))
	if err != nil {
		t.Fatal(err)
	}
	got, err := drain(r)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if n := len(f.Calls()); n != 4 {
		t.Errorf("%d requests for 11 rows of 3 a page", n)
	}
}

func TestRowsPagesThatGoRound(t *testing.T) {
	f := newFake(t)
	f.handle["GetQueryResults"] = func(*awsfake.Request) (any, error) {
		return fields{"ResultSet": fields{"Rows": []fields{}}, "NextToken": "same"}, nil
	}
	r, err := f.source(t).results(t.Context(), finished(""))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := drain(r); err == nil || !strings.Contains(err.Error(), "result of query query-1: ") {
		t.Error(err)
	}
}

func TestRowsDenied(t *testing.T) {
	f := newFake(t)
	f.get = func(w http.ResponseWriter, _ *http.Request) bool {
		refuse(w, http.StatusForbidden, "AccessDenied")
		return true
	}
	_, err := f.source(t).results(t.Context(), finished(results+"query-1.csv"))
	var api interface{ ErrorCode() string }
	if !errors.As(err, &api) || api.ErrorCode() != "AccessDenied" || !strings.Contains(err.Error(), "s3://results/whittle/query-1.csv") {
		t.Error(err)
	}
	if _, err := f.source(t).results(t.Context(), finished("/somewhere")); err == nil {
		t.Error("a result that is not in S3 is read")
	}
}

func TestRowsMalformed(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"ragged": {"\"a\",\"b\"\n\"1\"\n", "wrong number of fields"},
		"cut":    {"\"a\",\"b\"\n\"1\",\"2", "quote"},
		"bare":   {"\"a\",\"b\"\n\"1\"x,\"2\"\n", "quote"},
		"inner":  {"\"a\"\nx\"y\n", "quote"},
		"open":   {"\"a\"\n\"x", "quote"},
		"huge":   {"\"a\"\n\"" + strings.Repeat("x", maxRow+1<<20) + "\"\n", "longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := drain(newFileRows(io.NopCloser(strings.NewReader(test.text)), "result of query 7"))
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "result of query 7: ") || len(got) != 1 {
				t.Errorf("%d rows, error %v, want %q", len(got), err, test.want)
			}
		})
	}
}

// TestObjectDrops: a connection that breaks again and again costs nothing but requests.
func TestObjectDrops(t *testing.T) {
	f := newFake(t)
	want := bytes.Repeat([]byte("0123456789"), 5000)
	requests := 0
	f.get = func(w http.ResponseWriter, r *http.Request) bool {
		requests++
		from := 0
		if text := r.Header.Get("Range"); text != "" {
			fmt.Sscanf(text, "bytes=%d-", &from)
			if r.Header.Get("If-Match") != `"etag"` {
				t.Errorf("a part is asked for of whatever is there now: %v", r.Header)
			}
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(want)-1, len(want)))
		}
		w.Header().Set("ETag", `"etag"`)
		w.Header().Set("Content-Length", strconv.Itoa(len(want)-from))
		w.WriteHeader(map[bool]int{true: http.StatusPartialContent, false: http.StatusOK}[from > 0])
		w.Write(want[from:min(from+7000, len(want))])
		return true // the server closes the connection if less than promised was written
	}
	s := f.source(t)
	client, _ := s.api.S3(t.Context(), "")
	o := &object{ctx: t.Context(), api: client, bucket: "results", key: "whittle/query-1.csv", sleep: s.sleep}
	if err := o.open(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(o)
	o.Close()
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%d of %d bytes, error %v", len(got), len(want), err)
	}
	if requests != 8 {
		t.Errorf("%d requests", requests)
	}
}

// TestObjectGivesUp: one that breaks without a byte each time is given up, with how far it came.
func TestObjectGivesUp(t *testing.T) {
	f := newFake(t)
	f.get = func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("ETag", `"etag"`)
		w.Header().Set("Content-Length", "100")
		if r.Header.Get("Range") == "" {
			w.Write(make([]byte, 10))
		}
		return true
	}
	s := f.source(t)
	client, _ := s.api.S3(t.Context(), "")
	o := &object{ctx: t.Context(), api: client, bucket: "results", key: "whittle/query-1.csv", sleep: s.sleep}
	if err := o.open(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(o)
	o.Close()
	if len(got) != 10 || !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "after 10 bytes") {
		t.Errorf("%d bytes, error %v", len(got), err)
	}
}
