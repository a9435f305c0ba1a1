//go:build unix

package logfile_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/logfile"
	"github.com/whittle-iam/whittle/trail/trailtest"
)

func makeFIFO(t *testing.T, path string) string {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	return path
}

// TestSpecialFilesInAFolder checks that what is no file costs no time and is told of.
func TestSpecialFilesInAFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "log"), trailtest.SuiteRecords()[1])
	makeFIFO(t, filepath.Join(dir, "pipe"))
	for link, target := range map[string]string{"dangling": "nowhere", "loop": "loop", "up": ".", "piped": "pipe", "linked": "log"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	want := []trail.Skip{
		{Reason: trail.SkipUnreadable, File: "dangling"}, {Reason: trail.SkipUnreadable, File: "loop"},
		{Reason: trail.SkipNotAFile, File: "pipe"}, {Reason: trail.SkipNotAFile, File: "piped"}, {Reason: trail.SkipNotAFile, File: "up"},
	}
	_, stats, skips, err := read(t, trail.Query{}, []string{dir})
	if err != nil || stats.Files != 2 || stats.Used != 1 {
		t.Errorf("error %v, %+v", err, stats)
	}
	if diff := cmp.Diff(want, skips); diff != "" {
		t.Errorf("folder (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[trail.SkipReason]int64{trail.SkipUnreadable: 2, trail.SkipNotAFile: 3}, stats.SkippedFiles); diff != "" {
		t.Error(diff)
	}
	_, stats, skips, err = read(t, trail.Query{}, []string{filepath.Join(dir, "[lp]*")})
	if err != nil || stats.Files != 2 || len(skips) != 3 {
		t.Errorf("pattern: error %v, skips %+v, %+v", err, skips, stats)
	}
}

func TestUnreadableFolderInAFolder(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a"), trailtest.SuiteRecords()[1])
	write(t, filepath.Join(dir, "closed/b"), trailtest.SuiteRecords()[2])
	write(t, filepath.Join(dir, "z"), trailtest.SuiteRecords()[3])
	closed := filepath.Join(dir, "closed")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o700) })
	_, stats, skips, err := read(t, trail.Query{}, []string{dir})
	if diff := cmp.Diff([]trail.Skip{{Reason: trail.SkipUnreadable, File: "closed"}}, skips); diff != "" || err != nil || stats.Files != 2 {
		t.Errorf("error %v, %+v (-want +got):\n%s", err, stats, diff)
	}
	if _, _, _, err := read(t, trail.Query{}, []string{closed}); !errors.Is(err, os.ErrPermission) {
		t.Errorf("the folder itself: error %v", err)
	}
}

func TestNamedPipe(t *testing.T) {
	path := makeFIFO(t, filepath.Join(t.TempDir(), "pipe"))
	go func() {
		if f, err := os.OpenFile(path, os.O_WRONLY, 0); err == nil {
			defer f.Close()
			_, _ = f.Write(bytes.Join([][]byte{trailtest.SuiteRecords()[1], trailtest.SuiteRecords()[2]}, []byte("\n")))
		}
	}()
	if _, stats, _, err := read(t, trail.Query{}, []string{path}); err != nil || stats.Used != 2 {
		t.Errorf("error %v, %+v", err, stats)
	}
}

// TestNamedPipeIsInterrupted waits for nobody to open, and for nobody to write.
func TestNamedPipeIsInterrupted(t *testing.T) {
	for name, writer := range map[string]bool{"no writer": false, "a silent writer": true} {
		path := makeFIFO(t, filepath.Join(t.TempDir(), "pipe"))
		if writer {
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
		}
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		done := make(chan error)
		go func() {
			var last error
			for _, err := range logfile.New([]string{path}).Usage(ctx, trail.Query{}) {
				last = err
			}
			done <- last
		}()
		select {
		case err := <-done:
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: error %v", name, err)
			}
		case <-time.After(5 * time.Second):
			t.Errorf("%s: still waiting", name)
		}
		cancel()
		if !writer { // let the waiting open go
			if f, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0); err == nil {
				f.Close()
			}
		}
	}
}
