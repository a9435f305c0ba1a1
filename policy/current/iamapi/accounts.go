package iamapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"
)

// OrganizationsAPI is what Accounts calls of a client of AWS Organizations.
type OrganizationsAPI interface {
	ListAccounts(context.Context, *organizations.ListAccountsInput, ...func(*organizations.Options)) (*organizations.ListAccountsOutput, error)
}

// An Account is one of an organisation.
type Account struct {
	// ID is the number of 12 digits.
	ID   string
	Name string
}

// Accounts returns the active accounts of the organisation, sorted by ID, and a note that lists the
// others, empty if there is none.
func Accounts(ctx context.Context, api OrganizationsAPI) (active []Account, note string, err error) {
	var other []string
	in := &organizations.ListAccountsInput{}
	for more := true; more; more = in.NextToken != nil {
		out, err := api.ListAccounts(ctx, in)
		if err != nil {
			return nil, "", fmt.Errorf("accounts of the organisation: %w", err)
		}
		for _, a := range out.Accounts {
			// State takes the place of Status, which AWS retires.
			state := cmp.Or(string(a.State), string(a.Status))
			if state != string(types.AccountStateActive) {
				other = append(other, fmt.Sprintf("%s (%s)", aws.ToString(a.Id), strings.ToLower(cmp.Or(state, "state unknown"))))
				continue
			}
			active = append(active, Account{ID: aws.ToString(a.Id), Name: aws.ToString(a.Name)})
		}
		if t := aws.ToString(out.NextToken); t != "" && t == aws.ToString(in.NextToken) {
			return nil, "", errors.New("accounts of the organisation: ListAccounts leads back to the same page")
		}
		if in.NextToken = out.NextToken; aws.ToString(in.NextToken) == "" {
			in.NextToken = nil
		}
	}
	slices.SortFunc(active, func(a, b Account) int { return cmp.Compare(a.ID, b.ID) })
	if slices.Sort(other); len(other) > 0 {
		note = "Accounts that are not active are not read: " + strings.Join(other, ", ") + "."
	}
	return active, note, nil
}
