//go:build integration

package athena

import (
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
	"github.com/whittle-iam/whittle/trail/trailtest"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
	"github.com/whittle-iam/whittle/trail/trailtest/trino"
)

func TestMain(m *testing.M) { os.Exit(trino.Main(m)) }

// recordColumns are those of a table of CloudTrail's logs that the queries read.
var recordColumns = [][2]string{
	{"useridentity", "struct<type:string,arn:string,accountid:string,invokedby:string,sessioncontext:struct<sessionissuer:struct<arn:string>>,inscopeof:struct<credentialsissuedto:string>>"},
	{"eventtime", "string"}, {"eventsource", "string"}, {"eventname", "string"}, {"awsregion", "string"},
	{"sourceipaddress", "string"}, {"useragent", "string"}, {"errorcode", "string"}, {"errormessage", "string"},
	{"requestparameters", "string"}, {"responseelements", "string"}, {"additionaleventdata", "string"},
	{"eventid", "string"}, {"readonly", "string"}, {"resources", "array<struct<arn:string,accountid:string,type:string,arnprefix:string>>"},
	{"eventtype", "string"}, {"recipientaccountid", "string"}, {"sharedeventid", "string"}, {"vpcendpointid", "string"},
	{"eventcategory", "string"}, {"managementevent", "boolean"},
}

// onTrino is a fake whose statements Trino runs, over a table of records.
func onTrino(t *testing.T, records []json.RawMessage) (*fake, string) {
	t.Helper()
	server := trino.Start(t)
	name := server.Load(t, recordColumns, func(w io.Writer) error {
		for _, r := range records {
			if _, err := w.Write(append(slices.Clone(r), '\n')); err != nil {
				return err
			}
		}
		return nil
	})
	f := newFake(t)
	var all []fields
	for _, c := range recordColumns {
		all = append(all, fields{"Name": c[0], "Type": c[1]})
	}
	f.table = fields{"Name": name, "Columns": all, "Parameters": fields{"location": "s3://logs/"}}
	f.result = func(statement string) [][]string {
		rows, err := server.Query(t.Context(), statement)
		if err != nil {
			t.Errorf("%v\n%s", err, statement)
		}
		return append([][]string{query.Columns()}, rows...)
	}
	return f, name
}

// TestIntegrationTrino: the whole source is like any other, when Athena's part is Trino's.
func TestIntegrationTrino(t *testing.T) {
	trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source {
		f, name := onTrino(t, records)
		s := f.source(t, WithKinds([]query.Kind{
			{"dynamodb.amazonaws.com", "BatchGetItem"}, {"dynamodb.amazonaws.com", "PutItem"}, {"kms.amazonaws.com", "Decrypt"},
			{"s3.amazonaws.com", "GetObject"}, {"s3.amazonaws.com", "PutObject"}, {"secretsmanager.amazonaws.com", "GetSecretValue"},
			{"sqs.amazonaws.com", "ReceiveMessage"}, {"sts.amazonaws.com", "AssumeRole"}, {"ec2.amazonaws.com", "RunInstances"},
		}))
		s.spec.Database, s.spec.Table = "default", name
		t.Cleanup(func() {
			// A record whose name is a number is of a kind that nobody foresees.
			if len(f.queries) > 1 && !strings.HasSuffix(t.Name(), "/malformed") {
				t.Errorf("%d queries where all kinds of events are foreseen", len(f.queries))
			}
		})
		return s
	})
}

// TestIntegrationTrinoTwice: with no kind of event foreseen the table is read twice, and gives the same; here
// by pages, as there is no file of managed results.
func TestIntegrationTrinoTwice(t *testing.T) {
	records := trailtest.SuiteRecords()
	q := trail.Query{Fields: func(source, _ string) trail.Fields {
		if source == "s3.amazonaws.com" {
			return trail.Fields{Paths: []string{"bucketName", "key"}, Wide: "key"}
		}
		return trail.Fields{Paths: []string{"tableName", "secretId", "resources:AWS::KMS::Key"}}
	}}
	observer, aggregator := trail.NewObserver(q), trail.NewAggregator()
	for _, raw := range records {
		o := observer.Observe(raw)
		aggregator.Add(&o)
	}
	want := aggregator.Usages()

	f, name := onTrino(t, records)
	f.group["Configuration"] = fields{"ManagedQueryResultsConfiguration": fields{"Enabled": true}}
	f.handle["GetQueryExecution"] = func(r *awsfake.Request) (any, error) {
		answer, err := f.look(r)
		if err == nil {
			delete(answer.(fields)["QueryExecution"].(fields), "ResultConfiguration")
		}
		return answer, err
	}
	f.handle["GetQueryResults"] = func(r *awsfake.Request) (any, error) {
		return page(f.rows)(r)
	}
	var estimates []Estimate
	s := f.source(t, WithEstimate(func(e Estimate) error { estimates = append(estimates, e); return nil }))
	s.spec.Database, s.spec.Table = "default", name
	var got []trail.Usage
	var stats trail.Stats
	q.Stats = &stats
	for u, err := range s.Usage(t.Context(), q) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, u)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	wantStats := aggregator.Stats()
	if stats.Records != wantStats.Records || stats.Used != wantStats.Used {
		t.Errorf("%+v, want %+v", stats, wantStats)
	}
	if len(f.queries) != 2 || len(estimates) != 2 || estimates[1].Query != 2 || estimates[1].Scanned != 3000 {
		t.Errorf("%d queries, estimates %+v", len(f.queries), estimates)
	}
}
