package generalize

import "strings"

// scan looks at raw[start:], where start is 0 or the end of an earlier scan. It returns the end of
// what stands there, and its form if it is variable by form, else 0. Parts begin and end at ASCII
// characters or at the borders of raw, so no rune is ever cut.
func scan(raw string, start int) (end int, form forms) {
	rest := raw[start:]
	switch {
	case rest[0] == '[':
		if n := logStream(rest); n > 0 {
			return start + n, formIdentifier
		}
		return start + 1, 0
	case !isAlnum(rest[0]):
		return start + 1, 0
	case start > 0 && isAlnum(raw[start-1]):
		// Inside a run that as a whole has no form: only its long numbers vary.
		return scanInside(raw, start)
	}
	if n := uuid(rest); n > 0 {
		return start + n, formIdentifier
	}
	if n := date(rest); n > 0 {
		return start + n, formDate
	}
	run := rest[:runLength(rest, isAlnum)]
	if form := runForm(run); form != 0 {
		return start + len(run), form
	}
	return scanInside(raw, start)
}

// minNumber is how many digits a number has at least that varies by form. Shorter ones are left to
// the evidence: they are versions and shards as often as identifiers.
const minNumber = 6

// scanInside takes the digits, or the other characters, at the start of raw[start:].
func scanInside(raw string, start int) (end int, form forms) {
	digits := runLength(raw[start:], isDigit)
	if digits == 0 {
		other := runLength(raw[start:], func(c byte) bool { return isAlnum(c) && !isDigit(c) })
		return start + other, 0
	}
	if digits < minNumber {
		return start + digits, 0
	}
	return start + digits, numberForm(raw[start : start+digits])
}

// runForm is the form of a whole run of letters and digits, 0 if it has none.
func runForm(run string) forms {
	count := measure(run)
	switch {
	case count.digits == len(run):
		if len(run) >= minNumber {
			return numberForm(run)
		}
	case count.digits == 0:
		// Words, however long. Random text without any digit is left to the evidence.
	case count.hex == len(run) && (len(run) >= 12 && count.digits >= 2 || len(run) >= 8 && count.changes >= 3):
		return formIdentifier
	case len(run) == 26 && count.crockford == len(run) && run[0] <= '7' && count.digits >= 2:
		return formIdentifier // ULID
	case count.ascii < len(run):
		// A word of some language.
	case len(run) >= 16 && count.digits >= 3 && count.changes >= max(4, len(run)/5),
		len(run) >= 20 && count.classes >= len(run)/2:
		return formIdentifier // KSUID, nanoid, base32 and base64 without padding
	}
	return 0
}

// counts are what runForm needs to know of a run.
type counts struct {
	digits, hex, crockford, ascii int
	// changes counts the places where a digit follows a letter or a letter a digit, classes also
	// those where the case of letters changes: half of all in random text, a third in CamelCase.
	changes, classes int
}

func measure(run string) counts {
	var n counts
	for i := range len(run) {
		c := run[i]
		if isDigit(c) {
			n.digits++
		}
		if isHex(c) {
			n.hex++
		}
		if isDigit(c) || isUpper(c) && !strings.ContainsRune("ILOU", rune(c)) {
			n.crockford++
		}
		if c < 0x80 {
			n.ascii++
		}
		if i > 0 && isDigit(c) != isDigit(run[i-1]) {
			n.changes++
		}
		if i > 0 && (isDigit(c) != isDigit(run[i-1]) || isUpper(c) != isUpper(run[i-1])) {
			n.classes++
		}
	}
	return n
}

// uuid returns the length of the UUID at the start of s, 0 if there is none.
func uuid(s string) int {
	const form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
	if len(s) < len(form) || len(s) > len(form) && isAlnum(s[len(form)]) {
		return 0
	}
	for i := range len(form) {
		if form[i] == 'x' && !isHex(s[i]) || form[i] == '-' && s[i] != '-' {
			return 0
		}
	}
	return len(form)
}

// logStream returns the length of the end of a Lambda log stream's name at the start of s, "[$LATEST]"
// or "[12]" and 32 hexadecimal digits, 0 if there is none. The version in it changes with every
// deployment.
func logStream(s string) int {
	// A version has few digits; the limit keeps "[[[[" linear.
	version, _, found := strings.Cut(s[1:min(len(s), 20)], "]")
	if !found || version != "$LATEST" && (version == "" || runLength(version, isDigit) != len(version)) {
		return 0
	}
	id := len("[") + len(version) + len("]")
	if runLength(s[id:], isHex) != 32 || runLength(s[id:], isAlnum) != 32 {
		return 0
	}
	return id + 32
}

func runLength(s string, in func(byte) bool) int {
	n := 0
	for n < len(s) && in(s[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }

func isHex(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// isAlnum takes every byte of a character beyond ASCII for a letter.
func isAlnum(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || isUpper(c) || c >= 0x80
}
