package iamapi

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"golang.org/x/sync/errgroup"

	"github.com/whittle-iam/whittle/policy/current"
)

// fetchManaged adds to the library the policies that roles refer to and it lacks, each fetched once.
func (r *reader) fetchManaged(ctx context.Context) error {
	var arns []string
	for _, d := range r.details {
		for _, arn := range append(slices.Clone(d.attached), d.boundary) {
			if _, ok := r.library[arn]; arn != "" && !ok {
				arns = append(arns, arn)
			}
		}
	}
	slices.Sort(arns)
	arns = slices.Compact(arns)
	found := make([]current.Policy, len(arns))
	notes := make([]string, len(arns))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(parallel)
	for i, arn := range arns {
		g.Go(func() (err error) {
			if found[i], notes[i], err = r.managed(ctx, arn); err != nil {
				return fmt.Errorf("managed policy %s: %w", arn, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i, p := range found {
		if notes[i] != "" {
			r.notes = append(r.notes, notes[i])
			continue
		}
		r.library[p.ARN] = p
	}
	return nil
}

// managed fetches the version of a managed policy that is in force. The note, if not empty, says why its
// document cannot be had.
func (r *reader) managed(ctx context.Context, arn string) (p current.Policy, note string, err error) {
	about, err := r.api.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: &arn})
	if err != nil {
		note, err = unreadable(arn, "iam:GetPolicy", err)
		return p, note, err
	}
	if about.Policy == nil || about.Policy.DefaultVersionId == nil {
		return p, "", errors.New("GetPolicy: the answer has no default version")
	}
	version, err := r.api.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: about.Policy.DefaultVersionId})
	if err != nil {
		note, err = unreadable(arn, "iam:GetPolicyVersion", err)
		return p, note, err
	}
	if version.PolicyVersion == nil || aws.ToString(version.PolicyVersion.Document) == "" {
		return p, "", errors.New("GetPolicyVersion: the answer has no document")
	}
	return managed(arn, *version.PolicyVersion), "", nil
}

// unreadable makes a note of an error that leaves only one document unknown.
func unreadable(arn, action string, err error) (note string, _ error) {
	switch {
	case isDenied(err):
		return fmt.Sprintf("The document of %s is not known: %s is denied.", arn, action), nil
	case isGone(err):
		return fmt.Sprintf("The document of %s is not known: it was deleted while roles were read, or is not in this account.", arn), nil
	}
	return "", err
}
