package cloud

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/account"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

func TestNeedsNameActionsAndResourcesOfTheReference(t *testing.T) {
	grants := 0
	for _, n := range Needs() {
		if n.For == "" || len(n.Calls) == 0 {
			t.Errorf("%s says too little", n.Feature)
		}
		for _, g := range n.Grants() {
			grants++
			a, ok := reference.LookupAction(g.Action)
			if !ok || a.ID() != g.Action {
				t.Errorf("%s: there is no action %s in this spelling", n.Feature, g.Action)
				continue
			}
			if !actsOn(t, a, g.Resource) {
				t.Errorf("%s: %s does not act on %s", n.Feature, g.Action, g.Resource)
			}
		}
	}
	if grants < 40 {
		t.Errorf("only %d grants", grants)
	}
}

// actsOn compares a resource with the ARNs of the action's types: variables in those stand for anything.
func actsOn(t *testing.T, a *reference.Action, resource string) bool {
	if !a.TakesResource() {
		return resource == "*"
	}
	service, ok := reference.Lookup(a.Service)
	if !ok {
		t.Fatalf("no service %s", a.Service)
	}
	for _, r := range a.Resources {
		kind, ok := service.ResourceType(r.Type)
		if !ok {
			continue
		}
		for _, arn := range kind.ARNs {
			pattern := regexp.MustCompile(`\\\$\\\{[A-Za-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(arn), ".*")
			if regexp.MustCompile("^"+pattern+"$").MatchString(strings.TrimSuffix(resource, ":*")) ||
				regexp.MustCompile("^"+pattern+"$").MatchString(resource) {
				return true
			}
		}
	}
	return false
}

func TestNeedsNameOperationsOfTheSDK(t *testing.T) {
	clients := map[string]any{
		account.ServiceID: &account.Client{}, athena.ServiceID: &athena.Client{}, cloudtrail.ServiceID: &cloudtrail.Client{},
		cloudwatchlogs.ServiceID: &cloudwatchlogs.Client{}, configservice.ServiceID: &configservice.Client{},
		glue.ServiceID: &glue.Client{}, iam.ServiceID: &iam.Client{}, lambda.ServiceID: &lambda.Client{},
		organizations.ServiceID: &organizations.Client{}, s3.ServiceID: &s3.Client{}, sts.ServiceID: &sts.Client{},
	}
	for _, n := range Needs() {
		for _, c := range n.Calls {
			client, ok := clients[c.Service]
			if !ok {
				t.Errorf("%s: there is no client of %s", n.Feature, c.Service)
				continue
			}
			if _, ok := reflect.TypeOf(client).MethodByName(c.Operation); !ok {
				t.Errorf("%s: %s has no operation %s", n.Feature, c.Service, c.Operation)
			}
		}
	}
}

func TestPlaceholdersAreKnownAndDistinct(t *testing.T) {
	used := map[string]bool{}
	for _, n := range Needs() {
		for _, g := range n.Grants() {
			rest := g.Resource
			for _, p := range Placeholders {
				if strings.Contains(rest, p.Name) {
					used[p.Name] = true
					rest = strings.ReplaceAll(rest, p.Name, "")
				}
			}
			if regexp.MustCompile(`[A-Z]`).MatchString(rest) {
				t.Errorf("%s: %s has capitals that are no placeholder: %s", n.Feature, g.Resource, rest)
			}
		}
	}
	for i, p := range Placeholders {
		if !used[p.Name] || p.What == "" {
			t.Errorf("%s is not used, or not explained", p.Name)
		}
		for _, q := range Placeholders[i+1:] {
			if strings.HasPrefix(p.Name, q.Name) || strings.HasPrefix(q.Name, p.Name) {
				t.Errorf("%s and %s begin alike", p.Name, q.Name)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	tests := []struct {
		reason   string
		features []Feature
		calls    []string
		want     string
	}{
		{"exactly the table", []Feature{FeatureS3}, []string{"S3 HeadBucket", "S3 GetObject", "S3 ListObjectsV2", "S3 GetObject"}, ""},
		{"one is missing", []Feature{FeatureS3}, []string{"S3 HeadBucket", "S3 ListObjectsV2"}, "s3: S3 GetObject was not called"},
		{"one too many, said once", []Feature{FeatureS3}, []string{"S3 HeadBucket", "S3 GetObject", "S3 ListObjectsV2", "S3 HeadObject", "S3 HeadObject"}, "S3 HeadObject is not in the table"},
		{"conditional calls may be left out", []Feature{FeatureLookup}, []string{"CloudTrail LookupEvents"}, ""},
		{"and made", []Feature{FeatureLookup}, []string{"CloudTrail LookupEvents", "Account ListRegions"}, ""},
		{"two features", []Feature{FeatureLookup, FeatureCurrentAWS}, []string{"CloudTrail LookupEvents", "IAM GetAccountAuthorizationDetails"}, ""},
		{"two features, one of which called nothing", []Feature{FeatureLookup, FeatureCurrentAWS}, []string{"CloudTrail LookupEvents"}, "current-aws: IAM GetAccountAuthorizationDetails was not called"},
		{"no such feature", []Feature{"fax"}, nil, `there is no feature "fax"`},
	}
	for _, tt := range tests {
		got := ""
		if err := Check(tt.calls, tt.features...); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.reason, got, tt.want)
		}
	}
}
