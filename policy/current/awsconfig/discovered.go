package awsconfig

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"
)

// discovered returns the records of a type by
// https://docs.aws.amazon.com/config/latest/APIReference/API_ListDiscoveredResources.html and
// https://docs.aws.amazon.com/config/latest/APIReference/API_BatchGetResourceConfig.html.
func (r *reader) discovered(ctx context.Context, kind string, names []string) ([]item, error) {
	in := &configservice.ListDiscoveredResourcesInput{ResourceType: types.ResourceType(kind), Limit: pageSize}
	var out []item
	for {
		page, err := r.api.ListDiscoveredResources(ctx, in)
		if err != nil {
			return nil, err
		}
		var keys []types.ResourceKey
		for _, found := range page.ResourceIdentifiers {
			wanted := func(n string) bool { return strings.EqualFold(n, aws.ToString(found.ResourceName)) }
			if names == nil || slices.ContainsFunc(names, wanted) {
				keys = append(keys, types.ResourceKey{ResourceType: types.ResourceType(kind), ResourceId: found.ResourceId})
			}
		}
		for batch := range slices.Chunk(keys, pageSize) {
			items, err := r.batch(ctx, batch)
			if err != nil {
				return nil, err
			}
			out = append(out, items...)
		}
		more, err := advance(in.NextToken, page.NextToken)
		if err != nil || !more {
			return out, err
		}
		in.NextToken = page.NextToken
	}
}

// batch returns the records of resources. What AWS Config leaves over is asked for again, as long as that
// becomes less.
func (r *reader) batch(ctx context.Context, keys []types.ResourceKey) ([]item, error) {
	var out []item
	for len(keys) > 0 {
		page, err := r.api.BatchGetResourceConfig(ctx, &configservice.BatchGetResourceConfigInput{ResourceKeys: keys})
		if err != nil {
			return nil, err
		}
		for _, b := range page.BaseConfigurationItems {
			i := newItem(b.Arn, b.ResourceId, b.ResourceName, b.ConfigurationItemStatus, b.Configuration, b.ConfigurationItemCaptureTime)
			if err := r.count(len(i.Configuration)); err != nil {
				return nil, err
			}
			out = append(out, i)
		}
		if len(page.UnprocessedResourceKeys) >= len(keys) {
			return nil, fmt.Errorf("%s and %d more: %w", aws.ToString(keys[0].ResourceId), len(keys)-1, errUnprocessed)
		}
		keys = page.UnprocessedResourceKeys
	}
	return out, nil
}

var errUnprocessed = errors.New("AWS Config leaves the resources unprocessed")
