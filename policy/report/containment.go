package report

import (
	"fmt"
	"strings"
)

// A Containment is how a proposal of generate compares with what the role's policies allow now.
type Containment struct {
	// Policies names the current policies.
	Policies []string `json:"policies"`
	// Beyond is what the proposal allows and they do not, and what could not be decided. None is a proof
	// that there is nothing of the kind.
	Beyond []Change `json:"beyond"`
	// Permissions counts those of the proposal, Within those of which no part is beyond.
	Permissions int `json:"permissions"`
	Within      int `json:"within"`
}

// sentence says what the comparison showed.
func (c Containment) sentence() string {
	names := strings.Join(c.Policies, ", ")
	if names == "" {
		names = "none"
	}
	n := count([]Comparison{{Changes: c.Beyond}})
	sure := n.granted + n.wider
	if len(c.Beyond) == 0 {
		return fmt.Sprintf("Within the current policies (%s): by comparison it allows nothing that they do not.", names)
	}
	out := fmt.Sprintf("Beyond the current policies (%s): by comparison it ", names)
	switch {
	case n.undecided == 0:
		out += fmt.Sprintf("allows %s that they do not", Plural(int64(sure), "thing"))
	case sure == 0:
		out += fmt.Sprintf("may allow %s that could not be decided", Plural(int64(n.undecided), "thing"))
	default:
		out += fmt.Sprintf("allows %s that they do not, and may allow %d more that could not be decided", Plural(int64(sure), "thing"), n.undecided)
	}
	return out + fmt.Sprintf("; %d of its %s are within them.", c.Within, Plural(int64(c.Permissions), "permission"))
}

// containedSentence says it for all proposals, empty if none was compared.
func containedSentence(roles []Role) string {
	compared, beyond := 0, 0
	for _, r := range roles {
		if r.Containment != nil {
			compared++
			if len(r.Containment.Beyond) > 0 {
				beyond++
			}
		}
	}
	switch {
	case compared == 0:
		return ""
	case beyond > 0:
		verb := "allow"
		if beyond == 1 {
			verb = "allows"
		}
		return fmt.Sprintf("; %d of %d compared with the current policies %s more than they do", beyond, compared, verb)
	}
	return "; by comparison they allow nothing that the current policies do not"
}
