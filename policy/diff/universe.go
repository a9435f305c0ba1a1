package diff

import (
	"regexp"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A universe is the resources that an action can act on.
type universe struct {
	index int
	// star says that calls may name no resource, which is "*".
	star bool
	// within and without are the ARNs, as for glob.ARNAtoms.
	within, without []fieldPattern
	// service is the third field of all ARNs, empty if they differ in it or it is not known.
	service string
	// examples are readable resources, the best first.
	examples []string
}

// universes are all that a comparison has met.
type universes struct {
	partition string
	list      []*universe
	byKey     map[string]*universe
	byAction  map[*reference.Action]*universe
}

// any is the universe of an action of which the reference knows nothing: every ARN, and none.
func (u *universes) any() *universe {
	partition := "*"
	if u.partition != "" {
		partition = u.partition
	}
	return u.intern("any", func() *universe {
		return &universe{star: true, within: compileARNs("arn:" + partition + ":*:*:*:*")}
	})
}

// of returns the universe of an action.
//
// An action without resource types acts on "*" alone. One with none that is required can be called
// for any one of them or, as AWS does not say which, without.
func (u *universes) of(a *reference.Action) *universe {
	if a == nil {
		return u.any()
	}
	if known, ok := u.byAction[a]; ok {
		return known
	}
	service, ok := reference.Lookup(a.Service)
	star, bucket := true, false
	var formats []string
	for _, r := range a.Resources {
		star = star && !r.Required
		if !ok {
			continue
		}
		if t, found := service.ResourceType(r.Type); found {
			formats = append(formats, t.ARNs...)
			bucket = bucket || a.Service == "s3" && t.Name == "bucket"
		}
	}
	slices.Sort(formats)
	formats = slices.Compact(formats)
	key := strings.Join(formats, " ")
	if star {
		key += " *"
	}
	if bucket {
		key += " bucket"
	}
	made := u.intern(key, func() *universe { return u.make(formats, star, bucket) })
	if !star && len(made.within) == 0 {
		made = u.any()
	}
	if u.byAction == nil {
		u.byAction = map[*reference.Action]*universe{}
	}
	u.byAction[a] = made
	return made
}

func (u *universes) intern(key string, build func() *universe) *universe {
	if known, ok := u.byKey[key]; ok {
		return known
	}
	if u.byKey == nil {
		u.byKey = map[string]*universe{}
	}
	made := build()
	made.index = len(u.list)
	u.list = append(u.list, made)
	u.byKey[key] = made
	return made
}

var variable = regexp.MustCompile(`\$\{[^}]*\}`)

func (u *universes) make(formats []string, star, bucket bool) *universe {
	out := &universe{star: star}
	var services []string
	for _, f := range formats {
		fields := strings.SplitN(f, ":", 6)
		if len(fields) < 6 {
			continue
		}
		if u.partition != "" && strings.HasPrefix(fields[1], "${") {
			fields[1] = u.partition
		}
		format := strings.Join(fields, ":")
		out.within = append(out.within, compileARNs(variable.ReplaceAllString(format, "*"))...)
		if !slices.Contains(services, fields[2]) {
			services = append(services, fields[2])
		}
		out.examples = append(out.examples, example(fields))
	}
	if bucket && !slices.ContainsFunc(formats, isObject) {
		// A bucket's name has no slash: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
		out.without = compileARNs("arn:*:s3:::*/*")
	}
	if len(services) == 1 && !strings.Contains(services[0], "$") {
		out.service = services[0]
	}
	if star {
		out.examples = append(out.examples, "*")
	}
	return out
}

// isObject reports whether the format is that of an object in an S3 bucket.
func isObject(format string) bool {
	return strings.Contains(format, ":s3:::") && strings.Contains(format, "/")
}

// example makes a readable ARN of a format's fields.
func example(fields []string) string {
	fields = slices.Clone(fields)
	for i, value := range []string{"", "aws", "", "us-east-1", "111122223333"} {
		if value != "" {
			fields[i] = variable.ReplaceAllString(fields[i], value)
		}
	}
	return variable.ReplaceAllString(strings.Join(fields, ":"), "example")
}

// A fieldPattern is a set of ARNs, field by field.
type fieldPattern struct {
	whole  glob.ARNPattern
	fields [6]glob.Pattern
}

func compileARNs(formats ...string) []fieldPattern {
	var out []fieldPattern
	for _, f := range formats {
		parts := strings.SplitN(f, ":", 6)
		p := fieldPattern{}
		whole, err := glob.CompileARN(f)
		if err != nil || len(parts) != len(p.fields) {
			continue // the reference's formats are ARNs; one that is not names no resource
		}
		p.whole = whole
		for i, part := range parts {
			if i < len(parts)-1 {
				p.fields[i] = glob.CompileFold(part)
			} else {
				p.fields[i] = glob.Compile(part)
			}
		}
		out = append(out, p)
	}
	return out
}

// has reports whether a resource is in the universe. As in glob.ARNAtoms, no wildcard runs on past
// its field.
func (u *universe) has(resource string) bool {
	if resource == "*" {
		return u.star
	}
	return inFields(u.within, resource) && !inFields(u.without, resource)
}

func inFields(patterns []fieldPattern, resource string) bool {
	parts := strings.SplitN(resource, ":", 6)
	if len(parts) < 6 {
		return false
	}
	return slices.ContainsFunc(patterns, func(p fieldPattern) bool {
		for i, field := range p.fields {
			if !field.Match(parts[i]) {
				return false
			}
		}
		return true
	})
}

// arnPatterns are the patterns as glob takes them.
func arnPatterns(patterns []fieldPattern) []glob.ARNPattern {
	out := make([]glob.ARNPattern, len(patterns))
	for i, p := range patterns {
		out[i] = p.whole
	}
	return out
}
