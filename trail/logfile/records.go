package logfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/whittle-iam/whittle/trail"
)

// containers are the members whose arrays hold records: of delivered files, of lookup-events, of
// CloudWatch Logs' get-log-events and filter-log-events, and of its subscriptions.
var containers = map[string]bool{"Records": true, "Events": true, "events": true, "logEvents": true}

// maxBadStart is how many lines may be malformed before the first record, until the input counts as
// no CloudTrail file.
const maxBadStart = 20

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
	any   bool     // some record was found
	early []record // malformed before that
}

// readRecords yields the records in r. An error other than errNotCloudTrail says that r broke off; the
// records before that were yielded.
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
		var stop stopError
		switch {
		case err == nil:
			continue
		case errors.As(err, &stop):
			return stop.error
		}
		at := r.offset()
		if r.held >= 0 {
			at = r.base + int64(r.held)
		}
		if !r.nextLine() {
			if !r.any {
				return errNotCloudTrail
			}
			return err
		}
		if err := r.bad(record{offset: at, skip: trail.SkipMalformed, err: err}); err != nil {
			return err
		}
	}
	if r.err != io.EOF {
		return r.err
	}
	if !r.any {
		return errNotCloudTrail
	}
	return nil
}

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
	if depth > 8 {
		return errDepth
	}
	c, _ := r.space()
	at := r.offset()
	switch c {
	case '[':
		return r.elements(func() error { return r.item(depth + 1) })
	case '{':
	default:
		return r.skip(0)
	}
	r.hold()
	container := false
	var keys envelope
	err := r.members(func(name string) error {
		if c, _ := r.space(); c == '[' && containers[name] {
			container = true
			r.release()
			return r.elements(func() error { return r.item(depth + 1) })
		}
		keys.see(name)
		return r.skip(0)
	})
	if err != nil || container {
		if container && err == nil {
			r.any = true
		}
		return err
	}
	found := record{offset: at, raw: r.value()}
	if found.raw == nil {
		found.skip, found.err = trail.SkipOversize, fmt.Errorf("more than %d MiB", maxRecord>>20)
	} else {
		keys.open(&found)
	}
	r.release()
	return r.leaf(found, depth == 0)
}

// leaf yields a record. The first value of the outermost level has to be one.
func (r *reader) leaf(found record, outermost bool) error {
	if found.skip == trail.SkipMalformed {
		return r.bad(found)
	}
	if !r.any && outermost && found.skip == "" && !looksLikeEvent(found.raw) {
		return stopError{errNotCloudTrail}
	}
	r.any = true
	early := r.early
	r.early = nil
	for _, bad := range early {
		if err := r.yield(bad); err != nil {
			return stopError{err}
		}
	}
	if err := r.yield(found); err != nil {
		return stopError{err}
	}
	return nil
}

// bad yields a malformed record, once the input has shown to hold good ones too.
func (r *reader) bad(b record) error {
	if r.any {
		if err := r.yield(b); err != nil {
			return stopError{err}
		}
		return nil
	}
	b.raw = nil
	if r.early = append(r.early, b); len(r.early) > maxBadStart {
		return stopError{errNotCloudTrail}
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
	record, detail, cloudTrailEvent, message, control bool
}

func (e *envelope) see(name string) {
	switch name {
	case "eventName", "eventSource", "userIdentity":
		e.record = true
	case "detail":
		e.detail = true
	case "CloudTrailEvent":
		e.cloudTrailEvent = true
	case "message", "@message":
		e.message = true
	}
}

// open replaces the envelope in found by the record in it.
func (e *envelope) open(found *record) {
	if e.record || !e.detail && !e.cloudTrailEvent && !e.message {
		return
	}
	var wrapped struct {
		Detail          json.RawMessage `json:"detail"`
		CloudTrailEvent *string         `json:"CloudTrailEvent"`
		Message         *string         `json:"message"`
		AtMessage       *string         `json:"@message"`
	}
	if err := json.Unmarshal(found.raw, &wrapped); err != nil {
		found.skip, found.err = trail.SkipMalformed, err
		return
	}
	switch {
	case wrapped.Detail != nil:
		found.raw = wrapped.Detail
	case wrapped.CloudTrailEvent != nil:
		found.raw = []byte(*wrapped.CloudTrailEvent)
	case wrapped.Message != nil:
		found.raw = []byte(*wrapped.Message)
	case wrapped.AtMessage != nil:
		found.raw = []byte(*wrapped.AtMessage)
	}
	if strings.HasPrefix(string(found.raw), "CWL CONTROL MESSAGE") {
		found.skip = trail.SkipControlMessage
	}
}
