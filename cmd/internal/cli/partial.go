package cli

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// keepPartial saves what was read before an error, so that hours of reading are not lost, and returns
// what to tell of it. The profile says of itself that it is incomplete.
func keepPartial(in loaded, sources []string, state string) error {
	records := report.Plural(in.stats.Records, "record")
	file := partialFile(sources)
	if err := keep(in, file); err != nil {
		return fmt.Errorf("%s read before that could not be kept: %w", records, err)
	}
	again := ""
	if state != "" {
		again = fmt.Sprintf("; run the same command again to go on from what %s has", state)
	}
	return fmt.Errorf("%s read before that are kept as a profile in %s; an answer from it says first that it is incomplete%s", records, file, again)
}

// keepWhole is keepPartial for an error after sources in AWS were read to their end. Files need not be kept. It
// returns err and what to tell.
func keepWhole(err error, in loaded, sources []string, state string) error {
	if err == nil || state != "" && len(sources) == 1 || !slices.ContainsFunc(sources, func(s string) bool { return schemeOf(s) != "" }) {
		return err
	}
	file := wholeFile(sources)
	if failed := keep(in, file); failed != nil {
		return joined(err, fmt.Errorf("what was read of the log could not be kept: %w", failed))
	}
	return joined(err, fmt.Errorf("all %s were read and are kept as a profile in %s; name it as SOURCE in place of %s to go on from there",
		report.Plural(in.stats.Records, "record"), file, strings.Join(sources, " ")))
}

// joined adds an error to one that may be joined already.
func joined(err, more error) error { return errors.Join(append(slices.Clone(split(err)), more)...) }

// keep writes a profile to a file that only the user reads.
func keep(in loaded, file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	return writeFile(file, func(w io.Writer) error { return trail.WriteProfile(w, in.usages, in.stats) })
}

// partialFile is where the partial reading of sources is kept, and wholeFile where a whole one is.
func partialFile(sources []string) string { return keptFile("partial", sources) }

func wholeFile(sources []string) string { return keptFile("read", sources) }

// keptFile is below the user's cache folder: profiles hold what logs hold.
func keptFile(kind string, sources []string) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	sum := sha256.Sum256([]byte(strings.Join(sources, "\x00")))
	return filepath.Join(dir, "whittle", fmt.Sprintf("%s-%x.json.gz", kind, sum[:6]))
}
