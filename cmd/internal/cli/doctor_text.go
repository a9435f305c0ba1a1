package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail/doctor"
)

// writeDoctor writes an examination for eyes. Names in it come from AWS.
func writeDoctor(w io.Writer, r doctor.Report, incomplete bool) error {
	var b bytes.Buffer
	if incomplete {
		fmt.Fprintln(&b, "INCOMPLETE: some trails could not be read; what follows is about the others.")
	}
	fmt.Fprintf(&b, "%s in %s, account %s.\n", report.Plural(int64(len(r.Trails)), "trail"), report.Clean(strings.Join(r.Regions, ", ")), report.Clean(r.Account))
	for _, t := range r.Trails {
		fmt.Fprintf(&b, "\nTrail %s\n", report.Clean(t.ARN))
		for _, line := range trailLines(t) {
			fmt.Fprintf(&b, "  %s\n", report.Clean(line))
		}
	}
	if len(r.Findings) > 0 {
		fmt.Fprintf(&b, "\nFindings (%d)\n", len(r.Findings))
	} else {
		fmt.Fprintln(&b, "\nNothing is hidden.")
	}
	for i, f := range r.Findings {
		fmt.Fprintf(&b, "\n%d. %s", i+1, f.Kind)
		if f.Trail != "" {
			fmt.Fprintf(&b, ", trail %s", report.Clean(f.Trail[strings.LastIndex(f.Trail, "/")+1:]))
		}
		if len(f.Regions) > 0 {
			fmt.Fprintf(&b, ", in %s", report.Clean(strings.Join(f.Regions, ", ")))
		}
		fmt.Fprintln(&b)
		for _, part := range []struct{ label, text string }{{"", f.What}, {"Hides: ", f.Hides}, {"Change: ", f.Change}} {
			if part.text != "" {
				fmt.Fprintln(&b, wrap(report.Clean(part.label+part.text), 100, "   "))
			}
		}
		if f.Command != "" {
			fmt.Fprintf(&b, "   $ %s\n", report.Clean(f.Command))
		}
	}
	if changesTwice(r.Findings) {
		fmt.Fprintln(&b, "\nput-event-selectors replaces all selectors of a trail. Each such command above holds the trail's own and the\nchanges of those before it: run them in order, or only the last that you want.")
	}
	_, err := w.Write(b.Bytes())
	return err
}

// changesTwice reports whether two commands replace the selectors of one trail.
func changesTwice(findings []doctor.Finding) bool {
	seen := map[string]bool{}
	for _, f := range findings {
		if strings.HasPrefix(f.Command, "aws cloudtrail put-event-selectors ") {
			if seen[f.Trail] {
				return true
			}
			seen[f.Trail] = true
		}
	}
	return false
}

// trailLines say how a trail is.
func trailLines(t *doctor.Trail) []string {
	var kind []string
	if t.Organization {
		kind = append(kind, "of the organisation")
	}
	if t.MultiRegion {
		kind = append(kind, "all Regions")
	} else {
		kind = append(kind, "of "+t.HomeRegion+" only")
	}
	if !t.Unread {
		if t.Logging {
			kind = append(kind, "logging since "+dayOf(t.Started))
		} else {
			kind = append(kind, "not logging")
		}
		kind = append(kind, "last file "+dayOf(t.Delivered))
	}
	place := "bucket " + t.Bucket
	if t.Prefix != "" {
		place += "/" + t.Prefix
	}
	switch {
	case t.FirstDay != "":
		place += ", logs since " + t.FirstDay
	case t.FirstDayError != "":
		place += ", which cannot be listed: " + t.FirstDayError
	case !t.Unread:
		place += ", no logs of this account found"
	}
	return []string{strings.Join(kind, ", "), place}
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format(time.DateOnly)
}
