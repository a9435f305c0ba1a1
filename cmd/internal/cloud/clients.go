package cloud

import (
	"context"

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
)

// global is where the services are that have one place for all Regions; any Region serves to sign.
const global = "us-east-1"

// S3 returns a client in a Region, "" for the configured one, or us-east-1: S3 tells where a bucket is.
func (c *Cloud) S3(ctx context.Context, region string) (*s3.Client, error) {
	cfg, err := c.orGlobal(ctx, region)
	if err != nil {
		return nil, err
	}
	return s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = customEndpoint(cfg, "S3") }), nil
}

// IAM returns a client.
func (c *Cloud) IAM(ctx context.Context) (*iam.Client, error) {
	cfg, err := c.orGlobal(ctx, "")
	return iam.NewFromConfig(cfg), err
}

// Organizations returns a client.
func (c *Cloud) Organizations(ctx context.Context) (*organizations.Client, error) {
	cfg, err := c.orGlobal(ctx, "")
	return organizations.NewFromConfig(cfg), err
}

// STS returns a client.
func (c *Cloud) STS(ctx context.Context) (*sts.Client, error) {
	cfg, err := c.orGlobal(ctx, "")
	return sts.NewFromConfig(cfg), err
}

// Athena returns a client in a Region, "" for the configured one.
func (c *Cloud) Athena(ctx context.Context, region string) (*athena.Client, error) {
	cfg, err := c.Config(ctx, region)
	return athena.NewFromConfig(cfg), err
}

// Glue returns a client in a Region, "" for the configured one.
func (c *Cloud) Glue(ctx context.Context, region string) (*glue.Client, error) {
	cfg, err := c.Config(ctx, region)
	return glue.NewFromConfig(cfg), err
}

// CloudTrail returns a client in a Region, "" for the configured one.
func (c *Cloud) CloudTrail(ctx context.Context, region string) (*cloudtrail.Client, error) {
	cfg, err := c.Config(ctx, region)
	return cloudtrail.NewFromConfig(cfg), err
}

// Logs returns a client in a Region, "" for the configured one.
func (c *Cloud) Logs(ctx context.Context, region string) (*cloudwatchlogs.Client, error) {
	cfg, err := c.Config(ctx, region)
	return cloudwatchlogs.NewFromConfig(cfg), err
}

// AWSConfig returns a client of the service AWS Config in a Region, "" for the configured one.
func (c *Cloud) AWSConfig(ctx context.Context, region string) (*configservice.Client, error) {
	cfg, err := c.Config(ctx, region)
	return configservice.NewFromConfig(cfg), err
}

// Lambda returns a client in a Region, "" for the configured one.
func (c *Cloud) Lambda(ctx context.Context, region string) (*lambda.Client, error) {
	cfg, err := c.Config(ctx, region)
	return lambda.NewFromConfig(cfg), err
}

// Account returns a client of the service that lists the Regions of an account.
func (c *Cloud) Account(ctx context.Context) (*account.Client, error) {
	cfg, err := c.orGlobal(ctx, "")
	return account.NewFromConfig(cfg), err
}
