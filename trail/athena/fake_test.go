package athena

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

type fields = map[string]any

// A fake answers as Athena, Glue and S3 do, for a table of CloudTrail records whose queries it does not
// run: each has the result that the test says. Its fields may be changed before a source is used.
type fake struct {
	*awsfake.Server
	handle map[string]awsfake.Handler
	// group and table are what GetWorkGroup and GetTableMetadata answer.
	group, table fields
	// states are what a query goes through, one for each GetQueryExecution.
	states []fields
	// result returns the rows of a statement, header first.
	result func(statement string) [][]string
	rows   [][]string // of the latest query

	mu      sync.Mutex
	queries []string // statements, in the order of their start
	started []athena.StartQueryExecutionInput
	looks   int // at the latest query

	store *httptest.Server
	// objects are those of S3, by "bucket/key". get, if set, may answer in their place. Their buckets
	// are in region, if it is set.
	objects map[string][]byte
	get     func(w http.ResponseWriter, r *http.Request) bool
	region  string
	lists   int
	pauses  []time.Duration
}

const results = "s3://results/whittle/"

func newFake(t *testing.T) *fake {
	f := &fake{
		group: fields{
			"Name": "primary", "State": "ENABLED",
			"Configuration": fields{
				"EngineVersion":       fields{"EffectiveEngineVersion": "Athena engine version 3"},
				"ResultConfiguration": fields{"OutputLocation": results},
			},
		},
		states:  []fields{{"State": "QUEUED"}, {"State": "RUNNING"}, {"State": "SUCCEEDED"}},
		objects: map[string][]byte{},
	}
	f.handle = map[string]awsfake.Handler{
		"GetWorkGroup":        func(*awsfake.Request) (any, error) { return fields{"WorkGroup": f.group}, nil },
		"GetTableMetadata":    func(*awsfake.Request) (any, error) { return fields{"TableMetadata": f.table}, nil },
		"StartQueryExecution": f.start,
		"GetQueryExecution":   f.look,
		"StopQueryExecution":  func(*awsfake.Request) (any, error) { return fields{}, nil },
	}
	f.Server = awsfake.New(t, f.handle)
	f.store = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.store.Close)
	return f
}

func (f *fake) api() API {
	config := f.Config("eu-west-1")
	return API{
		Athena: athena.NewFromConfig(config),
		Glue:   glue.NewFromConfig(config),
		S3: func(_ context.Context, region string) (S3API, error) {
			if region == "" {
				region = "eu-west-1"
			}
			return s3.NewFromConfig(awsfake.Config(f.store.URL, region), func(o *s3.Options) { o.UsePathStyle = true }), nil
		},
	}
}

// source returns a source whose pauses take no time.
func (f *fake) source(t *testing.T, options ...Option) *Source {
	t.Helper()
	spec, err := ParseSpec("athena://logs/cloudtrail")
	if err != nil {
		t.Fatal(err)
	}
	s := New(f.api(), spec, options...)
	s.sleep = func(ctx context.Context, d time.Duration) error {
		f.pauses = append(f.pauses, d)
		return ctx.Err()
	}
	return s
}

func (f *fake) start(r *awsfake.Request) (any, error) {
	var in athena.StartQueryExecutionInput
	if err := r.Decode(&in); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.queries, f.started, f.looks = append(f.queries, *in.QueryString), append(f.started, in), 0
	id := fmt.Sprintf("query-%d", len(f.queries))
	if f.result != nil {
		f.rows = f.result(*in.QueryString)
		f.objects["results/whittle/"+id+".csv"] = quoted(f.rows)
	}
	return fields{"QueryExecutionId": id}, nil
}

func (f *fake) look(r *awsfake.Request) (any, error) {
	var in athena.GetQueryExecutionInput
	if err := r.Decode(&in); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	status := f.states[min(f.looks, len(f.states)-1)]
	f.looks++
	return fields{"QueryExecution": fields{
		"QueryExecutionId": *in.QueryExecutionId, "Status": status,
		"Statistics":          fields{"DataScannedInBytes": 1000 * f.looks},
		"ResultConfiguration": fields{"OutputLocation": results + *in.QueryExecutionId + ".csv"},
	}}, nil
}

// quoted is CSV as Athena writes it.
func quoted(rows [][]string) []byte {
	var b bytes.Buffer
	for _, row := range rows {
		for i, v := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(`"` + strings.ReplaceAll(v, `"`, `""`) + `"`)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// serve answers GetObject, with Range, and ListObjectsV2, two keys a page.
func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if f.get != nil && f.get(w, r) {
		return
	}
	if f.region != "" && !strings.Contains(r.Header.Get("Authorization"), "/"+f.region+"/") {
		w.Header().Set("X-Amz-Bucket-Region", f.region)
		refuse(w, http.StatusMovedPermanently, "PermanentRedirect")
		return
	}
	if r.URL.Query().Get("list-type") == "2" {
		f.list(w, r, strings.TrimSuffix(name, "/"))
		return
	}
	f.mu.Lock()
	body, ok := f.objects[name]
	f.mu.Unlock()
	if !ok {
		refuse(w, http.StatusNotFound, "NoSuchKey")
		return
	}
	w.Header().Set("ETag", `"etag"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, `<Error><Code>%s</Code><Message>%s</Message></Error>`, code, code)
}

type listing struct {
	XMLName               xml.Name `xml:"ListBucketResult"`
	IsTruncated           bool
	NextContinuationToken string
	Contents              []listed
}

type listed struct {
	Key  string
	Size int
}

func (f *fake) list(w http.ResponseWriter, r *http.Request, bucket string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lists++
	q := r.URL.Query()
	after := max(q.Get("start-after"), q.Get("continuation-token"))
	var out listing
	for _, name := range slices.Sorted(maps.Keys(f.objects)) {
		in, key, _ := strings.Cut(name, "/")
		if in != bucket || !strings.HasPrefix(key, q.Get("prefix")) || key <= after {
			continue
		}
		if out.IsTruncated = len(out.Contents) == 2; out.IsTruncated {
			out.NextContinuationToken = out.Contents[1].Key
			break
		}
		out.Contents = append(out.Contents, listed{key, len(f.objects[name])})
	}
	xml.NewEncoder(w).Encode(out)
}

// put adds an object of a size.
func (f *fake) put(name string, size int) { f.objects[name] = make([]byte, size) }

// page answers GetQueryResults with rows from the token on, three a page.
func page(rows [][]string) awsfake.Handler {
	return func(r *awsfake.Request) (any, error) {
		var in athena.GetQueryResultsInput
		if err := r.Decode(&in); err != nil {
			return nil, err
		}
		at, _ := strconv.Atoi(aws.ToString(in.NextToken))
		end := min(at+3, len(rows))
		var out []fields
		for _, row := range rows[at:end] {
			var data []fields
			for _, v := range row {
				if v == "" {
					data = append(data, fields{}) // null
				} else {
					data = append(data, fields{"VarCharValue": v})
				}
			}
			out = append(out, fields{"Data": data})
		}
		answer := fields{"ResultSet": fields{"Rows": out}}
		if end < len(rows) {
			answer["NextToken"] = strconv.Itoa(end)
		}
		return answer, nil
	}
}
