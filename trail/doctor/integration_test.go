//go:build integration

package doctor

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/whittle-iam/whittle/trail/trailtest/moto"
)

// TestIntegrationMoto examines a trail as CreateTrail makes it, runs the command that the report has, and
// examines it again.
func TestIntegrationMoto(t *testing.T) {
	url := moto.Start(t)
	trails := func(region string) *cloudtrail.Client { return cloudtrail.NewFromConfig(moto.Config(url, region)) }
	objects := s3.NewFromConfig(moto.Config(url, "eu-west-1"), func(o *s3.Options) { o.UsePathStyle = true })
	ok := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(objects.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("trail-logs"),
		CreateBucketConfiguration: &s3types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"}}))
	ok(objects.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("trail-logs"),
		Key: aws.String("audit/AWSLogs/" + moto.Account + "/CloudTrail/us-east-1/2025/03/04/a.json.gz")}))
	home := trails("eu-west-1")
	ok(home.CreateTrail(t.Context(), &cloudtrail.CreateTrailInput{Name: aws.String("main"), S3BucketName: aws.String("trail-logs"),
		S3KeyPrefix: aws.String("audit"), IsMultiRegionTrail: aws.Bool(true), EnableLogFileValidation: aws.Bool(true)}))
	ok(home.StartLogging(t.Context(), &cloudtrail.StartLoggingInput{Name: aws.String("main")}))
	ok(home.PutEventSelectors(t.Context(), &cloudtrail.PutEventSelectorsInput{TrailName: aws.String("main"), EventSelectors: []types.EventSelector{{
		IncludeManagementEvents: aws.Bool(true), ReadWriteType: types.ReadWriteTypeWriteOnly,
		DataResources: dataResource("AWS::S3::Object", "arn:aws:s3:::orders/"),
	}}}))

	run := func() Report {
		t.Helper()
		r, err := Examine(t.Context(), Clients{
			CloudTrail: func(_ context.Context, region string) (API, error) { return trails(region), nil },
			S3:         func(context.Context, string) (S3API, error) { return objects, nil },
		}, Settings{Account: moto.Account, Regions: []string{"us-east-1", "eu-west-1"}, DataTypes: []string{"AWS::S3::Object", "AWS::SQS::Queue"}})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before := run()
	var kinds []Kind
	for _, f := range before.Findings {
		kinds = append(kinds, f.Kind)
	}
	if want := []Kind{ManagementReads, NoDataEvents, SomeDataEvents}; !slices.Equal(kinds, want) {
		t.Fatalf("findings %+v, want %v", before.Findings, want)
	}
	if len(before.Trails) != 1 || before.Trails[0].FirstDay != "2025-03-04" {
		t.Errorf("trails %+v", before.Trails)
	}
	words := shellWords(t, before.Findings[2].Command)
	var selectors []types.AdvancedEventSelector
	if err := json.Unmarshal([]byte(words[len(words)-1]), &selectors); err != nil {
		t.Fatal(err)
	}
	ok(home.PutEventSelectors(t.Context(), &cloudtrail.PutEventSelectorsInput{TrailName: aws.String("main"), AdvancedEventSelectors: selectors}))
	if after := run(); len(after.Findings) != 0 {
		t.Errorf("after the command: %+v", after.Findings)
	}
}
