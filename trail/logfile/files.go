package logfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/stream"
)

// stdin is the path of standard input.
const stdin = "-"

// A file is an input to read, or to skip. Size is stream.UnknownSize for pipes and devices.
type file struct {
	path string
	size int64
	// skip says why the file is not to be read, if so, and err says more.
	skip trail.SkipReason
	err  error
}

// expand lists the files that the paths stand for: folders with everything below them, by name;
// patterns; files. Each file is listed once, at its first place. A path without any file is an error;
// what cannot be read in a folder is listed as to skip.
func expand(paths []string) ([]file, error) {
	var files []file
	seen := map[string]bool{}
	add := func(f file) {
		if clean := filepath.Clean(f.path); !seen[clean] {
			seen[clean] = true
			files = append(files, f)
		}
	}
	for _, path := range paths {
		if path == stdin {
			add(file{path: stdin, size: stream.UnknownSize})
			continue
		}
		matches, named := []string{path}, true
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(path, "*?[") {
			named = false
			if matches, err = filepath.Glob(path); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			if len(matches) == 0 {
				return nil, fmt.Errorf("%s: no file matches", path)
			}
		}
		for _, match := range matches {
			if err := walk(match, named, add); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

// walk adds path, or the files below it in lexical order. Links to files are followed, links to folders
// are not, except path itself. A pipe or a device is read only if it is named, and not found by a pattern:
// one that happens to lie in a folder would be waited for without end.
func walk(path string, named bool, add func(file)) error {
	info, err := os.Stat(path)
	switch {
	case err != nil && named:
		return err
	case err != nil:
		add(file{path: path, skip: trail.SkipUnreadable, err: err})
		return nil
	case info.IsDir():
	case named || info.Mode().IsRegular():
		add(file{path: path, size: size(info)})
		return nil
	default:
		add(notAFile(path, info))
		return nil
	}
	n := 0
	// The dot makes WalkDir follow path if it is a link.
	root := path + string(filepath.Separator) + "."
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			return nil
		}
		if err != nil && path == root && named {
			return err
		}
		n++
		clean := filepath.Clean(path)
		var info fs.FileInfo
		if err == nil {
			info, err = os.Stat(path)
		}
		switch {
		case err != nil: // a folder that may not be listed, or a link that leads nowhere
			add(file{path: clean, skip: trail.SkipUnreadable, err: err})
		case !info.Mode().IsRegular():
			add(notAFile(clean, info))
		default:
			add(file{path: clean, size: size(info)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n == 0 {
		return fmt.Errorf("%s: the folder holds no files", path)
	}
	return nil
}

// notAFile skips what is neither a file nor, in a folder, a folder.
func notAFile(path string, info fs.FileInfo) file {
	err := fmt.Errorf("not a regular file: %s", info.Mode().Type())
	if info.IsDir() {
		err = errors.New("a link to a folder")
	}
	return file{path: path, skip: trail.SkipNotAFile, err: err}
}

func size(info fs.FileInfo) int64 {
	if !info.Mode().IsRegular() {
		return stream.UnknownSize
	}
	return info.Size()
}

// totalSize returns 0 if any size is unknown.
func totalSize(files []file) int64 {
	var total int64
	for _, f := range files {
		if f.size == stream.UnknownSize {
			return 0
		}
		total += f.size
	}
	return total
}
