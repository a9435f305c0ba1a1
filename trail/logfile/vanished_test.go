package logfile

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"testing"
)

// TestVanishedFile opens a file that went away after the folder was listed.
func TestVanishedFile(t *testing.T) {
	in := New(nil).input(file{path: filepath.Join(t.TempDir(), "gone")})
	if _, err := in.Open(context.Background()); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
