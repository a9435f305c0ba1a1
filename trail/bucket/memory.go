package bucket

import (
	"crypto/sha256"
	"fmt"
	"maps"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/stream"
)

// An id stands for the content of one key: 128 bits of a hash of the key and its ETag.
type id [16]byte

func (o *object) id() id {
	sum := sha256.Sum256([]byte(o.key + "\x00" + o.etag))
	return id(sum[:16])
}

// memory is what was read, in this reading and in those that the state file tells of. The pipeline
// aggregates objects one after the other, so at any time the aggregator holds some objects whole and
// the first records of at most a few: that, and the aggregator, is all that has to be kept to go on.
type memory struct {
	source     *Source
	scope      scope
	aggregator *trail.Aggregator
	before     map[id]struct{} // objects read whole in earlier readings; only read from
	now        []id            // in this one
	partial    map[id]int64    // how many records were counted of objects that were not read to their ends
	begun      map[id]int64    // partial, as it was at the start; only read from
	unsaved    int64           // what was read since the state was saved, see due
	saved      int64           // the size of the state file
}

// remember returns the memory to begin with.
func (s *Source) remember(q *trail.Query) (*memory, error) {
	m := &memory{
		source: s, scope: s.scope(q), aggregator: trail.NewAggregator(),
		before: map[id]struct{}{}, partial: map[id]int64{},
	}
	if s.state == "" {
		return m, nil
	}
	if err := m.load(); err != nil {
		return nil, fmt.Errorf("state %s: %w", s.state, err)
	}
	m.begun = maps.Clone(m.partial)
	return m, nil
}

// wants reports whether an object is to be read, and sets in up to tell how far that came.
func (m *memory) wants(o object, in *stream.Input) bool {
	if m.source.state == "" {
		return true
	}
	it := o.id()
	if _, read := m.before[it]; read {
		return false
	}
	in.Counted = m.begun[it]
	in.Done = func(end stream.End) error {
		if !end.Whole || end.Skip == trail.SkipUnreadable { // the next reading tries again
			if end.Records > 0 {
				m.partial[it] = end.Records
			}
			return nil
		}
		delete(m.partial, it)
		m.now = append(m.now, it)
		m.unsaved += o.size + objectCost
		if !m.due() {
			return nil
		}
		return m.save()
	}
	return true
}

// objectCost is how many bytes of an object the request for one is worth.
const objectCost = 64 << 10

// due reports whether to save the state. To read a few thousand objects again is cheaper than to write a
// large state again and again.
func (m *memory) due() bool { return m.unsaved >= max(m.source.checkpoint, 8*m.saved) }

// save writes the state file, if there is to be one.
func (m *memory) save() error {
	if m.source.state == "" {
		return nil
	}
	if err := m.write(); err != nil {
		return fmt.Errorf("save state %s: %w", m.source.state, err)
	}
	m.unsaved = 0
	return nil
}

// stats are those of what is read whole or in part. An object that could not be had is counted by the
// reading that ends with it missing.
func (m *memory) stats() trail.Stats {
	stats := m.aggregator.Stats()
	stats.Files -= stats.SkippedFiles[trail.SkipUnreadable]
	delete(stats.SkippedFiles, trail.SkipUnreadable)
	return stats
}
