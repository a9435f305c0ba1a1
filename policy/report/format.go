package report

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// A Format writes a report in one notation.
type Format struct {
	// Name is the value of --format, Ext the file name extension that chooses it.
	Name, Ext string
	Write     func(io.Writer, Report) error
	// Proposals says that it can write generate's roles. A format that needs a place in a file for
	// everything it says cannot.
	Proposals bool
}

// Formats are the notations, the default first.
var Formats = []Format{
	{"text", ".txt", Text, true},
	{"json", ".json", JSON, true},
	{"markdown", ".md", Markdown, true},
	{"sarif", ".sarif", SARIF, false},
}

// Named returns the format with a name, as --format gives it.
func Named(name string) (Format, error) {
	var known []string
	for _, f := range Formats {
		if f.Name == name {
			return f, nil
		}
		known = append(known, f.Name)
	}
	return Format{}, fmt.Errorf("format %q: use one of %s", name, strings.Join(known, ", "))
}

// ForFile returns the format that a file name asks for by its extension.
func ForFile(name string) (Format, error) {
	ext := strings.ToLower(filepath.Ext(name))
	i := slices.IndexFunc(Formats, func(f Format) bool { return f.Ext == ext })
	if i < 0 {
		var known []string
		for _, f := range Formats {
			known = append(known, f.Ext)
		}
		return Format{}, fmt.Errorf("report file %q: the extension chooses the format, use one of %s", name, strings.Join(known, ", "))
	}
	return Formats[i], nil
}
