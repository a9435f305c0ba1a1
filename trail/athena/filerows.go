package athena

import (
	"encoding/csv"
	"fmt"
	"io"
)

// maxRow is how many bytes of a result file one row may take: Athena's own limit
// (https://docs.aws.amazon.com/athena/latest/ug/other-notable-limitations.html).
const maxRow = 32 << 20

var errRowTooLong = fmt.Errorf("a row is longer than %d bytes", maxRow)

// fileRows reads the file that Athena writes for a SELECT: CSV with every value in quotes
// (https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html). Of a line end within a
// value it takes the carriage return away; the queries have no values with control characters.
type fileRows struct {
	object io.ReadCloser
	csv    *csv.Reader
	left   int64 // bytes that the row may still take
	name   string
}

func newFileRows(object io.ReadCloser, name string) *fileRows {
	r := &fileRows{object: object, name: name}
	r.csv = csv.NewReader(r)
	r.csv.ReuseRecord = true
	return r
}

// Read bounds what one row takes in.
func (r *fileRows) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errRowTooLong
	}
	n, err := r.object.Read(p)
	r.left -= int64(n)
	return n, err
}

func (r *fileRows) next() ([]string, error) {
	r.left = maxRow
	row, err := r.csv.Read()
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("%s: %w", r.name, err)
	}
	return row, err
}

func (r *fileRows) close() { r.object.Close() }
