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
payloads, and profiles from "whittle collect"; plain, gzip or zstd. Several may be mixed.`

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
	if err := checkSources(args); err != nil {
		return nil, err
	}
	var all sources
	var paths []string
	for _, a := range args {
		open := schemes[schemeOf(a)]
		if open == nil {
			paths = append(paths, a)
			continue
		}
		source, err := open(ctx, env, a, opt, m)
		if err != nil {
			return nil, prefixed(a, err)
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

// schemes open the sources that are no files.
var schemes = map[string]func(ctx context.Context, env Env, arg string, opt *readOptions, m *actionmap.Mapper) (trail.Source, error){}

// schemeOf returns what stands before "://", "" for a path.
func schemeOf(arg string) string {
	scheme, _, ok := strings.Cut(arg, "://")
	if !ok {
		return ""
	}
	return scheme
}

// checkSources refuses what is no source, before anything is read.
func checkSources(args []string) error {
	if len(args) == 0 {
		return usagef("SOURCE is missing: name a log file, a folder, or - for standard input")
	}
	for _, a := range args {
		if scheme := schemeOf(a); scheme != "" && schemes[scheme] == nil {
			return usagef("SOURCE %q: %s:// is not a kind of source; use a path, - or %s", a, scheme, strings.Join(slices.Sorted(maps.Keys(schemes)), ", "))
		}
	}
	return nil
}
