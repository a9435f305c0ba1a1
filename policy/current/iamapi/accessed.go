package iamapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/whittle-iam/whittle/policy/current"
)

// AccessedAPI is what Accessed calls of a client of IAM.
type AccessedAPI interface {
	GenerateServiceLastAccessedDetails(context.Context, *iam.GenerateServiceLastAccessedDetailsInput, ...func(*iam.Options)) (*iam.GenerateServiceLastAccessedDetailsOutput, error)
	GetServiceLastAccessedDetails(context.Context, *iam.GetServiceLastAccessedDetailsInput, ...func(*iam.Options)) (*iam.GetServiceLastAccessedDetailsOutput, error)
}

// IAM makes the report in some seconds; it is asked after 1 second, then ever more seldom.
const (
	firstPause = time.Second
	longPause  = 10 * time.Second
	most       = 60 // times that it is asked
)

// Accessed returns when IAM last saw the role's permissions being used, sorted by action
// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GenerateServiceLastAccessedDetails.html).
// Actions without a date are left out: IAM's silence is no proof.
//
// A service of which IAM tracks actions has an entry for each action seen and none for the whole: that it
// was used says nothing of those of its actions that IAM does not track. sleep pauses between questions:
// it returns early, with the context's error, if that ends.
func Accessed(ctx context.Context, api AccessedAPI, role string, sleep func(context.Context, time.Duration) error) ([]current.Access, error) {
	job, err := api.GenerateServiceLastAccessedDetails(ctx, &iam.GenerateServiceLastAccessedDetailsInput{
		Arn: &role, Granularity: types.AccessAdvisorUsageGranularityTypeActionLevel,
	})
	if err != nil {
		return nil, fmt.Errorf("last accessed information of %s: %w", role, err)
	}
	services, err := report(ctx, api, job.JobId, sleep)
	if err != nil {
		return nil, fmt.Errorf("last accessed information of %s: job %s: %w", role, aws.ToString(job.JobId), err)
	}
	last := map[string]time.Time{}
	see := func(action string, t *time.Time) {
		if t != nil && t.After(last[action]) {
			last[action] = t.UTC()
		}
	}
	for _, s := range services {
		prefix := aws.ToString(s.ServiceNamespace) + ":"
		if len(s.TrackedActionsLastAccessed) == 0 {
			see(prefix+"*", s.LastAuthenticated)
		}
		for _, a := range s.TrackedActionsLastAccessed {
			see(prefix+strings.TrimPrefix(aws.ToString(a.ActionName), prefix), a.LastAccessedTime)
		}
	}
	var out []current.Access
	for action, t := range last {
		out = append(out, current.Access{Action: action, Last: t})
	}
	slices.SortFunc(out, func(a, b current.Access) int { return cmp.Compare(a.Action, b.Action) })
	return out, nil
}

// report waits for the job, and returns all pages of its report.
func report(ctx context.Context, api AccessedAPI, job *string, sleep func(context.Context, time.Duration) error) ([]types.ServiceLastAccessed, error) {
	in := &iam.GetServiceLastAccessedDetailsInput{JobId: job}
	var services []types.ServiceLastAccessed
	for asked, pause := 0, firstPause; ; {
		out, err := api.GetServiceLastAccessedDetails(ctx, in)
		if err != nil {
			return nil, err
		}
		switch out.JobStatus {
		case types.JobStatusTypeCompleted:
			services = append(services, out.ServicesLastAccessed...)
			if in.Marker, err = next(out.IsTruncated, in.Marker, out.Marker); err != nil || in.Marker == nil {
				return services, err
			}
		case types.JobStatusTypeInProgress:
			if asked++; asked == most {
				return nil, errors.New("IAM has not finished it in time")
			}
			if err := sleep(ctx, pause); err != nil {
				return nil, err
			}
			pause = min(2*pause, longPause)
		default:
			why := "without a reason"
			if e := out.Error; e != nil {
				why = aws.ToString(e.Code) + ": " + aws.ToString(e.Message)
			}
			return nil, fmt.Errorf("IAM says %s: %s", out.JobStatus, why)
		}
	}
}
