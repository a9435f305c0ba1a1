package bucket

import "sync/atomic"

// totals counts what is to be read. It is known once all is listed.
type totals struct {
	files, bytes atomic.Int64
	all          atomic.Bool
}

func (t *totals) add(size int64) {
	t.files.Add(1)
	t.bytes.Add(size)
}

func (t *totals) get() (files, bytes int64) {
	if !t.all.Load() {
		return 0, 0
	}
	return t.files.Load(), t.bytes.Load()
}
