package cli

import (
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail"
)

// keepPartial saves what was read before an error, so that hours of reading are not lost, and returns
// what to tell of it. The profile says of itself that it is incomplete.
func keepPartial(in loaded, sources []string, state string) error {
	records := report.Plural(in.stats.Records, "record")
	if state != "" {
		return fmt.Errorf("%s read before that are kept in %s; run the same command again to go on from there", records, state)
	}
	file := partialFile(sources)
	err := os.MkdirAll(filepath.Dir(file), 0o700)
	if err == nil {
		err = writeFile(file, func(w io.Writer) error { return trail.WriteProfile(w, in.usages, in.stats) })
	}
	if err != nil {
		return fmt.Errorf("%s read before that could not be kept: %w", records, err)
	}
	return fmt.Errorf("%s read before that are kept as a profile in %s; an answer from it says first that it is incomplete", records, file)
}

// partialFile is where the partial reading of sources is kept. It holds what logs hold, so it lies where
// only the user reads.
func partialFile(sources []string) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	sum := sha256.Sum256([]byte(strings.Join(sources, "\x00")))
	return filepath.Join(dir, "whittle", fmt.Sprintf("partial-%x.json.gz", sum[:6]))
}
