package bucket

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

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

var errVersion = errors.New("it is newer than this program")

// A scope is what a state holds good for. In other bytes than its own nothing of it means anything.
type scope struct {
	Bucket   string    `json:"bucket"`
	Prefix   string    `json:"prefix"`
	Since    time.Time `json:"since,omitzero"`
	Until    time.Time `json:"until,omitzero"`
	Accounts []string  `json:"accounts,omitempty"`
	Regions  []string  `json:"regions,omitempty"`
	// Fields names what Query.Fields asks for.
	Fields string `json:"fields"`
}

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

func (s *Source) scope(q *trail.Query) scope {
	set := func(list []string) []string {
		list = slices.Sorted(slices.Values(list))
		return slices.Compact(list)
	}
	return scope{s.name, s.prefix, q.Since.UTC(), q.Until.UTC(), set(q.Accounts), set(q.Regions), s.fields}
}

// differs says what tells two scopes apart.
func (s *scope) differs(o *scope) error {
	switch {
	case s.Bucket != o.Bucket || s.Prefix != o.Prefix:
		return fmt.Errorf("it is of s3://%s/%s", s.Bucket, s.Prefix)
	case !s.Since.Equal(o.Since) || !s.Until.Equal(o.Until):
		return fmt.Errorf("it is of another window: %s to %s", bound(s.Since), bound(s.Until))
	case !slices.Equal(s.Accounts, o.Accounts):
		return fmt.Errorf("it is of other accounts: %q", s.Accounts)
	case !slices.Equal(s.Regions, o.Regions):
		return fmt.Errorf("it is of other Regions: %q", s.Regions)
	case s.Fields != o.Fields:
		return errors.New("it was made with another mapping of calls to permissions, so it lacks what this one needs")
	}
	return nil
}

func bound(t time.Time) string {
	if t.IsZero() {
		return "(open)"
	}
	return t.Format(time.RFC3339)
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
		return fmt.Errorf("not a state of s3: %w", err)
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
		return errors.New("not a state of s3")
	}
	if kind.Version > stateVersion {
		return fmt.Errorf("%w: it has version %d, this program reads up to %d", errVersion, kind.Version, stateVersion)
	}
	var h header
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return fmt.Errorf("header: %w", err)
	}
	if err := h.scope.differs(&m.scope); err != nil {
		return fmt.Errorf("%w; use another file, or remove this one to read everything again", err)
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

// write replaces the state file: it has the old content or the new one, whenever the program ends.
func (m *memory) write() (err error) {
	f, err := os.CreateTemp(filepath.Dir(m.source.state), "."+filepath.Base(m.source.state)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	out := bufio.NewWriter(f)
	if err = m.writeTo(out); err == nil {
		err = out.Flush()
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil {
		return err
	}
	if info, err := f.Stat(); err == nil {
		m.saved = info.Size()
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), m.source.state)
}

func (m *memory) writeTo(out io.Writer) error {
	seen := m.aggregator.Seen()
	objects := make([]id, 0, len(m.before)+len(m.now))
	for it := range m.before {
		objects = append(objects, it)
	}
	objects = append(objects, m.now...)
	slices.SortFunc(objects, func(a, b id) int { return bytes.Compare(a[:], b[:]) })
	h := header{Format: stateFormat, Version: stateVersion, scope: m.scope, Objects: len(objects), Slots: seen.Size()}
	for range seen.Hashes() {
		h.Hashes++
	}
	for it, records := range m.partial {
		h.Partial = append(h.Partial, partial{it[:], records})
	}
	slices.SortFunc(h.Partial, func(a, b partial) int { return bytes.Compare(a.ID, b.ID) })
	z := gzip.NewWriter(out) // no name, no time
	if err := json.NewEncoder(z).Encode(h); err != nil {
		return err
	}
	if err := writeChunks(z, func(yield func([]byte) bool) {
		for i := range objects {
			if !yield(objects[i][:]) {
				return
			}
		}
	}); err != nil {
		return err
	}
	if err := writeChunks(z, func(yield func([]byte) bool) {
		var raw [8]byte
		for h := range seen.Hashes() {
			binary.BigEndian.PutUint64(raw[:], h)
			if !yield(raw[:]) {
				return
			}
		}
	}); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	// A profile is gzip of its own, which readers take as going on.
	return trail.WriteProfile(out, m.aggregator.Usages(), m.stats())
}

// writeChunks writes values of equal length, many to a line.
func writeChunks(out io.Writer, values iter.Seq[[]byte]) error {
	var line []byte
	flush := func() error {
		text := append(base64.StdEncoding.AppendEncode([]byte{'"'}, line), "\"\n"...)
		line = line[:0]
		_, err := out.Write(text)
		return err
	}
	for value := range values {
		if line = append(line, value...); len(line) < perLine {
			continue
		}
		if err := flush(); err != nil {
			return err
		}
	}
	if len(line) == 0 {
		return nil
	}
	return flush()
}
