package reference

import (
	"runtime"
	"sync"
	"testing"
)

func TestLookupConcurrently(t *testing.T) {
	var wg sync.WaitGroup
	found := make([]*Service, 32)
	for i := range found {
		wg.Go(func() { found[i], _ = Lookup("glacier") })
	}
	wg.Wait()
	for _, s := range found {
		if s == nil || s != found[0] {
			t.Fatal("concurrent lookups give different services")
		}
	}
}

// TestThreeServicesAreCheap allows the three largest services 5 MiB, garbage included.
func TestThreeServicesAreCheap(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, prefix := range []string{"ec2", "connect", "sagemaker"} {
		i, ok := find(table[:], prefix, func(s segment) string { return s.prefix })
		if !ok {
			t.Fatalf("no service %s", prefix)
		}
		unpack(table[i])
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 5<<20 {
		t.Errorf("decoding three services allocates %d bytes", used)
	}
}

// BenchmarkThreeServices is what a fresh process pays for three services: it goes past the cache.
// EC2's page is the largest of the reference.
func BenchmarkThreeServices(b *testing.B) {
	for _, bench := range []struct {
		name     string
		prefixes []string
	}{
		{"typical", []string{"s3", "dynamodb", "sqs"}},
		{"largest", []string{"ec2", "connect", "sagemaker"}},
	} {
		var segments []segment
		for _, prefix := range bench.prefixes {
			i, ok := find(table[:], prefix, func(s segment) string { return s.prefix })
			if !ok {
				b.Fatalf("no service %s", prefix)
			}
			segments = append(segments, table[i])
		}
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, s := range segments {
					unpack(s)
				}
			}
		})
	}
}

func BenchmarkWhole(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range table {
			unpack(s)
		}
	}
}

func BenchmarkLookupAction(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := LookupAction("ec2:createnetworkinterface"); !ok {
			b.Fatal("not found")
		}
	}
}
