// Package lambdaapi reads which Lambda functions use a role, and what their settings ask of it: the
// permissions that Lambda itself uses with the role, many of which CloudTrail never records.
package lambdaapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"golang.org/x/sync/errgroup"

	"github.com/whittle-iam/whittle/policy/current"
)

// API is what is called of AWS Lambda in one Region.
type API interface {
	lambda.ListFunctionsAPIClient
	lambda.ListEventSourceMappingsAPIClient
	lambda.ListFunctionEventInvokeConfigsAPIClient
}

const (
	// maxRegions and maxFunctions bound the requests at once. Lambda allows 15 a second of its control
	// plane for an account and Region (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html);
	// the SDK waits and tries again when it is told to.
	maxRegions   = 8
	maxFunctions = 4
)

// Functions reads the functions of several Regions whose roles are wanted, nil for all, sorted by ARN,
// then role. Published versions count as well, as aliases may run them. If a Region fails, those of the
// others are returned with an error that names it: then it is not known which functions use a role.
func Functions(ctx context.Context, client func(ctx context.Context, region string) (API, error), regions []string, wanted func(role string) bool) ([]current.Function, error) {
	found := make([][]current.Function, len(regions))
	failed := make([]error, len(regions))
	var g errgroup.Group
	g.SetLimit(maxRegions)
	for i, region := range regions {
		g.Go(func() error {
			api, err := client(ctx, region)
			if err == nil {
				found[i], err = inRegion(ctx, api, wanted)
			}
			if err != nil {
				failed[i] = fmt.Errorf("functions in %s: %w", region, err)
			}
			return nil
		})
	}
	g.Wait()
	out := slices.Concat(found...)
	slices.SortFunc(out, func(a, b current.Function) int {
		return cmp.Or(cmp.Compare(a.ARN, b.ARN), cmp.Compare(a.Role, b.Role))
	})
	if err := ctx.Err(); err != nil { // of each Region
		return out, fmt.Errorf("functions: %w", err)
	}
	return out, errors.Join(failed...)
}

// inRegion reads the functions of one Region.
func inRegion(ctx context.Context, api API, wanted func(string) bool) ([]current.Function, error) {
	functions, err := listFunctions(ctx, api, wanted)
	if err != nil || len(functions) == 0 {
		return nil, err
	}
	mappings, err := listMappings(ctx, api)
	if err != nil {
		return nil, err
	}
	for i := range functions {
		functions[i].mappings = mappings[functions[i].arn]
	}
	var g errgroup.Group
	g.SetLimit(maxFunctions)
	for i := range functions {
		f := &functions[i]
		g.Go(func() error {
			var err error
			f.async, err = listEventInvokeConfigs(ctx, api, f.arn)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var out []current.Function
	for _, f := range functions {
		for _, role := range f.roles() {
			if wanted == nil || wanted(role) {
				out = append(out, f.of(role))
			}
		}
	}
	return out, nil
}

// listFunctions lists the functions of which a version has a wanted role, with all of their versions.
func listFunctions(ctx context.Context, api API, wanted func(string) bool) ([]function, error) {
	at := map[string]int{}
	var all []function
	pages := lambda.NewListFunctionsPaginator(api, &lambda.ListFunctionsInput{FunctionVersion: types.FunctionVersionAll})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list functions: %w", err)
		}
		for _, c := range page.Functions {
			arn, qualifier := split(aws.ToString(c.FunctionArn))
			i, ok := at[arn]
			if !ok {
				i = len(all)
				at[arn] = i
				all = append(all, function{arn: arn})
			}
			if v := aws.ToString(c.Version); v != "" {
				qualifier = v
			}
			all[i].versions = append(all[i].versions, version{cmp.Or(qualifier, latest), c})
		}
	}
	return slices.DeleteFunc(all, func(f function) bool {
		return wanted != nil && !slices.ContainsFunc(f.roles(), wanted)
	}), nil
}

// listMappings lists the event source mappings by the ARN of their function.
func listMappings(ctx context.Context, api API) (map[string][]types.EventSourceMappingConfiguration, error) {
	out := map[string][]types.EventSourceMappingConfiguration{}
	pages := lambda.NewListEventSourceMappingsPaginator(api, &lambda.ListEventSourceMappingsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list event source mappings: %w", err)
		}
		for _, m := range page.EventSourceMappings {
			arn, _ := split(aws.ToString(m.FunctionArn))
			out[arn] = append(out[arn], m)
		}
	}
	return out, nil
}

// listEventInvokeConfigs lists the settings for asynchronous calls of a function, those of its versions
// and aliases too. A function that is gone since it was listed has none.
func listEventInvokeConfigs(ctx context.Context, api API, function string) ([]types.FunctionEventInvokeConfig, error) {
	var out []types.FunctionEventInvokeConfig
	pages := lambda.NewListFunctionEventInvokeConfigsPaginator(api, &lambda.ListFunctionEventInvokeConfigsInput{FunctionName: &function})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if gone := (*types.ResourceNotFoundException)(nil); errors.As(err, &gone) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("list destinations of %s: %w", function, err)
		}
		out = append(out, page.FunctionEventInvokeConfigs...)
	}
	return out, nil
}
