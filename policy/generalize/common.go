package generalize

import (
	"slices"
	"strings"
)

// common returns the longest stable beginning of texts, which are different patterns, and their
// endings: the longest stable one, or in a leaf level, if all texts have file name extensions and
// these are few, one for each extension. Every text begins with the prefix and ends with one of the
// suffixes, behind the prefix.
func common(texts []string, leaf bool) (prefix string, suffixes []string) {
	prefix = texts[0]
	for _, s := range texts {
		n := 0
		for n < len(prefix) && n < len(s) && prefix[n] == s[n] {
			n++
		}
		prefix = prefix[:n]
	}
	prefix = prefix[:wordEnd(texts, len(prefix))]
	rests := make([]string, len(texts))
	for i, s := range texts {
		rests[i] = s[len(prefix):]
	}
	if leaf {
		if suffixes := extensions(rests); suffixes != nil {
			return prefix, suffixes
		}
	}
	return prefix, []string{commonSuffix(rests)}
}

// extensions returns the suffix for each file name extension, nil if there are none or too many.
func extensions(texts []string) []string {
	byExtension := make(map[string][]string)
	for _, s := range texts {
		e := extension(s)
		if e == "" {
			return nil
		}
		byExtension[e] = append(byExtension[e], s)
	}
	if len(byExtension) > maxExtensions {
		return nil
	}
	var suffixes []string
	for e, group := range byExtension {
		if len(group) > 1 {
			e = commonSuffix(group)
		}
		suffixes = append(suffixes, e)
	}
	slices.Sort(suffixes)
	return suffixes
}

// extension returns the file name extension with its dot: one to eight letters and digits, not all of
// them digits.
func extension(text string) string {
	dot := strings.LastIndexByte(text, '.')
	if dot < 0 {
		return ""
	}
	e := text[dot+1:]
	if e == "" || len(e) > 8 || runLength(e, isAlnum) != len(e) || runLength(e, isDigit) == len(e) {
		return ""
	}
	return text[dot:]
}

// commonSuffix returns the longest suffix that all texts share and that begins where a word does.
func commonSuffix(texts []string) string {
	suffix := texts[0]
	for _, s := range texts {
		n := 0
		for n < len(suffix) && n < len(s) && suffix[len(suffix)-1-n] == s[len(s)-1-n] {
			n++
		}
		suffix = suffix[len(suffix)-n:]
	}
	for suffix != "" && !isBoundary(suffix[0]) {
		suffix = suffix[1:]
	}
	return suffix
}

// wordEnd returns the last place, at most n, where a word ends in all texts, which agree on n bytes:
// behind punctuation, or between a letter and a digit. It is never within an escape.
func wordEnd(texts []string, n int) int {
	before := func(digit string) bool { return digit != "" && isDigit(digit[0]) }
	for end := n; end > 0; end-- {
		switch c := texts[0][end-1]; {
		case isBoundary(c):
			return end
		case !isAlnum(c) || isDigit(c) || !before(texts[0][end:]):
		case end < n || !slices.ContainsFunc(texts, func(s string) bool { return !before(s[end:]) }):
			return end
		}
	}
	return 0
}

// isBoundary reports whether c is punctuation that stands for itself in a pattern.
func isBoundary(c byte) bool { return !isAlnum(c) && strings.IndexByte("$*?{}", c) < 0 }
