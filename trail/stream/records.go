package stream

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/whittle-iam/whittle/trail"
)

// containers are the members whose arrays hold records: of delivered files, of lookup-events, of
// CloudWatch Logs' get-log-events and filter-log-events, and of its subscriptions.
var containers = map[string]bool{"Records": true, "Events": true, "events": true, "logEvents": true}

// maxBadStart is how many lines may be malformed before the first record, until the input counts as
// no CloudTrail file.
const maxBadStart = 20

// maxContainers is how deep arrays of records may nest.
const maxContainers = 4

// errNotCloudTrail is returned for input that holds no record.
var errNotCloudTrail = errors.New("no CloudTrail record in any known format")

// A record is one record's bytes, or why there are none.
type record struct {
	raw    []byte // valid during the call only
	offset int64
	skip   trail.SkipReason
	err    error
}

// reader finds the records in a stream of JSON.
type reader struct {
	*scanner
	yield func(record) error
	known bool     // the input has shown to be of a known format
	early []record // malformed before that
}

// readRecords yields the records in r. It returns errNotCloudTrail if there are none in any known
// format, an error of yield, or a brokenError if r ends early; the records before that were yielded.
func readRecords(r io.Reader, yield func(record) error) error {
	rd := &reader{scanner: newScanner(r), yield: yield}
	return rd.run()
}

func (r *reader) run() error {
	for {
		c, ok := r.space()
		if !ok {
			break
		}
		err := r.line(c)
		if err == nil {
			continue
		}
		if stop, ok := errors.AsType[stopError](err); ok {
			return stop.error
		}
		at := r.offset()
		if r.held >= 0 {
			at = r.base + int64(r.held)
		}
		if !r.nextLine() {
			if !r.known && r.err == io.EOF {
				return errNotCloudTrail
			}
			return &brokenError{at, err}
		}
		if err := r.bad(record{offset: at, skip: trail.SkipMalformed, err: err}); err != nil {
			return err.error
		}
	}
	switch {
	case r.err != io.EOF:
		return &brokenError{r.offset(), r.err}
	case !r.known:
		return errNotCloudTrail
	}
	return nil
}

// A brokenError says where input broke off.
type brokenError struct {
	offset int64
	err    error
}

func (e *brokenError) Error() string { return e.err.Error() }
func (e *brokenError) Unwrap() error { return e.err }

// stopError ends the reading, where other errors allow to go on at the next line.
type stopError struct{ error }

// line reads one value of the outermost level, perhaps after the time that exports of CloudWatch
// Logs to S3 write before each message.
func (r *reader) line(c byte) error {
	if c >= '0' && c <= '9' {
		r.hold()
		for n := 0; c != ' '; n++ {
			if n > 40 || c < ' ' {
				return errors.New("a line that is no JSON")
			}
			r.pos++
			var ok bool
			if c, ok = r.peek(); !ok {
				return errors.New("a line that is no JSON")
			}
		}
		if c, _ = r.space(); c != '{' {
			return errors.New("a line that is no JSON")
		}
	}
	if c != '{' && c != '[' {
		return r.broken("an object or array")
	}
	return r.item(0)
}

// item reads an element of the outermost level or of a container.
func (r *reader) item(depth int) error {
	if depth > maxContainers {
		return errDepth
	}
	c, _ := r.space()
	found := record{offset: r.offset()}
	switch c {
	case '[':
		return r.elements(func() error { return r.item(depth + 1) })
	case '{':
	default:
		if err := r.skip(0); err != nil {
			return err
		}
		found.skip, found.err = trail.SkipNotEvent, errors.New("not an object")
		return r.leaf(found)
	}
	r.hold()
	container := false
	var around envelope
	err := r.members(func(name string) error {
		if c, _ := r.space(); c == '[' && containers[name] {
			container, r.known = true, true
			r.release()
			return r.elements(func() error { return r.item(depth + 1) })
		}
		around.see(name)
		return r.skip(0)
	})
	if err != nil || container {
		return err
	}
	if found.raw = r.value(); found.raw == nil {
		found.skip, found.err = trail.SkipOversize, fmt.Errorf("more than %d MiB", maxRecord>>20)
	} else {
		around.open(&found)
		r.known = r.known || around.detail || around.cloudTrailEvent || looksLikeEvent(found.raw) || found.skip == trail.SkipControlMessage
	}
	r.release()
	return r.leaf(found)
}

// leaf yields a record. One of the first has to tell that this is CloudTrail; what comes before it is
// no event.
func (r *reader) leaf(found record) error {
	if !r.known {
		if found.skip == "" {
			found.skip, found.err = trail.SkipNotEvent, errors.New("no CloudTrail record")
		}
		found.raw = nil
		if stop := r.bad(found); stop != nil {
			return *stop
		}
		return nil
	}
	for _, bad := range append(r.early, found) {
		if err := r.yield(bad); err != nil {
			return stopError{err}
		}
	}
	r.early = nil
	return nil
}

// bad yields a line that is malformed, as soon as the input has shown to be CloudTrail.
func (r *reader) bad(line record) *stopError {
	if !r.known {
		if r.early = append(r.early, line); len(r.early) > maxBadStart {
			return &stopError{errNotCloudTrail}
		}
		return nil
	}
	if err := r.yield(line); err != nil {
		return &stopError{err}
	}
	return nil
}

// looksLikeEvent is a cheap test for any JSON of CloudTrail.
func looksLikeEvent(raw []byte) bool {
	for _, name := range []string{`"eventName"`, `"eventSource"`, `"eventVersion"`, `"eventTime"`, `"userIdentity"`, `"digestS3Bucket"`} {
		if bytes.Contains(raw, []byte(name)) {
			return true
		}
	}
	return false
}

// An envelope is what a record may be wrapped in, told by the members beside it.
type envelope struct {
	record, detail, cloudTrailEvent, message bool
}

func (e *envelope) see(name string) {
	switch name {
	case "eventName", "eventSource", "userIdentity":
		e.record = true
	case "detail-type":
		e.detail = true
	case "CloudTrailEvent":
		e.cloudTrailEvent = true
	case "message", "@message":
		e.message = true
	}
}

func (e *envelope) any() bool { return !e.record && (e.detail || e.cloudTrailEvent || e.message) }

// open replaces the envelope in found by the record in it.
func (e *envelope) open(found *record) {
	if !e.any() {
		return
	}
	var wrapped struct {
		Detail          json.RawMessage `json:"detail"`
		CloudTrailEvent string          `json:"CloudTrailEvent"`
		Message         string          `json:"message"`
		AtMessage       string          `json:"@message"`
	}
	if err := json.Unmarshal(found.raw, &wrapped); err != nil {
		found.skip, found.err = trail.SkipMalformed, err
		return
	}
	switch {
	case e.detail:
		found.raw = wrapped.Detail
	case e.cloudTrailEvent:
		found.raw = []byte(wrapped.CloudTrailEvent)
	default:
		found.raw = []byte(cmp.Or(wrapped.Message, wrapped.AtMessage))
		if bytes.HasPrefix(found.raw, []byte("CWL CONTROL MESSAGE")) {
			found.skip = trail.SkipControlMessage
		}
	}
}
