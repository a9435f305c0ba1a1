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
// not, at the resource that leaves them so.
func (c *checker) unscoped(s *statement, access []reference.AccessLevel, budget *pairs) {
	wide := c.breadth(s, budget)
	if len(wide.wide) == 0 {
		return
	}
	keys := scopingKeys(s)
	var found expansion
	var example *reference.Action
	var at target
	for _, a := range c.namedActions(s) {
		if !a.TakesResource() || onStarAlone[a.ID()] || !slices.Contains(access, a.AccessLevel) || scopes(keys, a) {
			continue
		}
		t, ok := wide.takes(a)
		if !ok {
			continue
		}
		found = append(found, a)
		// The action with the fewest forms of resources is the one whose forms say most.
		if example == nil || len(formatsOf(a)) < len(formatsOf(example)) {
			example, at = a, t
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
	what := example.ID() + " could be limited to "
	if len(found) > 1 {
		what = count(len(found), "action") + " could be limited to resources, such as " + example.ID() + " to "
	}
	c.reportAs(severity, s.at("Resource", at.text), ids(found), "%s%s%s", what, few(formsOf(expansion{example}), 1), note)
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

// A breadth is those of a statement's resources that are all of their kind, or may be.
type breadth struct {
	wide   []target
	budget *pairs
	// known is the place in wide of the first target that covers a format, -1 if none does.
	known map[*format]int
}

// breadth gathers them: "*" alone where it is one of them.
func (c *checker) breadth(s *statement, budget *pairs) *breadth {
	b := &breadth{budget: budget, known: map[*format]int{}}
	for _, t := range c.targets(s.Resources) {
		if t.everything {
			b.wide = []target{t}
			break
		}
		if amountsToStar(t) {
			b.wide = append(b.wide, t)
		}
	}
	return b
}

// takes returns the target that leaves an action unlimited: "*", or one that is all resources of a type.
// Of an action that needs several types of resources, all have to be taken in: ec2:RunInstances on all
// instances is limited by the subnets of another statement.
func (b *breadth) takes(a *reference.Action) (target, bool) {
	if len(b.wide) > 0 && b.wide[0].everything {
		return b.wide[0], true
	}
	service, ok := reference.Lookup(a.Service)
	if !ok || len(b.wide) == 0 {
		return target{}, false
	}
	required := slices.ContainsFunc(a.Resources, func(r reference.ActionResource) bool { return r.Required })
	first := -1
	for _, r := range a.Resources {
		if required && !r.Required {
			continue
		}
		at := -1
		if t, ok := service.ResourceType(r.Type); ok {
			at = b.covering(t)
		}
		if required && at < 0 {
			return target{}, false
		}
		if first < 0 {
			first = at
		}
	}
	if first < 0 {
		return target{}, false
	}
	return b.wide[first], true
}

// covering returns the place in wide of a target that is all resources of a type, -1 if there is none.
func (b *breadth) covering(t *reference.ResourceType) int {
	for _, text := range t.ARNs {
		f := formatOf(text)
		at, ok := b.known[f]
		if !ok {
			at = -1
			if b.budget.take(len(b.wide)) {
				at = slices.IndexFunc(b.wide, func(t target) bool { return t.covers(f, false) })
				b.known[f] = at
			}
		}
		if at >= 0 {
			return at
		}
	}
	return -1
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
