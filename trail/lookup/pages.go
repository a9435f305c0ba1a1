package lookup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/reading"
)

// maxResults is the largest page that LookupEvents gives.
const maxResults = 50

// A request is what all pages of a reading have in common.
type request struct {
	from, to time.Time
	narrow   Narrow
}

// input returns the request for the page of a token, nil for the first.
func (q *request) input(token *string) *cloudtrail.LookupEventsInput {
	in := &cloudtrail.LookupEventsInput{
		// The end is included, and the Observer leaves out what lies on it.
		StartTime: aws.Time(q.from), EndTime: aws.Time(q.to),
		MaxResults: aws.Int32(maxResults), NextToken: token,
	}
	if a := q.narrow.attribute(); a != nil {
		in.LookupAttributes = []types.LookupAttribute{*a}
	}
	return in
}

// A page is what one request brought.
type page struct {
	observed []observed
	err      error // ends the Region
}

type observed struct {
	trail.Observation
	id string
}

// A region is one Region on its way.
type region struct {
	name    string
	pages   chan page // closed at the end
	records int64
}

// read takes in the pages of the Regions in turn, one of each, so that they are read at the same time, the
// order is a function of the pages alone, and no more than two pages of each are held.
func (s *Source) read(ctx context.Context, r *reading.Reading, names []string, q request) error {
	ctx, cancel := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	var open []*region
	for _, name := range names {
		one := &region{name: name, pages: make(chan page, 1)}
		open = append(open, one)
		running.Go(func() {
			defer close(one.pages)
			if err := s.follow(ctx, r, one, q); err != nil {
				one.send(ctx, page{err: err})
			}
		})
	}
	failed := map[string]error{}
	for len(open) > 0 {
		open = slices.DeleteFunc(open, func(one *region) bool {
			p, more := one.receive(ctx)
			if p.err != nil {
				failed[one.name] = fmt.Errorf("lookup://%s: after %d events: %w", one.name, one.records, p.err)
			}
			place := "lookup://" + one.name
			for i := range p.observed {
				o := &p.observed[i]
				one.records++
				r.Add(&o.Observation, place+" event "+o.id, one.records)
			}
			return !more
		})
		r.Progress()
	}
	var errs []error
	for _, name := range names {
		errs = append(errs, failed[name])
	}
	return errors.Join(errs...)
}

// follow sends the pages of a Region.
func (s *Source) follow(ctx context.Context, r *reading.Reading, one *region, q request) error {
	api, err := s.api(ctx, one.name)
	if err != nil {
		return err
	}
	limiter := s.limiter(one.name)
	for token := (*string)(nil); ; {
		if err := limiter.Wait(ctx); err != nil {
			return err
		}
		out, err := api.LookupEvents(ctx, q.input(token))
		if err != nil {
			return err
		}
		p := page{observed: make([]observed, len(out.Events))}
		for i := range out.Events {
			e := &out.Events[i]
			p.observed[i] = observed{r.Observe(aws.ToString(e.CloudTrailEvent)), aws.ToString(e.EventId)}
		}
		if !one.send(ctx, p) || aws.ToString(out.NextToken) == "" {
			return nil
		}
		if token != nil && *token == *out.NextToken {
			return errors.New("CloudTrail gave the same page token twice")
		}
		token = out.NextToken
	}
}

func (one *region) send(ctx context.Context, p page) bool {
	select {
	case one.pages <- p:
		return true
	case <-ctx.Done():
		return false
	}
}

// receive returns the next page; no more says that there is none.
func (one *region) receive(ctx context.Context) (p page, more bool) {
	select {
	case p, more = <-one.pages:
	case <-ctx.Done():
	}
	return p, more
}
