package actionmap

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/actionmap/overrides"
	"github.com/whittle-iam/whittle/trail"
)

// samples are texts of each form that needs one of its own.
var samples = map[string]string{
	"alias-name":             "alias/a",
	"api-host":               "abc123.execute-api.us-east-1.amazonaws.com",
	"appconfig-id":           "abc1234",
	"copy-source":            "bucket/key",
	"copy-source-bucket":     "bucket/key",
	"copy-source-directory":  "bucket--usw2-az1--x-s3/key",
	"default-bus":            "default",
	"ecs-target":             "ecs:cluster_task_1",
	"in-account":             "444455556666",
	"in-region":              "eu-west-1",
	"instance-id":            "i-1",
	"managed-instance-id":    "mi-1",
	"role-in-json":           `{"RoleArn":"arn:aws:iam::111122223333:role/r"}`,
	"foundation-model":       "provider.model",
	"function":               "f",
	"inference-profile":      "us.provider.model",
	"key-id":                 "1234abcd-12ab-34cd-56ef-1234567890ab",
	"managed-tool":           "aws.browser.v1",
	"msk-topic-cluster":      "arn:aws:kafka:us-east-1:111122223333:cluster/n/1",
	"schema-registry":        "arn:aws:glue:us-east-1:111122223333:schema/n/1",
	"partiql-delete":         `DELETE FROM "T"`,
	"partiql-index":          `SELECT * FROM "T"."I"`,
	"partiql-insert":         `INSERT INTO "T" VALUE {}`,
	"partiql-select":         `SELECT * FROM "T"`,
	"partiql-update":         `UPDATE "T" SET a=1`,
	"project-name":           "arn:aws:rekognition:us-east-1:111122223333:project/n/1",
	"profile-destinations":   "us.provider.model",
	"profile-model":          "us.provider.model",
	"qualified":              "f:1",
	"s3-bucket":              "s3://bucket",
	"s3-prefix":              "s3://bucket/prefix",
	"s3-uri":                 "s3://bucket/key",
	"sender":                 "a@example.com",
	"url-encoded":            "arn:aws:apigateway:us-east-1::/restapis/a",
	"account-id":             "444455556666",
	"arn-name":               "prod",
	"codebuild-project":      "app:1",
	"eks-principal":          "arn:aws:iam::111122223333:role/r",
	"lower-case":             "A",
	"organization-handshake": "h-a",
	"organization-policy":    "p-a",
	"organization-root":      "r-a",
	"organization-unit":      "ou-a",
	"path-id":                "/a/Z1",
	"profile-role":           "web",
	"provider-url":           "https://n",
	"report-group":           "arn:aws:codebuild:us-east-1:111122223333:report/n:1",
	"stackset":               "n:1",
	"task-definition":        "n:1",
	"unversioned":            "n",
	"waf-scope":              "REGIONAL",
	"queue-url":              "https://sqs.us-east-1.amazonaws.com/111122223333/q",
}

// allPlans compiles every event of the overrides, after checking that all they name exists.
func allPlans(t *testing.T, m *Mapper) map[planKey]*plan {
	t.Helper()
	if err := m.check(); err != nil {
		t.Fatal(err)
	}
	plans := map[planKey]*plan{}
	for prefix, declared := range m.table.Services {
		s, ok := lookup(prefix)
		if !ok {
			t.Fatalf("no service %s", prefix)
		}
		for event := range declared.Events {
			plans[planKey{s.Prefix, event}], _ = m.override(s, event)
		}
	}
	return plans
}

// TestEveryRule fills each way in which each line of the overrides names a resource, with every gate
// open, and checks that the line then grants exactly that, with nothing hidden.
func TestEveryRule(t *testing.T) {
	m := mustNew(t)
	lines, ways := 0, 0
	for key, p := range allPlans(t, m) {
		for _, l := range p.lines {
			lines++
			if !l.action.TakesResource() {
				continue
			}
			for _, g := range l.groups {
				for _, target := range g.targets {
					for i, args := range target.fills {
						if target.generic || slices.ContainsFunc(args, arg.unseen) {
							continue // TestFixtures has the generic rule, and what is hidden by design
						}
						ways++
						name := fmt.Sprintf("%s %s %s %s %d", l.rule, key.event, l.action.ID(), target.typ.name, i)
						t.Run(name, func(t *testing.T) { checkWay(t, l, target, args) })
					}
				}
			}
		}
	}
	if lines < 300 || ways < 300 {
		t.Errorf("only %d lines with %d ways", lines, ways)
	}
}

func checkWay(t *testing.T, l line, way target, args []arg) {
	u := &trail.Usage{Key: trail.Key{
		Kind: trail.Call, Region: "us-east-1",
		Principal: trail.Principal{Account: "111122223333", Role: "arn:aws:iam::111122223333:role/r"},
	}}
	set := func(path, text string) {
		u.Params = append(u.Params, trail.Param{Path: path, Values: []string{text}})
	}
	for i, a := range args {
		if len(a.paths) > 0 {
			set(a.paths[0], sample(way.typ, args, i))
		}
	}
	for _, g := range l.gates {
		u.ErrorCode = g.Error
		if g.Path == "" || g.Negated {
			continue
		}
		if p := u.Param(g.Path); p != nil {
			p.Values[0] += g.Has + g.Ends
		} else {
			set(g.Path, cmp.Or(g.Is+g.Has+g.Ends, "x"))
		}
	}
	c := newCall(u)
	if !contradicts(l, args) && c.holds(l) != yes {
		t.Fatal("the line does not hold")
	}
	l.groups = []group{{targets: []target{{typ: way.typ, fills: [][]arg{args}, open: way.open}}}}
	grants := c.grants(l)
	want := 1
	if args[0].formName == "sender" { // the address and its domain
		want = 2
	}
	if len(grants) != want {
		t.Fatalf("%d grants", len(grants))
	}
	for _, f := range grants[0].Findings {
		if f.Kind == HiddenResource {
			t.Errorf("%s: %s", grants[0].Resource.Pattern, f.Detail)
		}
	}
}

// sample returns a text for an argument: an ARN of the type, or of its beginning if there are more
// arguments, where the form takes one.
func sample(typ *resourceType, args []arg, i int) string {
	a := args[i]
	arnPath := strings.HasPrefix(a.paths[0], "resources:")
	switch {
	case a.formName == "copy-source" && typ.name != "object":
	case strings.HasPrefix(a.formName, "copy-source-") && typ.name != "bucket":
	case a.formName == "access-point" || a.formName == "state-machine":
	case a.formName == "subscription":
	case arnPath || a.formName == "arn", a.formName == "prompt-arn":
	case samples[a.formName] != "":
		return samples[a.formName]
	default:
		return "n"
	}
	f := typ.formats[0]
	given := len(f.names) - (len(args) - 1)
	out := arn{"aws", f.service, f.region, f.account, f.tail[0]}
	if f.regional {
		out.region = "us-east-1"
	}
	if f.owned {
		out.account = "111122223333"
	}
	for j := range given {
		out.resource += "n"
		if j < given-1 || given == len(f.names) {
			out.resource += f.tail[j+1]
		}
	}
	text := strings.Join([]string{"arn", out.partition, out.service, out.region, out.account, out.resource}, ":")
	switch a.formName {
	case "subscription":
		text += ":id"
	case "qualified":
		return text
	}
	return text
}

// contradicts reports whether a gate of the line forbids a parameter of this way; another line of the
// event then names the resource so.
func contradicts(l line, args []arg) bool {
	return slices.ContainsFunc(l.gates, func(g overrides.Gate) bool {
		return g.Negated && slices.ContainsFunc(args, func(a arg) bool { return slices.Contains(a.paths, g.Path) })
	})
}
