package cli

import (
	"io"
	"strings"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/logfile"
)

const sourceHelp = `SOURCE is a file, a folder (read with all below it), a glob, or "-" for standard input. Formats are
found by content: files as CloudTrail delivers them, JSON lines, a single record, a JSON array,
"aws cloudtrail lookup-events" output, EventBridge events, CloudWatch Logs exports and subscription
payloads, and profiles from "whittle collect"; plain, gzip or zstd. Several may be mixed.`

// openSource turns SOURCE arguments into one source. It is the only place that knows the kinds.
func openSource(args []string, stdin io.Reader) (trail.Source, error) {
	if len(args) == 0 {
		return nil, usagef("SOURCE is missing: name a log file, a folder, or - for standard input")
	}
	for _, a := range args {
		if scheme, _, ok := strings.Cut(a, "://"); ok {
			return nil, usagef("SOURCE %q: %s:// is not a kind of source; use a path or -", a, scheme)
		}
	}
	return logfile.New(args, logfile.WithStdin(stdin)), nil
}
