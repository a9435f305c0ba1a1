package trail

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"
)

// ProfileVersion is the version of the profile format that this package writes, and the newest that it
// reads.
const ProfileVersion = 1

// ErrProfileWindow is returned, wrapped, where the window of a query cuts through a row of a profile.
var ErrProfileWindow = errors.New("a profile cannot be cut: read the logs, or profiles of shorter periods")

const profileFormat = "whittle-usage"

// ErrProfileVersion is returned, wrapped, for a profile of a newer version.
var ErrProfileVersion = errors.New("the profile is newer than this program")

// profileHeader is the first line of a profile; each other line is one Usage.
type profileHeader struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Rows    int    `json:"rows"`
	Stats   Stats  `json:"stats"`
}

// WriteProfile writes usages as a profile: gzip, JSON lines, a header first. The bytes depend on the
// usages and stats alone, and not on the order of the usages.
func WriteProfile(w io.Writer, usages []Usage, stats Stats) error {
	usages = Merge(usages)
	z := gzip.NewWriter(w) // no name, no time
	e := json.NewEncoder(z)
	e.SetEscapeHTML(false)
	if err := e.Encode(profileHeader{profileFormat, ProfileVersion, len(usages), stats}); err != nil {
		return fmt.Errorf("write profile: %w", err)
	}
	for i := range usages {
		if err := e.Encode(&usages[i]); err != nil {
			return fmt.Errorf("write profile: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write profile: %w", err)
	}
	return nil
}

// IsProfile reports whether plain bytes start like a profile.
func IsProfile(start []byte) bool {
	return bytes.HasPrefix(start, []byte(`{"format":"`+profileFormat+`"`))
}

// ReadProfile reads a profile, compressed or not. A profile that is not whole is an error and gives
// nothing, as its Stats would not fit.
func ReadProfile(r io.Reader) ([]Usage, Stats, error) {
	in := bufio.NewReader(r)
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, Stats{}, fmt.Errorf("read profile: %w", err)
		}
		in = bufio.NewReader(z)
	}
	usages, stats, err := readProfile(in)
	if err != nil {
		return nil, Stats{}, fmt.Errorf("read profile: %w", err)
	}
	return usages, stats, nil
}

func readProfile(in io.Reader) ([]Usage, Stats, error) {
	rows := &profileLines{in: bufio.NewReaderSize(in, 64<<10), max: maxProfileRow}
	raw, err := rows.next()
	if err != nil {
		return nil, Stats{}, fmt.Errorf("header: %w", noEOF(err))
	}
	var version struct {
		Format  string
		Version int
	}
	if err := json.Unmarshal(raw, &version); err != nil || version.Format != profileFormat {
		return nil, Stats{}, errors.New("not a profile")
	}
	if version.Version > ProfileVersion {
		return nil, Stats{}, fmt.Errorf("%w: it has version %d, this program reads up to %d", ErrProfileVersion, version.Version, ProfileVersion)
	}
	var header profileHeader
	if err := strict(raw, &header); err != nil {
		return nil, Stats{}, fmt.Errorf("header: %w", err)
	}
	if err := checkCoverage(header.Stats.Coverage); err != nil {
		return nil, Stats{}, fmt.Errorf("header: %w", err)
	}
	var usages []Usage
	for n := range header.Rows {
		u, err := rows.usage()
		if err != nil {
			return nil, Stats{}, fmt.Errorf("row %d of %d: %w", n+1, header.Rows, noEOF(err))
		}
		usages = append(usages, u)
	}
	switch _, err := rows.next(); err {
	case io.EOF:
		return usages, header.Stats, nil
	case nil:
		return nil, Stats{}, fmt.Errorf("more than the %d rows of the header", header.Rows)
	default:
		return nil, Stats{}, fmt.Errorf("after the rows: %w", err)
	}
}

// maxProfileRow is how long a line of a profile may be, in bytes: a record of CloudTrail has 1 MB at most,
// and a row keeps a part of it.
const maxProfileRow = 16 << 20

var errLongRow = fmt.Errorf("a line of more than %d MiB", maxProfileRow>>20)

// profileLines reads a profile line by line and holds no more than one of at most max bytes.
type profileLines struct {
	in   *bufio.Reader
	max  int
	line []byte
	last bool // the line is the last and does not end
}

// next returns the next line that is not blank, valid until the next call, or io.EOF.
func (p *profileLines) next() ([]byte, error) {
	p.line = p.line[:0]
	for {
		part, err := p.in.ReadSlice('\n')
		if len(p.line)+len(part) > p.max {
			return nil, errLongRow
		}
		p.line = append(p.line, part...)
		switch text := bytes.TrimSpace(p.line); {
		case err == bufio.ErrBufferFull:
		case err == nil && len(text) == 0:
			p.line = p.line[:0]
		case err == nil, err == io.EOF && len(text) > 0:
			p.last = err != nil
			return text, nil
		default:
			return nil, err
		}
	}
}

// usage reads a row.
func (p *profileLines) usage() (u Usage, err error) {
	raw, err := p.next()
	if err != nil {
		return u, err
	}
	if err := strict(raw, &u); err != nil {
		if p.last && !json.Valid(raw) {
			return u, io.ErrUnexpectedEOF
		}
		return u, err
	}
	return u, u.check()
}

func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("more than one value in a line")
	}
	return nil
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// check refuses rows that no Aggregator makes.
func (u *Usage) check() error {
	switch {
	case u.Kind != Call && u.Kind != Assumption:
		return fmt.Errorf("kind %q", u.Kind)
	case u.Outcome != Authorised && u.Outcome != Denied && u.Outcome != Inconclusive:
		return fmt.Errorf("outcome %q", u.Outcome)
	case u.Role == "" || u.EventSource == "" || u.EventName == "":
		return errors.New("role or event missing")
	case u.Count < 1 || u.First.IsZero() || u.Last.Before(u.First) || len(u.Days) == 0:
		return errors.New("evidence missing")
	case len(u.EventIDs) > MaxEventIDs || len(u.EventTimes) != len(u.EventIDs):
		return errors.New("wrong number of event IDs")
	case !slices.IsSortedFunc(u.Params, func(a, b Param) int { return strings.Compare(a.Path, b.Path) }):
		return errors.New("params not sorted")
	}
	for _, p := range u.Params {
		name := p.Open && len(p.Values) == 1 && (p.Values[0] == "" || strings.HasSuffix(p.Values[0], "/"))
		gaps := !p.Wide && len(p.Values) == 1 && strings.Contains(p.Values[0], "\x00")
		if p.Open && (!p.Wide || !name) || p.Gaps && !gaps || !slices.IsSorted(p.Values) {
			return fmt.Errorf("param %q", p.Path)
		}
	}
	return nil
}

// holds reports whether q asks for u, and if not, why. A Usage cannot be cut, so one with calls both
// inside and outside the window is an error.
func (q *Query) holds(u *Usage) (SkipReason, error) {
	if reason := q.otherPlace(u.Account, u.Region); reason != "" {
		return reason, nil
	}
	first, last := q.inWindow(u.First), q.inWindow(u.Last)
	switch {
	case first && last:
		return "", nil
	case !q.Since.IsZero() && u.Last.Before(q.Since), !q.Until.IsZero() && !u.First.Before(q.Until):
		return SkipOutsideWindow, nil
	}
	return "", fmt.Errorf("%w (it has calls of %s by %s inside and outside of the window)", ErrProfileWindow, u.EventName, u.Role)
}

// Keep leaves in usages and stats what q asks for, see holds.
func (q *Query) Keep(usages []Usage, stats *Stats) ([]Usage, error) {
	var kept []Usage
	stats.Coverage = q.cut(stats.Coverage)
	for i := range usages {
		reason, err := q.holds(&usages[i])
		switch {
		case err != nil:
			return nil, err
		case reason == "":
			kept = append(kept, usages[i])
		default:
			stats.Used -= usages[i].Count
			stats.skip(reason, usages[i].Count)
		}
	}
	return kept, nil
}
