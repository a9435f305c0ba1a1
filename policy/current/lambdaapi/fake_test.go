package lambdaapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// A fake answers as AWS Lambda does in one Region
// (https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html and the like), one item a page.
type fake struct {
	functions, mappings []string
	// async are the event invoke configurations by the ARN of their function.
	async map[string][]string
	// fails maps a part of a path to the answers that come before the right one.
	mu    sync.Mutex
	fails map[string][]failure
	// asked are the paths with their queries.
	asked []string
}

type failure struct {
	status int
	code   string
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, r.URL.Path+"?"+r.URL.RawQuery)
	for part, failures := range f.fails {
		if strings.Contains(r.URL.Path, part) && len(failures) > 0 {
			if f.fails[part] = failures[1:]; failures[0].status == 403 {
				f.fails[part] = failures // for good
			}
			w.Header().Set("X-Amzn-Errortype", failures[0].code)
			w.WriteHeader(failures[0].status)
			fmt.Fprintf(w, `{"message":"no"}`)
			return
		}
	}
	query := r.URL.Query()
	switch name, ofFunction := strings.CutPrefix(r.URL.Path, "/2019-09-25/functions/"); {
	case ofFunction:
		arn, _ := url.PathUnescape(strings.TrimSuffix(name, "/event-invoke-config/list"))
		page(w, "FunctionEventInvokeConfigs", f.async[arn], query)
	case strings.Contains(r.URL.Path, "/event-source-mappings"):
		page(w, "EventSourceMappings", f.mappings, query)
	case query.Get("FunctionVersion") != "ALL":
		http.Error(w, "published versions count as well", http.StatusBadRequest)
	default:
		page(w, "Functions", f.functions, query)
	}
}

// page writes one item, from the marker on.
func page(w http.ResponseWriter, member string, items []string, query url.Values) {
	var n int
	fmt.Sscan(query.Get("Marker"), &n)
	out := map[string]any{member: []any{}}
	if n < len(items) {
		out[member] = []any{json.RawMessage(items[n])}
	}
	if n+1 < len(items) {
		out["NextMarker"] = fmt.Sprint(n + 1)
	}
	json.NewEncoder(w).Encode(out)
}

// clients serves each Region.
func clients(t *testing.T, regions map[string]*fake) func(context.Context, string) (API, error) {
	urls := map[string]string{}
	for region, f := range regions {
		server := httptest.NewServer(f)
		t.Cleanup(server.Close)
		urls[region] = server.URL
	}
	return func(_ context.Context, region string) (API, error) {
		return lambda.NewFromConfig(aws.Config{
			Region: region, BaseEndpoint: aws.String(urls[region]), Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
			Retryer: func() aws.Retryer {
				return retry.NewStandard(func(o *retry.StandardOptions) { o.MaxAttempts, o.MaxBackoff = 4, time.Millisecond })
			},
		}), nil
	}
}
