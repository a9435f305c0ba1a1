package awsconfig

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"golang.org/x/sync/errgroup"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
)

// HistoryAPI is what Read calls for the history of a role, at least once for each.
//
// Of the history comes since when a role has had a policy. Created of an inline policy is the time of the
// first record of the unbroken run of records up to now in which the policy says the same; that of an
// attached managed policy is the later of when its version was made and the first record of the run in
// which it is attached.
//
// A record is made after what it records. So Created is then never earlier than the policy was granted,
// as far as AWS Config saw it, and may be later: where the history begins with the policy in place it is
// the time of the oldest record, and where there is none that of the role's last change. This errs on
// the side that takes less away: what counts as granted lately is kept. What AWS Config cannot see are
// grants that were taken away and given back between two records, and managed policies that were set back
// to an older version.
type HistoryAPI interface {
	GetResourceConfigHistory(context.Context, *configservice.GetResourceConfigHistoryInput, ...func(*configservice.Options)) (*configservice.GetResourceConfigHistoryOutput, error)
}

// historiesAtOnce is how many histories are read at once.
const historiesAtOnce = 4

// since holds since when a role has its policies.
type since struct {
	inline, attached map[string]time.Time // by name, by ARN
}

// date writes the times into the role.
func (s *since) date(r *current.Role) {
	if s == nil {
		return
	}
	for i := range r.Policies {
		p := &r.Policies[i]
		if p.Kind == current.Inline {
			p.Created = s.inline[p.Name]
		} else if t := s.attached[p.ARN]; t.After(p.Created) {
			p.Created = t
		}
	}
}

// histories reads the history of each role.
func (r *reader) histories(ctx context.Context) error {
	notes := make([]string, len(r.details))
	clients := r.clients()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(historiesAtOnce)
	for i := range r.details {
		d := &r.details[i]
		g.Go(func() error {
			api, err := clients(ctx, d.role.ARN)
			if err == nil {
				notes[i], err = d.history(ctx, api, r.opt.Since)
			}
			if err != nil {
				return fmt.Errorf("AWS Config's history of %s: %w", d.role.ARN, err)
			}
			return nil
		})
	}
	err := g.Wait()
	r.notes = append(r.notes, slices.DeleteFunc(notes, func(n string) bool { return n == "" })...)
	return err
}

// clients returns a function that makes one client for each account.
func (r *reader) clients() func(ctx context.Context, role string) (HistoryAPI, error) {
	var mu sync.Mutex
	made := map[string]HistoryAPI{}
	return func(ctx context.Context, role string) (HistoryAPI, error) {
		a, err := policy.ParseARN(role)
		if err != nil {
			return nil, err
		}
		mu.Lock()
		defer mu.Unlock()
		if api, ok := made[a.Account]; ok {
			return api, nil
		}
		api, err := r.opt.History(ctx, a.Account)
		if err == nil {
			made[a.Account] = api
		}
		return api, err
	}
}

// history reads the records of a role from the newest on
// (https://docs.aws.amazon.com/config/latest/APIReference/API_GetResourceConfigHistory.html) until no
// policy of now is in place any more.
func (d *detail) history(ctx context.Context, api HistoryAPI, from time.Time) (note string, err error) {
	if d.item.captured.IsZero() {
		return fmt.Sprintf("AWS Config does not say when it recorded %s, so that it is not known since when it has its policies.", d.role.ARN), nil
	}
	run := newRun(d)
	in := &configservice.GetResourceConfigHistoryInput{
		ResourceType: types.ResourceType(roleType), ResourceId: &d.item.ResourceID,
		ChronologicalOrder: types.ChronologicalOrderReverse, Limit: pageSize,
	}
	d.since = run.since
	for !run.done() {
		page, err := api.GetResourceConfigHistory(ctx, in)
		if hasCode(err, "ResourceNotDiscoveredException") {
			return fmt.Sprintf("AWS Config has no history of %s.", d.role.ARN), nil
		}
		if err != nil {
			return "", err
		}
		for _, h := range page.ConfigurationItems {
			i := newItem(h.Arn, h.ResourceId, h.ResourceName, h.ConfigurationItemStatus, h.Configuration, h.ConfigurationItemCaptureTime)
			if err := run.back(i); err != nil {
				return "", fmt.Errorf("the record of %s: %w", i.captured.Format(time.RFC3339), err)
			}
			if i.captured.Before(from) {
				return "", nil
			}
		}
		more, err := advance(in.NextToken, page.NextToken)
		if err != nil || !more {
			return "", err
		}
		in.NextToken = page.NextToken
	}
	return "", nil
}

// A run follows back in time what a role has now, as long as it is there.
type run struct {
	since    *since
	now      time.Time
	inline   []current.Policy
	attached []string
}

func newRun(d *detail) *run {
	r := &run{
		since: &since{inline: map[string]time.Time{}, attached: map[string]time.Time{}},
		now:   d.item.captured, inline: slices.Clone(d.role.Policies), attached: slices.Clone(d.attached),
	}
	r.at(d.item.captured)
	return r
}

// at says that all that is followed was there at a time.
func (r *run) at(t time.Time) {
	for _, p := range r.inline {
		r.since.inline[p.Name] = t
	}
	for _, arn := range r.attached {
		r.since.attached[arn] = t
	}
}

func (r *run) done() bool { return len(r.inline)+len(r.attached) == 0 }

// back takes the next older record. A record without the role's configuration, as when it was deleted or
// not recorded, ends all runs: what was granted then is not known.
func (r *run) back(i item) error {
	switch {
	case i.captured.After(r.now):
		return nil // newer than what was read
	case i.deleted() || i.unrecorded() || len(i.Configuration) == 0 || i.captured.IsZero():
		r.inline, r.attached = nil, nil
		return nil
	}
	then, err := i.role()
	if err != nil {
		return err
	}
	r.inline = slices.DeleteFunc(r.inline, func(p current.Policy) bool {
		q := then.inline(p.Name)
		return q == nil || !p.Same(*q)
	})
	r.attached = slices.DeleteFunc(r.attached, func(arn string) bool { return !slices.Contains(then.attached, arn) })
	r.at(i.captured)
	return nil
}
