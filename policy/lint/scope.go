package lint

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/condition"
)

// resourceKeys are condition keys that narrow the resource of any action that supports them, in lower
// case and as they end, or begin up to a tag key. The keys of a resource type
// (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
// do so as well, but some services list theirs with the action.
//
// Where a call comes from (aws:SourceVpce), by whom, or with which service (kms:ViaService,
// iam:PassedToService) narrows the request, not the resource.
var resourceKeys = []string{
	"aws:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths",
	"dynamodb:leadingkeys", "ecs:cluster", "ecs:service", "ecs:task", "kms:encryptioncontext:", "kms:requestalias",
	"kms:resourcealiases", "lambda:functionarn", "s3:accessgrantsinstancearn", "s3:dataaccesspointaccount",
	"s3:dataaccesspointarn", "s3:existingobjecttag/", "s3:resourceaccount", "secretsmanager:secretid",
}

// maxKeys bounds how many condition keys of a statement are looked at.
const maxKeys = 50

// scopingKeys returns the keys, in lower case, of the statement's conditions that can hold only for
// some values of the key: positive operators, not IfExists, with a value that is not "*" alone. (A
// condition that holds when the key is missing does not keep a resource without the tag out.)
func scopingKeys(s *statement) []string {
	var keys []string
	for _, operator := range s.Condition.Operators {
		op, err := condition.ParseOperator(operator.Operator.Value)
		if err != nil || op.Negated || op.IfExists || op.Qualifier == condition.ForAllValues {
			continue
		}
		for _, key := range operator.Keys {
			if len(keys) == maxKeys {
				return keys
			}
			loose := false
			for _, v := range key.Values {
				switch op.Test {
				case condition.Null:
					loose = loose || !strings.EqualFold(v.Value, "false")
				case condition.StringLike, condition.ArnLike, condition.ArnEquals:
					loose = loose || strings.Trim(v.Value, "*") == ""
				}
			}
			if !loose && len(key.Values) > 0 {
				keys = append(keys, strings.ToLower(key.Key.Value))
			}
		}
	}
	return keys
}

// scopes reports whether one of the keys narrows the resource of the action.
func scopes(keys []string, a *reference.Action) bool {
	return slices.ContainsFunc(keys, func(key string) bool {
		switch {
		case strings.HasPrefix(key, "aws:requesttag/"), key == "aws:tagkeys":
			return false
		case strings.Contains(key, ":resourcetag/"):
			return true
		}
		for _, known := range resourceKeys {
			if key == known || (strings.HasSuffix(known, "/") || strings.HasSuffix(known, ":")) && strings.HasPrefix(key, known) {
				return true
			}
		}
		return ofResource(key, a)
	})
}

// ofResource reports whether a key is one of the action's resource types.
func ofResource(key string, a *reference.Action) bool {
	service, ok := reference.Lookup(a.Service)
	if !ok {
		return false
	}
	for _, r := range a.Resources {
		if t, ok := service.ResourceType(r.Type); ok && slices.ContainsFunc(t.ConditionKeys, func(name string) bool { return isKey(key, name) }) {
			return true
		}
	}
	return false
}

// isKey reports whether a key in lower case is the reference's, whose names end in a variable where
// they have one.
func isKey(key, name string) bool {
	fixed, _, variable := strings.Cut(strings.ToLower(name), "${")
	if variable {
		return strings.HasPrefix(key, fixed) && len(key) > len(fixed)
	}
	return key == fixed
}
