package trail

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"
)

// Dedupe remembers event IDs in a fixed amount of memory, to count an event once that several
// trails or accounts delivered.
//
// It is a table of 64-bit hashes in buckets of eight that grows to 64 MiB, 8.4 million IDs; then the
// oldest ID of a bucket makes room and Forgotten counts it. So duplicates are found for certain
// among small inputs, and among large ones as long as the copies are less than some millions of
// used events apart.
type Dedupe struct {
	slots     []uint64 // buckets of ways, newest first, 0 for free
	forgotten int64
	maxSlots  int
}

const ways = 8

// NewDedupe returns an empty Dedupe.
func NewDedupe() *Dedupe { return &Dedupe{slots: make([]uint64, minSlots), maxSlots: maxSlots} }

const (
	minSlots = 1 << 10
	maxSlots = 1 << 23
)

// RestoreDedupe returns the Dedupe that had this Size and these Hashes. Forgotten begins at 0.
func RestoreDedupe(size int, hashes iter.Seq[uint64]) (*Dedupe, error) {
	if size < minSlots || size > maxSlots || size&(size-1) != 0 {
		return nil, fmt.Errorf("a table of %d slots", size)
	}
	d := &Dedupe{slots: make([]uint64, size), maxSlots: maxSlots}
	for h := range hashes {
		bucket := d.bucket(h)
		free := slices.Index(bucket, 0)
		if h == 0 || free < 0 || slices.Contains(bucket[:free], h) {
			return nil, errors.New("no such table has these hashes")
		}
		bucket[free] = h
	}
	return d, nil
}

// Size is how large the table is. Size and Hashes are all there is to a Dedupe, see RestoreDedupe.
func (d *Dedupe) Size() int { return len(d.slots) }

// Hashes yields what is remembered, in the order of the table.
func (d *Dedupe) Hashes() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for _, h := range d.slots {
			if h != 0 && !yield(h) {
				return
			}
		}
	}
}

// Forgotten returns how many IDs made room for others.
func (d *Dedupe) Forgotten() int64 { return d.forgotten }

// First reports whether neither ID was given before with the same content and time, and remembers both. An
// empty ID is always new.
//
// The copies of several trails agree in everything. Where records of one event ID do not, as in anonymised
// logs, which have one placeholder for all, and in forged ones, each is counted, so that the order in
// which they are read hides none of them: content is the encoded Key. The copies that several accounts
// get under one shared ID may leave out what is not the account's business, such as the VPC endpoint, so
// shared is what they have in common: the role and the event's name. Of them the first one is counted.
func (d *Dedupe) First(eventID string, content []byte, sharedEventID, shared string, at time.Time) bool {
	first := true
	if eventID != "" && !d.insert(hashID(eventID, content, at, 1)) {
		first = false
	}
	if sharedEventID != "" && !d.insert(hashID(sharedEventID, []byte(shared), at, 2)) {
		first = false
	}
	return first
}

// insert reports whether h is new.
func (d *Dedupe) insert(h uint64) bool {
	bucket := d.bucket(h)
	for i, known := range bucket {
		if known == h {
			return false
		}
		if known == 0 {
			copy(bucket[1:i+1], bucket[:i])
			bucket[0] = h
			return true
		}
	}
	if len(d.slots) < d.maxSlots {
		d.grow()
		return d.insert(h)
	}
	copy(bucket[1:], bucket[:ways-1])
	bucket[0] = h
	d.forgotten++
	return true
}

func (d *Dedupe) bucket(h uint64) []uint64 {
	i := int(h>>8) & (len(d.slots)/ways - 1) * ways
	return d.slots[i : i+ways]
}

// grow doubles the table. An old bucket splits in two, so there is room, and order is kept.
func (d *Dedupe) grow() {
	old := d.slots
	d.slots = make([]uint64, 2*len(old))
	for start := 0; start < len(old); start += ways {
		for i := ways - 1; i >= 0; i-- { // oldest first
			if h := old[start+i]; h != 0 {
				d.insert(h)
			}
		}
	}
}

// hashID maps an ID to 64 bits other than 0. The kind keeps event IDs and shared event IDs apart.
func hashID(id string, content []byte, at time.Time, kind byte) uint64 {
	const prime = 1099511628211 // FNV-1a
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * prime
	}
	h = (h ^ uint64(kind)) * prime
	for _, c := range content {
		h = (h ^ uint64(c)) * prime
	}
	h = (h ^ uint64(at.Unix())) * prime
	// FNV's low bits mix poorly; the table takes its bucket from them.
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	h ^= h >> 32
	return h | 1
}
