// Package cloud makes the AWS clients of the command line, in one place and when they are first needed:
// a command that reads files asks nobody for credentials.
//
// The configuration is the SDK's own: environment, profiles, IAM Identity Center, roles to assume,
// AWS_ENDPOINT_URL (https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html). With an
// endpoint of one's own, S3 is spoken to in path style, as most stand-ins for it need.
package cloud

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/smithy-go/logging"
	smithy "github.com/aws/smithy-go/middleware"
)

// Settings are what a user may say about AWS on the command line.
type Settings struct {
	// Profile and Region are as the AWS CLI's; empty for what the environment says.
	Profile, Region string
	// OnCall, if not nil, is told of each API call, for example "S3", "GetObject". It may be called from
	// several goroutines at once.
	OnCall func(service, operation string)
}

// A Cloud makes configurations and clients. It is safe for concurrent use.
type Cloud struct {
	settings *Settings
	load     func(context.Context) (aws.Config, error)
}

// New returns a Cloud for settings, which may be filled in until the first client is asked for.
func New(settings *Settings) *Cloud {
	c := &Cloud{settings: settings}
	var once sync.Mutex
	var loaded *aws.Config
	c.load = func(ctx context.Context) (aws.Config, error) {
		once.Lock()
		defer once.Unlock()
		if loaded == nil {
			cfg, err := c.configure(ctx)
			if err != nil {
				return aws.Config{}, err
			}
			loaded = &cfg
		}
		return loaded.Copy(), nil
	}
	return c
}

// silence is how long a server may take to begin an answer, whole how long to the end of it.
const (
	silence = time.Minute
	whole   = 5 * time.Minute
)

func (c *Cloud) configure(ctx context.Context) (aws.Config, error) {
	options := []func(*config.LoadOptions) error{
		config.WithAppID("whittle"),
		// A server that says nothing, or stops in the middle of an answer, is given up, and asked again. A
		// download that takes longer goes on from where it was.
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTimeout(whole).WithTransportOptions(func(t *http.Transport) {
			t.ResponseHeaderTimeout = silence
		})),
		config.WithLogger(logging.Nop{}), // what matters of its warnings is in the errors
	}
	if c.settings.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(c.settings.Profile))
	}
	if c.settings.Region != "" {
		options = append(options, config.WithRegion(c.settings.Region))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return cfg, fmt.Errorf("AWS configuration: %w", err)
	}
	retries(&cfg)
	if c.settings.OnCall != nil {
		cfg.APIOptions = append(cfg.APIOptions, c.observe)
	}
	return cfg, nil
}

// observe reports each operation to OnCall.
func (c *Cloud) observe(stack *smithy.Stack) error {
	return stack.Initialize.Add(smithy.InitializeMiddlewareFunc("whittleOnCall",
		func(ctx context.Context, in smithy.InitializeInput, next smithy.InitializeHandler) (smithy.InitializeOutput, smithy.Metadata, error) {
			c.settings.OnCall(middleware.GetServiceID(ctx), middleware.GetOperationName(ctx))
			return next.HandleInitialize(ctx, in)
		}), smithy.After)
}

// ErrNoRegion says that no Region is configured where one is needed.
var ErrNoRegion = errors.New("no AWS Region is set: use --region, AWS_REGION, or a profile with one")

// Config returns the configuration for a Region, "" for the one that is configured. It is an error if
// there is none.
func (c *Cloud) Config(ctx context.Context, region string) (aws.Config, error) {
	cfg, err := c.load(ctx)
	if err != nil {
		return cfg, err
	}
	if region != "" {
		cfg.Region = region
	}
	if cfg.Region == "" {
		return cfg, ErrNoRegion
	}
	return cfg, nil
}

// orGlobal is Config, with a Region that global services take if none is configured.
func (c *Cloud) orGlobal(ctx context.Context, region string) (aws.Config, error) {
	cfg, err := c.Config(ctx, region)
	if errors.Is(err, ErrNoRegion) {
		cfg.Region, err = global, nil
	}
	return cfg, err
}

// As returns a Cloud whose calls are made by the role with an ARN.
func (c *Cloud) As(role string) *Cloud {
	var once sync.Mutex
	var loaded *aws.Config
	return &Cloud{settings: c.settings, load: func(ctx context.Context) (aws.Config, error) {
		once.Lock()
		defer once.Unlock()
		if loaded == nil {
			cfg, err := c.load(ctx)
			if err != nil {
				return cfg, err
			}
			client, err := c.STS(ctx)
			if err != nil {
				return cfg, err
			}
			provider := stscreds.NewAssumeRoleProvider(client, role, func(o *stscreds.AssumeRoleOptions) {
				o.RoleSessionName = "whittle"
			})
			cfg.Credentials = aws.NewCredentialsCache(provider)
			loaded = &cfg
		}
		return loaded.Copy(), nil
	}}
}

// customEndpoint reports whether the user has all of AWS, or a service, answered by a server of their own.
func customEndpoint(cfg aws.Config, service string) bool {
	return aws.ToString(cfg.BaseEndpoint) != "" || os.Getenv("AWS_ENDPOINT_URL") != "" ||
		os.Getenv("AWS_ENDPOINT_URL_"+strings.ToUpper(service)) != ""
}
