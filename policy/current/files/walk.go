package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/whittle-iam/whittle/policy/current"
)

// stdin is the path of standard input.
const stdin = "-"

// A file is one to read.
type file struct {
	path string
	// role is the role that a document without one belongs to: that of the file's folder, or of the file
	// itself. Empty for files that were named.
	role string
	// folder is set if role is the folder's.
	folder bool
	// arn is the managed policy that the file is named after, if so.
	arn string
}

func (f file) String() string {
	if f.path == stdin {
		return "standard input"
	}
	return f.path
}

// base is the file's name without its extension.
func (f file) base() string {
	base := filepath.Base(f.path)
	if short := strings.TrimSuffix(base, filepath.Ext(base)); short != "" {
		return short
	}
	return base
}

// expand lists the files that the paths stand for: for a folder everything below it that has a name of
// a policy file, in lexical order. Each file is listed once.
func (c *collector) expand(paths []string) ([]file, error) {
	var files []file
	seen := map[string]bool{}
	add := func(f file) {
		if clean := filepath.Clean(f.path); !seen[clean] {
			seen[clean] = true
			f.arn = arnOf(f.path)
			files = append(files, f)
		}
	}
	for _, path := range paths {
		if path == stdin {
			add(file{path: stdin})
			continue
		}
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return nil, missing(path, err)
		case !info.IsDir():
			add(file{path: path})
		default:
			if err := c.walk(path, add); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

// walk adds the files below a folder. Links to files are followed, links to folders are not, except
// root itself. What is passed over is noted.
func (c *collector) walk(root string, add func(file)) error {
	n := 0
	var passed []string
	err := filepath.WalkDir(root+string(filepath.Separator)+".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path = filepath.Clean(path)
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if hidden := rel != "." && strings.HasPrefix(entry.Name(), "."); hidden {
			passed = append(passed, rel)
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entry.IsDir() {
			return nil
		}
		switch strings.ToLower(filepath.Ext(path)) {
		case ".json", ".yaml", ".yml":
		default:
			passed = append(passed, rel)
			return nil
		}
		info, err := os.Stat(path)
		if err != nil {
			return missing(path, err)
		}
		if !info.Mode().IsRegular() {
			passed = append(passed, rel)
			return nil
		}
		n++
		f := file{path: path}
		if dir := filepath.Dir(rel); dir == "." {
			f.role = f.base()
		} else {
			f.role, f.folder = filepath.Base(dir), true
		}
		add(f)
		return nil
	})
	if err != nil {
		return err
	}
	if len(passed) > 0 {
		c.notef("%s: not read, as it is no .json, .yaml or .yml file: %s", root, shorten(passed))
	}
	if n == 0 {
		return fmt.Errorf("%s: the folder holds no .json, .yaml or .yml file", root)
	}
	return nil
}

// arnOf returns the ARN of the managed policy that a path ends in, as in
// "managed/arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole.json", or "".
func arnOf(path string) string {
	slashed := filepath.ToSlash(path)
	slashed = strings.TrimSuffix(slashed, filepath.Ext(slashed))
	for rest := slashed; ; {
		if current.IsPolicyARN(rest) {
			return rest
		}
		_, after, ok := strings.Cut(rest, "/")
		if !ok {
			return ""
		}
		rest = after
	}
}

// read reads a file within what is left of current.MaxBytes.
func (c *collector) read(f file, in io.Reader) ([]byte, error) {
	if f.path != stdin {
		opened, err := os.Open(f.path)
		if err != nil {
			return nil, err
		}
		defer opened.Close()
		in = opened
	} else if in == nil {
		return nil, errors.New("standard input: there is none")
	}
	data, err := io.ReadAll(io.LimitReader(in, c.left+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f, err)
	}
	if c.left -= int64(len(data)); c.left < 0 {
		return nil, fmt.Errorf("%s: more than %d MiB of policies", f, current.MaxBytes>>20)
	}
	return data, nil
}

// shorten lists names, at most ten.
func shorten(names []string) string {
	const most = 10
	more := ""
	if len(names) > most {
		more = fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names[:min(len(names), most)], ", ") + more
}

// missing says of a path that it cannot be read, and why, without the name of the system call.
func missing(path string, err error) error {
	var failed *fs.PathError
	if errors.As(err, &failed) {
		err = failed.Err
	}
	return fmt.Errorf("%s: %w", path, err)
}
