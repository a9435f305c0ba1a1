package awsconfig

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"

	"github.com/whittle-iam/whittle/policy/current"
)

// The resource types.
const (
	roleType   = "AWS::IAM::Role"
	policyType = "AWS::IAM::Policy"
)

// items returns the records of a type, one for each ARN. Names, if not nil, are those of the resources that
// are wanted; more may be returned.
func (r *reader) items(ctx context.Context, kind string, names []string) ([]item, error) {
	rows, err := r.query(ctx, expression(kind, names))
	if own := r.opt.Aggregator == ""; own && (hasCode(err, "AccessDeniedException") || err == nil && len(rows) == 0) {
		// The same by other calls, which need other permissions.
		rows, err = r.discovered(ctx, kind, names)
	}
	if err != nil {
		return nil, fmt.Errorf("AWS Config's records of %s: %w", kind, err)
	}
	return r.latest(rows), nil
}

// latest leaves out what was deleted, and of several records of one resource, as each Region that records
// IAM makes one, all but the latest.
func (r *reader) latest(rows []item) []item {
	at := map[string]int{}
	var out []item
	for _, i := range rows {
		switch {
		case i.deleted():
			continue
		case i.unrecorded():
			r.notef("AWS Config knows of %s and does not record it.", i)
			continue
		}
		if j, ok := at[i.String()]; !ok {
			at[i.String()] = len(out)
			out = append(out, i)
		} else if i.captured.After(out[j].captured) {
			out[j] = i
		}
	}
	return out
}

// query returns all rows of a query
// (https://docs.aws.amazon.com/config/latest/developerguide/querying-AWS-resources.html).
func (r *reader) query(ctx context.Context, expression string) ([]item, error) {
	var out []item
	for token := (*string)(nil); ; {
		var rows []string
		var next *string
		if r.opt.Aggregator != "" {
			page, err := r.api.SelectAggregateResourceConfig(ctx, &configservice.SelectAggregateResourceConfigInput{
				ConfigurationAggregatorName: &r.opt.Aggregator, Expression: &expression, Limit: pageSize, NextToken: token,
			})
			if err != nil {
				return nil, fmt.Errorf("aggregator %s: %w", r.opt.Aggregator, err)
			}
			rows, next = page.Results, page.NextToken
		} else {
			page, err := r.api.SelectResourceConfig(ctx, &configservice.SelectResourceConfigInput{Expression: &expression, Limit: pageSize, NextToken: token})
			if err != nil {
				return nil, err
			}
			rows, next = page.Results, page.NextToken
		}
		for _, row := range rows {
			i, err := parseRow(row)
			if err != nil {
				return nil, fmt.Errorf("row %d of the answer: %w", len(out)+1, err)
			}
			if err := r.count(len(row)); err != nil {
				return nil, err
			}
			out = append(out, i)
		}
		more, err := advance(token, next)
		if err != nil || !more {
			return out, err
		}
		token = next
	}
}

// pageSize is the most rows and resources that AWS Config gives and takes at once.
const pageSize = 100

// maxBytes is current.MaxBytes, but in tests.
var maxBytes = current.MaxBytes

func (r *reader) count(n int) error {
	if r.size += n; r.size > maxBytes {
		return fmt.Errorf("more than %d MiB of policies", maxBytes>>20)
	}
	return nil
}

// advance reports whether there is a page after the one asked for by token.
func advance(token, next *string) (bool, error) {
	switch {
	case aws.ToString(next) == "":
		return false, nil
	case aws.ToString(next) == aws.ToString(token):
		return false, errors.New("AWS Config leads back to the same page")
	}
	return true, nil
}

// maxExpression is how long a query may be.
const maxExpression = 4096

// expression is the query for a type, limited to names where they can be said.
func expression(kind string, names []string) string {
	all := "SELECT accountId, arn, resourceId, resourceName, configurationItemCaptureTime, configurationItemStatus, configuration WHERE resourceType = '" + kind + "'"
	var quoted []string
	for _, n := range names {
		q, ok := quote(n)
		if !ok {
			return all
		}
		quoted = append(quoted, q)
	}
	slices.Sort(quoted)
	limited := all + " AND resourceName IN (" + strings.Join(slices.Compact(quoted), ", ") + ")"
	if len(quoted) == 0 || len(limited) > maxExpression {
		return all
	}
	return limited
}

// quote returns a string of the query language. How that writes a quote within a string AWS does not
// say, so that only what IAM allows in names is taken
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
func quote(name string) (string, bool) {
	if name == "" {
		return "", false
	}
	for _, c := range []byte(name) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !letter && strings.IndexByte("+=,.@_-", c) < 0 {
			return "", false
		}
	}
	return "'" + name + "'", true
}
