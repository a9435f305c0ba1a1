package bucket

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"github.com/klauspost/compress/gzip"

	"github.com/whittle-iam/whittle/trail"
)

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
