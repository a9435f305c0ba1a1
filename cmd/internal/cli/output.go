package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/whittle-iam/whittle/policy/report"
)

// writeFile writes a file whole or not at all: a run that stops half way leaves the old one.
func writeFile(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	w := bufio.NewWriter(f)
	if err := write(w); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := f.Chmod(0o644); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return os.Rename(f.Name(), name)
}

// checkReports refuses unknown report formats before any work is done.
func checkReports(files []string) error {
	for _, f := range files {
		if _, err := report.ForFile(f); err != nil {
			return usagef("--report: %v", err)
		}
	}
	return nil
}

// writeReports writes r to each file, in the format of its extension.
func writeReports(files []string, r report.Report) error {
	for _, name := range files {
		format, err := report.ForFile(name)
		if err != nil {
			return err
		}
		if err := writeFile(name, func(w io.Writer) error { return format.Write(w, r) }); err != nil {
			return err
		}
	}
	return nil
}

// fileName makes a name from a log safe as one component of a path.
func fileName(s string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune("-_=+.@,", r):
			return r
		}
		return '_'
	}, s)
	return strings.TrimLeft(safe, ".")
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
