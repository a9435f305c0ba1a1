package doctor

import (
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// S3API is what is called of S3.
type S3API interface {
	HeadBucket(context.Context, *s3.HeadBucketInput, ...func(*s3.Options)) (*s3.HeadBucketOutput, error)
	ListObjectsV2(context.Context, *s3.ListObjectsV2Input, ...func(*s3.Options)) (*s3.ListObjectsV2Output, error)
}

// findFirstDay looks for the oldest day of the account's logs in the trail's bucket. That a bucket does not
// let the caller list it, or is gone, is no error but said in the trail.
func (t *Trail) findFirstDay(ctx context.Context, client func(context.Context, string) (S3API, error)) error {
	if t.Bucket == "" || t.logsOf == "" {
		return nil
	}
	day, err := t.firstDay(ctx, client)
	if refusal := refusalOf(err); refusal != nil {
		t.FirstDayError = fmt.Sprintf("%s: %s", refusal.ErrorCode(), refusal.ErrorMessage())
		return nil
	}
	if err != nil {
		return fmt.Errorf("first day of trail %s in bucket %s: %w", t.ARN, t.Bucket, err)
	}
	t.FirstDay = day
	return nil
}

// firstDay follows the folders of the layout, of which each level is in order.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
func (t *Trail) firstDay(ctx context.Context, client func(context.Context, string) (S3API, error)) (string, error) {
	api, err := client(ctx, "")
	if err != nil {
		return "", err
	}
	if region := bucketRegion(ctx, api, t.Bucket); region != "" {
		if api, err = client(ctx, region); err != nil {
			return "", err
		}
	}
	root := "AWSLogs/"
	if t.Prefix != "" {
		root = t.Prefix + "/" + root
	}
	if t.Organization {
		organizations, err := folders(ctx, api, t.Bucket, root, regexp.MustCompile(`^o-[a-z0-9]+$`))
		if err != nil || len(organizations) == 0 {
			return "", err
		}
		root += organizations[0] + "/"
	}
	root += t.logsOf + "/CloudTrail/"
	regions, err := folders(ctx, api, t.Bucket, root, regexp.MustCompile(`^[a-z0-9-]+$`))
	if err != nil {
		return "", err
	}
	first := ""
	for _, region := range regions {
		day, err := oldest(ctx, api, t.Bucket, root+region+"/")
		if err != nil {
			return "", err
		}
		if day != "" && (first == "" || day < first) {
			first = day
		}
	}
	return first, nil
}

// oldest returns the first year, month and day below a Region's folder, "" if there is none.
func oldest(ctx context.Context, api S3API, bucket, prefix string) (string, error) {
	var date []string
	for _, level := range []*regexp.Regexp{regexp.MustCompile(`^\d{4}$`), regexp.MustCompile(`^\d{2}$`), regexp.MustCompile(`^\d{2}$`)} {
		names, err := folders(ctx, api, bucket, prefix, level)
		if err != nil || len(names) == 0 {
			return "", err
		}
		date = append(date, names[0])
		prefix += names[0] + "/"
	}
	return strings.Join(date, "-"), nil
}

// folders lists the folders directly below a prefix whose names match. Of more than fit on a page the first
// are returned; S3 sorts them.
func folders(ctx context.Context, api S3API, bucket, prefix string, name *regexp.Regexp) ([]string, error) {
	out, err := api.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix, Delimiter: aws.String("/")})
	if err != nil {
		return nil, err
	}
	var names []string
	for _, p := range out.CommonPrefixes {
		if n := path.Base(aws.ToString(p.Prefix)); name.MatchString(n) {
			names = append(names, n)
		}
	}
	return names, nil
}

// bucketRegion returns a bucket's Region, "" if S3 does not tell. It names it in a header of every answer
// about a bucket, also where it refuses the request or sends it elsewhere.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
func bucketRegion(ctx context.Context, api S3API, bucket string) string {
	out, err := api.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &bucket})
	if err == nil {
		return aws.ToString(out.BucketRegion)
	}
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.Response != nil {
		return response.Response.Header.Get("X-Amz-Bucket-Region")
	}
	return ""
}
