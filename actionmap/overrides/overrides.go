// Package overrides holds the hand corrections to the rule that a CloudTrail event is named as the
// IAM action that it needs: one text file per service, meant to be read line by line by somebody who
// knows AWS and to be checked against the page that each block names.
//
// # The language
//
// A file is a list of declarations, one a line; the lines of an event block are indented. "#" begins
// a comment. Words are separated by spaces; a word that holds a space or one of ,()|="# is written in
// double quotes.
//
//	service SOURCE... = PREFIX
//
// says that events from these eventSources are authorised by actions of this service prefix. A
// SOURCE without a dot stands for SOURCE.amazonaws.com. What follows belongs to this prefix. With
// "if GATE { or GATE }" at its end, only those events of SOURCE do where a gate holds and the prefix
// has something of the event's name; a line without a gate says to whom the others belong.
//
//	retired SOURCE... "reason"
//
// says that AWS has closed the service and its actions exist no more.
//
//	type TYPE... = (ARG, ...) | (ARG, ...)
//
// says how requests of this service name a resource: one ARG for each variable of the type's ARN
// format in the Service Authorization Reference (Partition, Region and Account aside), the first
// alternative that the event fills. ARG is one of
//
//	PATH              a path of trail.Fields: a name, or an ARN of the type or of its beginning
//	PATH as FORM      the same, written in one of the forms that package actionmap names
//	PATH as PLACE     no variable: the account of the resource, or how the next variable begins
//	PATH... as FORM   names without number, which the reader of logs may fold (trail.Fields.Wide)
//	"TEXT"            a constant
//	*                 whatever it is, because AWS makes up a new one each time
//	* unshown         whatever it is, because AWS made it up and requests never show it
//	* "WHY"           whatever it is, for another reason
//	?                 one of which no event says anything
//	? "WHY"           the same, said in these words
//
// A PATH may be followed by "except PATH", where one list holds several and another parameter says
// which of them is not meant.
//
// A second kind of declaration says that a type's last part has no bound, so that many of them may
// later become one pattern:
//
//	open TYPE...
//
// An event block says what the events need. All lines hold together:
//
//	event NAME...
//	  ACTION [on TARGET { | TARGET }] [with KEY = VALUE] [tells KEY = PATH] [if GATE { and GATE } | if GATE { or GATE }]
//	  same   [on …] …
//	  none "reason"
//	  unlisted "reason"
//	  itemised EVENT
//	  passes SERVICE [in PATH] = PATH...
//
// "same" is the action with the event's name. "none" says that no permission is asked for,
// "unlisted" that the reference has no action for it, so that nothing can be granted; beside other lines
// they count where none of those holds. "itemised" says that CloudTrail writes an EVENT
// for each item of this batch: what hides its resource here counts only where no such event is seen.
// "passes" is short for one line of iam:PassRole for each PATH, below the one after "in", that the request
// has: on the role whose ARN is there, with iam:PassedToService = SERVICE.
// TARGET is one of
//
//	TYPE               a resource type of the action's service, named as declared
//	TYPE (ARG, ...)    the same, named in a way of its own
//	everything "why"   "*", where this use of the action has no resource that a policy can name
//
// and the first one that the event fills counts. Without "on", the types are those that the reference
// gives the action. "with" makes a condition part of the grant; "tells" names a parameter that holds
// the value of a condition key, which may become a condition where a user asks for it (PATH... as
// above). GATE is one of
//
//	PATH               the request has it
//	no PATH            the request has it not
//	PATH is VALUE      one of the values is VALUE
//	PATH has TEXT      one of the values contains TEXT
//	PATH ends TEXT     one of the values ends in TEXT
//	no PATH has TEXT   none does; the same with "is" and "ends"
//	error CODE         the event's errorCode is CODE
//
// Where none of an event's lines holds, all do, those for an error apart; where CloudTrail omitted the
// parameters, every gate on them holds.
package overrides

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

//go:embed *.txt
var texts embed.FS

// A Table is the content of all files.
type Table struct {
	// Prefixes maps an eventSource to a service prefix, where it was declared.
	Prefixes map[string]string
	// Variants maps an eventSource to other prefixes to which some of its events belong.
	Variants map[string][]Variant
	// Retired maps an eventSource to the reason why no action authorises its events.
	Retired map[string]string
	// Services maps a service prefix to what is declared for it.
	Services map[string]*Service
}

// A Variant is a service prefix for the events of a source of which one of Gates holds.
type Variant struct {
	Prefix string
	Gates  []Gate
}

// A Service is what is declared for one service prefix.
type Service struct {
	Prefix string
	// Types maps a resource type of the reference to the ways in which requests name it.
	Types map[string]*Type
	// Events maps an eventName to its block.
	Events map[string]*Event
}

// A Type says how requests name a resource of one type.
type Type struct {
	Name  string
	Fills []Fill
	// Open types have a last part without bound.
	Open bool
	Pos  Pos
}

// A Fill is one value for each variable of an ARN format.
type Fill []Arg

// An Arg is where the value of a variable comes from. Exactly one of Path, Constant, Made and Unseen
// is set; Why may be beside the last two.
type Arg struct {
	Path     string
	Form     string // empty for plain names and ARNs
	Wide     bool
	Except   string // a path whose values are left out, empty for none
	Constant string
	Made     bool
	Unseen   bool
	Why      string // a sentence for reviewers, empty for the usual one
}

// An Event is an event block.
type Event struct {
	Lines []Line
	// None says why nothing is needed where no line holds, Unlisted why nothing can be granted then.
	None, Unlisted string
	// Itemised is the name of the event that CloudTrail writes for each item of this one.
	Itemised string
	Pos      Pos
}

// A Line is one action that an event needs.
type Line struct {
	// Action is "s3:GetObject", or "same".
	Action  string
	Targets []Target
	// ConditionKey and ConditionValue are a StringEquals condition, empty for none.
	ConditionKey, ConditionValue string
	// Tells is the condition key whose value the parameter at Path is; Key is empty for none.
	Tells Tells
	Gates []Gate
	// AnyGate joins Gates by "or" instead of "and".
	AnyGate bool
	Pos     Pos
}

// Tells says which parameter holds the value of a condition key.
type Tells struct {
	Key, Path string
	Wide      bool
}

// A Target is a resource type with its own way to name it, or nil for the declared one.
type Target struct {
	Type string
	Fill Fill
	// Everything, if set, says why the target is "*" instead of a type.
	Everything string
}

// A Gate is a condition on the event under which a line holds.
type Gate struct {
	// Error is an errorCode; otherwise Path is set.
	Error string
	Path  string
	// Is, Has and Ends compare the values of Path; if all are empty Path's presence counts.
	Is, Has, Ends string
	Negated       bool
}

// NeedsValue reports whether the gate looks at values and not only at presence.
func (g Gate) NeedsValue() bool { return g.Is != "" || g.Has != "" || g.Ends != "" }

// Matches reports whether a value of Path is one that the gate looks for.
func (g Gate) Matches(value string) bool {
	return g.Is != "" && value == g.Is ||
		g.Has != "" && strings.Contains(value, g.Has) ||
		g.Ends != "" && strings.HasSuffix(value, g.Ends)
}

// A Pos is a place in a file.
type Pos struct {
	File string
	Line int
}

func (p Pos) String() string { return fmt.Sprintf("overrides/%s:%d", p.File, p.Line) }

// Load reads the embedded files.
func Load() (*Table, error) { return Parse(texts) }

// Parse reads all files of a folder whose names end in .txt. An error is a mistake in one of them and
// begins with its place, "overrides/FILE:LINE:".
func Parse(files fs.FS) (*Table, error) {
	names, err := fs.Glob(files, "*.txt")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	table := &Table{Prefixes: map[string]string{}, Variants: map[string][]Variant{}, Retired: map[string]string{}, Services: map[string]*Service{}}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if err := parse(table, name, string(text)); err != nil {
			return nil, err
		}
	}
	return table, nil
}

// Sorted returns the services by prefix.
func (t *Table) Sorted() []*Service {
	var services []*Service
	for _, prefix := range slices.Sorted(maps.Keys(t.Services)) {
		services = append(services, t.Services[prefix])
	}
	return services
}
