package cloud

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// answering is a server that ends its first answers in the middle, and the environment that leads to it.
func answering(t *testing.T, broken int64, body string) *atomic.Int64 {
	t.Helper()
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		if requests.Add(1) <= broken {
			fmt.Fprint(w, body[:len(body)/2]) // the server then closes the connection
			return
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	return &requests
}

// TestAnswersThatBreakOff: in every protocol, an answer without its end is asked for again.
func TestAnswersThatBreakOff(t *testing.T) {
	for _, test := range []struct {
		protocol, body string
		call           func(context.Context, *Cloud) (string, error)
	}{
		{"JSON", `{"Events":[{"EventId":"whole"}]}`, func(ctx context.Context, c *Cloud) (string, error) {
			client, err := c.CloudTrail(ctx, "")
			if err != nil {
				return "", err
			}
			out, err := client.LookupEvents(ctx, &cloudtrail.LookupEventsInput{})
			if err != nil {
				return "", err
			}
			return aws.ToString(out.Events[0].EventId), nil
		}},
		{"REST JSON", `{"Functions":[{"FunctionName":"whole"}]}`, func(ctx context.Context, c *Cloud) (string, error) {
			client, err := c.Lambda(ctx, "")
			if err != nil {
				return "", err
			}
			out, err := client.ListFunctions(ctx, &lambda.ListFunctionsInput{})
			if err != nil {
				return "", err
			}
			return aws.ToString(out.Functions[0].FunctionName), nil
		}},
		{"XML of queries", `<R><GetRoleResult><Role><RoleName>whole</RoleName></Role></GetRoleResult></R>`, func(ctx context.Context, c *Cloud) (string, error) {
			client, err := c.IAM(ctx)
			if err != nil {
				return "", err
			}
			out, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("whole")})
			if err != nil {
				return "", err
			}
			return aws.ToString(out.Role.RoleName), nil
		}},
		{"REST XML", `<ListBucketResult><Contents><Key>whole</Key><Size>1</Size></Contents></ListBucketResult>`, func(ctx context.Context, c *Cloud) (string, error) {
			client, err := c.S3(ctx, "")
			if err != nil {
				return "", err
			}
			out, err := client.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: aws.String("logs")})
			if err != nil {
				return "", err
			}
			return aws.ToString(out.Contents[0].Key), nil
		}},
	} {
		t.Run(test.protocol, func(t *testing.T) {
			requests := answering(t, 1, test.body)
			if got, err := test.call(t.Context(), New(&Settings{})); err != nil || got != "whole" || requests.Load() < 2 {
				t.Errorf("%q after %d requests: %v", got, requests.Load(), err)
			}
		})
	}
}

// TestAttempts: the user's own configuration says how often to try.
func TestAttempts(t *testing.T) {
	for _, mode := range []string{"standard", "adaptive"} {
		requests := answering(t, 1<<30, `{"Events":[]}`)
		t.Setenv("AWS_MAX_ATTEMPTS", "2")
		t.Setenv("AWS_RETRY_MODE", mode)
		client, err := New(&Settings{}).CloudTrail(t.Context(), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err = client.LookupEvents(t.Context(), &cloudtrail.LookupEventsInput{}); err == nil || requests.Load() != 2 {
			t.Errorf("%s: %d requests, want 2; error %v", mode, requests.Load(), err)
		}
		if hint := Explain(err); !strings.HasPrefix(hint, "the connection broke") {
			t.Errorf("%s: hint %q for %v", mode, hint, err)
		}
	}
}

// TestAttemptsByDefault: services that throttle are given more time than the SDK would.
func TestAttemptsByDefault(t *testing.T) {
	answering(t, 0, "{}")
	cfg, err := New(&Settings{}).Config(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	if got := cfg.Retryer().MaxAttempts(); got != attempts {
		t.Errorf("%d attempts, want %d", got, attempts)
	}
}
