package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// A rest answers what is not AWS's JSON protocol: for S3's bucket "logs", IAM, STS, Lambda and the service that
// lists Regions.
type rest struct {
	objects map[string][]byte
	// fault, if not nil, may answer a request to S3 in place of the bucket: it reports whether it did. The key
	// is empty for HEAD and lists.
	fault func(w http.ResponseWriter, r *http.Request, key string) bool
	// operations are of IAM and STS; each writes its answer.
	operations map[string]func(w http.ResponseWriter, form url.Values)
	// denies has Lambda, and the service that lists Regions, refuse; otherwise there is one Region and no function.
	denies bool
}

// trailObjects are records as a trail delivers them, one file each, in the order of time.
func trailObjects(t *testing.T, records []json.RawMessage) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	byTime := func(a, b json.RawMessage) int { return eventTime(a).Compare(eventTime(b)) }
	for i, raw := range slices.SortedStableFunc(slices.Values(records), byTime) {
		day := eventTime(raw).Format("2006/01/02")
		content, err := json.Marshal(object{"Records": []json.RawMessage{raw}})
		if err != nil {
			t.Fatal(err)
		}
		out[fmt.Sprintf("AWSLogs/111122223333/CloudTrail/eu-west-1/%s/111122223333_CloudTrail_eu-west-1_%sT2200Z_%016d.json.gz",
			day, strings.ReplaceAll(day, "/", ""), i)] = content
	}
	return out
}

// handle is the Handler for requests without an operation of the JSON protocol.
func (f *rest) handle(r *awsfake.Request) (any, error) {
	form, _ := url.ParseQuery(string(r.Body))
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.HTTP.URL.Path, "/"), "/")
	switch w := r.Writer; {
	case f.operations[form.Get("Action")] != nil:
		f.operations[form.Get("Action")](w, form)
	case (bucket == "2015-03-31" || bucket == "listRegions") && f.denies:
		action := map[string]string{"2015-03-31": "lambda:ListFunctions", "listRegions": "account:ListRegions"}[bucket]
		w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"Message":"%s%s because no identity-based policy allows the %[2]s action"}`, denied, action)
	case bucket == "2015-03-31":
		fmt.Fprint(w, "{}") // no functions and no mappings
	case bucket == "listRegions":
		fmt.Fprint(w, `{"Regions":[{"RegionName":"eu-west-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}`)
	case bucket != "logs":
		w.WriteHeader(http.StatusNotFound)
	case f.fault != nil && f.fault(w, r.HTTP, key), r.HTTP.Method == http.MethodHead:
	case key == "":
		f.list(w, r.HTTP.URL.Query())
	default:
		w.Header().Set("Content-Length", fmt.Sprint(len(f.objects[key])))
		w.Write(f.objects[key])
	}
	return nil, awsfake.ErrWritten
}

func (f *rest) list(w http.ResponseWriter, q url.Values) {
	fmt.Fprint(w, "<ListBucketResult>")
	folder := ""
	for _, key := range slices.Sorted(maps.Keys(f.objects)) {
		rest, ok := strings.CutPrefix(key, q.Get("prefix"))
		if !ok || key <= q.Get("start-after") {
			continue
		}
		if i := strings.IndexByte(rest, '/'); i >= 0 && q.Get("delimiter") != "" {
			if found := q.Get("prefix") + rest[:i+1]; found != folder {
				folder = found
				fmt.Fprintf(w, "<CommonPrefixes><Prefix>%s</Prefix></CommonPrefixes>", folder)
			}
			continue
		}
		fmt.Fprintf(w, `<Contents><Key>%s</Key><ETag>"%d"</ETag><Size>%d</Size></Contents>`, key, len(f.objects[key]), len(f.objects[key]))
	}
	fmt.Fprint(w, "</ListBucketResult>")
}

// s3Fails answers as S3 does.
func s3Fails(w http.ResponseWriter, status int, code, message string) bool {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, message)
	return true
}

// queryFails answers as IAM and STS do.
func queryFails(status int, code, message string) func(http.ResponseWriter, url.Values) {
	return func(w http.ResponseWriter, _ url.Values) {
		w.WriteHeader(status)
		fmt.Fprintf(w, "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>", code, message)
	}
}

// queryAnswers answers as IAM and STS do.
func queryAnswers(operation, result string) func(http.ResponseWriter, url.Values) {
	return func(w http.ResponseWriter, _ url.Values) {
		fmt.Fprintf(w, "<%[1]sResponse><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>", operation, result)
	}
}

var callerIdentity = queryAnswers("GetCallerIdentity", "<Account>111122223333</Account><Arn>arn:aws:iam::111122223333:user/me</Arn><UserId>AIDA</UserId>")
