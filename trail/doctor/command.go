package doctor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
)

// command writes a call of the AWS CLI about a trail, in the Region that made it, for a POSIX shell.
func (t *Trail) command(operation, nameFlag string, more ...string) string {
	words := append([]string{"aws", "cloudtrail", operation, "--region", t.HomeRegion, nameFlag, t.ARN}, more...)
	for i, w := range words {
		words[i] = quote(w)
	}
	return strings.Join(words, " ")
}

// putSelectors writes the command that gives a trail these selectors instead of those it has.
func (t *Trail) putSelectors(selectors []types.AdvancedEventSelector) string {
	return t.command("put-event-selectors", "--trail-name", "--advanced-event-selectors", selectorsJSON(selectors))
}

// quote makes one word of any text for a POSIX shell.
func quote(s string) string {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./:@%+,", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// A selectorText and a fieldText are selectors as the AWS CLI reads them.
type selectorText struct {
	Name           string `json:",omitempty"`
	FieldSelectors []fieldText
}

type fieldText struct {
	Field                                                               string
	Equals, StartsWith, EndsWith, NotEquals, NotStartsWith, NotEndsWith []string `json:",omitempty"`
}

// selectorsJSON writes selectors in ASCII, so that they come through a terminal as they are.
func selectorsJSON(selectors []types.AdvancedEventSelector) string {
	out := make([]selectorText, len(selectors))
	for i, s := range selectors {
		out[i].Name = aws.ToString(s.Name)
		for _, f := range s.FieldSelectors {
			out[i].FieldSelectors = append(out[i].FieldSelectors, fieldText{
				aws.ToString(f.Field), f.Equals, f.StartsWith, f.EndsWith, f.NotEquals, f.NotStartsWith, f.NotEndsWith,
			})
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(out); err != nil {
		panic("doctor: texts do not become JSON: " + err.Error())
	}
	return ascii(strings.TrimSuffix(b.String(), "\n"))
}

// ascii escapes what is not printable ASCII in JSON, where it can only be in strings.
func ascii(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r >= ' ' && r < 0x7f:
			b.WriteRune(r)
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
