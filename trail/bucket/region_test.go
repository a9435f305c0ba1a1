package bucket_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/bucket"
)

// TestNobodyAnswers: where nothing answers to HEAD, nothing is listed.
func TestNobodyAnswers(t *testing.T) {
	f := newFake(t, nil)
	f.fault = func(w http.ResponseWriter, r *http.Request, _ string) bool {
		if r.Method != http.MethodHead {
			return false
		}
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			conn.Close()
		}
		return true
	}
	_, _, err := collect(t, bucket.New(f.api, name, ""), trail.Query{})
	if err == nil || !strings.HasPrefix(err.Error(), "s3://trail-logs/: ") || len(f.lists) > 0 {
		t.Errorf("error %v, lists %q", err, f.lists)
	}
}
