package logfile_test

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/logfile"
	"github.com/whittle-iam/whittle/trail/trailtest"
)

// BenchmarkRead reads 100,000 records of a function's calls and of noise from gzip members, as many
// small delivered files would hold them, and reports records and decompressed bytes a second.
func BenchmarkRead(b *testing.B) {
	const files, perFile = 200, 500
	g := trailtest.New(1, "111122223333", "eu-west-1")
	start := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	fn := g.FunctionSession(g.Role("service-role/orders-role"), "orders", start)
	user := g.User("alice")
	var stored bytes.Buffer
	plain := 0
	for i := range files {
		var records []*trailtest.Record
		for j := range perFile {
			at := start.Add(time.Duration(i*perFile+j) * time.Second)
			switch j % 4 {
			case 0:
				records = append(records, g.Object(fn, at, "GetObject", "111122223333", "orders-in", fmt.Sprintf("2026/09/%02d/%d.json", i%30, j)))
			case 1:
				records = append(records, g.Item(fn, at, "PutItem", "orders"))
			case 2:
				records = append(records, g.Message(fn, at, "SendMessage", "orders-queue", nil))
			default:
				records = append(records, g.Call(user, at, "ec2.amazonaws.com", "RunInstances"))
			}
		}
		file := g.LogFile(start, records...)
		plain += len(file.Content)
		stored.Write(gzipped(file.Content))
	}
	fields := func(source, _ string) trail.Fields {
		if source == "s3.amazonaws.com" {
			return trail.Fields{Paths: []string{"bucketName", "key", "resources:AWS::S3::Object"}, Wide: "key"}
		}
		return trail.Fields{Paths: []string{"tableName", "queueUrl", "resources:"}}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	b.SetBytes(int64(plain))
	b.ReportAllocs()
	for b.Loop() {
		var stats trail.Stats
		source := logfile.New([]string{"-"}, logfile.WithStdin(bytes.NewReader(stored.Bytes())))
		rows := 0
		for _, err := range source.Usage(b.Context(), trail.Query{Fields: fields, Stats: &stats}) {
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
		if stats.Records != files*perFile {
			b.Fatalf("%+v", stats)
		}
	}
	runtime.ReadMemStats(&after)
	records := float64(b.N) * files * perFile
	b.ReportMetric(records/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/records, "B/record")
}
