package athena

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail/athena/query"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

var wantTable = query.Table{
	Database: "logs", Name: "cloudtrail",
	Columns:    []query.Column{{Name: "useridentity", Type: "struct<type:string,arn:string>"}, {Name: "eventtime", Type: "string"}},
	Partitions: []query.Column{{Name: "day", Type: "string"}},
}

var someColumns, someKeys = []fields{
	{"Name": "useridentity", "Type": "struct<type:string,arn:string>"}, {"Name": "eventtime", "Type": "string", "Comment": "UTC"},
}, []fields{{"Name": "day", "Type": "string"}}

func TestTable(t *testing.T) {
	f := newFake(t)
	f.table = fields{
		"Name": "cloudtrail", "Columns": someColumns, "PartitionKeys": someKeys,
		"Parameters": fields{"location": "s3://logs/AWSLogs/", "projection.enabled": "true"},
	}
	got, location, err := f.source(t).table(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := wantTable
	want.Parameters = map[string]string{"location": "s3://logs/AWSLogs/", "projection.enabled": "true"}
	if diff := cmp.Diff(want, got); diff != "" || location != "s3://logs/AWSLogs/" {
		t.Errorf("%s (-want +got):\n%s", location, diff)
	}
}

// TestTableByGlue: where Athena does not describe the table, Glue does, whatever keeps Athena from it.
func TestTableByGlue(t *testing.T) {
	for _, e := range []*awsfake.Error{
		{Code: "AccessDeniedException", Message: "not authorized to perform: athena:GetTableMetadata"},
		{Status: 500, Code: "InternalError", Message: "not implemented"},
	} {
		f := newFake(t)
		f.handle["GetTableMetadata"] = func(*awsfake.Request) (any, error) { return nil, e }
		f.handle["GetTable"] = func(*awsfake.Request) (any, error) {
			return fields{"Table": fields{
				"Name": "cloudtrail", "PartitionKeys": someKeys, "Parameters": fields{"projection.enabled": "true"},
				"StorageDescriptor": fields{"Columns": someColumns, "Location": "s3://logs/AWSLogs/"},
			}}, nil
		}
		got, location, err := f.source(t).table(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := wantTable
		want.Parameters = map[string]string{"projection.enabled": "true"}
		if diff := cmp.Diff(want, got); diff != "" || location != "s3://logs/AWSLogs/" {
			t.Errorf("%s (-want +got):\n%s", location, diff)
		}
		calls := f.Calls()
		if n := len(slices.DeleteFunc(calls, func(c string) bool { return c != "GetTableMetadata" })); n > describeAttempts {
			t.Errorf("%s: Athena is asked %d times", e.Code, n)
		}
	}
}

func TestTableMissing(t *testing.T) {
	denied := &awsfake.Error{Code: "AccessDeniedException", Message: "not authorized"}
	gone := &awsfake.Error{Code: "EntityNotFoundException", Message: "Entity Not Found"}
	for _, test := range []struct {
		name, catalog string
		athena, glue  *awsfake.Error
		want          []string
	}{
		{
			"Athena knows", DefaultCatalog, &awsfake.Error{Code: "MetadataException", Message: "EntityNotFoundException: Entity Not Found"},
			nil, []string{"Entity Not Found", "look at the database"},
		},
		{"Glue knows", DefaultCatalog, denied, gone, []string{"Entity Not Found", "look at the database"}},
		{"nobody may", DefaultCatalog, denied, denied, []string{"GetTableMetadata", ", nor by Glue: ", "GetTable,"}},
		{
			"the token has expired", DefaultCatalog, &awsfake.Error{Code: "ExpiredTokenException", Message: "expired"},
			nil, []string{"GetTableMetadata", "expired"},
		},
		{"another catalog", "federated", denied, nil, []string{"GetTableMetadata"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFake(t)
			f.handle["GetTableMetadata"] = func(*awsfake.Request) (any, error) { return nil, test.athena }
			f.handle["GetTable"] = func(*awsfake.Request) (any, error) {
				if test.glue == nil {
					t.Error("Glue is asked")
					return fields{}, nil
				}
				return nil, test.glue
			}
			s := f.source(t)
			s.spec.Catalog = test.catalog
			_, _, err := s.table(t.Context())
			if err == nil {
				t.Fatal("no error")
			}
			var api interface{ ErrorCode() string }
			if !errors.As(err, &api) {
				t.Errorf("%v is no error of an API", err)
			}
			for _, want := range append(test.want, "table logs.cloudtrail: ") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in: %v", want, err)
				}
			}
		})
	}
}

func TestTableWithoutAnswer(t *testing.T) {
	f := newFake(t)
	f.handle["GetTableMetadata"] = func(*awsfake.Request) (any, error) { return fields{}, nil }
	f.handle["GetTable"] = func(*awsfake.Request) (any, error) { return fields{}, nil }
	if _, _, err := f.source(t).table(t.Context()); err == nil {
		t.Error("no error")
	}
}
