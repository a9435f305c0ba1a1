package report

// A Comparison is how the permissions of one principal, or one document, differ between two sides.
type Comparison struct {
	// Name is the role's ARN or name, or empty where two sets of documents were compared.
	Name string `json:"name,omitempty"`
	// Old and New say where the sides come from; one is empty where the principal is on one side only.
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`
	// Changes are sorted: what widens first, then by kind, service and actions. None means that both
	// sides allow exactly the same.
	Changes []Change `json:"changes"`
	// Notes are what a reader has to know, such as policies that were not in the input.
	Notes []string `json:"notes,omitempty"`
}

// A Change is one difference.
type Change struct {
	// Kind is granted, removed, changed or undecided, as diff.Kind has them.
	Kind string `json:"kind"`
	// Widens says that the new side allows more, or that it is not known that it does not.
	Widens bool `json:"widens"`
	// Reason is set for undecided changes.
	Reason string `json:"reason,omitempty"`
	// Service is the service prefix, "*" where the actions are of several.
	Service string `json:"service"`
	// Actions, but for ActionsExcept, are the actions concerned, as patterns. Known are the actions of
	// the reference that they stand for today, Unknown those it lacks; Future says that actions which
	// do not exist yet are among them.
	Actions       []string `json:"actions"`
	ActionsExcept []string `json:"actionsExcept,omitempty"`
	Known         []string `json:"known,omitempty"`
	Unknown       []string `json:"unknown,omitempty"`
	Future        bool     `json:"future,omitempty"`
	// AccessLevels count Known, in the order List, Read, Write, Tagging, Permissions management.
	AccessLevels []LevelCount `json:"accessLevels,omitempty"`
	// Resources are those that match one of Resources, all of ResourcesWithin and none of ResourcesExcept.
	Resources       []string `json:"resources"`
	ResourcesWithin []string `json:"resourcesWithin,omitempty"`
	ResourcesExcept []string `json:"resourcesExcept,omitempty"`
	// OldAccess and NewAccess are when each side allows it, absent where it never does.
	OldAccess *Access `json:"oldAccess,omitempty"`
	NewAccess *Access `json:"newAccess,omitempty"`
	// Gained is a request that the new side allows and the old does not, Lost the reverse.
	Gained *Witness `json:"gained,omitempty"`
	Lost   *Witness `json:"lost,omitempty"`
	// Wide says what is wide in what is granted, one sentence each.
	Wide []string `json:"wide,omitempty"`
	// Usage is how the actions were used on the resources, nil where no log was given.
	Usage *ChangeUsage `json:"usage,omitempty"`
	// At is where the new side says it, or the old where it is removed.
	At *Location `json:"at,omitempty"`
}

// A LevelCount is how many actions have an access level.
type LevelCount struct {
	Level string `json:"level"`
	Count int    `json:"count"`
}

// Access is when a side allows something: one of When holds (an empty one always does), one of
// Boundary where there are any, and none of Unless.
type Access struct {
	When     [][]Condition `json:"when"`
	Boundary [][]Condition `json:"boundary,omitempty"`
	Unless   [][]Condition `json:"unless,omitempty"`
}

// A Witness is one concrete request that one side allows and the other does not.
type Witness struct {
	Action   string         `json:"action"`
	Resource string         `json:"resource"`
	Context  []ContextValue `json:"context,omitempty"`
	// Confirmed says that the evaluator, which shares no code with the comparison, gave the same answer.
	Confirmed bool `json:"confirmed"`
}

// A ContextValue is one condition key of a request.
type ContextValue struct {
	Key    string   `json:"key"`
	Values []string `json:"values"`
	Multi  bool     `json:"multi,omitempty"`
}

// ChangeUsage is what a log says about a change: the use of what the change takes or gives.
type ChangeUsage struct {
	// Status is used, unused or unobservable, as for GrantedPermission.
	Status   string   `json:"status"`
	Why      string   `json:"why,omitempty"`
	Evidence Evidence `json:"evidence"`
	// Used are the actions seen, with the number of calls.
	Used []ActionCount `json:"used,omitempty"`
}

// An ActionCount is how many calls used an action.
type ActionCount struct {
	Action string `json:"action"`
	Count  int64  `json:"count"`
}

// A Location is a place in a file of the input. Line and Column count from 1; 0 means the file as a whole.
type Location struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}
