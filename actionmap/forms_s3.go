package actionmap

import (
	"net/url"
	"regexp"
	"strings"
)

// s3Host is the host of an S3 address: of a Region or of none, with the bucket before it or in the path.
var s3Host = regexp.MustCompile(`^((?P<bucket>.+)\.)?s3([.-][a-z0-9-]+)?\.amazonaws\.com(\.cn)?$`)

// s3URI reads the address of an S3 object: s3://BUCKET/KEY, or as an https address, as
// https://docs.aws.amazon.com/transcribe/latest/APIReference/API_Media.html allows.
func s3URI(text string) ([]value, reading) {
	path, isS3 := strings.CutPrefix(text, "s3://")
	if !isS3 {
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "https" {
			return nil, unreadable
		}
		host := s3Host.FindStringSubmatch(u.Host)
		if host == nil {
			return nil, unreadable
		}
		path = strings.TrimPrefix(u.Path, "/")
		if bucket := host[s3Host.SubexpIndex("bucket")]; bucket != "" {
			path = bucket + "/" + path
		}
	}
	bucket, key, _ := strings.Cut(path, "/")
	if bucket == "" || key == "" {
		return nil, unreadable
	}
	return name(bucket, key)
}

// s3Prefix reads s3://BUCKET/PREFIX, under which a service writes objects with names of its own.
func s3Prefix(text string) ([]value, reading) {
	values, r := s3URI(text)
	if r != reads {
		return nil, elsewhere
	}
	return underPrefix(values), reads
}

// keyPrefix reads the beginning of the keys under which a service writes such objects.
func keyPrefix(text string) ([]value, reading) {
	return underPrefix([]value{{parts: []string{text}}}), reads
}

func underPrefix(values []value) []value {
	values[0].suffix = "*"
	values[0].assumed = "the service names the objects that it writes under the address"
	return values
}

// s3Bucket reads the bucket of s3://BUCKET or s3://BUCKET/.
func s3Bucket(text string) ([]value, reading) {
	bucket, isS3 := strings.CutPrefix(strings.TrimSuffix(text, "/"), "s3://")
	if !isS3 || bucket == "" || strings.Contains(bucket, "/") {
		return nil, unreadable
	}
	return name(bucket)
}
