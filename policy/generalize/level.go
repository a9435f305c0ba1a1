package generalize

import (
	"strings"

	"github.com/whittle-iam/whittle/policy/glob"
)

// maxLevels bounds how many levels of a name are told apart; the last holds the rest of the name.
const maxLevels = 16

// A level is one part of a name between separators.
type level struct {
	raw string
	// text is the pattern of the level by form alone: what varies by form is "*".
	text  string
	forms forms
	// date is the date in raw, or that of which raw is a part.
	date period
}

// forms says what a level's text holds besides exact literal text.
type forms uint8

const (
	formDate forms = 1 << iota
	formIdentifier
	formNumber
	// formCharacter: characters that a policy cannot hold became "?".
	formCharacter

	formVariable = formDate | formIdentifier | formNumber
)

// split cuts a name into levels. The text after the last separator of an open name is no level but the
// start of one, its tail.
func split(separator, raw string, open bool) (levels []level, tail string) {
	parts := []string{raw}
	if separator != "" {
		parts = strings.SplitN(raw, separator, maxLevels)
	}
	if open {
		parts, tail = parts[:len(parts)-1], parts[len(parts)-1]
	}
	levels = make([]level, len(parts))
	for i := 0; i < len(parts); {
		if n := calendarLevels(parts[i:]); n > 0 {
			date := calendarPeriod(parts[i : i+n])
			for range n {
				levels[i] = level{raw: parts[i], text: "*", forms: formDate, date: date}
				i++
			}
			continue
		}
		if n := partitionLevels(parts[i:]); n > 0 {
			date := partitionPeriod(parts[i : i+n])
			for range n {
				levels[i] = newLevel(parts[i])
				levels[i].date = date
				i++
			}
			continue
		}
		levels[i] = newLevel(parts[i])
		i++
	}
	return levels, tail
}

// newLevel finds what varies by form in one level.
func newLevel(raw string) level {
	l := level{raw: raw, date: period{whole: raw}}
	var text strings.Builder
	done := 0
	literal := func(s string) {
		escaped, exact := glob.Literal(s)
		text.WriteString(escaped)
		if !exact {
			l.forms |= formCharacter
		}
	}
	start := 0
	if value, ok := partition(raw); ok {
		literal(raw[:value])
		text.WriteString("*")
		l.forms |= formDate
		start, done = len(raw), len(raw)
	}
	for start < len(raw) {
		end, form := scan(raw, start)
		if form != 0 {
			literal(raw[done:start])
			text.WriteString("*")
			l.forms |= form
			done = end
			if form == formDate {
				l.date.add(datePeriod(raw[start:end]))
			}
		}
		start = end
	}
	literal(raw[done:])
	l.text = text.String()
	return l
}

// literal returns the level with nothing taken for variable.
func (l level) literal() level {
	text, exact := glob.Literal(l.raw)
	l.text, l.forms = text, 0
	if !exact {
		l.forms = formCharacter
	}
	return l
}
