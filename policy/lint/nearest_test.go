package lint

import (
	"math/rand"
	"strings"
	"testing"
)

// naive is the distance by its definition: what comes off the end, recursively.
func naive(a, b string) int {
	if a == "" || b == "" {
		return len(a) + len(b)
	}
	i, j := len(a)-1, len(b)-1
	best := min(naive(a[:i], b)+1, naive(a, b[:j])+1)
	change := naive(a[:i], b[:j])
	if a[i] != b[j] {
		change++
	}
	best = min(best, change)
	if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
		best = min(best, naive(a[:i-1], b[:j-1])+1)
	}
	return best
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b        string
		bound, want int
	}{
		{"GetObejct", "GetObject", 3, 1},
		{"getobject", "GetObject", 3, 0},
		{"GetObjct", "GetObject", 3, 1},
		{"PutItem", "GetItem", 3, 2},
		{"PutItem", "GetItem", 1, 2},
		{"", "ab", 3, 2},
		{"a", strings.Repeat("a", 1000), 3, 4},
		{"ca", "abc", 3, 3}, // 2 where a place may be edited twice
	} {
		if got := distance(c.a, c.b, c.bound); got != c.want {
			t.Errorf("distance(%q, %q, %d) = %d, want %d", c.a, c.b, c.bound, got, c.want)
		}
	}
	r := rand.New(rand.NewSource(1))
	word := func() string {
		b := make([]byte, r.Intn(7))
		for i := range b {
			b[i] = "abc"[r.Intn(3)]
		}
		return string(b)
	}
	for range 3000 {
		a, b, bound := word(), word(), r.Intn(5)
		if got, want := distance(a, b, bound), min(naive(a, b), bound+1); got != want {
			t.Fatalf("distance(%q, %q, %d) = %d, want %d", a, b, bound, got, want)
		}
	}
}

func TestNearest(t *testing.T) {
	for prefix, want := range map[string]string{
		"dynamobd": "dynamodb", "lamda": "lambda", "SecretManager": "secretsmanager", "EventBridge": "events",
		"nothinglikeit": "",
	} {
		if got := nearestService(prefix); got != want {
			t.Errorf("nearestService(%q) = %q, want %q", prefix, got, want)
		}
	}
}
