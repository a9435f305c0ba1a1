package tighten

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/report"
)

func TestContain(t *testing.T) {
	const table = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
	const tls = `,"Condition":{"Bool":{"aws:SecureTransport":"true"}}`
	for _, test := range []struct {
		reason  string
		current []string
		edit    func(*current.Role)
		within  int
		beyond  []string // "kind: actions"
	}{
		{"the same", []string{allowing("dynamodb:*", "*"), allowing("logs:*", "*")}, nil, 4, nil},
		{"no policy", nil, nil, 0, []string{"granted: dynamodb:DeleteItem dynamodb:PutItem", "granted: logs:CreateLogStream logs:PutLogEvents"}},
		{"logs are missing", []string{allowing("dynamodb:*", table)}, nil, 2, []string{"granted: logs:CreateLogStream logs:PutLogEvents"}},
		{"an action is missing", []string{allowing("dynamodb:PutItem", "*"), allowing("logs:*", "*")}, nil, 3, []string{"granted: dynamodb:DeleteItem"}},
		{"under a condition only", []string{allowing("dynamodb:*", "*", tls), allowing("logs:*", "*")}, nil, 2, []string{"changed: dynamodb:DeleteItem dynamodb:PutItem"}},
		{"a boundary limits both", []string{allowing("dynamodb:*", "*")}, func(r *current.Role) {
			r.Boundary = &current.Policy{Document: document(t, allowing("dynamodb:*", "*"))}
		}, 4, nil},
		{"an attached policy is missing", []string{allowing("dynamodb:*", "*"), allowing("logs:*", "*")}, func(r *current.Role) {
			r.Missing = []string{"arn:aws:iam::aws:policy/P"}
		}, 0, []string{"undecided: *"}},
	} {
		t.Run(test.reason, func(t *testing.T) {
			who := roleWith(t, test.current...)
			if test.edit != nil {
				test.edit(&who)
			}
			f := current.Function{ARN: fn, Role: role, Needs: []current.Need{
				{Action: "logs:CreateLogStream", Resource: group + "a:*", Setting: "log group a", Page: page}, {Action: "logs:PutLogEvents", Resource: group + "a:*", Setting: "log group a", Page: page},
			}}
			proposal := propose(t, Options{Functions: []current.Function{f}, FunctionsKnown: true},
				made("dynamodb", "PutItem", map[string]string{"tableName": "orders"}), made("dynamodb", "DeleteItem", map[string]string{"tableName": "orders"}))
			if err := Contain(&proposal, who); err != nil {
				t.Fatal(err)
			}
			c := proposal.Containment
			var beyond []string
			for _, change := range c.Beyond {
				beyond = append(beyond, change.Kind+": "+strings.Join(change.Actions, " "))
				if !change.Widens || change.Kind != "undecided" && (change.Gained == nil || !change.Gained.Confirmed) {
					t.Errorf("%s has no confirmed witness: %+v", beyond[len(beyond)-1], change)
				}
			}
			if d := cmp.Diff(test.beyond, beyond); d != "" {
				t.Errorf("beyond (-want +got):\n%s", d)
			}
			if c.Permissions != 4 || c.Within != test.within || len(c.Policies) != len(test.current) {
				t.Errorf("%d of %d permissions within %q, want %d of 4", c.Within, c.Permissions, c.Policies, test.within)
			}
		})
	}
}

func TestContainRefuses(t *testing.T) {
	broken := errors.New("p.json:1:2: no policy")
	proposal := propose(t, Options{}, made("dynamodb", "PutItem", map[string]string{"tableName": "orders"}))
	for _, who := range []current.Role{
		{Policies: []current.Policy{{Name: "p", Err: broken}}}, {Boundary: &current.Policy{Err: broken}},
	} {
		if err := Contain(&proposal, who); !errors.Is(err, broken) || proposal.Containment != nil {
			t.Errorf("%v, %+v", err, proposal.Containment)
		}
	}
	empty := report.Role{Role: role}
	if err := Contain(&empty, current.Role{}); err != nil || empty.Containment != nil {
		t.Errorf("%v, %+v", err, empty.Containment)
	}
}
