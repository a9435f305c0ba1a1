// Package doctor examines the trails of an account: what they record, what each of their settings hides
// from a reader of the log, and the cheapest change that shows it.
//
// Trails are joined: what one of them records is recorded. Only what is certain counts as recorded, so that
// an unusual selector leads to a finding rather than to a silent gap.
package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/smithy-go"
)

// API is what is called of CloudTrail.
type API interface {
	DescribeTrails(context.Context, *cloudtrail.DescribeTrailsInput, ...func(*cloudtrail.Options)) (*cloudtrail.DescribeTrailsOutput, error)
	GetTrailStatus(context.Context, *cloudtrail.GetTrailStatusInput, ...func(*cloudtrail.Options)) (*cloudtrail.GetTrailStatusOutput, error)
	GetEventSelectors(context.Context, *cloudtrail.GetEventSelectorsInput, ...func(*cloudtrail.Options)) (*cloudtrail.GetEventSelectorsOutput, error)
}

// Clients make clients for a Region.
type Clients struct {
	CloudTrail func(ctx context.Context, region string) (API, error)
	S3         func(ctx context.Context, region string) (S3API, error)
}

// Settings say what to examine.
type Settings struct {
	// Account is the caller's.
	Account string
	// Regions are those whose calls matter, one at least. Trails are asked for in each.
	Regions []string
	// DataTypes are the kinds of data events that matter, for example "AWS::S3::Object"; see DataTypes.
	DataTypes []string
}

// Examine reads the account's trails. What could not be read is in the error, and the report has the rest;
// it is then for the caller to say that it is incomplete.
func Examine(ctx context.Context, clients Clients, s Settings) (Report, error) {
	r := Report{Account: s.Account, Regions: slices.Compact(slices.Sorted(slices.Values(s.Regions)))}
	var failed []error
	found := map[string]*Trail{}
	for _, region := range r.Regions {
		if err := describe(ctx, clients, region, s.Account, found); err != nil {
			failed = append(failed, err)
		}
	}
	for _, t := range found {
		r.Trails = append(r.Trails, t)
	}
	slices.SortFunc(r.Trails, func(a, b *Trail) int { return cmp.Compare(a.ARN, b.ARN) })
	for _, t := range r.Trails {
		if err := t.read(ctx, clients); err != nil {
			failed = append(failed, err)
		}
	}
	if len(r.Trails) > 0 || len(failed) == 0 {
		r.Findings = findings(r, s.DataTypes)
	}
	return r, errors.Join(failed...)
}

// describe adds the trails that apply to a Region to found, by ARN.
func describe(ctx context.Context, clients Clients, region, account string, found map[string]*Trail) error {
	api, err := clients.CloudTrail(ctx, region)
	if err != nil {
		return err
	}
	out, err := api.DescribeTrails(ctx, &cloudtrail.DescribeTrailsInput{IncludeShadowTrails: aws.Bool(true)})
	if err != nil {
		return fmt.Errorf("trails in %s: %w", region, err)
	}
	for _, d := range out.TrailList {
		arn := aws.ToString(d.TrailARN)
		if arn == "" || found[arn] != nil {
			continue
		}
		found[arn] = newTrail(d, region, account)
	}
	return nil
}

// newTrail reads a description that was given in a Region.
func newTrail(d types.Trail, region, account string) *Trail {
	t := &Trail{
		ARN: aws.ToString(d.TrailARN), Name: aws.ToString(d.Name), HomeRegion: cmp.Or(aws.ToString(d.HomeRegion), region),
		MultiRegion: aws.ToBool(d.IsMultiRegionTrail), Organization: aws.ToBool(d.IsOrganizationTrail),
		GlobalEvents: aws.ToBool(d.IncludeGlobalServiceEvents), Validated: aws.ToBool(d.LogFileValidationEnabled),
		Bucket: aws.ToString(d.S3BucketName), Prefix: aws.ToString(d.S3KeyPrefix),
		KMSKey: aws.ToString(d.KmsKeyId), LogGroup: aws.ToString(d.CloudWatchLogsLogGroupArn),
	}
	if part := strings.SplitN(t.ARN, ":", 6); len(part) == 6 {
		t.account, t.partition = part[4], part[1]
	}
	t.logsOf = account
	t.Foreign = account != "" && t.account != account
	return t
}

// read asks for what the description leaves out. A refusal about a trail of another account, which is the
// rule for member accounts of an organisation, is no error: the trail is then Unread.
func (t *Trail) read(ctx context.Context, clients Clients) error {
	api, err := clients.CloudTrail(ctx, t.HomeRegion)
	if err != nil {
		return err
	}
	status, err := api.GetTrailStatus(ctx, &cloudtrail.GetTrailStatusInput{Name: &t.ARN})
	if err == nil {
		t.setStatus(status)
		var selectors *cloudtrail.GetEventSelectorsOutput
		if selectors, err = api.GetEventSelectors(ctx, &cloudtrail.GetEventSelectorsInput{TrailName: &t.ARN}); err == nil {
			t.selectors = selectorsOf(selectors)
		}
	}
	if err != nil {
		t.Unread = true
		if t.Foreign && refusalOf(err) != nil {
			return nil
		}
		return fmt.Errorf("trail %s: %w", t.ARN, err)
	}
	return t.findFirstDay(ctx, clients.S3)
}

// refusals are answers that say that the caller may not see something, or that it is not there.
var refusals = []string{
	"AccessDenied", "AccessDeniedException", "AllAccessDisabled", "CloudTrailAccessNotEnabledException", "NoSuchBucket",
	"NotOrganizationMasterAccountException", "OperationNotPermittedException", "TrailNotFoundException", "UnsupportedOperationException",
}

// refusalOf returns the refusal that err is, nil if it is something else, such as a broken connection or
// credentials that have expired.
func refusalOf(err error) smithy.APIError {
	var answer smithy.APIError
	if errors.As(err, &answer) && slices.Contains(refusals, answer.ErrorCode()) {
		return answer
	}
	return nil
}

func (t *Trail) setStatus(s *cloudtrail.GetTrailStatusOutput) {
	t.Logging = aws.ToBool(s.IsLogging)
	t.Started, t.Stopped, t.Delivered = aws.ToTime(s.StartLoggingTime), aws.ToTime(s.StopLoggingTime), aws.ToTime(s.LatestDeliveryTime)
	t.DeliveryError = aws.ToString(s.LatestDeliveryError)
	t.DigestError = aws.ToString(s.LatestDigestDeliveryError)
	t.LogGroupError = aws.ToString(s.LatestCloudWatchLogsDeliveryError)
}
