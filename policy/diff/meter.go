package diff

// A meter bounds the work of a comparison: of each question, and of all together.
type meter struct{ each, left int }

const (
	defaultSteps = 20_000
	// questions is how many questions may use up all their steps.
	questions = 200
	// fewSteps is what each question has even so, and where it begins.
	fewSteps = 500
)

func newMeter(steps int) meter {
	if steps <= 0 {
		steps = defaultSteps
	}
	return meter{each: steps, left: steps * questions}
}

// ask calls question with more and more steps, until it reports that they were enough, or there are
// no more. Most questions are easy, and are so charged little.
func (m *meter) ask(question func(steps int) (enough bool)) bool {
	for steps := min(fewSteps, m.each); ; steps = min(steps*8, m.each) {
		m.left -= steps
		if question(steps) {
			return true
		}
		if steps == m.each || m.left < steps {
			return false
		}
	}
}

// spend takes steps of what is left for all questions, and reports whether there were any.
func (m *meter) spend(steps int) bool {
	m.left -= steps
	return m.left >= 0
}
