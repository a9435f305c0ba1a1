package trailtest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// A File is one file that a trail delivers, with its path below the bucket.
type File struct {
	// Path is separated by "/", as in S3.
	Path string
	// Content is what the file holds once decompressed.
	Content []byte
}

// LogFile returns the file of records that CloudTrail delivers at a time, named as in
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
func (g *Generator) LogFile(delivered time.Time, records ...*Record) File {
	content := []byte(`{"Records":[`)
	for i, r := range records {
		if i > 0 {
			content = append(content, ',')
		}
		content = append(content, r.JSON()...)
	}
	return g.SiblingFile("CloudTrail", delivered, append(content, "]}"...))
}

// SiblingFile returns another file of the trail. The kind is the folder beside the logs,
// for example "CloudTrail-Digest" or "CloudTrail-Insight".
func (g *Generator) SiblingFile(kind string, delivered time.Time, content []byte) File {
	delivered = delivered.UTC()
	path := fmt.Sprintf("AWSLogs/%s/%s/%s/%s/%s_%s_%s_%s_%s.json.gz", g.Account, kind, g.Region,
		delivered.Format("2006/01/02"), g.Account, kind, g.Region, delivered.Format("20060102T1504Z"),
		g.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 16))
	return File{Path: path, Content: content}
}

// Gzip returns the file as delivered. The header has no time, so equal contents give equal bytes.
func (f File) Gzip() []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(f.Content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic("trailtest: compressing into memory: " + err.Error())
	}
	return b.Bytes()
}

// WriteTree writes files below dir as a trail delivers them.
func WriteTree(dir string, files []File) error {
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("write trail: %w", err)
		}
		if err := os.WriteFile(path, f.Gzip(), 0o644); err != nil {
			return fmt.Errorf("write trail: %w", err)
		}
	}
	return nil
}
