package trail

import "strings"

// encode appends a text to b that is equal for equal keys and orders as Usages are ordered: by
// role, function, session, kind, event, place, outcome, parameters. The name
// at index wide of Params is left out; it orders the rows of one group.
func (k *Key) encode(b []byte, wide int) []byte {
	flag := func(v bool) string {
		if v {
			return "1"
		}
		return ""
	}
	for _, field := range [...]string{
		k.Role, k.Account, k.Function, k.Session, flag(k.ByLambda), string(k.Kind),
		k.EventSource, k.EventName, k.Region, k.VPCEndpoint, k.InvokedBy,
		string(k.Outcome), k.ErrorCode, k.Missing,
		k.Denial.Action, k.Denial.Resource, k.Denial.By, flag(k.Denial.Explicit),
	} {
		b = appendText(b, field)
	}
	for i := range k.Params {
		p := &k.Params[i]
		b = appendText(b, p.Path)
		b = appendText(b, flag(i == wide)+flag(p.Gaps)+flag(p.Gaps))
		if i != wide {
			for _, value := range p.Values {
				b = appendText(b, value)
			}
		}
		b = append(b, end, 0)
	}
	return b
}

const end = 0

// appendText appends text and a terminator that sorts before every continuation. Zero bytes in text are
// escaped, so that no two sequences of texts have the same encoding.
func appendText(b []byte, text string) []byte {
	if strings.IndexByte(text, end) < 0 {
		b = append(b, text...)
	} else {
		for i := range len(text) {
			b = append(b, text[i])
			if text[i] == end {
				b = append(b, 0xff)
			}
		}
	}
	return append(b, end, 1)
}
