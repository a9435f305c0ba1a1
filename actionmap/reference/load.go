package reference

import (
	"compress/flate"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"sync"
)

// blob holds the segments of all services back to back, each one DEFLATE stream. The table says
// where they lie; decode says what they hold.
//
//go:embed reference.bin
var blob string

// A segment is a service's place in blob.
type segment struct {
	prefix, name string
	offset       int // of the segment's first byte
	packed       int // bytes in blob
	size         int // bytes after decompression
}

var cache [len(table)]struct {
	once    sync.Once
	service *Service
}

// load returns the service at an index of the table and decodes it the first time.
func load(i int) *Service {
	entry := &cache[i]
	entry.once.Do(func() { entry.service = unpack(table[i]) })
	return entry.service
}

// unpack decodes a segment. The blob is part of the program and tests decode all of it, so a blob
// that does not decode is a broken build.
func unpack(s segment) *Service {
	text, err := s.text()
	if err != nil {
		panic(fmt.Sprintf("reference: embedded data of %s: %v", s.prefix, err))
	}
	service, err := decode(s.prefix, s.name, text)
	if err != nil {
		panic(fmt.Sprintf("reference: embedded data of %s: %v", s.prefix, err))
	}
	return service
}

// text decompresses the segment.
func (s segment) text() (string, error) {
	text := make([]byte, s.size)
	r := flate.NewReader(strings.NewReader(blob[s.offset : s.offset+s.packed]))
	if _, err := io.ReadFull(r, text); err != nil {
		return "", err
	}
	return string(text), nil
}
