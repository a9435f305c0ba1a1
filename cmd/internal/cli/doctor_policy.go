package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/cmd/internal/cloud"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/trail/athena"
)

// policyValues are what flags say about the policy that whittle needs.
type policyValues struct{ bucket, account, region string }

func featureNames() []string {
	var out []string
	for _, n := range cloud.Needs() {
		out = append(out, string(n.Feature))
	}
	return out
}

// runDoctorPolicy prints the policy for features and sources, for all features if none is named.
func runDoctorPolicy(env Env, args []string, fill policyValues) error {
	values := map[string]string{"REGION": fill.region, "ACCOUNT": fill.account, "LOG-BUCKET": fill.bucket}
	if fill.account != "" && (len(fill.account) != 12 || strings.Trim(fill.account, "0123456789") != "") {
		return usagef("--account %q: an account has twelve digits", fill.account)
	}
	var features []cloud.Feature
	for _, arg := range args {
		f, err := featureOf(arg, values)
		if err != nil {
			return err
		}
		if slices.Contains(features, f) {
			return usagef("%q: the policy is for one of each kind; %s is there twice", arg, f)
		}
		features = append(features, f)
	}
	for name, v := range values {
		if strings.ContainsAny(v, "*?$") {
			return usagef("%q: a value for %s has no wildcards", v, name)
		}
	}
	var grants []cloud.Grant
	for _, n := range cloud.Needs() {
		if len(features) == 0 || slices.Contains(features, n.Feature) {
			grants = append(grants, n.Grants()...)
		}
	}
	document, left := policyFor(grants, values)
	if _, err := env.Stdout.Write(document.Format()); err != nil {
		return err
	}
	for _, p := range cloud.Placeholders {
		if left[p.Name] {
			fmt.Fprintf(env.Stderr, "Replace %s: %s.\n", p.Name, p.What)
		}
	}
	for _, line := range sometimes(grants) {
		fmt.Fprintln(env.Stderr, line)
	}
	return nil
}

// sometimes says which actions are needed only under a condition.
func sometimes(grants []cloud.Grant) []string {
	when, always := map[string][]string{}, map[string]bool{}
	for _, g := range grants {
		if g.When == "" {
			always[g.Action] = true
		} else if !slices.Contains(when[g.Action], g.When) {
			when[g.Action] = append(when[g.Action], g.When)
		}
	}
	var out []string
	for _, action := range slices.Sorted(maps.Keys(when)) {
		if !always[action] {
			out = append(out, fmt.Sprintf("%s is needed only if %s.", action, strings.Join(when[action], ", or if ")))
		}
	}
	return out
}

// featureOf reads an argument, and adds what a SOURCE tells to values.
func featureOf(arg string, values map[string]string) (cloud.Feature, error) {
	scheme, rest, isURL := strings.Cut(arg, "://")
	if !slices.Contains(featureNames(), scheme) {
		return "", usagef("%q is neither a feature nor a SOURCE on AWS; features are %s", arg, strings.Join(featureNames(), ", "))
	}
	feature := cloud.Feature(scheme)
	if !isURL {
		return feature, nil
	}
	set := func(name, value string) {
		if value != "" {
			values[name] = value
		}
	}
	rest = strings.TrimSuffix(rest, "/")
	path, _, _ := strings.Cut(rest, "?")
	switch feature {
	case cloud.FeatureS3:
		bucket, prefix, _ := strings.Cut(path, "/")
		set("LOG-BUCKET", bucket)
		if prefix != "" {
			prefix += "/"
		}
		values["LOG-PREFIX"] = prefix
	case cloud.FeatureAthena:
		spec, err := athena.ParseSpec(arg)
		if err != nil {
			return "", usagef("%q: %v", arg, err)
		}
		set("DATABASE", spec.Database)
		set("TABLE", spec.Table)
		set("WORKGROUP", spec.Workgroup)
		set("CATALOG", spec.Catalog)
		if output, ok := strings.CutPrefix(spec.Output, "s3://"); ok {
			bucket, prefix, _ := strings.Cut(output, "/")
			set("RESULT-BUCKET", bucket)
			values["RESULT-PREFIX"] = prefix
		}
	case cloud.FeatureLake:
		set("EVENT-DATA-STORE", path[strings.LastIndex(path, "/")+1:])
	case cloud.FeatureLogs:
		set("LOG-GROUP", path)
	case cloud.FeatureLookup:
	default:
		return "", usagef("%q: %s is not a kind of SOURCE", arg, scheme)
	}
	return feature, nil
}

// policyFor returns the document with these grants, and the placeholders that are left in it. A value
// that is in the map and empty is empty in the document only for prefixes.
func policyFor(grants []cloud.Grant, values map[string]string) (policy.Document, map[string]bool) {
	var pairs []string
	filled := map[string]bool{}
	for _, p := range cloud.Placeholders {
		if v, ok := values[p.Name]; v != "" || ok && strings.HasSuffix(p.Name, "PREFIX") {
			pairs, filled[p.Name] = append(pairs, p.Name, v), true
		}
	}
	replacer := strings.NewReplacer(pairs...)
	resources := map[string][]string{} // by action
	left := map[string]bool{}
	for _, g := range grants {
		resource := replacer.Replace(strings.Replace(g.Resource, "arn:aws:", "arn:"+partition(values["REGION"])+":", 1))
		if !slices.Contains(resources[g.Action], resource) {
			resources[g.Action] = append(resources[g.Action], resource)
		}
		for _, p := range cloud.Placeholders {
			if strings.Contains(g.Resource, p.Name) && !filled[p.Name] {
				left[p.Name] = true
			}
		}
	}
	actions := map[string][]string{} // by resources
	for _, action := range slices.Sorted(maps.Keys(resources)) {
		slices.Sort(resources[action])
		key := strings.Join(resources[action], "\n")
		actions[key] = append(actions[key], action)
	}
	document := policy.Document{Version: policy.Version2012}
	for _, key := range slices.Sorted(maps.Keys(actions)) {
		document.Statements = append(document.Statements, policy.Statement{
			Effect: policy.Allow, Actions: actions[key], Resources: strings.Split(key, "\n"),
		})
	}
	slices.SortFunc(document.Statements, func(a, b policy.Statement) int { return slices.Compare(a.Actions, b.Actions) })
	return document, left
}

// partition is the one of a Region.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}
