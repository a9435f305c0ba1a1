package cli

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/whittle-iam/whittle/policy/report"
)

// writeFile writes a file whole or not at all: a run that stops half way leaves the old one. What is no
// regular file, such as a pipe, is written in place.
func writeFile(name string, write func(io.Writer) error) (err error) {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	} else if target, err := os.Readlink(name); err == nil { // a link to what is not there yet
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(name), target)
		}
		name = target
	}
	temporary := name
	if info, err := os.Stat(name); err != nil || info.Mode().IsRegular() {
		temporary = fmt.Sprintf("%s.%d.tmp", name, os.Getpid())
	}
	f, err := os.OpenFile(temporary, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	w := bufio.NewWriter(f)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if temporary != name {
		if err == nil {
			err = os.Rename(temporary, name)
		} else {
			os.Remove(temporary)
		}
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
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

// maxFileName bounds what a name from a log adds to a path.
const maxFileName = 100

// fileName makes a name from a log safe as one component of a path. A long one is cut, and told apart
// from others by a hash.
func fileName(s string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune("-_=+.@,", r):
			return r
		}
		return '_'
	}, s)
	if strings.HasPrefix(safe, ".") || safe == "" {
		safe = "_" + safe
	}
	if len(safe) > maxFileName {
		sum := sha256.Sum256([]byte(s))
		safe = safe[:maxFileName] + "-" + hex.EncodeToString(sum[:4])
	}
	return safe
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// makeDir makes the folder of --out.
func makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	return nil
}
