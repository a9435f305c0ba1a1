package report

// paint adds colour for a terminal, or not.
type paint bool

const (
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
	cyan   = "36"
	faint  = "2"
)

func (p paint) in(color, s string) string {
	if !p || color == "" || s == "" {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

// first tints the first column, which says what kind of row it is.
func (p paint) first(color string) func(int, string) string {
	return func(column int, s string) string {
		if column == 0 {
			return p.in(color, s)
		}
		return s
	}
}
