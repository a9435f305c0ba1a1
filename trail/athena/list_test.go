package athena

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestList: the sum is that of the objects within the spans, by one look at each.
func TestList(t *testing.T) {
	f := newFake(t)
	rapid.Check(t, func(t *rapid.T) {
		f.objects = map[string][]byte{}
		for i := range rapid.IntRange(0, 12).Draw(t, "objects") {
			f.put(fmt.Sprintf("logs/%s/2026/09/%02d/%d", rapid.SampledFrom([]string{"eu", "us"}).Draw(t, "region"),
				rapid.IntRange(1, 30).Draw(t, "day"), i), rapid.IntRange(0, 99).Draw(t, "size"))
		}
		var spans []span
		day := rapid.Custom(func(t *rapid.T) string { return fmt.Sprintf("/2026/09/%02d", rapid.IntRange(1, 30).Draw(t, "day")) })
		for _, region := range []string{"eu", "us"} {
			s := span{bucket: "logs", prefix: region}
			if rapid.Bool().Draw(t, "from") {
				s.from = region + day.Draw(t, "first")
			}
			if rapid.Bool().Draw(t, "to") {
				s.to = region + day.Draw(t, "last") + "\xff"
			}
			spans = append(spans, s)
		}
		want := sum{whole: true}
		for name, body := range f.objects {
			key := strings.TrimPrefix(name, "logs/")
			for _, s := range spans {
				if strings.HasPrefix(key, s.prefix) && key >= s.from && (s.to == "" || key < s.to) {
					want.objects++
					want.bytes += int64(len(body))
				}
			}
		}
		l := &lister{open: f.api().S3, left: 100}
		got, err := l.add(t.Context(), spans)
		if err != nil || got != want {
			t.Fatalf("%+v, %v; want %+v", got, err, want)
		}
	})
}

// TestListBounded: no more requests are made than allowed, and the sum says that there is more.
func TestListBounded(t *testing.T) {
	f := newFake(t)
	var spans []span
	for i := range 20 {
		f.put(fmt.Sprintf("logs/%02d/%d", i/5, i), 10)
		spans = append(spans, span{bucket: "logs", prefix: fmt.Sprintf("%02d/", i/5)})
	}
	for _, limit := range []int{0, 1, 3, 11} {
		f.lists = 0
		l := &lister{open: f.api().S3, left: limit}
		got, err := l.add(t.Context(), spans)
		if err != nil || got.whole || f.lists != limit {
			t.Errorf("limit %d: %+v, %v, %d requests", limit, got, err, f.lists)
		}
	}
	l := &lister{open: f.api().S3, left: 3}
	if got, err := l.add(t.Context(), spans[:1]); err != nil || got != (sum{50, 5, true}) {
		t.Errorf("three pages of three: %+v, %v", got, err)
	}
}

// TestListLong: no span takes for ever, since its pages come one after the other.
func TestListLong(t *testing.T) {
	f := newFake(t)
	for i := range 2*maxSpanLists + 1 {
		f.put(fmt.Sprintf("logs/%04d", i), 10)
	}
	l := &lister{open: f.api().S3, left: maxLists}
	got, err := l.add(t.Context(), []span{{bucket: "logs"}})
	if err != nil || got != (sum{20 * maxSpanLists, 2 * maxSpanLists, false}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestListInAnotherRegion(t *testing.T) {
	f := newFake(t)
	f.put("logs/a", 10)
	f.region = "ap-south-1"
	l := &lister{open: f.api().S3, left: 10}
	got, err := l.add(t.Context(), []span{{bucket: "logs"}})
	if err != nil || got != (sum{10, 1, true}) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestListDenied(t *testing.T) {
	f := newFake(t)
	f.get = func(w http.ResponseWriter, r *http.Request) bool {
		refuse(w, http.StatusForbidden, "AccessDenied")
		return true
	}
	l := &lister{open: f.api().S3, left: 10}
	_, err := l.add(t.Context(), []span{{bucket: "logs", prefix: "AWSLogs/"}})
	var api interface{ ErrorCode() string }
	if !errors.As(err, &api) || api.ErrorCode() != "AccessDenied" || !strings.HasPrefix(err.Error(), "s3://logs/AWSLogs/: ") {
		t.Error(err)
	}
}
