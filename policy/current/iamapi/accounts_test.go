package iamapi_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/iamapi"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// TestAccounts reads pages of accounts, of the wire format of
// https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html.
func TestAccounts(t *testing.T) {
	type page = map[string]any
	account := func(id, key, value string) page { return page{"Id": id, "Name": "name of " + id, key: value} }
	pages := map[string]page{
		"":  {"Accounts": []page{account("222222222222", "State", "ACTIVE"), account("333333333333", "State", "SUSPENDED")}, "NextToken": "b"},
		"b": {"Accounts": []page{}, "NextToken": "c"},
		"c": {"Accounts": []page{account("111111111111", "Status", "ACTIVE"), account("000000000000", "Status", "PENDING_CLOSURE"), account("444444444444", "x", "y")}},
	}
	list := func(r *awsfake.Request) (any, error) {
		var in struct{ NextToken string }
		if err := r.Decode(&in); err != nil {
			return nil, err
		}
		return pages[in.NextToken], nil
	}
	read := func(h awsfake.Handler) ([]iamapi.Account, string, error) {
		s := awsfake.New(t, map[string]awsfake.Handler{"ListAccounts": h})
		return iamapi.Accounts(t.Context(), organizations.NewFromConfig(s.Config("us-east-1")))
	}
	active, note, err := read(list)
	if err != nil {
		t.Fatal(err)
	}
	want := []iamapi.Account{{ID: "111111111111", Name: "name of 111111111111"}, {ID: "222222222222", Name: "name of 222222222222"}}
	if diff := cmp.Diff(want, active); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if want := "Accounts that are not active are not read: 000000000000 (pending_closure), 333333333333 (suspended), 444444444444 (state unknown)."; note != want {
		t.Errorf("got note %s\nwant     %s", note, want)
	}
	if active, _, err := read(func(*awsfake.Request) (any, error) { return nil, &awsfake.Error{Code: "AccessDeniedException"} }); err == nil || active != nil {
		t.Errorf("denied: got %v, %v", active, err)
	}
	if active, _, err := read(func(*awsfake.Request) (any, error) { return page{"Accounts": []page{}, "NextToken": "x"}, nil }); err == nil || active != nil {
		t.Errorf("endless: got %v, %v", active, err)
	}
}

const otherID = "444455556666"

// organisation has the example account, one with the same role and a newer policy of AWS, and perhaps one
// that refuses.
func organisation(refuses bool) iamapi.Several {
	other := example()
	other.policies = []fakePolicy{{arn: basic, version: "v2", documents: map[string]string{"v2": encode(allow("logs:*"))}}}
	other.roles = []fakeRole{{path: "/", name: "Batch", attached: []string{basic, "arn:aws:iam::" + otherID + ":policy/lost"}}}
	other.account = otherID
	s := iamapi.Several{
		Accounts: []iamapi.Account{{ID: otherID}, {ID: accountID}},
		API: func(_ context.Context, a iamapi.Account) (iamapi.API, error) {
			switch a.ID {
			case accountID:
				return example().client(), nil
			case otherID:
				return other.client(), nil
			}
			return nil, errNoRole
		},
	}
	if refuses {
		s.Accounts = append(s.Accounts, iamapi.Account{ID: "999999999999"})
	}
	return s
}

var errNoRole = errors.New("no such role to assume")

func TestSeveral(t *testing.T) {
	lost := "Account " + otherID + ": The document of arn:aws:iam::" + otherID + ":policy/lost is not known: it was deleted while roles were read, or is not in this account."
	refused := "Account 999999999999 was not read: no such role to assume."
	const here, there = "arn:aws:iam::" + accountID + ":role/", "arn:aws:iam::" + otherID + ":role/"
	all := []string{here + "Batch", here + "empty", here + "service-role/orders-role", there + "Batch"}
	tests := []struct {
		name              string
		refuses, tolerant bool
		only              string // of the accounts
		patterns          []string
		roles, notes      []string
		fails             bool
	}{
		{name: "all", roles: all, notes: []string{lost}},
		{name: "one refuses", refuses: true, roles: all, notes: []string{lost, refused}, fails: true},
		{name: "one refuses, which is tolerated", refuses: true, tolerant: true, roles: all, notes: []string{lost, refused}},
		{name: "the only one refuses", refuses: true, tolerant: true, only: "999999999999", notes: []string{refused}, fails: true},
		{name: "a role of one account", refuses: true, patterns: []string{here + "empty"}, roles: []string{here + "empty"}},
		{name: "a pattern over accounts", patterns: []string{"arn:aws:iam::*:role/B*", here + "empty"}, roles: []string{here + "Batch", here + "empty", there + "Batch"}, notes: []string{lost}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := organisation(tt.refuses)
			s.Tolerant, s.Patterns = tt.tolerant, tt.patterns
			if tt.only != "" {
				s.Accounts = []iamapi.Account{{ID: tt.only}}
			}
			set, err := s.Read(t.Context())
			if tt.fails != errors.Is(err, errNoRole) || (err != nil) != tt.fails {
				t.Errorf("error %v", err)
			}
			if tt.fails && err != nil && !strings.HasPrefix(err.Error(), "account 999999999999: ") {
				t.Errorf("error %v does not name the account", err)
			}
			var roles []string
			for _, r := range set.Roles {
				roles = append(roles, r.ARN)
			}
			if diff := cmp.Diff(tt.roles, roles); diff != "" {
				t.Errorf("roles (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tt.notes, set.Notes); diff != "" {
				t.Errorf("notes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSeveralManaged: a policy of AWS is there once, in its newest version, and each role keeps the
// version that is in force in its account.
func TestSeveralManaged(t *testing.T) {
	set, err := organisation(false).Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range set.Managed {
		got = append(got, p.Version+" "+p.ARN)
	}
	for _, r := range set.Roles {
		if r.Name == "Batch" {
			got = append(got, r.Policies[0].Version+" of "+r.ARN)
		}
	}
	want := []string{
		"v1 " + developers, "v2 " + queues, "v2 " + basic,
		"v1 of arn:aws:iam::" + accountID + ":role/Batch", "v2 of arn:aws:iam::" + otherID + ":role/Batch",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSeveralCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := organisation(false)
	s.Tolerant = true
	set, err := s.Read(ctx)
	if diff := cmp.Diff(current.Set{}, set); !errors.Is(err, context.Canceled) || diff != "" {
		t.Errorf("got error %v, set %s", err, fmt.Sprint(diff))
	}
}
