package bucket

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// client returns the client of the bucket's Region. S3 names that in a header of every answer about a
// bucket, also where it refuses the request or sends it elsewhere.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
func (s *Source) client(ctx context.Context) (API, error) {
	api, err := s.api(ctx, "")
	if err != nil {
		return nil, err
	}
	region := ""
	out, err := api.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &s.name})
	if err == nil {
		region = aws.ToString(out.BucketRegion)
	} else {
		response, answered := errors.AsType[*smithyhttp.ResponseError](err)
		switch {
		case !answered || response.Response == nil || response.HTTPStatusCode() == 0: // there was no answer
			return nil, fmt.Errorf("%s: %w", s.url(""), err)
		case response.HTTPStatusCode() == http.StatusNotFound:
			return nil, fmt.Errorf("%s: there is no such bucket: %w", s.url(""), err)
		}
		// Any other refusal comes again, in more words than an answer to HEAD has, when objects are listed.
		region = response.Response.Header.Get("X-Amz-Bucket-Region")
	}
	if region == "" {
		return api, nil
	}
	return s.api(ctx, region)
}
