package actionmap

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// Every format of the reference compiles, and an ARN written in it reads back as what was written.
func TestFormats(t *testing.T) {
	formats := 0
	for _, prefix := range reference.Prefixes() {
		s, ok := lookup(prefix)
		if !ok {
			t.Fatal(prefix)
		}
		for i, typ := range s.types {
			if prefix+" "+typ.name == "backup recoveryPoint" {
				continue // its ARNs are of the service backed up
			}
			if got, want := len(typ.formats), len(s.ResourceTypes()[i].ARNs); got != want {
				t.Errorf("%s %s: %d of %d formats", prefix, typ.name, got, want)
			}
			for _, f := range typ.formats {
				formats++
				if constants := f.account + strings.Join(f.tail, ""); strings.ContainsAny(constants, "*?$") &&
					prefix != "backup" && prefix != "braket" { // any account's, of which events have the ARN
					t.Errorf("%s %s: %q would grant more than one resource without saying so", prefix, typ.name, constants)
				}
				a := arn{"aws", f.service, f.region, f.account, f.tail[0]}
				if f.regional {
					a.region = "us-east-1"
				}
				if f.owned {
					a.account = "111122223333"
				}
				want := make([]string, len(f.names))
				for j := range f.names {
					want[j] = string(rune('k' + j))
					a.resource += want[j] + f.tail[j+1]
				}
				if prefix == "codeartifact" && typ.name == "package-group" {
					continue // two variables with nothing between them cannot be told apart
				}
				got, ok := f.match(a, len(f.names))
				if !ok || len(want) > 0 && cmp.Diff(want, got) != "" {
					t.Errorf("%s %s: %+v reads as %q", prefix, typ.name, a, got)
				}
			}
		}
	}
	if formats < 1000 {
		t.Errorf("only %d formats", formats)
	}
}

func TestHas(t *testing.T) {
	tests := []struct {
		service, arn, want, reason string
	}{
		{"dynamodb", "arn:aws:dynamodb:us-east-1:111122223333:table/t", "table", ""},
		{"dynamodb", "arn:aws:dynamodb:us-east-1:111122223333:table/t/index/i", "index", "more exact than table"},
		{"dynamodb", "arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2026", "stream", ""},
		{"dynamodb", "arn:aws:dynamodb:us-east-1:111122223333:table/", "", "nothing where the name belongs"},
		{"dynamodb", "arn:aws:dynamodb:us-east-1:1:table/t", "", "no account"},
		{"dynamodb", "arn:aws:dynamodb::111122223333:table/t", "", "no Region"},
		{"dynamodb", "arn:aws:dynamodb:*:111122223333:table/t", "", "a wildcard is no Region"},
		{"dynamodb", "arn:aws:sqs:us-east-1:111122223333:t", "", "another service"},
		{"s3", "arn:aws:s3:::b", "bucket", ""},
		{"s3", "arn:aws:s3:::b/k", "object", "a bucket's name has no slash"},
		{"s3", "arn:aws:s3:us-east-1:111122223333:accesspoint/a/object/k", "accesspointobject", ""},
		{"logs", "arn:aws:logs:us-east-1:111122223333:log-group:/a/b:log-stream:c", "log-stream", "names of groups have slashes"},
		{"states", "arn:aws:states:us-east-1:111122223333:stateMachine:m", "statemachine", ""},
		{"iam", "arn:aws:iam::aws:policy/AdministratorAccess", "policy", "AWS's own"},
		{"kinesis", "arn:aws:kinesis:us-east-1:111122223333:stream/s/consumer/c:1", "consumer", "it starts with a variable"},
	}
	for _, tt := range tests {
		t.Run(tt.service+" "+tt.arn, func(t *testing.T) {
			s, _ := lookup(tt.service)
			a, ok := parseARN(tt.arn)
			if !ok {
				t.Fatal("no ARN")
			}
			got := ""
			for _, typ := range s.types {
				if typ.has(a) {
					got += typ.name
				}
			}
			if got != tt.want {
				t.Errorf("type %q, want %q (%s)", got, tt.want, tt.reason)
			}
		})
	}
}
