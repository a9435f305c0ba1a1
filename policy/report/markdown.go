package report

import (
	"fmt"
	"io"
	"strings"
)

// markdownLimit is the length in bytes that Markdown never exceeds: GitHub takes 65,536 characters in
// a comment (https://github.com/orgs/community/discussions/27190), and whoever posts it may add some.
const markdownLimit = 60_000

// A markdown is a report being written. What does not fit is left out in steps: evidence first, then
// the detail of each role, then rows of tables.
type markdown struct {
	strings.Builder
	evidence, details bool
	// rows is the most that a table or list shows.
	rows int
}

// steps are tried in order; the last one has no rows and fits whatever the report.
var steps = []struct {
	evidence, details bool
	rows              int
}{
	{true, true, 1000}, {false, true, 1000}, {false, false, 1000}, {false, false, 300},
	{false, false, 100}, {false, false, 50}, {false, false, 25}, {false, false, 10}, {false, false, 3}, {false, false, 0},
}

// Markdown writes r for a comment on a pull request, in GitHub's dialect: for each section one bold
// sentence, then tables, what widens first. It has less than 60,000 characters whatever r holds, and
// says how many rows were left out for that.
func Markdown(w io.Writer, r Report) error {
	var text string
	for _, s := range steps {
		m := &markdown{evidence: s.evidence, details: s.details, rows: s.rows}
		m.report(r)
		if text = m.String(); len(text) < markdownLimit {
			break
		}
	}
	if _, err := io.WriteString(w, text); err != nil {
		return fmt.Errorf("write Markdown report: %w", err)
	}
	return nil
}

func (m *markdown) report(r Report) {
	for _, g := range r.Input.Gaps {
		if g.Kind == Partial {
			m.headline(fmt.Sprintf("INCOMPLETE: %s was not read to its end: %s", prose(g.Source), prose(g.Detail)))
		}
	}
	if len(r.Roles) > 0 {
		m.proposals(r.Roles)
	}
	if len(r.Comparisons) > 0 {
		m.comparisons(r.Comparisons)
	}
	if r.Lint != nil {
		m.lint(*r.Lint)
	}
	if len(r.Unused) > 0 {
		m.unused(r.Unused)
	}
	if m.Len() == 0 {
		m.headline("Nothing to report.")
	}
	if !r.Input.IsZero() {
		m.input(r.Input)
	}
}

// full says that the text is too long already, so that more is work for nothing.
func (m *markdown) full() bool { return m.Len() >= markdownLimit }

func (m *markdown) headline(sentence string) { fmt.Fprintf(m, "**%s**\n\n", sentence) }

// table writes rows, each a list of cells that are safe already.
func (m *markdown) table(head []string, rows int, row func(i int) []string) {
	if rows == 0 {
		return
	}
	shown := min(rows, m.rows)
	if shown > 0 {
		fmt.Fprintf(m, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	}
	for i := 0; i < shown && !m.full(); i++ {
		fmt.Fprintf(m, "| %s |\n", strings.Join(row(i), " | "))
	}
	if shown > 0 {
		m.WriteByte('\n')
	}
	m.leftOut(rows-shown, "row")
}

func (m *markdown) leftOut(n int, noun string) {
	if n > 0 {
		fmt.Fprintf(m, "_%s left out, as a comment has a limit; the report in another format has all._\n\n", Plural(int64(n), noun))
	}
}

// notes lists sentences, each for a name that may be empty.
func (m *markdown) notes(notes []namedNote) {
	shown := min(len(notes), m.rows)
	for _, n := range notes[:shown] {
		if m.full() {
			return
		}
		m.WriteString("- ")
		if n.name != "" {
			m.WriteString(code(n.name) + ": ")
		}
		m.WriteString(prose(n.text) + "\n")
	}
	if shown > 0 {
		m.WriteByte('\n')
	}
	m.leftOut(len(notes)-shown, "note")
}

type namedNote struct{ name, text string }

func named(name string, notes []string) []namedNote {
	out := make([]namedNote, len(notes))
	for i, n := range notes {
		out[i] = namedNote{name, n}
	}
	return out
}

// fold writes what body writes as a block that opens on a click. The title is HTML.
func (m *markdown) fold(title string, body func()) {
	if m.full() {
		return
	}
	fmt.Fprintf(m, "<details><summary>%s</summary>\n\n", title)
	body()
	m.WriteString("</details>\n\n")
}

func (m *markdown) input(in Input) {
	fmt.Fprintf(m, "Read %s in %s%s: %d used.", Plural(in.Records, "record"), Plural(in.Files, "file"), window(in.First, in.Last), in.Used)
	var skipped int64
	for _, c := range in.SkippedFiles {
		skipped += c.Count
	}
	if skipped > 0 {
		fmt.Fprintf(m, " %s skipped.", Plural(skipped, "file"))
	}
	for _, g := range in.Gaps {
		if g.Kind != Partial {
			fmt.Fprintf(m, " Not shown by %s: %s", prose(g.Source), prose(g.Detail))
		}
	}
	if in.Records > 0 && in.DataEvents == 0 {
		m.WriteString(" No data events: this log does not show S3 objects, DynamoDB items, SQS messages or invocations.")
	}
	m.WriteByte('\n')
}
