package athena

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// maxDrops is how often in a row a connection may break without a byte read in between.
const maxDrops = 5

// object reads one object of S3 from end to end, over several connections where one breaks.
type object struct {
	ctx         context.Context
	api         S3API
	bucket, key string
	sleep       func(context.Context, time.Duration) error

	body  io.ReadCloser
	etag  *string
	at    int64 // bytes read
	size  int64 // -1 while unknown
	drops int
}

// open begins, or goes on, at o.at.
func (o *object) open() error {
	in := &s3.GetObjectInput{Bucket: &o.bucket, Key: &o.key}
	if o.at > 0 {
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", o.at))
		in.IfMatch = o.etag
	}
	// Athena writes files without the checksums of which the SDK would log that they are missing.
	answer, err := o.api.GetObject(o.ctx, in, func(options *s3.Options) { options.DisableLogOutputChecksumValidationSkipped = true })
	if err != nil {
		return err
	}
	o.body = answer.Body
	if o.at == 0 {
		o.etag, o.size = answer.ETag, -1
		if answer.ContentLength != nil {
			o.size = *answer.ContentLength
		}
	}
	return nil
}

func (o *object) Read(p []byte) (int, error) {
	for {
		n, err := o.body.Read(p)
		o.at += int64(n)
		if n > 0 {
			o.drops = 0
		}
		switch {
		case err == io.EOF && o.size >= 0 && o.at < o.size:
			err = io.ErrUnexpectedEOF
		case err == nil || err == io.EOF:
			return n, err
		}
		if o.ctx.Err() != nil {
			return n, o.ctx.Err()
		}
		if again := o.reopen(err); again != nil {
			return n, again
		}
		if n > 0 {
			return n, nil
		}
	}
}

// reopen connects again after a break. The error of another connection's failure comes with the break's.
func (o *object) reopen(broken error) error {
	o.drops++
	if o.drops > maxDrops || o.at == o.size {
		return fmt.Errorf("after %d bytes: %w", o.at, broken)
	}
	if err := o.sleep(o.ctx, time.Duration(o.drops)*firstPause); err != nil {
		return err
	}
	o.body.Close()
	if err := o.open(); err != nil {
		return fmt.Errorf("after %d bytes: %w, and then: %w", o.at, broken, err)
	}
	return nil
}

func (o *object) Close() error { return o.body.Close() }
