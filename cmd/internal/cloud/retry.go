package cloud

import (
	"cmp"
	"errors"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

const (
	// attempts is how often a request is tried where neither AWS_MAX_ATTEMPTS nor the profile says. AWS's
	// services throttle by account, so that others may use up what whittle needs for a while.
	attempts = 8
	// maxBackoff is the longest wait between two attempts.
	maxBackoff = 20 * time.Second
)

// retries has requests of cfg tried again as often, and in the mode, that the configuration says.
func retries(cfg *aws.Config) {
	options := func(o *retry.StandardOptions) {
		o.MaxAttempts = cmp.Or(cfg.RetryMaxAttempts, attempts)
		o.MaxBackoff = maxBackoff
		o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(brokeOff)}, o.Retryables...)
	}
	if cfg.RetryMode == aws.RetryModeAdaptive {
		cfg.Retryer = func() aws.Retryer {
			return retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) { o.StandardOptions = append(o.StandardOptions, options) })
		}
		return
	}
	cfg.Retryer = func() aws.Retryer { return retry.NewStandard(options) }
}

// brokeOff has an answer tried again of which the end did not come: the SDK takes it for one that makes no
// sense. The bodies of objects in S3 are read after the SDK is done with the request, and are not concerned.
func brokeOff(err error) aws.Ternary {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}
