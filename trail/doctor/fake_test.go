package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

const ownAccount = "111122223333"

// A fakeTrail is a trail as the fake account has it: by default of all Regions, logging, validated.
type fakeTrail struct {
	name                       string
	account, home              string
	single, noGlobal, stopped  bool
	organization, notValidated bool
	basic                      []types.EventSelector
	advanced                   []types.AdvancedEventSelector
	deliveryError              string
	refused                    error
}

func (f fakeTrail) arn() string {
	account, home := f.account, f.home
	if account == "" {
		account = ownAccount
	}
	if home == "" {
		home = "eu-west-1"
	}
	return fmt.Sprintf("arn:aws:cloudtrail:%s:%s:trail/%s", home, account, f.name)
}

// A fake answers for one Region.
type fake struct {
	region string
	trails []fakeTrail
	err    error
}

func (f *fake) DescribeTrails(_ context.Context, in *cloudtrail.DescribeTrailsInput, _ ...func(*cloudtrail.Options)) (*cloudtrail.DescribeTrailsOutput, error) {
	out := &cloudtrail.DescribeTrailsOutput{}
	for _, t := range f.trails {
		home := strings.Split(t.arn(), ":")[3]
		if t.single && home != f.region || home != f.region && !aws.ToBool(in.IncludeShadowTrails) {
			continue
		}
		out.TrailList = append(out.TrailList, types.Trail{
			TrailARN: aws.String(t.arn()), Name: aws.String(t.name), HomeRegion: aws.String(home), S3BucketName: aws.String("logs"),
			IsMultiRegionTrail: aws.Bool(!t.single), IncludeGlobalServiceEvents: aws.Bool(!t.noGlobal),
			IsOrganizationTrail: aws.Bool(t.organization), LogFileValidationEnabled: aws.Bool(!t.notValidated),
		})
	}
	return out, f.err
}

func (f *fake) find(arn *string) fakeTrail {
	i := slices.IndexFunc(f.trails, func(t fakeTrail) bool { return t.arn() == aws.ToString(arn) })
	if i < 0 || strings.Split(*arn, ":")[3] != f.region {
		panic("asked in " + f.region + " for " + aws.ToString(arn))
	}
	return f.trails[i]
}

func (f *fake) GetTrailStatus(_ context.Context, in *cloudtrail.GetTrailStatusInput, _ ...func(*cloudtrail.Options)) (*cloudtrail.GetTrailStatusOutput, error) {
	t := f.find(in.Name)
	if t.refused != nil {
		return nil, t.refused
	}
	out := &cloudtrail.GetTrailStatusOutput{IsLogging: aws.Bool(!t.stopped)}
	if t.deliveryError != "" {
		out.LatestDeliveryError = aws.String(t.deliveryError)
	}
	return out, nil
}

func (f *fake) GetEventSelectors(_ context.Context, in *cloudtrail.GetEventSelectorsInput, _ ...func(*cloudtrail.Options)) (*cloudtrail.GetEventSelectorsOutput, error) {
	t := f.find(in.TrailName)
	return &cloudtrail.GetEventSelectorsOutput{EventSelectors: t.basic, AdvancedEventSelectors: t.advanced}, nil
}

// A fakeBucket has keys.
type fakeBucket struct {
	keys []string
	err  error
}

func (b fakeBucket) HeadBucket(context.Context, *s3.HeadBucketInput, ...func(*s3.Options)) (*s3.HeadBucketOutput, error) {
	return &s3.HeadBucketOutput{BucketRegion: aws.String("eu-west-1")}, b.err
}

func (b fakeBucket) ListObjectsV2(_ context.Context, in *s3.ListObjectsV2Input, _ ...func(*s3.Options)) (*s3.ListObjectsV2Output, error) {
	var prefixes []string
	for _, k := range b.keys {
		if rest, ok := strings.CutPrefix(k, *in.Prefix); ok {
			if name, _, ok := strings.Cut(rest, "/"); ok {
				prefixes = append(prefixes, *in.Prefix+name+"/")
			}
		}
	}
	slices.Sort(prefixes)
	out := &s3.ListObjectsV2Output{}
	for _, p := range slices.Compact(prefixes) {
		out.CommonPrefixes = append(out.CommonPrefixes, s3types.CommonPrefix{Prefix: aws.String(p)})
	}
	return out, b.err
}

// denied is a refusal by AWS.
var denied = &smithy.GenericAPIError{Code: "AccessDenied", Message: "Access Denied", Fault: smithy.FaultClient}

// examine runs Examine over fake trails, in eu-west-1 unless regions says otherwise.
func examine(t *testing.T, trails []fakeTrail, bucket fakeBucket, regions ...string) (Report, error) {
	t.Helper()
	if len(regions) == 0 {
		regions = []string{"eu-west-1"}
	}
	return Examine(t.Context(), Clients{
		CloudTrail: func(_ context.Context, region string) (API, error) { return &fake{region: region, trails: trails}, nil },
		S3:         func(context.Context, string) (S3API, error) { return bucket, nil },
	}, Settings{Account: ownAccount, Regions: regions, DataTypes: []string{"AWS::S3::Object", "AWS::SQS::Queue"}})
}
