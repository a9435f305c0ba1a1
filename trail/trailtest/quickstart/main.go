// Command quickstart writes the example trail in testdata/quickstart: four weeks of an
// order-processing function. From the root of the repository:
//
//	go run ./trail/trailtest/quickstart testdata/quickstart
//
// The output is the same every time. It leaves everything but AWSLogs in the folder alone.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/whittle-iam/whittle/trail/trailtest"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: quickstart FOLDER")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(2)
	}
}

// write replaces the trail below dir.
func write(dir string) error {
	if err := os.RemoveAll(filepath.Join(dir, "AWSLogs")); err != nil {
		return err
	}
	return trailtest.WriteTree(dir, files())
}
