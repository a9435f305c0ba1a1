package logfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// stdin is the path of standard input.
const stdin = "-"

const unknownSize = -1

// A file is an input to read. Size is unknownSize for pipes and devices.
type file struct {
	path string
	size int64
}

// expand lists the files that the paths stand for: folders with everything below them, by name;
// patterns; files. Each file is listed once, at its first place. A path without any file is an error.
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
			add(file{path: stdin, size: unknownSize})
			continue
		}
		matches := []string{path}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) && strings.ContainsAny(path, "*?[") {
			if matches, err = filepath.Glob(path); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
			if len(matches) == 0 {
				return nil, fmt.Errorf("%s: no file matches", path)
			}
		}
		for _, match := range matches {
			if err := walk(match, add); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

// walk adds path, or the files below it in lexical order. Links to files are followed, links to folders
// are not, except path itself.
func walk(path string, add func(file)) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		add(file{path: path, size: size(info)})
		return nil
	}
	n := 0
	// The dot makes WalkDir follow path if it is a link.
	err = filepath.WalkDir(path+string(filepath.Separator)+".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return nil
		}
		info, err := os.Stat(path)
		if err != nil || info.IsDir() {
			return nil // a dangling link, or one to a folder
		}
		n++
		add(file{path: filepath.Clean(path), size: size(info)})
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

func size(info fs.FileInfo) int64 {
	if !info.Mode().IsRegular() {
		return unknownSize
	}
	return info.Size()
}

// totalSize returns 0 if any size is unknown.
func totalSize(files []file) int64 {
	var total int64
	for _, f := range files {
		if f.size == unknownSize {
			return 0
		}
		total += f.size
	}
	return total
}
