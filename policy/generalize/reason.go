package generalize

// A Reason says why a pattern is wider than one name.
type Reason string

const (
	// ReasonDate: the part is a date, a time or an epoch time. It moves with the calendar, so no
	// number of repetitions makes it stable.
	ReasonDate Reason = "date"
	// ReasonIdentifier: the part has the form of a random identifier: UUID, ULID, KSUID, long
	// hexadecimal or other text in which letters and digits alternate, a Lambda log stream.
	ReasonIdentifier Reason = "identifier"
	// ReasonNumber: the part is a number of six digits or more.
	ReasonNumber Reason = "number"
	// ReasonGrowing: new values of the level kept turning up to the end of the window.
	ReasonGrowing Reason = "growing"
	// ReasonPassing: the values of the level came and went, on several days, and did not come back.
	ReasonPassing Reason = "passing"
	// ReasonNumbered: names that differ in numbers alone came and went.
	ReasonNumbered Reason = "numbered"
	// ReasonMany: the level has more values than are listed.
	ReasonMany Reason = "many"
	// ReasonFolded: the observation was open, it stands for names that were not kept.
	ReasonFolded Reason = "folded"
	// ReasonCharacter: the name has characters that no policy can hold; "?" stands for each.
	ReasonCharacter Reason = "character-replaced"
)

// A note is a Reason in a pattern, with its words.
type note struct {
	reason Reason
	text   string
}

// notes lists what a level's text holds besides exact literal text.
func (f forms) notes() []note {
	var notes []note
	for _, n := range []struct {
		form forms
		note note
	}{
		{formDate, note{ReasonDate, "a date or time"}},
		{formIdentifier, note{ReasonIdentifier, "an identifier"}},
		{formNumber, note{ReasonNumber, "a number"}},
		{formCharacter, note{ReasonCharacter, "characters that a policy cannot hold"}},
	} {
		if f&n.form != 0 {
			notes = append(notes, n.note)
		}
	}
	return notes
}
