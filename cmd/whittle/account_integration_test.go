//go:build integration

package main

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/whittle-iam/whittle/trail/trailtest"
	"github.com/whittle-iam/whittle/trail/trailtest/moto"
)

// The account of testdata/quickstart, as moto's server plays it.
const (
	account    = "111122223333"
	roleName   = "orders-processor-role"
	roleARN    = "arn:aws:iam::" + account + ":role/service-role/" + roleName
	bucketName = "example-trail"
	// laterBucket has the same log as if it were of later years: the server's role is made when the test
	// runs, and whoever did not exist cannot have used anything.
	laterBucket = "example-trail-later"
	vpcPolicy   = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
)

// startAccount runs a server that holds what belongs to testdata/quickstart: the log in a bucket, the role
// with an inline and an attached policy, and the function. It returns the server's URL.
func startAccount(t *testing.T) string {
	t.Helper()
	url := moto.Start(t, "MOTO_ACCOUNT_ID="+account)
	cfg := moto.Config(url, "us-east-1")
	fillBucket(t, cfg, bucketName, quickstart)
	fillBucket(t, cfg, laterBucket, laterLog(t))
	fillIAM(t, cfg)
	fillLambda(t, cfg)
	return url
}

const quickstart = "../../testdata/quickstart"

// laterLog returns a folder with the log of testdata/quickstart a hundred years later.
func laterLog(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	eachFile(t, quickstart, func(name string, content []byte) error {
		in, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return err
		}
		plain, err := io.ReadAll(in)
		if err != nil {
			return err
		}
		f := trailtest.File{
			Path: strings.ReplaceAll(name, "2026", "2126"), Content: bytes.ReplaceAll(plain, []byte("2026-10-"), []byte("2126-10-")),
		}
		return trailtest.WriteTree(dir, []trailtest.File{f})
	})
	return dir
}

// eachFile calls f for each file below root, with its path there.
func eachFile(t *testing.T, root string, f func(name string, content []byte) error) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(filepath.FromSlash(root), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		n++
		return f(filepath.ToSlash(name), content)
	})
	if err != nil || n == 0 {
		t.Fatalf("%s: %d files: %v", root, n, err)
	}
}

func fillBucket(t *testing.T, cfg aws.Config, bucket, root string) {
	t.Helper()
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String(bucket)}); err != nil {
		t.Fatal(err)
	}
	eachFile(t, root, func(name string, content []byte) error {
		_, err := client.PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String(bucket), Key: aws.String(name), Body: bytes.NewReader(content),
		})
		return err
	})
}

func fillIAM(t *testing.T, cfg aws.Config) {
	t.Helper()
	client := iam.NewFromConfig(cfg)
	trust := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	inline, err := os.ReadFile("../../testdata/policies/orders-processor-role.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range []func(context.Context) error{
		func(ctx context.Context) error {
			_, err := client.CreateRole(ctx, &iam.CreateRoleInput{
				RoleName: aws.String(roleName), Path: aws.String("/service-role/"), AssumeRolePolicyDocument: aws.String(trust),
			})
			return err
		},
		func(ctx context.Context) error {
			_, err := client.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
				RoleName: aws.String(roleName), PolicyName: aws.String("orders"), PolicyDocument: aws.String(string(inline)),
			})
			return err
		},
		func(ctx context.Context) error {
			_, err := client.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String(roleName), PolicyArn: aws.String(vpcPolicy)})
			return err
		},
	} {
		if err := call(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func fillLambda(t *testing.T, cfg aws.Config) {
	t.Helper()
	var code bytes.Buffer
	archive := zip.NewWriter(&code)
	if _, err := archive.Create("index.py"); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := lambda.NewFromConfig(cfg).CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: aws.String("orders-processor"), Role: aws.String(roleARN), Handler: aws.String("index.handler"),
		Runtime: lambdatypes.RuntimePython313, Code: &lambdatypes.FunctionCode{ZipFile: code.Bytes()},
		TracingConfig: &lambdatypes.TracingConfig{Mode: lambdatypes.TracingModeActive},
	})
	if err != nil {
		t.Fatal(err)
	}
}
