package tighten

import (
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/trail"
)

// contextKeys are the condition keys whose value, or absence, an event tells
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html). Of every
// other key the log knows nothing, which is not the same as the request lacking it.
var contextKeys = []string{
	"aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:PrincipalAccount", "aws:PrincipalArn",
	"aws:PrincipalType", "aws:RequestedRegion", "aws:SourceVpce", "aws:ViaAWSService", "kms:ViaService",
	"lambda:SourceFunctionArn",
}

// requestContext returns the condition keys that a call carried for one of its permissions.
func requestContext(g actionmap.Grant, u *trail.Usage) condition.Context {
	ctx := condition.Context{
		"aws:PrincipalAccount": condition.One(u.Account),
		"aws:PrincipalArn":     condition.One(u.Role),
		"aws:PrincipalType":    condition.One("AssumedRole"),
		"aws:ViaAWSService":    condition.One("false"),
	}
	if u.Region != "" {
		ctx["aws:RequestedRegion"] = condition.One(u.Region)
	}
	if u.VPCEndpoint != "" {
		ctx["aws:SourceVpce"] = condition.One(u.VPCEndpoint)
	}
	if u.InvokedBy != "" {
		ctx["aws:ViaAWSService"] = condition.One("true")
		ctx["aws:CalledVia"] = condition.Many(u.InvokedBy)
		ctx["aws:CalledViaFirst"] = condition.One(u.InvokedBy)
		ctx["aws:CalledViaLast"] = condition.One(u.InvokedBy)
		if service, ok := strings.CutSuffix(u.InvokedBy, ".amazonaws.com"); ok && u.EventSource == "kms.amazonaws.com" {
			ctx["kms:ViaService"] = condition.One(service + "." + u.Region + ".amazonaws.com")
		}
	}
	// Lambda adds the key to calls of a function's code, not to its own
	// (https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html).
	if strings.HasPrefix(u.Function, "arn:") && !u.ByLambda {
		ctx["lambda:SourceFunctionArn"] = condition.One(u.Function)
	}
	for _, v := range g.Tells.Values {
		if g.Tells.Open {
			v += "*" // a value that only a pattern for every continuation matches
		}
		ctx[g.Tells.Key] = condition.One(v)
	}
	return ctx
}

// toldBy lists the condition keys that single calls tell, see actionmap.Grant.Tells.
func toldBy(calls []call) []string {
	keys := set{}
	for _, c := range calls {
		for _, g := range c.grants {
			keys.add(g.Tells.Key)
		}
	}
	return keys.with(nil)
}

// containsFold compares condition keys as IAM does.
func containsFold(keys []string, key string) bool {
	return slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, key) })
}
