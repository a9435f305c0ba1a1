package actionmap

import (
	"net/url"
	"strings"
)

// The ends that no name of a general purpose bucket may have, because they mark something else:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
const (
	directoryBucket = "--x-s3"
	multiRegion     = ".mrap"
)

var otherEnds = []string{directoryBucket, multiRegion, "--xa-s3", "-s3alias", "--ol-s3", "--table-s3"}

// bucketName reads a general purpose bucket, which is not always what requests name as their bucket.
func bucketName(text string) ([]value, reading) {
	for _, end := range otherEnds {
		if strings.HasSuffix(text, end) {
			return nil, elsewhere
		}
	}
	return nameOnly(text)
}

// accessPoint reads an access point that stands in a bucket's place: an ARN, or a multi-Region access
// point's alias, whose ARN has no Region.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequests.html
func accessPoint(text string) ([]value, reading) {
	if strings.HasSuffix(text, multiRegion) && !isARN(text) {
		return one(value{region: public, parts: []string{text}})
	}
	return arnOnly(text)
}

// copySource reads the header x-amz-copy-source: BUCKET/KEY or the ARN of an access point's object,
// URL-encoded, with "?versionId=" for a version.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
func copySource(text string) ([]value, reading) {
	arn, bucket, key, ok := cutCopySource(text)
	switch {
	case !ok:
		return nil, unreadable
	case isDirectory(arn), isDirectory(bucket):
		return nil, nothing
	case arn != "":
		return one(value{arn: arn})
	}
	return name(bucket, key)
}

// copySourceBucket reads the bucket of a copy's source, or the access point in its place.
func copySourceBucket(text string) ([]value, reading) {
	values, r := copySource(text)
	if r != reads {
		return nil, r
	}
	if arn, _, _ := strings.Cut(values[0].arn, "/object/"); arn != "" {
		return one(value{arn: arn})
	}
	return name(values[0].parts[0])
}

// copySourceDirectory reads the directory bucket of a copy's source, or the access point in its place.
func copySourceDirectory(text string) ([]value, reading) {
	arn, bucket, _, ok := cutCopySource(text)
	switch {
	case !ok:
		return nil, unreadable
	case isDirectory(bucket):
		return name(bucket)
	case isDirectory(arn):
		arn, _, _ = strings.Cut(arn, "/object/")
		return one(value{arn: arn})
	}
	return nil, nothing
}

// isDirectory reports whether a bucket's name or an ARN is of S3 Express.
func isDirectory(text string) bool {
	a, _ := parseARN(text)
	return strings.HasSuffix(text, directoryBucket) || a.service == "s3express"
}

// cutCopySource takes a copy's source apart, into an ARN or a bucket and a key.
func cutCopySource(text string) (arn, bucket, key string, ok bool) {
	path, _, _ := strings.Cut(text, "?versionId=")
	path, err := url.PathUnescape(path)
	if err != nil {
		return "", "", "", false
	}
	if isARN(path) {
		return path, "", "", true
	}
	bucket, key, ok = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return "", bucket, key, ok
}
