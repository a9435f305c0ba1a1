package report

import "github.com/whittle-iam/whittle/policy"

// The statuses of a granted permission in a window. Only Unused is ever proposed for removal.
const (
	Used         = "used"
	Unused       = "unused"
	Unobservable = "unobservable"
)

// An UnusedRole is one role's current policies against what was seen.
type UnusedRole struct {
	Role string `json:"role"`
	// Policies names the current policies.
	Policies []string `json:"policies"`
	Calls    Calls    `json:"calls"`
	// Inactive says that the log shows no call of the role at all.
	Inactive bool `json:"inactive,omitempty"`
	// Days is how many days the log covers.
	Days int `json:"days"`
	// Granted are the permissions of the current policies, sorted by action, then resource.
	Granted []GrantedPermission `json:"granted"`
	// Wildcards are the action patterns of the current policies and how much of each is used.
	Wildcards []WildcardUse `json:"wildcards,omitempty"`
	// Proposed are the documents without what is unused, one for each current document that keeps
	// something, in the same order. Replaces names the current policy of each.
	Proposed []ProposedPolicy `json:"proposed,omitempty"`
	// Removes is the exact difference from the current policies to Proposed.
	Removes []Change `json:"removes,omitempty"`
	Before  Totals   `json:"before"`
	After   Totals   `json:"after"`
	// Proof counts the authorised calls that the current policies allow as Checked.
	Proof Proof     `json:"proof"`
	Notes []string  `json:"notes,omitempty"`
	At    *Location `json:"at,omitempty"`
}

// A GrantedPermission is one action of the reference on one resource pattern of the current policies.
type GrantedPermission struct {
	Action      string      `json:"action"`
	AccessLevel string      `json:"accessLevel"`
	Resource    string      `json:"resource"`
	Conditions  []Condition `json:"conditions,omitempty"`
	// Policy and Statement say where it is granted: the policy's name, the Sid or "#2".
	Policy    string `json:"policy"`
	Statement string `json:"statement"`
	// As is the action pattern that grants it, where that is a wildcard.
	As     string `json:"as,omitempty"`
	Status string `json:"status"`
	// Why says why it is unobservable, why an unused one is kept, or who else saw a used one without calls.
	Why string `json:"why,omitempty"`
	// Kept says that the proposal keeps it: all that is used or unobservable, and what --grace protects.
	Kept     bool     `json:"kept"`
	Evidence Evidence `json:"evidence"`
	// UsedOn are the resources that the calls were for, as patterns, where they are narrower than Resource.
	UsedOn []string `json:"usedOn,omitempty"`
	// At is where the statement stands, nil where the input has no file for it.
	At *Location `json:"at,omitempty"`
}

// WildcardUse is how much of a wildcard is used.
type WildcardUse struct {
	Pattern   string `json:"pattern"`
	Policy    string `json:"policy"`
	Statement string `json:"statement"`
	// Actions counts the actions of the reference that it stands for; the others sum up to it.
	Actions      int `json:"actions"`
	Used         int `json:"used"`
	Unused       int `json:"unused"`
	Unobservable int `json:"unobservable"`
}

// A ProposedPolicy is a document that takes the place of a current one.
type ProposedPolicy struct {
	Replaces string          `json:"replaces"`
	Document policy.Document `json:"document"`
	Size     int             `json:"size"`
}

// Totals count what a set of policies grants: distinct actions of the reference, whatever the resource.
type Totals struct {
	Actions               int `json:"actions"`
	Write                 int `json:"write"`
	PermissionsManagement int `json:"permissionsManagement"`
	Services              int `json:"services"`
	// Permissions counts the rows of Granted.
	Permissions int `json:"permissions"`
}
