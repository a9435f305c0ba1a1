package stream

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

const (
	// maxWindow bounds the memory that a zstd stream may ask for.
	maxWindow = 128 << 20
	// A stream that has given more than bombSize bytes at more than bombRatio to one is given up.
	// CloudTrail files compress ten to thirty times, and the most repetitive not much above a hundred.
	bombSize  = 256 << 20
	bombRatio = 500
	// maxLayers is how often compressed data may be compressed again; Firehose adds a layer to
	// what CloudWatch Logs has compressed.
	maxLayers = 3
)

var errBomb = errors.New("decompresses to suspiciously much")

// counter counts what was read through it, remembers what went wrong, and ends with ctx.
type counter struct {
	ctx context.Context
	r   io.Reader
	n   int64
	err error // of r, not io.EOF
}

func (c *counter) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

// guard stops a decompression bomb.
type guard struct {
	r      io.Reader
	stored *counter
	n      int64
}

func (g *guard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	g.n += int64(n)
	if g.n > bombSize && g.n/bombRatio > g.stored.n {
		return 0, errBomb
	}
	return n, err
}

// decompress returns the plain bytes of r, told by its first bytes, and a function that frees what
// the decoders hold. Gzip may have many members, as CloudTrail's concatenated files do.
func decompress(stored *counter) (_ *bufio.Reader, free func(), _ error) {
	var open []func()
	free = func() {
		for _, f := range open {
			f()
		}
	}
	r := bufio.NewReaderSize(stored, 64<<10)
	for range maxLayers {
		magic, _ := r.Peek(4)
		var layer io.Reader
		switch {
		case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
			z, err := gzip.NewReader(r)
			if err != nil {
				return nil, free, fmt.Errorf("gzip: %w", err)
			}
			layer = z
		case bytes.HasPrefix(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
			z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
			if err != nil {
				return nil, free, fmt.Errorf("zstd: %w", err)
			}
			open = append(open, z.Close)
			layer = z
		}
		if layer == nil {
			break
		}
		r = bufio.NewReaderSize(&guard{r: layer, stored: stored}, 64<<10)
	}
	// Some editors and shells write a byte order mark before UTF-8.
	if mark, _ := r.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = r.Discard(len(mark))
	}
	return r, free, nil
}
