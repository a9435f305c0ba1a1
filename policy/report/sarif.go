package report

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// What GitHub takes of a run: https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning
const (
	sarifResults = 25_000
	sarifBytes   = 10_000_000 // compressed
)

// ErrNoPlace says that a format cannot write a report.
var ErrNoPlace = errors.New("SARIF needs a place in a file for each result, and proposals of policies have none; use text, json or markdown")

// SARIF writes the results of lint, diff and unused as SARIF 2.1.0
// (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), one run a section. Each result has
// a rule, a place and a fingerprint that stays while lines move. A report with Roles is ErrNoPlace.
//
// No more results are written than GitHub takes; those of the highest level stay, and a notification of
// the run says how many were left out.
func SARIF(w io.Writer, r Report) error { return writeSarif(w, r, sarifResults, sarifBytes) }

func writeSarif(w io.Writer, r Report, results, size int) error {
	if len(r.Roles) > 0 {
		return ErrNoPlace
	}
	var all []sarifSection
	if len(r.Comparisons) > 0 {
		all = append(all, sarifComparisons(r.Comparisons))
	}
	if r.Lint != nil {
		all = append(all, sarifLint(*r.Lint))
	}
	if len(r.Unused) > 0 {
		all = append(all, sarifUnused(r.Unused))
	}
	if len(all) == 0 {
		all = []sarifSection{{name: "none"}}
	}
	for most := results; ; most /= 2 {
		var b bytes.Buffer
		if err := Encode(&b, newSarifLog(r, all, most)); err != nil {
			return err
		}
		fits, err := compressesTo(b.Bytes(), size)
		if err != nil {
			return fmt.Errorf("write SARIF: %w", err)
		}
		if !fits && most > 0 {
			continue
		}
		if _, err := w.Write(b.Bytes()); err != nil {
			return fmt.Errorf("write SARIF: %w", err)
		}
		return nil
	}
}

func compressesTo(data []byte, most int) (bool, error) {
	if len(data) <= most {
		return true, nil
	}
	var c counter
	z := gzip.NewWriter(&c)
	if _, err := z.Write(data); err != nil {
		return false, err
	}
	if err := z.Close(); err != nil {
		return false, err
	}
	return int(c) <= most, nil
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// A sarifSection is what becomes a run.
type sarifSection struct {
	name    string
	rules   []sarifRule
	results []sarifResult
}

func newSarifLog(r Report, sections []sarifSection, most int) sarifLog {
	log := sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0"}
	name, version, _ := strings.Cut(r.Tool, " ")
	for _, s := range sections {
		run := sarifRun{
			Tool: sarifTool{Driver: sarifDriver{
				Name: name, Version: version, InformationURI: "https://github.com/whittle-iam/whittle", Rules: list(s.rules),
			}},
			Automation:  sarifAutomation{ID: "whittle/" + s.name + "/"},
			Invocations: []sarifInvocation{sarifRunOf(r.Input)},
			ColumnKind:  "unicodeCodePoints",
			Results:     list(distinct(s.results)),
		}
		if left := len(run.Results) - most; left > 0 {
			run.Results = worst(run.Results, most)
			run.Invocations[0].Notifications = append(run.Invocations[0].Notifications, sarifNotification{
				Level:      "warning",
				Descriptor: sarifReference{ID: "results-left-out"},
				Message:    sarifText{Text: Plural(int64(left), "result") + " left out, as code scanning takes no more; the report in another format has all."},
			})
		}
		for i, r := range run.Results {
			run.Results[i].RuleIndex = slices.IndexFunc(s.rules, func(rule sarifRule) bool { return rule.ID == r.RuleID })
		}
		log.Runs = append(log.Runs, run)
	}
	return log
}

// sarifRunOf says how the reading of the log went: one that ended early was no successful execution.
func sarifRunOf(in Input) sarifInvocation {
	out := sarifInvocation{Successful: true}
	for _, g := range in.Gaps {
		n := sarifNotification{Level: "warning", Descriptor: sarifReference{ID: g.Kind}, Message: sarifText{Text: "Not shown by " + Clean(g.Source) + ": " + Clean(g.Detail)}}
		if g.Kind == Partial {
			out.Successful = false
			n.Level, n.Message.Text = "error", "INCOMPLETE: "+Clean(g.Source)+" was not read to its end: "+Clean(g.Detail)
		}
		out.Notifications = append(out.Notifications, n)
	}
	return out
}

// worst returns the n results of the highest level, in their order otherwise.
func worst(results []sarifResult, n int) []sarifResult {
	rank := map[string]int{"error": 0, "warning": 1, "note": 2}
	out := slices.Clone(results)
	slices.SortStableFunc(out, func(a, b sarifResult) int { return rank[a.Level] - rank[b.Level] })
	return out[:n]
}

// distinct numbers results with the same fingerprint, so that none stands for another.
func distinct(results []sarifResult) []sarifResult {
	seen := map[string]int{}
	out := slices.Clone(results)
	for i := range out {
		print := out[i].RuleID + " " + out[i].Fingerprints.Line
		seen[print]++
		out[i].Fingerprints.Line += fmt.Sprintf(":%d", seen[print])
	}
	return out
}

// list returns an empty list for nil, as JSON would show null.
func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
