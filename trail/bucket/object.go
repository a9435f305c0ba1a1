package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/whittle-iam/whittle/trail/stream"
)

const (
	// resumptions is how often the download of one object goes on after it broke.
	resumptions = 8
	// stall is how long to wait for the next bytes of an object.
	stall = time.Minute
)

// opener returns how to open an object. An error that says that this object cannot be had is one of the
// object's, to be skipped; any other is Fatal, as the next object would not fare better.
func (s *Source) opener(api API, o object) func(context.Context) (io.ReadCloser, error) {
	return func(ctx context.Context) (io.ReadCloser, error) {
		b := &body{source: s, api: api, object: o, ctx: ctx}
		if err := b.get(); err != nil {
			if _, archived := errors.AsType[*types.InvalidObjectState](err); archived {
				return nil, fmt.Errorf("the object is archived: restore it, or leave its day out of the window: %w", err)
			}
			if isGone(err) {
				return nil, err
			}
			return nil, stream.Fatal(err)
		}
		return b, nil
	}
}

// isGone reports whether an object went away, or was replaced, since it was listed.
func isGone(err error) bool {
	if _, gone := errors.AsType[*types.NoSuchKey](err); gone {
		return true
	}
	response, ok := errors.AsType[*smithyhttp.ResponseError](err)
	return ok && response.Response != nil && response.HTTPStatusCode() == http.StatusPreconditionFailed
}

// body is what an object holds. A download that breaks goes on where it did.
type body struct {
	source *Source
	api    API
	object object
	ctx    context.Context

	part    io.ReadCloser // what is being downloaded
	stalled *time.Timer   // ends it
	cancel  context.CancelFunc
	offset  int64
	broken  error // why the part ended
	resumed int
}

// get begins a download at the offset.
func (b *body) get() error {
	ctx, cancel := context.WithCancel(b.ctx)
	in := &s3.GetObjectInput{
		Bucket: &b.source.name, Key: &b.object.key, IfMatch: some(b.object.etag), RequestPayer: b.source.payer,
	}
	if b.offset > 0 {
		in.Range = aws.String(fmt.Sprintf("bytes=%d-", b.offset))
	}
	out, err := b.api.GetObject(ctx, in)
	if err != nil {
		cancel()
		return err
	}
	b.part, b.cancel, b.stalled = out.Body, cancel, time.AfterFunc(stall, cancel)
	return nil
}

// Read implements io.Reader. Its errors are Fatal.
func (b *body) Read(p []byte) (int, error) {
	for {
		if b.broken != nil {
			if err := b.resume(); err != nil {
				return 0, err
			}
		}
		b.stalled.Reset(stall)
		n, err := b.part.Read(p)
		b.stalled.Stop()
		b.offset += int64(n)
		switch {
		case err == io.EOF && b.offset >= b.object.size:
			return n, io.EOF
		case err == io.EOF:
			b.broken = io.ErrUnexpectedEOF
		default:
			b.broken = err
		}
		if n > 0 || err == nil {
			return n, nil
		}
	}
}

// resume goes on with a download that broke.
func (b *body) resume() error {
	b.end()
	if err := b.ctx.Err(); err != nil {
		return err
	}
	if b.resumed == resumptions || b.offset >= b.object.size {
		return stream.Fatal(fmt.Errorf("the download broke off after %d of %d bytes, %d times: %w; look at the network, and run the command again", b.offset, b.object.size, b.resumed+1, b.broken))
	}
	b.resumed++
	// From a tenth of a second to a quarter of a minute.
	if err := b.source.sleep(b.ctx, 50*time.Millisecond<<b.resumed); err != nil {
		return err
	}
	if err := b.get(); err != nil {
		return stream.Fatal(fmt.Errorf("go on with the download after %d of %d bytes: %w", b.offset, b.object.size, err))
	}
	b.broken = nil
	return nil
}

func (b *body) end() {
	if b.part == nil {
		return
	}
	b.stalled.Stop()
	b.part.Close()
	b.cancel()
	b.part = nil
}

// Close implements io.Closer.
func (b *body) Close() error {
	b.end()
	return nil
}
