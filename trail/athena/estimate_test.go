package athena

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestEstimateString(t *testing.T) {
	for _, test := range []struct {
		estimate Estimate
		want     string
	}{
		{Estimate{Bytes: 2_000_000_000_000, Objects: 1_234_567}, "the query will scan about 2.0 TB in 1,234,567 files: about 10.00 US dollars at 5 US dollars a TB (prices vary by Region)"},
		{Estimate{Bytes: 300_000_000_000, Objects: 10, AtLeast: true}, "the query will scan at least 300 GB in 10 files: at least 1.50 US dollars at 5 US dollars a TB (prices vary by Region)"},
		{Estimate{Bytes: 300_000_000_000, Objects: 10, AtMost: true}, "the query will scan at most 300 GB in 10 files: at most 1.50 US dollars at 5 US dollars a TB (prices vary by Region)"},
		{Estimate{Bytes: 7, Objects: 1}, "the query will scan about 7 B in 1 file: less than a US cent at 5 US dollars a TB (prices vary by Region)"},
		{Estimate{}, "the query will scan about 0 B in 0 files: less than a US cent at 5 US dollars a TB (prices vary by Region)"},
		{Estimate{Err: errors.New("denied")}, "it is not known how much the query will scan: denied"},
	} {
		if got := test.estimate.String(); got != test.want {
			t.Errorf("%s\nwant %s", got, test.want)
		}
	}
	if got, want := (Estimate{Bytes: 5}).Price(), float64(MinScan)/1e12*5; got != want {
		t.Errorf("%v for the smallest query, want %v", got, want)
	}
}

func TestEstimateCheck(t *testing.T) {
	const unlimited, gb = math.MaxInt64, 1_000_000_000
	for _, test := range []struct {
		name     string
		estimate Estimate
		max      int64
		want     string
	}{
		{"within", Estimate{Bytes: gb}, gb, ""},
		{"above", Estimate{Bytes: gb + 1}, gb, "would scan 1.0 GB, more than the 1.0 GB allowed"},
		{"no limit", Estimate{Bytes: math.MaxInt64}, unlimited, ""},
		{"second above", Estimate{Bytes: gb, Scanned: gb}, gb, "one more query would scan 1.0 GB"},
		{"second within", Estimate{Bytes: gb, Scanned: gb}, 2 * gb, ""},
		{"sum beyond all numbers", Estimate{Bytes: math.MaxInt64, Scanned: gb}, 2 * gb, "one more query"},
		{"unknown", Estimate{Err: errors.New("denied")}, gb, "cannot be held to 1.0 GB, as it is not known how much it will scan: denied"},
		{"unknown without limit", Estimate{Err: errors.New("denied")}, unlimited, ""},
		{"not counted to its end", Estimate{Bytes: 5, AtLeast: true}, gb, "too many files"},
		{"not counted to its end without limit", Estimate{Bytes: 5, AtLeast: true}, unlimited, ""},
		{"unknown, held by the workgroup", Estimate{Err: errors.New("denied"), Cutoff: gb}, gb, ""},
		{"not counted to its end, held by the workgroup", Estimate{Bytes: 5, AtLeast: true, Cutoff: gb}, gb, ""},
		{"not counted to its end, with what was scanned", Estimate{Bytes: 5, AtLeast: true, Cutoff: gb, Scanned: 1}, gb, "too many files"},
		{"at most above", Estimate{Bytes: 2 * gb, AtMost: true}, gb, "more than"},
		{"cut off", Estimate{Bytes: 2 * gb, Cutoff: gb}, unlimited, "the workgroup stops it at 1.0 GB"},
		{"perhaps cut off", Estimate{Bytes: 2 * gb, Cutoff: gb, AtMost: true}, unlimited, ""},
	} {
		err := test.estimate.Check(test.max)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}
