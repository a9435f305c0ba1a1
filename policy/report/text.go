package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// Text writes r for eyes, without colour: see TextWriter.
func Text(w io.Writer, r Report) error { return TextWriter(false)(w, r) }

// TextWriter returns a writer for eyes: what was read, then each section of the report with everything
// a reviewer has to know before approving. Names that come from policies and logs have control and
// other unprintable characters escaped, so that they cannot drive a terminal. With color, the writer
// marks with ANSI escapes what matters most; it is for the caller to know that w is a terminal that
// wants them.
func TextWriter(color bool) func(io.Writer, Report) error {
	return func(w io.Writer, r Report) error { return writeText(w, r, paint(color)) }
}

func writeText(w io.Writer, r Report, p paint) error {
	var b bytes.Buffer
	if !r.Input.IsZero() {
		writeInput(&b, r.Input)
	}
	gap := func() {
		if b.Len() > 0 {
			fmt.Fprintln(&b)
		}
	}
	for _, role := range r.Roles {
		gap()
		writeRole(&b, role, p)
	}
	if len(r.Comparisons) > 0 {
		gap()
		writeComparisons(&b, r.Comparisons, p)
	}
	if r.Lint != nil {
		gap()
		writeLint(&b, *r.Lint, p)
	}
	if len(r.Unused) > 0 {
		gap()
		writeUnused(&b, r.Unused, p)
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write text report: %w", err)
	}
	return nil
}

// WriteInput writes what was read and what became of it.
func WriteInput(w io.Writer, in Input) error {
	var b bytes.Buffer
	writeInput(&b, in)
	_, err := w.Write(b.Bytes())
	return err
}

// Brief writes what a reader of a table of many roles has to know: what was read, and for each role the
// notes, the calls that gave no permission, and whether the proposal goes beyond the current policies.
func Brief(w io.Writer, r Report) error {
	var b bytes.Buffer
	writeInput(&b, r.Input)
	for _, role := range r.Roles {
		beyond := role.Containment != nil && len(role.Containment.Beyond) > 0
		if len(role.Notes)+len(role.Denied)+len(role.Unmapped) == 0 && !beyond {
			continue
		}
		fmt.Fprintln(&b)
		writeTitle(&b, role)
		section(&b, "Denied, not granted", denied(role.Denied))
		section(&b, "No permission derived", unmapped(role.Unmapped))
		if beyond {
			fmt.Fprintf(&b, "\n%s\n", Clean(role.Containment.sentence()))
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// WriteIncomplete says which sources were not read to their end, nothing if all were.
func WriteIncomplete(w io.Writer, in Input) error {
	for _, g := range in.Gaps {
		if g.Kind != Partial {
			continue
		}
		if _, err := fmt.Fprintf(w, "INCOMPLETE: %s was not read to its end: %s\n", Clean(g.Source), Clean(g.Detail)); err != nil {
			return err
		}
	}
	return nil
}

func writeInput(b *bytes.Buffer, in Input) {
	_ = WriteIncomplete(b, in) // a Buffer takes everything
	fmt.Fprintf(b, "Read %s in %s%s: %d used", Plural(in.Records, "record"), Plural(in.Files, "file"), window(in.First, in.Last), in.Used)
	for _, c := range in.Skipped {
		fmt.Fprintf(b, ", %d %s", c.Count, c.Reason)
	}
	fmt.Fprintln(b, ".")
	if len(in.SkippedFiles) > 0 {
		var parts []string
		for _, c := range in.SkippedFiles {
			parts = append(parts, fmt.Sprintf("%d %s", c.Count, c.Reason))
		}
		fmt.Fprintf(b, "Files skipped: %s.\n", strings.Join(parts, ", "))
	}
	for _, p := range in.Problems {
		fmt.Fprintf(b, "  skipped: %s\n", Clean(p))
	}
	for _, g := range in.Gaps {
		if g.Kind != Partial {
			fmt.Fprintf(b, "Not shown by %s: %s\n", Clean(g.Source), Clean(g.Detail))
		}
	}
	if in.Records > 0 && in.DataEvents == 0 {
		fmt.Fprintln(b, "No data events: this log does not show S3 objects, DynamoDB items, SQS messages or invocations.")
	}
}

func writeTitle(b *bytes.Buffer, r Role) {
	title := r.Role
	if r.Function != "" {
		title += " for " + r.Function
	}
	fmt.Fprintf(b, "Role %s\n", Clean(title))
	if len(r.Functions) > 0 {
		fmt.Fprintf(b, "Functions: %s\n", Clean(strings.Join(r.Functions, ", ")))
	}
	fmt.Fprintf(b, "Calls: %d authorised, %d denied, %d inconclusive.\n", r.Calls.Authorised, r.Calls.Denied, r.Calls.Inconclusive)
	for _, n := range r.Notes {
		fmt.Fprintf(b, "Note: %s\n", Clean(n))
	}
}

func writeRole(b *bytes.Buffer, r Role, p paint) {
	writeTitle(b, r)
	writePermissions(b, r.Permissions)
	section(b, "Wider than the names seen", widened(r.Permissions))
	section(b, "To check", findings(r.Permissions))
	section(b, `On "*", as no resource can be named`, onStar(r.Permissions))
	section(b, "Conditions that the events support", suggestions(r.Permissions))
	section(b, "Denied, not granted", denied(r.Denied))
	section(b, "No permission derived", unmapped(r.Unmapped))
	section(b, "Inconclusive, not granted", inconclusive(r.Inconclusive))
	writeVerdict(b, r, p)
}

func writePermissions(b *bytes.Buffer, ps []Permission) {
	if len(ps) == 0 {
		return
	}
	fmt.Fprintf(b, "\nPermissions (%d)\n", len(ps))
	t := tabwriter.NewWriter(b, 2, 0, 2, ' ', 0)
	fmt.Fprintln(t, "  ACTION\tRESOURCE\tCALLS\tDAYS\tLAST")
	for _, p := range ps {
		calls, last := fmt.Sprint(p.Evidence.Count), day(p.Evidence.Last)
		if p.Evidence.Count == 0 {
			calls, last = "-", "not seen"
		}
		fmt.Fprintf(t, "  %s\t%s\t%s\t%d\t%s\n", Clean(p.Action), Clean(p.Resource), calls, p.Evidence.Days, last)
	}
	t.Flush()
}

// writeVerdict says what the policy is and what its replay showed.
func writeVerdict(b *bytes.Buffer, r Role, p paint) {
	if len(r.Policies) == 0 {
		fmt.Fprintln(b, "\nPolicy: none, as no call shows a permission in use.")
		return
	}
	sizes := make([]string, len(r.Policies))
	for i, p := range r.Policies {
		sizes[i] = fmt.Sprintf("%d characters in %s", p.Size, Plural(int64(len(p.Document.Statements)), "statement"))
	}
	fmt.Fprintf(b, "\nPolicy: %s.\n", strings.Join(sizes, "; "))
	fmt.Fprintln(b, sufficient(r.Proof))
	fmt.Fprintf(b, "Contained: %d of its %s are in the list above.\n",
		r.Proof.Traced, Plural(int64(r.Proof.Pairs), "pair")+" of action and resource")
	if c := r.Containment; c != nil {
		fmt.Fprintln(b, Clean(c.sentence()))
		writeChanges(b, c.Beyond, p)
	}
}

// Clean makes text from logs safe for a terminal: characters that are not printable, and those that
// change the direction of text, are written as escapes.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	if strings.IndexFunc(s, unprintable) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unprintable(r) {
			fmt.Fprintf(&b, "\\u%04x", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

// Plural is a count with its noun, "1 file" or "2 files".
func Plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func window(first, last time.Time) string {
	if first.IsZero() {
		return ""
	}
	return fmt.Sprintf(" from %s to %s", day(first), day(last))
}
