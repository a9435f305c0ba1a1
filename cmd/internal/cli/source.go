package cli

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/logfile"
)

const sourceHelp = `SOURCE is a file, a folder (read with all below it), a glob, or "-" for standard input. Formats are
found by content: files as CloudTrail delivers them, JSON lines, a single record, a JSON array,
"aws cloudtrail lookup-events" output, EventBridge events, CloudWatch Logs exports and subscription
payloads, and profiles from "whittle collect"; plain, gzip or zstd. Or SOURCE is in AWS:

  s3://BUCKET/PREFIX         what a trail delivered to a bucket, below any level of its folders
  athena://DATABASE/TABLE    the same through Amazon Athena, which aggregates where the logs are;
                             ?workgroup=NAME&output=s3://BUCKET/PREFIX
  lookup://REGION,...        CloudTrail's Event history: 90 days, no data events; all Regions if none is named;
                             narrower by ?event-source=NAME, event-name=, access-key= or read-only=false
  logs://LOG-GROUP           a log group of CloudWatch Logs that a trail delivers to
  lake://EVENT-DATA-STORE    CloudTrail Lake, which AWS has closed to new customers

Several may be mixed; a call that two of them hold counts twice.`

// sourceOptions are flags for some kinds of sources.
type sourceOptions struct {
	state         string
	requesterPays bool
	maxScan       string
}

func (o *sourceOptions) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.state, "state", "", "s3://: remember in `FILE` what was read, and read only what is new")
	f.BoolVar(&o.requesterPays, "requester-pays", false, "s3://: pay for reading a bucket whose owner lets requesters pay")
	f.StringVar(&o.maxScan, "max-scan", "", "athena://: do not run a query that would scan more than `SIZE` (for example 200GB)")
}

// openSource turns SOURCE arguments into one source. It is the only place that knows the kinds.
func openSource(ctx context.Context, env Env, args []string, opt *readOptions, m *actionmap.Mapper) (trail.Source, error) {
	if err := opt.check(args); err != nil {
		return nil, err
	}
	var all sources
	var paths []string
	for _, a := range args {
		scheme := schemeOf(a)
		if scheme == "" {
			paths = append(paths, a)
			continue
		}
		source, err := schemes[scheme](ctx, env, strings.TrimPrefix(a, scheme+"://"), opt, m)
		if err != nil {
			return nil, prefixed("SOURCE "+a, err)
		}
		all = append(all, source)
	}
	if paths != nil {
		all = append(all, logfile.New(paths, logfile.WithStdin(env.Stdin)))
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return all, nil
}

// schemeOf returns what stands before "://", "" for a path.
func schemeOf(arg string) string {
	scheme, _, ok := strings.Cut(arg, "://")
	if !ok {
		return ""
	}
	return scheme
}

// check refuses what is no source, and flags that no source has, before anything is read.
func (o *sourceOptions) check(args []string) error {
	if len(args) == 0 {
		return usagef("SOURCE is missing: name a log file, a folder, or - for standard input")
	}
	count := map[string]int{}
	for _, a := range args {
		scheme := schemeOf(a)
		count[scheme]++
		if scheme != "" && schemes[scheme] == nil {
			return usagef("SOURCE %q: %s:// is not a kind of source; use a path, -, or %s://", a, scheme, strings.Join(slices.Sorted(maps.Keys(schemes)), "://, "))
		}
	}
	switch {
	case o.state != "" && count["s3"] != 1:
		return usagef("--state: it remembers what was read of one s3:// source, and there are %d", count["s3"])
	case o.requesterPays && count["s3"] == 0:
		return usagef("--requester-pays: there is no s3:// source")
	case o.maxScan != "" && count["athena"] == 0:
		return usagef("--max-scan: there is no athena:// source")
	}
	_, err := o.maxScanBytes()
	return err
}
