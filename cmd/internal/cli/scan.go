package cli

import (
	"math"

	"github.com/dustin/go-humanize"
)

// maxScanBytes reads --max-scan, math.MaxInt64 where it is not given.
func (o *sourceOptions) maxScanBytes() (int64, error) {
	if o.maxScan == "" {
		return math.MaxInt64, nil
	}
	n, err := humanize.ParseBytes(o.maxScan)
	if err != nil || n > math.MaxInt64 {
		return 0, usagef("--max-scan %q: write a size such as 500MB, 200GB or 1.5TB", o.maxScan)
	}
	return int64(n), nil
}
