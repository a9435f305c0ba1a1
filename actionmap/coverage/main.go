// Coverage prints how much of AWS the mapping knows: for each service its operations, and how each of
// them maps to IAM actions. It also compares the mapping with AWS's own tables of what operations need.
//
// Usage, from the root of the project:
//
//	go run ./actionmap/coverage           one line a service, and the totals
//	go run ./actionmap/coverage -gaps     the operations that map to nothing, or not as AWS says
//	go run ./actionmap/coverage -markdown the same by service prefix, and what CloudTrail records
//
// The last one is docs/mapping.md.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/whittle-iam/whittle/actionmap"
)

//go:generate go run ./internal/gen -version 1.43.11 operations.txt

func main() {
	gaps := flag.Bool("gaps", false, "list the operations that map to nothing or not as AWS says, instead of the table")
	markdown := flag.Bool("markdown", false, "write docs/mapping.md instead of the table")
	flag.Parse()
	write := writeTable
	switch {
	case *gaps:
		write = writeGaps
	case *markdown:
		write = writeMarkdown
	}
	if err := run(os.Stdout, write); err != nil {
		fmt.Fprintln(os.Stderr, "coverage:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, write func(io.Writer, []result) error) error {
	results, err := measureAll()
	if err != nil {
		return err
	}
	return write(w, results)
}

// measureAll measures the embedded mapping.
func measureAll() ([]result, error) {
	m, err := actionmap.New()
	if err != nil {
		return nil, err
	}
	services, err := loadServices()
	if err != nil {
		return nil, err
	}
	listed, err := loadListed()
	if err != nil {
		return nil, err
	}
	names, err := loadNaming()
	if err != nil {
		return nil, err
	}
	return measure(m, names, services, listed), nil
}

func writeTable(w io.Writer, results []result) error {
	t := tabwriter.NewWriter(w, 2, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "SERVICE\tOPERATIONS\tBY NAME\tBY RULE\tNO PERMISSION\tUNMAPPED\tRESOURCE BY RULE\tGENERIC\tNONE TO NAME\tAWS LISTS\tAGREE\t")
	line := func(name string, c counts) {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", name,
			c.operations, c.byName, c.byRule, c.noPermission, c.unmapped, c.derived, c.generic, c.none, c.listed, c.agree)
	}
	var total counts
	for _, r := range results {
		line(r.service, r.counts)
		total.add(r.counts)
	}
	line("TOTAL", total)
	if err := t.Flush(); err != nil {
		return err
	}
	mapped := total.operations - total.unmapped
	_, err := fmt.Fprintf(w, "\n%d of %d operations map to actions of the reference or are known to need none: %.2f%%\n%d of %d operations that AWS lists map to what it lists: %.2f%%\n",
		mapped, total.operations, percent(mapped, total.operations), total.agree, total.listed, percent(total.agree, total.listed))
	return err
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(whole, 1)) }

func writeGaps(w io.Writer, results []result) error {
	for _, r := range results {
		for _, g := range r.gaps {
			if _, err := fmt.Fprintf(w, "%s %s: %s\n", r.service, g.operation, g.why); err != nil {
				return err
			}
		}
	}
	return nil
}

// list writes actions, sorted, for a gap.
func list(actions []string) string {
	actions = slices.Clone(actions)
	slices.Sort(actions)
	return strings.Join(slices.Compact(actions), " ")
}
