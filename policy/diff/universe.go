package diff

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/glob"
)

// A universe is the resources that an action can act on.
type universe struct {
	index int
	// star says that calls may name no resource, which is "*".
	star    bool
	formats []*format
}

// A format is a kind of ARNs.
type format struct {
	index int
	arn   fieldPattern
	// without are the ARNs of the format that are none of its resources.
	without []fieldPattern
	// service is the third field of all ARNs, empty if it is not just one.
	service string
	tokens  []token
	// example is a readable resource.
	example string
}

// universes are those of the actions of a partition. They are made when they are first asked for.
type universes struct {
	partition string

	mu       sync.Mutex
	byKey    map[string]*universe
	byAction map[*reference.Action]*universe
	formats  map[string]*format
}

// known are the universes of the partitions that exist, and of any, which are the same for all
// comparisons.
var known = func() map[string]*universes {
	all := map[string]*universes{}
	for _, partition := range []string{"", "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"} {
		all[partition] = newUniverses(partition)
	}
	return all
}()

func newUniverses(partition string) *universes {
	return &universes{
		partition: partition,
		byKey:     map[string]*universe{}, byAction: map[*reference.Action]*universe{}, formats: map[string]*format{},
	}
}

func universesOf(partition string) *universes {
	if u, ok := known[partition]; ok {
		return u
	}
	return newUniverses(partition)
}

// any is the universe of an action of which the reference knows nothing: every ARN, and none.
func (u *universes) any() *universe {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.anything()
}

func (u *universes) anything() *universe {
	return u.intern([]string{"arn:${Partition}:${Service}:${Region}:${Account}:${Resource}"}, true)
}

// of returns the universe of an action.
//
// An action without resource types acts on "*" alone. One with none that is required can be called
// for any one of them or, as AWS does not say which, without.
func (u *universes) of(a *reference.Action) *universe {
	if a == nil {
		return u.any()
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if known, ok := u.byAction[a]; ok {
		return known
	}
	service, ok := reference.Lookup(a.Service)
	star := true
	var formats []string
	for _, r := range a.Resources {
		star = star && !r.Required
		if !ok {
			continue
		}
		if t, found := service.ResourceType(r.Type); found {
			formats = append(formats, t.ARNs...)
		}
	}
	// Short formats are the plainest examples.
	slices.SortFunc(formats, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	made := u.intern(slices.Compact(formats), star)
	if !star && len(made.formats) == 0 {
		made = u.anything()
	}
	u.byAction[a] = made
	return made
}

func (u *universes) intern(formats []string, star bool) *universe {
	key := fmt.Sprint(star, formats)
	if known, ok := u.byKey[key]; ok {
		return known
	}
	made := &universe{index: len(u.byKey), star: star}
	for _, text := range formats {
		if f := u.format(text); f != nil {
			made.formats = append(made.formats, f)
		}
	}
	u.byKey[key] = made
	return made
}

var variable = regexp.MustCompile(`\$\{[^}]*\}`)

// bucketFormat is that of S3 buckets. A bucket's name has no slash:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
const bucketFormat = "arn:${Partition}:s3:::${BucketName}"

// format returns a format of the reference, nil if it is no ARN.
func (u *universes) format(text string) *format {
	if known, ok := u.formats[text]; ok {
		return known
	}
	u.formats[text] = nil
	fields := strings.SplitN(text, ":", 6)
	if len(fields) < 6 {
		return nil
	}
	if u.partition != "" && strings.HasPrefix(fields[1], "${") {
		fields[1] = u.partition
	}
	arns := compileARNs(variable.ReplaceAllString(strings.Join(fields, ":"), "*"))
	if arns == nil {
		return nil
	}
	f := &format{index: len(u.formats), arn: arns[0], example: example(fields)}
	if text == bucketFormat {
		f.without = compileARNs("arn:*:s3:::*/*")
	}
	f.tokens = tokensOf(variable.ReplaceAllString(strings.Join(fields, ":"), "*"), true)
	if !strings.ContainsAny(fields[2], "$*") {
		f.service = lowerASCII(fields[2])
	}
	u.formats[text] = f
	return f
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

// has reports whether a resource is in the universe.
func (u *universe) has(resource string) bool {
	if resource == "*" {
		return u.star
	}
	return slices.ContainsFunc(u.formats, func(f *format) bool { return f.has(resource) })
}

// has reports whether a resource is of the format. As in glob.ARNAtoms, no wildcard runs on past its
// field.
func (f *format) has(resource string) bool {
	return inFields([]fieldPattern{f.arn}, resource) && !inFields(f.without, resource)
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
