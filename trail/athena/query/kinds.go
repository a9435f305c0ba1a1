package query

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/whittle-iam/whittle/trail"
)

// constants are the three texts by which the SELECT knows what to keep of an event. They are written as
// numbers into a dictionary because the whole of them counts towards MaxBytes.
type constants struct {
	// words are the tokens of all projections, by commas.
	words string
	// projections are lists of numbers of words from 1, each list by spaces, the lists by commas.
	projections string
	// kinds are "s3~GetObject=N" by commas, where N is the number of a projection from 1.
	kinds string
}

// kindForm is what sources and names of events look like. The mark that parts them in kinds is not in it.
var kindForm = regexp.MustCompile(`^[A-Za-z0-9_.:-]{1,128}$`)

// keyOf is a kind as it stands in constants.kinds. The expression kindKey in select.go does the same.
func keyOf(k Kind) string {
	if service, ok := strings.CutSuffix(k[0], ".amazonaws.com"); ok {
		return service + "~" + k[1]
	}
	return k[0] + "/" + k[1]
}

// constantsOf returns the constants for those of kinds that q asks something of.
func constantsOf(q *trail.Query, kinds []Kind) (constants, error) {
	var c constants
	if q.Fields == nil {
		return c, nil
	}
	kinds = slices.Clone(kinds)
	slices.SortFunc(kinds, func(a, b Kind) int { return strings.Compare(keyOf(a), keyOf(b)) })
	words, projections := dictionary{}, dictionary{}
	var lists, entries []string
	for _, k := range slices.Compact(kinds) {
		fields := q.Fields(k[0], k[1])
		if len(fields.Paths) == 0 {
			continue
		}
		if !kindForm.MatchString(k[0]) || !kindForm.MatchString(k[1]) {
			return c, fmt.Errorf("kind of event %q %q: no name that AWS gives", k[0], k[1])
		}
		p, err := project(fields)
		if err != nil {
			return c, fmt.Errorf("%s %s: %w", k[0], k[1], err)
		}
		numbers := make([]string, len(p))
		for i, token := range p {
			numbers[i] = strconv.Itoa(words.number(token))
		}
		n := projections.number(strings.Join(numbers, " "))
		if n > len(lists) {
			lists = append(lists, strings.Join(numbers, " "))
		}
		entries = append(entries, keyOf(k)+"="+strconv.Itoa(n))
	}
	c.words, c.projections, c.kinds = strings.Join(words.texts(), ","), strings.Join(lists, ","), strings.Join(entries, ",")
	return c, nil
}

// dictionary numbers texts from 1 in the order in which they come.
type dictionary map[string]int

func (d dictionary) number(text string) int {
	if d[text] == 0 {
		d[text] = len(d) + 1
	}
	return d[text]
}

func (d dictionary) texts() []string {
	texts := make([]string, len(d))
	for text, n := range d {
		texts[n-1] = text
	}
	return texts
}
