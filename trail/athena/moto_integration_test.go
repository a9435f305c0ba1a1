//go:build integration

package athena

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	gluetypes "github.com/aws/aws-sdk-go-v2/service/glue/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail/trailtest/moto"
)

// region is the one whose queued results moto's calls without a Region are about.
const region = "us-east-1"

// motoAPI starts moto with buckets, workgroups and a table.
func motoAPI(t *testing.T) (API, string) {
	t.Helper()
	url := moto.Start(t)
	config := moto.Config(url, region)
	queries, catalog := athena.NewFromConfig(config), glue.NewFromConfig(config)
	files := s3.NewFromConfig(config, func(o *s3.Options) { o.UsePathStyle = true })
	ctx := t.Context()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, bucket := range []string{"logs", "results"} {
		_, err := files.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &bucket})
		check(err)
	}
	for _, day := range []string{"2026/08/31", "2026/09/01", "2026/09/02"} {
		key := "AWSLogs/111122223333/CloudTrail/eu-west-1/" + day + "/a.json.gz"
		_, err := files.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String("logs"), Key: &key, Body: bytes.NewReader(make([]byte, 1000))})
		check(err)
	}
	for name, configuration := range map[string]*types.WorkGroupConfiguration{
		"open":     {EnforceWorkGroupConfiguration: aws.Bool(false), BytesScannedCutoffPerQuery: aws.Int64(20_000_000)},
		"managed":  {ManagedQueryResultsConfiguration: &types.ManagedQueryResultsConfiguration{Enabled: true}},
		"enforced": {EnforceWorkGroupConfiguration: aws.Bool(true)},
	} {
		_, err := queries.CreateWorkGroup(ctx, &athena.CreateWorkGroupInput{Name: &name, Configuration: configuration})
		check(err)
	}
	_, err := catalog.CreateDatabase(ctx, &glue.CreateDatabaseInput{DatabaseInput: &gluetypes.DatabaseInput{Name: aws.String("audit")}})
	check(err)
	_, err = catalog.CreateTable(ctx, &glue.CreateTableInput{DatabaseName: aws.String("audit"), TableInput: &gluetypes.TableInput{
		Name: aws.String("cloudtrail"),
		Parameters: map[string]string{
			"projection.enabled": "true", "projection.day.type": "date", "projection.day.format": "yyyy/MM/dd", "projection.day.range": "2026/01/01,NOW",
			"storage.location.template": "s3://logs/AWSLogs/111122223333/CloudTrail/eu-west-1/${day}",
		},
		PartitionKeys: []gluetypes.Column{{Name: aws.String("day"), Type: aws.String("string")}},
		StorageDescriptor: &gluetypes.StorageDescriptor{
			Location: aws.String("s3://logs/AWSLogs/111122223333/CloudTrail/eu-west-1/"),
			Columns:  []gluetypes.Column{{Name: aws.String("eventtime"), Type: aws.String("string")}},
		},
	}})
	check(err)
	return API{
		Athena: queries, Glue: catalog,
		S3: func(context.Context, string) (S3API, error) { return files, nil },
	}, url
}

// post gives moto something by its own API.
func post(t *testing.T, url string, body any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post(url, "application/json", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		t.Fatalf("%s: %s", url, answer.Status)
	}
}

// queue has the next query answer with rows. In a file moto writes quotes as they are, so that they have to be
// doubled for it.
func queue(t *testing.T, url string, rows [][]string, file bool) {
	t.Helper()
	var all []fields
	for _, row := range rows {
		var data []fields
		for _, v := range row {
			if file {
				v = strings.ReplaceAll(v, `"`, `""`)
			}
			data = append(data, fields{"VarCharValue": v})
		}
		all = append(all, fields{"Data": data})
	}
	post(t, url+"/moto-api/static/athena/query-results", fields{"results": []fields{{"rows": all}}})
}

func motoSource(t *testing.T, api API, url string) *Source {
	t.Helper()
	spec, err := ParseSpec(url)
	if err != nil {
		t.Fatal(err)
	}
	s := New(api, spec)
	s.sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	return s
}

// TestIntegrationMoto: a query goes through its states, and its result is the same from the file and by pages.
func TestIntegrationMoto(t *testing.T) {
	api, url := motoAPI(t)
	post(t, url+"/moto-api/state-manager/set-transition", fields{
		"model_name": "athena::execution", "transition": fields{"progression": "manual", "times": 2},
	})
	want := [][]string{{"record", "n"}, {`{"a":"b, \\"c\\""}`, "1"}, {"line\nbreak", "2"}}
	for i := range 1500 {
		want = append(want, []string{"row " + strconv.Itoa(i), strconv.Itoa(i)})
	}
	for _, place := range []string{
		"athena://audit/cloudtrail?workgroup=open&output=s3://results/whittle/",
		"athena://audit/cloudtrail?workgroup=managed",
	} {
		s := motoSource(t, api, place)
		group, err := s.workgroup(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		queue(t, url, want, !group.managed)
		looks := 0
		q, err := s.execute(t.Context(), "SELECT 1", group, func(int64) { looks++ })
		if err != nil {
			t.Fatal(err)
		}
		if looks < 3 {
			t.Errorf("%s: %d looks at a query that takes more", place, looks)
		}
		r, err := s.results(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		_, byPage := r.(*pageRows)
		if byPage != group.managed {
			t.Errorf("%s: by pages: %v", place, byPage)
		}
		got, err := drain(r)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", place, err, diff)
		}
	}
}

func TestIntegrationMotoSettings(t *testing.T) {
	api, _ := motoAPI(t)
	s := motoSource(t, api, "athena://audit/cloudtrail?workgroup=open&output=s3://results/whittle/")
	if group, err := s.workgroup(t.Context()); err != nil || group.cutoff != 20_000_000 || group.output != "s3://results/whittle/" {
		t.Errorf("%+v, %v", group, err)
	}
	for _, bad := range []string{"athena://audit/cloudtrail?workgroup=enforced", "athena://audit/cloudtrail?workgroup=none"} {
		if _, err := motoSource(t, api, bad).workgroup(t.Context()); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
	table, location, err := s.table(t.Context()) // by Glue, as moto does not have GetTableMetadata
	if err != nil || location != "s3://logs/AWSLogs/111122223333/CloudTrail/eu-west-1/" || len(table.Columns) != 1 || len(table.Partitions) != 1 {
		t.Errorf("%+v at %s, %v", table, location, err)
	}
	if _, _, err := motoSource(t, api, "athena://audit/nothing?workgroup=open").table(t.Context()); err == nil {
		t.Error("a table that is not there is described")
	}

	r := &run{Source: s, table: table, location: location, queries: 1}
	r.query.Since = time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	var got Estimate
	s.estimate = func(e Estimate) error { got = e; return nil }
	if err := r.foresee(t.Context()); err != nil || got.Bytes != 2000 || got.Objects != 2 || got.AtLeast || got.AtMost {
		t.Errorf("%+v, %v", got, err)
	}
}
