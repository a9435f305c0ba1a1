package tighten

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/trail"
)

// Knowledge is what an event tells of the condition keys that AWS had when it decided
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html). A key is
// known with its value, known to be absent, or not known at all; the last is not the same as absent.
type knowledge struct {
	context condition.Context
	absent  []string
}

func (k knowledge) has(key string) bool {
	_, ok := k.context.Lookup(key)
	return ok || containsFold(k.absent, key)
}

func (k *knowledge) knows(key, value string) {
	if value == "" {
		k.absent = append(k.absent, key)
		return
	}
	k.context[key] = condition.One(value)
}

// knowledgeOf returns what an event tells for one of the permissions that it needs.
func knowledgeOf(g actionmap.Grant, u *trail.Usage) knowledge {
	k := knowledge{context: condition.Context{}}
	k.knows("aws:PrincipalAccount", u.Account)
	k.knows("aws:PrincipalArn", u.Role)
	k.knows("aws:PrincipalType", "AssumedRole")
	if u.Region != "" {
		k.knows("aws:RequestedRegion", u.Region)
	}
	if u.InvokedBy == "" {
		k.knows("aws:ViaAWSService", "false")
		k.absent = append(k.absent, "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "kms:ViaService")
		k.knows("aws:SourceVpce", u.VPCEndpoint)
	} else {
		// Which services a call came through before the last one, and whether they set CalledVia,
		// the event does not tell.
		k.knows("aws:ViaAWSService", "true")
	}
	// What the rules state of the call: the service that a role is passed to, the one that KMS is
	// called through.
	for _, c := range g.Conditions {
		if c.Operator == "StringEquals" && len(c.Values) == 1 {
			k.knows(c.Key, c.Values[0])
		}
	}
	k.sourceFunction(u)
	for _, v := range g.Tells.Values {
		if g.Tells.Open {
			v += "*" // a value that only a pattern for every continuation matches
		}
		k.knows(g.Tells.Key, v)
	}
	if g.Tells.Key != "" && len(g.Tells.Values) == 0 && u.Missing == "" {
		k.absent = append(k.absent, g.Tells.Key)
	}
	return k
}

// sourceFunction: Lambda gives lambda:SourceFunctionArn to calls of a function's code and to what it
// logs and traces for it, not to its other calls
// (https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html).
func (k *knowledge) sourceFunction(u *trail.Usage) {
	const key = "lambda:SourceFunctionArn"
	logs := u.EventSource == "logs.amazonaws.com" || u.EventSource == "xray.amazonaws.com"
	switch {
	case u.InvokedBy != "" && !u.ByLambda:
	case u.ByLambda && !logs:
		k.absent = append(k.absent, key)
	case strings.HasPrefix(u.Function, "arn:"):
		k.knows(key, u.Function)
	}
}

// containsFold compares condition keys as IAM does.
func containsFold(keys []string, key string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, key) })
}
