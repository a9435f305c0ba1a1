package report

// Lint is what the rules found in policies.
type Lint struct {
	// Policies and Files count what was checked.
	Policies int `json:"policies"`
	Files    int `json:"files"`
	// Findings are sorted by file, line, column and rule.
	Findings []LintFinding `json:"findings"`
	// Ignored are findings that a comment or the configuration excepts, each with its reason.
	Ignored []LintFinding `json:"ignored,omitempty"`
	// Rules are those that Findings and Ignored refer to, sorted by ID.
	Rules []LintRule `json:"rules"`
}

// A LintFinding is one place that a rule objects to.
type LintFinding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Message  string `json:"message"`
	// Policy is its name; Role the principal that has it, where known.
	Policy string `json:"policy"`
	Role   string `json:"role,omitempty"`
	// Statement counts from 0, -1 for the policy as a whole.
	Statement int      `json:"statement"`
	Sid       string   `json:"sid,omitempty"`
	Element   string   `json:"element,omitempty"`
	Value     string   `json:"value,omitempty"`
	Actions   []string `json:"actions,omitempty"`
	At        Location `json:"at"`
	// Fingerprint identifies the finding while lines move: a hash of role, policy, rule, statement
	// and value.
	Fingerprint string `json:"fingerprint"`
	// Reason is why it is ignored.
	Reason string `json:"reason,omitempty"`
}

// A LintRule describes a rule.
type LintRule struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Help     string   `json:"help"`
	Severity string   `json:"severity"`
	AWS      []string `json:"aws,omitempty"`
}
