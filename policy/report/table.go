package report

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// A row is one line of a table, with the lines that belong below it. A cell may have several lines.
type row struct {
	cells [][]string
	under []string
}

// maxColumn bounds the width of a column: a longer cell moves what is on its right, in its line only.
const maxColumn = 80

// cell is a cell of one line.
func cell(s string) []string { return []string{s} }

// writeRows aligns the columns of rows. Each line has the indent before it, and lines below a row twice
// that. tint colours a padded cell, so that colour does not count as width.
func writeRows(b *bytes.Buffer, indent string, rows []row, tint func(column int, s string) string) {
	var widths []int
	for _, r := range rows {
		for i, c := range r.cells {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			for _, l := range c {
				widths[i] = max(widths[i], min(utf8.RuneCountInString(l), maxColumn))
			}
		}
	}
	for _, r := range rows {
		height := 1
		for _, c := range r.cells {
			height = max(height, len(c))
		}
		for n := range height {
			b.WriteString(indent)
			gap := 0 // spaces are held back, so that no line ends in some
			for i, c := range r.cells {
				if n >= len(c) || c[n] == "" {
					gap += widths[i] + 2
					continue
				}
				b.WriteString(strings.Repeat(" ", gap))
				b.WriteString(tint(i, c[n]))
				gap = max(0, widths[i]-utf8.RuneCountInString(c[n])) + 2
			}
			b.WriteByte('\n')
		}
		for _, l := range r.under {
			b.WriteString(indent + indent + "  " + l + "\n")
		}
	}
}

func untinted(_ int, s string) string { return s }

// wrap joins words with spaces to lines of at most width characters. A longer word has its own line.
func wrap(words []string, width int) []string {
	var lines []string
	used := 0
	for _, w := range words {
		n := utf8.RuneCountInString(w)
		if len(lines) == 0 || used+1+n > width {
			lines, used = append(lines, w), n
			continue
		}
		lines[len(lines)-1] += " " + w
		used += 1 + n
	}
	return lines
}

// commas puts a comma behind each item but the last, and makes it safe to print.
func commas(items []string) []string {
	out := make([]string, len(items))
	for i, s := range items {
		out[i] = Clean(s)
		if i < len(items)-1 {
			out[i] += ","
		}
	}
	return out
}
