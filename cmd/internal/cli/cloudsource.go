package cli

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/account"
	accounttypes "github.com/aws/aws-sdk-go-v2/service/account/types"
	"github.com/dustin/go-humanize"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/cmd/internal/cloud"
	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena"
	"github.com/whittle-iam/whittle/trail/bucket"
	"github.com/whittle-iam/whittle/trail/lake"
	"github.com/whittle-iam/whittle/trail/loggroup"
	"github.com/whittle-iam/whittle/trail/lookup"
)

// An opener makes the source that an argument names, given without its scheme.
type opener func(ctx context.Context, env Env, name string, opt *readOptions, m *actionmap.Mapper) (trail.Source, error)

// schemes open the sources that are no files.
var schemes = map[string]opener{
	"s3": openBucket, "athena": openAthena, "lookup": openLookup, "lake": openLake, "logs": openLogGroup,
}

func openBucket(_ context.Context, env Env, name string, opt *readOptions, m *actionmap.Mapper) (trail.Source, error) {
	name, prefix, _ := strings.Cut(name, "/")
	if name == "" {
		return nil, usagef("s3://%s: the bucket is missing; write s3://BUCKET or s3://BUCKET/PREFIX", name)
	}
	var options []bucket.Option
	if opt.requesterPays {
		options = append(options, bucket.WithRequesterPays())
	}
	if opt.state != "" {
		fields, err := fieldsVersion(m)
		if err != nil {
			return nil, err
		}
		options = append(options, bucket.WithState(opt.state, fields))
	}
	api := func(ctx context.Context, region string) (bucket.API, error) { return env.cloud.S3(ctx, region) }
	return bucket.New(api, name, prefix, options...), nil
}

// fieldsVersion stands for all that the mapping asks of events: with another one, a log has to be read anew.
func fieldsVersion(m *actionmap.Mapper) (string, error) {
	sum := sha256.New()
	e := json.NewEncoder(sum)
	for _, k := range m.Kinds() {
		if err := e.Encode(m.Fields(k[0], k[1])); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%s %x", toolVersion(), sum.Sum(nil)[:8]), nil
}

func openAthena(ctx context.Context, env Env, name string, opt *readOptions, m *actionmap.Mapper) (trail.Source, error) {
	spec, err := athena.ParseSpec(athena.Scheme + "://" + name)
	if err != nil {
		return nil, usagef("%v", err)
	}
	limit, err := opt.maxScanBytes()
	if err != nil {
		return nil, err
	}
	api, err := athenaAPI(ctx, env)
	if err != nil {
		return nil, err
	}
	return athena.New(api, spec,
		athena.WithKinds(athenaKinds(m)),
		athena.WithEstimate(func(e athena.Estimate) error {
			for _, n := range e.Notes {
				fmt.Fprintf(env.Stderr, "%s: %s\n", spec, n)
			}
			fmt.Fprintf(env.Stderr, "%s: %s\n", spec, e)
			if err := e.Check(limit); err != nil {
				return fmt.Errorf("%w; narrow --since, --until, --accounts or --regions, or raise --max-scan", err)
			}
			return nil
		}),
		athena.WithExecution(func(e athena.Execution) {
			fmt.Fprintf(env.Stderr, "%s: query %s %s, %s scanned\n", spec, e.ID, strings.ToLower(string(e.State)), humanize.Bytes(uint64(e.Scanned)))
		}),
	), nil
}

func openLookup(ctx context.Context, env Env, name string, opt *readOptions, _ *actionmap.Mapper) (trail.Source, error) {
	list, attributes, _ := strings.Cut(name, "?")
	narrow, err := parseNarrow(attributes)
	if err != nil {
		return nil, err
	}
	var regions []string
	for r := range strings.SplitSeq(list, ",") {
		if r = strings.TrimSpace(r); r != "" {
			if !regionForm.MatchString(r) {
				return nil, usagef("lookup://%s: %q is no Region", name, r)
			}
			regions = append(regions, r)
		}
	}
	if regions == nil {
		regions = opt.regions
	}
	if regions == nil {
		if regions, err = enabledRegions(ctx, env.cloud); err != nil {
			return nil, fmt.Errorf("%w; or name the Regions, as in lookup://eu-west-1,us-east-1", err)
		}
	}
	api := func(ctx context.Context, region string) (lookup.API, error) { return env.cloud.CloudTrail(ctx, region) }
	options := []lookup.Option{lookup.WithNarrow(narrow)}
	if len(opt.accounts) > 0 { // of which the history of one is there
		id, err := callerAccount(ctx, env)
		if err != nil {
			return nil, err
		}
		options = append(options, lookup.WithAccount(id))
	}
	return lookup.New(api, regions, options...), nil
}

// parseNarrow reads the attributes of lookup://REGION?event-source=…
func parseNarrow(attributes string) (n lookup.Narrow, err error) {
	values, err := url.ParseQuery(attributes)
	if err != nil {
		return n, usagef("%q: %v", attributes, err)
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		value := values.Get(key)
		switch {
		case len(values[key]) == 1 && value != "" && key == "access-key":
			n.AccessKeyID = value
		case len(values[key]) == 1 && value != "" && key == "event-name":
			n.EventName = value
		case len(values[key]) == 1 && value != "" && key == "event-source":
			n.EventSource = value
		case len(values[key]) == 1 && key == "read-only" && value == "false":
			n.Writes = true
		default:
			return n, usagef("%s=%s: what can be looked up is access-key=ID, event-name=NAME, event-source=NAME or read-only=false", key, value)
		}
	}
	return n, nil
}

// enabledRegions are the Regions that an account uses.
func enabledRegions(ctx context.Context, c *cloud.Cloud) ([]string, error) {
	client, err := c.Account(ctx)
	if err != nil {
		return nil, err
	}
	var regions []string
	pages := account.NewListRegionsPaginator(client, &account.ListRegionsInput{
		RegionOptStatusContains: []accounttypes.RegionOptStatus{accounttypes.RegionOptStatusEnabled, accounttypes.RegionOptStatusEnabledByDefault},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("the Regions of the account: %w", err)
		}
		for _, r := range page.Regions {
			regions = append(regions, aws.ToString(r.RegionName))
		}
	}
	return regions, nil
}

func openLake(ctx context.Context, env Env, name string, _ *readOptions, _ *actionmap.Mapper) (trail.Source, error) {
	store, err := lake.Parse(name)
	if err != nil {
		return nil, usagef("%v", err)
	}
	client, err := env.cloud.CloudTrail(ctx, store.Region())
	if err != nil {
		return nil, err
	}
	return lake.New(client, store, lake.WithScanned(scanned(env, store)), lake.WithSleep(env.sleep)), nil
}

func openLogGroup(ctx context.Context, env Env, name string, _ *readOptions, _ *actionmap.Mapper) (trail.Source, error) {
	group, err := loggroup.Parse(name)
	if err != nil {
		return nil, usagef("%v", err)
	}
	client, err := env.cloud.Logs(ctx, group.Region())
	if err != nil {
		return nil, err
	}
	return loggroup.New(client, group, loggroup.WithScanned(scanned(env, group)), loggroup.WithSleep(env.sleep)), nil
}

// scanned tells of what AWS charges for.
func scanned(env Env, source fmt.Stringer) func(int64) {
	return func(n int64) {
		fmt.Fprintf(env.Stderr, "%s: %s scanned by a query\n", source, humanize.Bytes(uint64(n)))
	}
}
