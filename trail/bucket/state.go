package bucket

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"

	"github.com/klauspost/compress/gzip"

	"github.com/whittle-iam/whittle/trail"
)

// The state file is gzip of lines of JSON: a header, the ids of the objects that were read and the hashes of
// the memory for duplicates, many to a line in base64, and then the lines of a profile of what was found.
const (
	stateFormat  = "whittle-bucket-state"
	stateVersion = 1
	// perLine is how many bytes of ids or hashes share a line.
	perLine = 48 << 10
	// maxLine is how long a line before the profile may be.
	maxLine = 1 << 20
)

// header is the first line.
type header struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	scope
	Objects int `json:"objects"`
	// Slots and Hashes are the size of the memory for duplicates, and how much is in it.
	Slots   int       `json:"slots"`
	Hashes  int       `json:"hashes"`
	Partial []partial `json:"partial,omitempty"`
}

// partial is an object of which the first records were counted.
type partial struct {
	ID      []byte `json:"id"`
	Records int64  `json:"records"`
}

// load reads the state file. If there is none it makes one, so that a place that cannot be written to
// shows before anything is read.
func (m *memory) load() error {
	f, err := os.Open(m.source.state)
	if errors.Is(err, fs.ErrNotExist) {
		return m.write()
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil {
		m.saved = info.Size()
	}
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		return fmt.Errorf("not the state of a bucket's reading: %w", err)
	}
	return m.read(bufio.NewReaderSize(z, maxLine))
}

func (m *memory) read(in *bufio.Reader) error {
	raw, err := in.ReadSlice('\n')
	var kind struct {
		Format  string
		Version int
	}
	if err != nil || json.Unmarshal(raw, &kind) != nil || kind.Format != stateFormat {
		return errors.New("not the state of a bucket's reading")
	}
	if kind.Version > stateVersion {
		return fmt.Errorf("it is newer than this program: it has version %d, this program reads up to %d", kind.Version, stateVersion)
	}
	var h header
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return fmt.Errorf("header: %w", err)
	}
	if err := h.scope.differs(&m.scope); err != nil {
		return fmt.Errorf("%w: use another file, or remove this one to read everything again", err)
	}
	for _, p := range h.Partial {
		if len(p.ID) != len(id{}) || p.Records < 1 {
			return errors.New("header: partial")
		}
		m.partial[id(p.ID)] = p.Records
	}
	for raw, err := range chunks(in, h.Objects, len(id{})) {
		if err != nil {
			return fmt.Errorf("objects: %w", err)
		}
		m.before[id(raw)] = struct{}{}
	}
	if len(m.before) != h.Objects {
		return errors.New("objects: one is there twice")
	}
	var broken error
	seen, err := trail.RestoreDedupe(h.Slots, func(yield func(uint64) bool) {
		for raw, err := range chunks(in, h.Hashes, 8) {
			if broken = err; err != nil || !yield(binary.BigEndian.Uint64(raw)) {
				return
			}
		}
	})
	if err = errors.Join(broken, err); err != nil {
		return fmt.Errorf("memory for duplicates: %w", err)
	}
	usages, stats, err := trail.ReadProfile(in)
	if err != nil {
		return err
	}
	m.aggregator = trail.ResumeAggregator(seen)
	for i := range usages {
		m.aggregator.AddUsage(&usages[i])
	}
	m.aggregator.AddStats(stats)
	return nil
}

// chunks reads n values of some bytes each, as writeChunks wrote them.
func chunks(in *bufio.Reader, n, size int) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for n > 0 {
			line, err := in.ReadSlice('\n')
			var raw []byte
			if err == nil {
				err = json.Unmarshal(line, &raw)
			}
			if err == nil && (len(raw) == 0 || len(raw)%size != 0 || len(raw)/size > n) {
				err = errors.New("a line of another length")
			}
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			if err != nil {
				yield(nil, err)
				return
			}
			n -= len(raw) / size
			for value := range slices.Chunk(raw, size) {
				if !yield(value, nil) {
					return
				}
			}
		}
	}
}
