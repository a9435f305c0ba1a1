package lint

import (
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/condition"
)

// keyRules are about the names of condition keys, see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html.
var keyRules = []Rule{
	{
		ID: "invalid-condition-key", Severity: Error, AWS: []string{"INVALID_CONDITION_KEY_FORMAT"},
		Title: "A condition key is not of the form service:key",
		Help: "A condition key is a prefix and a name, such as aws:SourceIp or s3:prefix. A key of another form is in no request, so that " +
			"the condition does not do what it says.",
		check: eachKey(func(c *checker, k comparison) {
			if !wellFormedKey(k.Key.Value) {
				c.report(k.place(), "%s is not of the form service:key", quote(k.Key.Value))
			}
		}),
	},
	{
		ID: "unknown-condition-key", Severity: Error, AWS: []string{"INVALID_GLOBAL_CONDITION_KEY", "INVALID_SERVICE_CONDITION_KEY"},
		Title: "A condition key does not exist",
		Help: "Neither the global condition keys nor those of the services have a key with this name, so no request carries it: a plain " +
			"operator never holds, and a negated one always does. Mend the spelling. A key newer than the reference that this program " +
			"carries is found here too.",
		check: eachKey(func(c *checker, k comparison) {
			if k.known == nil && wellFormedKey(k.Key.Value) && !k.is("aws:ARN") && tagFamily(k.Key.Value) == "" {
				c.report(k.place(), "there is no condition key %s%s", quote(k.Key.Value), guess(c.nearestKey(k.Key.Value)))
			}
		}),
	},
	{
		ID: "deprecated-condition-key", Severity: Error, AWS: []string{"UNSUPPORTED_GLOBAL_CONDITION_KEY", "DEPRECATED_GLOBAL_CONDITION_KEY"},
		Title: "The condition key aws:ARN is no longer supported",
		Help:  "Use aws:PrincipalArn for the principal that makes the request, or aws:SourceArn for the resource on whose behalf a service does.",
		check: eachKey(func(c *checker, k comparison) {
			if k.is("aws:ARN") {
				c.report(k.place(), "%s is not supported: use aws:PrincipalArn or aws:SourceArn", quote(k.Key.Value))
			}
		}),
	},
	{
		ID: "missing-tag-key", Severity: Error, AWS: []string{"MISSING_TAG_KEY_IN_CONDITION"},
		Title: "A condition on a tag does not name the tag",
		Help:  "Keys such as aws:ResourceTag need the tag's key after a slash: aws:ResourceTag/team. Without it no request carries the key.",
		check: eachKey(func(c *checker, k comparison) {
			if family := tagFamily(k.Key.Value); family != "" {
				c.report(k.place(), "%s does not name a tag: write %s/ and the tag's key", quote(k.Key.Value), family)
			}
		}),
	},
	{
		ID: "condition-key-without-action", Severity: Error, AWS: []string{"MISSING_ACTION_FOR_CONDITION_KEY"},
		Title: "No action of the statement supports a condition key",
		Help: "The key is a service's own, and the reference lists it for none of the actions that the statement names, so that their " +
			"requests do not carry it: the condition never holds, or always if it is negated. Add the action that the key is for, or " +
			"remove the condition.",
		check: eachKey(func(c *checker, k comparison) {
			if actions, any := unsupporting(k); len(actions) > 0 && !any {
				c.reportActions(k.place(), ids(actions), "no action of the statement supports %s", quote(k.Key.Value))
			}
		}),
	},
	{
		ID: "unsupported-condition-key", Severity: Error, AWS: []string{"UNSUPPORTED_ACTION_FOR_CONDITION_KEY"},
		Title: "A condition key is not supported by some actions of the statement",
		Help: "Requests for these actions do not carry the key, so that the condition never holds for them, or always if it is negated. Move " +
			"them to a statement of their own, or use the IfExists form of the operator if that is what is meant. Actions " +
			"that are named with wildcards are not looked at.",
		check: eachKey(func(c *checker, k comparison) {
			if actions, any := unsupporting(k); len(actions) > 0 && any {
				c.reportActions(k.place(), ids(actions), "%s is not supported by %s", quote(k.Key.Value), few(ids(actions), 5))
			}
		}),
	},
}

// eachKey makes a check of all condition keys of a policy, those under unknown operators too.
func eachKey(check func(*checker, comparison)) func(*checker) {
	return func(c *checker) {
		for _, s := range c.statements {
			for _, k := range s.conditions() {
				check(c, k)
			}
		}
	}
}

func wellFormedKey(key string) bool {
	prefix, name, ok := strings.Cut(key, ":")
	return ok && prefix != "" && name != "" && !strings.ContainsAny(key, " \t\r\n*?")
}

// nearestKey returns the condition key that was probably meant, or "". It does not go on for ever about
// a policy that is all mistakes.
func (c *checker) nearestKey(name string) string {
	candidates := reference.GlobalConditionKeys()
	prefix, _, _ := strings.Cut(name, ":")
	if service, ok := reference.Lookup(prefix); ok {
		candidates = service.ConditionKeys()
	}
	if len(name) > maxQuoted || c.reported > maxGuesses {
		return ""
	}
	family, _, tagged := strings.Cut(name, "/")
	best, bound := "", maxDistance(family)
	for _, k := range candidates {
		known, _, withTag := strings.Cut(k.Name, "/")
		if d := distance(family, known, bound); d <= bound && tagged == withTag {
			best, bound = k.Name, d-1
		}
	}
	return best
}

// guess ends a message with what was probably meant, if anything.
func guess(name string) string {
	if name == "" {
		return ""
	}
	return ": did you mean " + name + "?"
}

// tagFamily returns "aws:ResourceTag" for a key that ought to name a tag and does not, otherwise "".
func tagFamily(key string) string {
	bare := strings.TrimSuffix(key, "/")
	if k := conditionKey(bare + "/x"); k != nil && conditionKey(bare) == nil {
		if before, rest, ok := strings.Cut(k.Name, "/${"); ok && strings.HasSuffix(rest, "}") {
			return before
		}
	}
	return ""
}

// unsupporting returns the literal actions of the statement whose requests do not carry the key, and
// whether those of any action do. It returns none where that does not matter: for keys of all requests,
// and where the condition asks whether the key is there.
func unsupporting(k comparison) (actions expansion, any bool) {
	s := k.statement
	if !k.valid || k.known == nil || s.NotActions.Present() || k.operator.IfExists || k.tests(condition.Null) {
		return nil, false
	}
	if !serviceKey(k.known.Name) {
		return nil, false
	}
	for _, a := range s.actions() {
		if supports(a, k.known.Name) {
			any = true
			break
		}
	}
	for _, t := range s.Actions.Texts {
		if a, ok := reference.LookupAction(t.Value); ok && !supports(a, k.known.Name) {
			actions = append(actions, a)
		}
	}
	return sortActions(actions), any
}

// serviceKey says whether a key belongs to the requests of one service: keys of all requests and of
// identity providers do not.
func serviceKey(name string) bool {
	prefix, _, _ := strings.Cut(name, ":")
	_, global := reference.GlobalConditionKey(name)
	_, service := reference.Lookup(prefix)
	return service && !global
}

// ofProvider says whether a key is one of an identity provider, of which it is not known how many values
// it has.
func ofProvider(name string) bool {
	prefix, _, _ := strings.Cut(name, ":")
	_, service := reference.Lookup(prefix)
	return !service && !strings.EqualFold(prefix, "aws")
}
