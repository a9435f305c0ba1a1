package tighten

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/trail"
)

// Functions lists the functions that the rows name, sorted: those that made calls, and those for which
// Lambda assumed the role and that made none that is logged. It adds those that are listed, by their ARN.
func Functions(usages []trail.Usage, listed ...current.Function) []string {
	called := set{}
	for _, u := range usages {
		called.add(u.Function)
	}
	names := set{}
	for f := range called {
		names.add(trail.FunctionName(f))
	}
	for _, u := range usages {
		if assumed(u) && !names[u.Session] {
			called.add(u.Session)
		}
	}
	var arns []string
	for _, f := range listed {
		maps.DeleteFunc(called, func(name string, _ bool) bool { return named(f.ARN, name) })
		arns = append(arns, f.ARN)
	}
	return called.with(arns)
}

// assumed reports whether the row is Lambda assuming the role for the function that Session names.
func assumed(u trail.Usage) bool {
	return u.Kind == trail.Assumption && u.Outcome == trail.Authorised && !u.ByLambda && u.Session != ""
}

// edgeService assumes the roles of Lambda@Edge's functions.
const edgeService = "edgelambda.amazonaws.com"

// A home is where a function writes its log.
type home struct{ name, region string }

var (
	regionName  = regexp.MustCompile(`^[a-z]{2,}(-[a-z]+)+-\d+$`)
	accountName = regexp.MustCompile(`^\d{12}$`)
)

// homesOf returns the log groups of a function, by name and region. A function known by name only has
// one in each region where it was seen; guessed says so. Lambda@Edge runs in many regions and puts
// us-east-1 before the name
// (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-logs.html).
func homesOf(function string, usages []trail.Usage) (homes []home, guessed bool) {
	if arn, err := policy.ParseARN(function); err == nil {
		if regionName.MatchString(arn.Region) && accountName.MatchString(arn.Account) {
			return []home{{strings.TrimPrefix(arn.Resource, "function:"), arn.Region}}, false
		}
		return nil, false
	}
	for _, u := range usages {
		name := function
		switch {
		case !regionName.MatchString(u.Region):
			continue
		case u.Function == function && u.Kind == trail.Call:
		case assumed(u) && u.Session == function:
			if u.InvokedBy == edgeService && !strings.HasPrefix(name, "us-east-1.") {
				name = "us-east-1." + function
			}
		default:
			continue
		}
		if h := (home{name, u.Region}); !slices.Contains(homes, h) {
			homes = append(homes, h)
		}
	}
	return homes, true
}
