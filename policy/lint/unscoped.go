package lint

import (
	"slices"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// unscopedRules are about actions on "*", or on a pattern that amounts to it, that could be limited to
// resources. The three divide the actions of a statement by access level among them. What takes no
// resource is never meant, nor what a condition on the resource's tags or account limits, nor the
// pattern "*" for actions, which all-actions reports.
var unscopedRules = []Rule{
	{
		ID: "unscoped-read", Severity: Suggestion,
		Title: "Actions that read could be limited to resources",
		Help: `The statement allows actions that read or list on any resource ("*", or a pattern such as arn:aws:s3:::* that ` +
			"amounts to it), although the reference says that they can be limited to some. Name the resources, in the form " +
			"given, or limit them by a condition such as aws:ResourceTag.",
		check: eachUnscoped(reference.Read, reference.List),
	},
	{
		ID: "unscoped-write", Severity: Warning,
		Title: "Actions that write could be limited to resources",
		Help: `The statement allows actions that create, change, delete or tag on any resource ("*", or a pattern such as ` +
			"arn:aws:s3:::* that amounts to it), although the reference says that they can be limited to some. Who gets hold " +
			"of the credentials can then harm everything of that kind in the account. Name the resources, in the form given, " +
			"or limit them by a condition such as aws:ResourceTag. Where another condition is there, such as one on the " +
			"network, the severity is suggestion.",
		check: eachUnscoped(reference.Write, reference.Tagging),
	},
	{
		ID: "unscoped-permissions-management", Severity: Security,
		Title: "Actions that manage permissions could be limited to resources",
		Help: `The statement allows actions that change who may do what (policies, grants, shares) on any resource ("*", or a ` +
			"pattern that amounts to it), although the reference says that they can be limited to some. With them a resource " +
			"can be opened to anyone. Name the resources, in the form given. Where a condition is there that does not limit " +
			"the resource, the severity is warning.",
		check: eachUnscoped(reference.PermissionsManagement),
	},
}

func eachUnscoped(access ...reference.AccessLevel) func(*checker) {
	return func(c *checker) {
		budget := c.pairs()
		for _, s := range c.statements {
			if s.allows() {
				c.unscoped(s, access, budget)
			}
		}
	}
}

// unscoped reports the statement's actions with one of the access levels that could be limited and are
// not, at the widest of its resources.
func (c *checker) unscoped(s *statement, access []reference.AccessLevel, budget *pairs) {
	at, wide := c.widest(s, budget)
	if wide == nil {
		return
	}
	keys := scopingKeys(s)
	var found expansion
	for _, a := range c.namedActions(s) {
		if a.TakesResource() && !onStarAlone[a.ID()] && slices.Contains(access, a.AccessLevel) && wide(a) && !scopes(keys, a) {
			found = append(found, a)
		}
	}
	if len(found) == 0 {
		return
	}
	severity, note := c.rule.Severity, ""
	if len(s.Condition.Operators) > 0 {
		severity = lower(severity)
		note = "; the conditions do not limit the resource"
	}
	message := found[0].ID() + " could be limited to " + formatsOf(found[0])[0].text
	if len(found) > 1 {
		message = count(len(found), "action") + " could be limited to resources, such as " + found[0].ID() + " to " + formatsOf(found[0])[0].text
	}
	c.reportAs(severity, at, ids(found), "%s%s", message, note)
}

// onStarAlone are actions that take a resource, as the reference has it, but in common calls none:
// metrics and composite alarms have no ARN that counts, and a request for speech or a translation need
// name no lexicon, terminology or endpoint.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/permissions-reference-cw.html
var onStarAlone = map[string]bool{
	"cloudwatch:GetMetricData": true, "cloudwatch:ListMetrics": true, "cloudwatch:PutCompositeAlarm": true,
	"cloudwatch:PutMetricData": true, "comprehend:DetectEntities": true, "polly:StartSpeechSynthesisTask": true,
	"polly:SynthesizeSpeech": true, "translate:TranslateDocument": true, "translate:TranslateText": true,
}

// namedActions are the statement's actions but for those that stand there as "*" or NotAction alone:
// these rules would only repeat what all-actions and allow-not-action say.
func (c *checker) namedActions(s *statement) expansion {
	if s.NotActions.Present() || slices.ContainsFunc(s.Actions.Values(), func(p string) bool { return kindOf(p) == everyService }) {
		return nil
	}
	return s.actions()
}

// widest returns the place of a resource that is all of its kind, and for which actions one is. It is
// nil if there is none.
func (c *checker) widest(s *statement, budget *pairs) (place, func(*reference.Action) bool) {
	if s.NotResources.Present() {
		return place{}, nil // allow-not-resource says so
	}
	var at place
	var wide []target
	for _, t := range c.targets(s.Resources) {
		if t.everything {
			return s.at("Resource", t.text), func(*reference.Action) bool { return true }
		}
		if amountsToStar(t) {
			if wide == nil {
				at = s.at("Resource", t.text)
			}
			wide = append(wide, t)
		}
	}
	if wide == nil {
		return place{}, nil
	}
	known := map[*format]bool{}
	return at, func(a *reference.Action) bool {
		return slices.ContainsFunc(formatsOf(a), func(f *format) bool {
			covered, ok := known[f]
			if !ok && budget.take(len(wide)) {
				covered = slices.ContainsFunc(wide, func(t target) bool { return t.covers(f, false) })
				known[f] = covered
			}
			return covered
		})
	}
}

// amountsToStar is a quick test for patterns that may be all resources of a type: those that begin
// their resource with a wildcard or a type's name before one, in any account.
func amountsToStar(t target) bool {
	return t.known && (t.shape.text[accountField] == "*" || t.shape.text[accountField] == "" || t.runsOn) && wild(t.shape.text[resourceField])
}

// lower is the severity below, for what a condition makes less bad.
func lower(s Severity) Severity {
	switch s {
	case Security:
		return Warning
	case Warning:
		return Suggestion
	}
	return s
}
