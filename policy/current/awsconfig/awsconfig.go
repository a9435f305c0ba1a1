// Package awsconfig reads the policies that roles have now from what AWS Config recorded of them, for
// organisations that let nobody read IAM.
//
// AWS Config records roles (AWS::IAM::Role) with their inline policies, and customer managed policies
// (AWS::IAM::Policy), some minutes after they change. It records neither the managed policies of AWS nor
// when a role was last used
// (https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html).
package awsconfig

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/smithy-go"

	"github.com/whittle-iam/whittle/policy/current"
)

// API is what Read calls of a client of AWS Config.
type API interface {
	SelectResourceConfig(context.Context, *configservice.SelectResourceConfigInput, ...func(*configservice.Options)) (*configservice.SelectResourceConfigOutput, error)
	SelectAggregateResourceConfig(context.Context, *configservice.SelectAggregateResourceConfigInput, ...func(*configservice.Options)) (*configservice.SelectAggregateResourceConfigOutput, error)
	ListDiscoveredResources(context.Context, *configservice.ListDiscoveredResourcesInput, ...func(*configservice.Options)) (*configservice.ListDiscoveredResourcesOutput, error)
	BatchGetResourceConfig(context.Context, *configservice.BatchGetResourceConfigInput, ...func(*configservice.Options)) (*configservice.BatchGetResourceConfigOutput, error)
}

// Options say what to read.
type Options struct {
	// Aggregator names the configuration aggregator to ask; empty for the records of the client's own
	// account and Region.
	Aggregator string
	// Patterns choose roles as current.Set.Choose does. Here it is no error if one names no role.
	Patterns []string
	// Library, if not nil, knows managed policies that AWS Config does not, by ARN.
	Library func(arn string) (current.Policy, bool)
	// History, if not nil, returns a client for the account of a role, in the Region that records IAM there,
	// and policies then tell since when roles have them: see HistoryAPI.
	History func(ctx context.Context, account string) (HistoryAPI, error)
	// Since is how far back the history is read; zero for all that AWS Config keeps.
	Since time.Time
}

// Read reads the roles that any of the patterns names, all of them if there is none. A managed policy of
// which neither AWS Config nor the library has the document is in the role's Missing. What fails otherwise
// is an error, and the set is then empty: a part of an account looks like an account.
func Read(ctx context.Context, api API, opt Options) (current.Set, error) {
	r := &reader{api: api, opt: opt, library: map[string]current.Policy{}}
	if err := r.roles(ctx); err != nil {
		return current.Set{}, err
	}
	if err := r.managed(ctx); err != nil {
		return current.Set{}, err
	}
	r.complete()
	if opt.History != nil {
		if err := r.histories(ctx); err != nil {
			return current.Set{}, err
		}
	}
	set := current.Set{Managed: slices.Collect(maps.Values(r.library)), Notes: r.notes}
	for _, d := range r.details {
		role := d.role.Resolve(d.attached, d.boundary, r.library)
		d.since.date(&role)
		set.Roles = append(set.Roles, role)
	}
	set.Sort()
	return set, nil
}

// A reader holds what was read so far.
type reader struct {
	api     API
	opt     Options
	details []detail
	// library are managed policies by ARN.
	library map[string]current.Policy
	notes   []string
	// size is how much text was read.
	size int
}

func (r *reader) notef(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
}

// roles reads the roles. Exact names go into the query. It tells names by case, as IAM does not, so that
// where it misses one all roles are read.
func (r *reader) roles(ctx context.Context) error {
	items, err := r.items(ctx, roleType, r.filter())
	if err != nil {
		return err
	}
	if err := r.addRoles(items); err != nil {
		return err
	}
	missed := func(p string) bool {
		return !slices.ContainsFunc(r.details, func(d detail) bool { return d.role.Is(p) })
	}
	if r.filter() != nil && slices.ContainsFunc(r.opt.Patterns, missed) {
		r.details, r.notes = nil, nil
		if items, err = r.items(ctx, roleType, nil); err != nil {
			return err
		}
		if err := r.addRoles(items); err != nil {
			return err
		}
	}
	if len(items) == 0 {
		r.notef("AWS Config has no IAM roles here: it records them in the Regions where its recorder includes global resources.")
	}
	return nil
}

// filter returns the names of the roles, nil if patterns do not tell them.
func (r *reader) filter() []string {
	var names []string
	for _, p := range r.opt.Patterns {
		if strings.ContainsAny(p, "*?") {
			return nil
		}
		names = append(names, current.BaseName(p))
	}
	return names
}

func (r *reader) addRoles(items []item) error {
	for _, i := range items {
		d, err := i.role()
		if err != nil {
			return fmt.Errorf("AWS Config's record of %s: %w", i, err)
		}
		if len(r.opt.Patterns) == 0 || slices.ContainsFunc(r.opt.Patterns, d.role.Is) {
			r.details = append(r.details, d)
		}
	}
	return nil
}

func hasCode(err error, codes ...string) bool {
	var failed smithy.APIError
	return errors.As(err, &failed) && slices.Contains(codes, failed.ErrorCode())
}
