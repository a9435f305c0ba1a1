package cli

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// readOptions say what to read of the sources. Every command that reads them has these flags.
type readOptions struct {
	since, until      string
	accounts, regions []string
	sourceOptions
}

func (o *readOptions) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.since, "since", "", "use events from this `time` on (2026-10-01 or 2026-10-01T08:00:00Z)")
	f.StringVar(&o.until, "until", "", "use events before this `time`")
	f.StringSliceVar(&o.accounts, "accounts", nil, "read only these `account` numbers")
	f.StringSliceVar(&o.regions, "regions", nil, "read only these `regions`")
	o.sourceOptions.addFlags(f)
}

var (
	accountForm = regexp.MustCompile(`^[0-9]{12}$`)
	regionForm  = regexp.MustCompile(`^[a-z]{2,}(-[a-z0-9]+)+$`)
)

// query checks the flags and makes the query that they ask for.
func (o *readOptions) query() (trail.Query, error) {
	q := trail.Query{Accounts: o.accounts, Regions: o.regions}
	var err error
	if q.Since, err = parseTime("--since", o.since); err != nil {
		return q, err
	}
	if q.Until, err = parseTime("--until", o.until); err != nil {
		return q, err
	}
	if !q.Since.IsZero() && !q.Until.IsZero() && !q.Since.Before(q.Until) {
		return q, usagef("--until %s is not after --since %s", o.until, o.since)
	}
	for _, a := range o.accounts {
		if !accountForm.MatchString(a) {
			return q, usagef("--accounts %q: an account number has twelve digits", a)
		}
	}
	for _, r := range o.regions {
		if !regionForm.MatchString(r) {
			return q, usagef("--regions %q: write Regions as eu-west-1,us-east-1", r)
		}
	}
	return q, nil
}

func parseTime(flag, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, usagef("%s %q: write a UTC day as 2026-10-01 or a time as 2026-10-01T08:00:00Z", flag, s)
}

// A loaded log is what the sources held, ready for analysis.
type loaded struct {
	// usages are as read; attributed with functions by the commands that need them.
	usages []trail.Usage
	stats  trail.Stats
	input  report.Input
}

// load reads all sources. On an error, what was read before it is returned with it, and Stats.Gaps says that
// it is not all.
func load(ctx context.Context, env Env, args []string, opt *readOptions, m *actionmap.Mapper) (loaded, error) {
	var out loaded
	q, err := opt.query()
	if err != nil {
		return out, err
	}
	src, err := openSource(ctx, env, args, opt, m)
	if err != nil {
		return out, err
	}
	var problems []string
	q.Fields = m.Fields
	q.Stats = &out.stats
	q.OnSkip = func(s trail.Skip) {
		if len(problems) < report.MaxProblems {
			problems = append(problems, describeSkip(s))
		}
	}
	stop := func() {}
	if env.Terminal {
		q.OnProgress, stop = showProgress(ctx, env.Stderr)
	}
	for u, e := range src.Usage(ctx, q) {
		if e != nil {
			err = e
			break
		}
		out.usages = append(out.usages, u)
	}
	stop()
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("interrupted: %w", err)
	}
	if err != nil {
		out.stats.Add(trail.Stats{Gaps: []trail.Gap{{Kind: trail.GapPartial, Source: strings.Join(args, " "), Detail: err.Error()}}})
	}
	out.input = inputOf(args, out.stats, problems)
	return out, err
}

// loadAll is load for commands whose answer has to rest on everything: what was read before an error is
// kept in a profile, of which the error tells.
func loadAll(ctx context.Context, env Env, args []string, opt *readOptions, m *actionmap.Mapper) (loaded, error) {
	in, err := load(ctx, env, args, opt, m)
	if err == nil || len(in.usages) == 0 {
		return in, err
	}
	return in, joined(err, keepPartial(in, args, opt.state))
}

// loadRoles is what the commands on roles begin with: the rules, the log, and the chosen roles.
func loadRoles(ctx context.Context, env Env, args []string, read *readOptions, roles *roleOptions) (*actionmap.Mapper, loaded, []roleUsage, error) {
	m, err := actionmap.New()
	if err != nil {
		return nil, loaded{}, nil, err
	}
	in, err := loadAll(ctx, env, args, read, m)
	if err != nil {
		return nil, in, nil, err
	}
	if len(in.usages) == 0 {
		return nil, in, nil, noEvents(in.input)
	}
	chosen, err := roles.choose(in.usages, env.Stderr)
	return m, in, chosen, keepWhole(err, in, args, read.state)
}

// errNoEvents ends a command for which the log holds nothing. An empty answer would read as "this
// role needs nothing".
var errNoEvents = errors.New("no events found")

// noEvents explains an empty result by what was read instead.
func noEvents(in report.Input) error {
	var seen []string
	for _, c := range append(in.Skipped, in.SkippedFiles...) {
		seen = append(seen, fmt.Sprintf("%d %s", c.Count, c.Reason))
	}
	msg := fmt.Sprintf("records read: %d, files: %d", in.Records, in.Files)
	if len(seen) > 0 {
		msg += ": " + strings.Join(seen, ", ")
	}
	errs := []error{fmt.Errorf("%w of an assumed role in %s (%s); check the path, --since, --until, --accounts and --regions",
		errNoEvents, strings.Join(in.Sources, " "), msg)}
	for _, p := range in.Problems {
		errs = append(errs, errors.New("skipped: "+p))
	}
	return errors.Join(errs...)
}
