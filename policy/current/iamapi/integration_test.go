//go:build integration

package iamapi_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/files"
	"github.com/whittle-iam/whittle/policy/current/iamapi"
	"github.com/whittle-iam/whittle/trail/trailtest/moto"
)

// must stops the test if a set-up call failed.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestIntegrationMoto reads an account of more than a hundred roles: whole over the API, role by role,
// and from files with the same answers.
func TestIntegrationMoto(t *testing.T) {
	url := moto.Start(t)
	client := &recording{Client: iam.NewFromConfig(moto.Config(url, "us-east-1"))}
	ctx := t.Context()

	queues := must[*iam.CreatePolicyOutput](t)(client.CreatePolicy(ctx, &iam.CreatePolicyInput{
		PolicyName: aws.String("queues"), Path: aws.String("/team/"), PolicyDocument: aws.String(allow("sqs:*")),
	})).Policy.Arn
	must[*iam.CreatePolicyVersionOutput](t)(client.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{
		PolicyArn: queues, PolicyDocument: aws.String(allow("sqs:SendMessage")), SetAsDefault: true,
	}))
	must[*iam.CreatePolicyVersionOutput](t)(client.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{
		PolicyArn: queues, PolicyDocument: aws.String(allow("sqs:DeleteQueue")),
	}))
	boundary := must[*iam.CreatePolicyOutput](t)(client.CreatePolicy(ctx, &iam.CreatePolicyInput{
		PolicyName: aws.String("developers"), PolicyDocument: aws.String(allow("*")),
	})).Policy.Arn
	var names []string
	for i := range 125 {
		name := aws.String(fmt.Sprintf("orders-%d", i))
		in := &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(machine), Tags: []types.Tag{{Key: aws.String("n"), Value: name}}}
		if i%2 == 0 {
			in.AssumeRolePolicyDocument, in.Path = aws.String(lambda), aws.String("/service-role/")
		}
		if i%5 == 0 {
			in.PermissionsBoundary = boundary
		}
		must[*iam.CreateRoleOutput](t)(client.CreateRole(ctx, in))
		for j := range i % 3 {
			must[*iam.PutRolePolicyOutput](t)(client.PutRolePolicy(ctx, &iam.PutRolePolicyInput{
				RoleName: name, PolicyName: aws.String(fmt.Sprintf("p+%d", j)), PolicyDocument: aws.String(allow("s3:GetObject")),
			}))
		}
		for _, arn := range []string{basic, *queues}[:i%3] {
			must[*iam.AttachRolePolicyOutput](t)(client.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: name, PolicyArn: &arn}))
		}
		if i%10 == 0 {
			names = append(names, *name)
		}
	}

	whole := must[current.Set](t)(iamapi.Read(ctx, client, nil))
	if len(whole.Roles) != 125 || len(whole.Managed) < 1000 || whole.Err() != nil || len(whole.Notes) > 0 {
		t.Fatalf("got %d roles and %d managed policies, error %v, notes %q", len(whole.Roles), len(whole.Managed), whole.Err(), whole.Notes)
	}
	i := slices.IndexFunc(whole.Roles, func(r current.Role) bool { return r.Name == "orders-20" })
	if r := whole.Roles[i]; len(r.Policies) != 4 || r.Policies[3].Version != "v2" || r.Boundary == nil || !r.ForLambda || r.Tags["n"] != "orders-20" || len(r.Missing) > 0 {
		t.Errorf("got %+v", r)
	}

	read := must[current.Set](t)(files.Read(must[[]string](t)(client.write(t.TempDir())), nil))
	if diff := cmp.Diff(read, whole, sameReading); diff != "" {
		t.Errorf("from files (-), over the API (+):\n%.4000s", diff)
	}
	want := must[[]current.Role](t)(whole.Choose(names))
	some := must[current.Set](t)(iamapi.Read(ctx, client, names))
	if diff := cmp.Diff(want, some.Roles, sameReading); diff != "" {
		t.Errorf("of the whole (-), role by role (+):\n%.4000s", diff)
	}
}

// TestIntegrationOrganisation reads the accounts of an organisation of moto.
func TestIntegrationOrganisation(t *testing.T) {
	client := organizations.NewFromConfig(moto.Config(moto.Start(t), "us-east-1"))
	ctx := t.Context()
	must[*organizations.CreateOrganizationOutput](t)(client.CreateOrganization(ctx, &organizations.CreateOrganizationInput{}))
	for i := range 3 { // moto gives each all managed policies of AWS, which takes it seconds
		must[*organizations.CreateAccountOutput](t)(client.CreateAccount(ctx, &organizations.CreateAccountInput{
			AccountName: aws.String(fmt.Sprintf("account %d", i)), Email: aws.String(fmt.Sprintf("a%d@example.com", i)),
		}))
	}
	active, note, err := iamapi.Accounts(ctx, client)
	if err != nil || len(active) != 4 || note != "" {
		t.Fatalf("got %d accounts, note %q, error %v", len(active), note, err)
	}
	must[*organizations.CloseAccountOutput](t)(client.CloseAccount(ctx, &organizations.CloseAccountInput{AccountId: &active[len(active)-1].ID}))
	rest, note, err := iamapi.Accounts(ctx, client)
	if diff := cmp.Diff(active[:3], rest); diff != "" || note == "" || err != nil {
		t.Errorf("note %q, error %v, (-want +got):\n%s", note, err, diff)
	}
}
