package lint

import (
	"slices"
	"strings"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
	"github.com/whittle-iam/whittle/policy/glob"
)

// arnFields is how many fields an ARN has.
const arnFields = 6

// The fields that rules ask for by name.
const (
	partitionField = 1
	serviceField   = 2
	regionField    = 3
	accountField   = 4
	resourceField  = 5
)

// A shape is an ARN pattern field by field. glob.ARNPattern answers for whole ARNs; a rule has to know
// which field is wide, and must not let a Region of the reference's formats run on past its colon.
type shape struct {
	text    [arnFields]string // in escaped notation, the fields before the resource in lower case
	pattern [arnFields]glob.Pattern
	// slashes counts those that every resource of the shape has at least.
	slashes int
}

// newShape splits a pattern in escaped notation. Fields that it lacks are "*".
func newShape(pattern string) (shape, bool) {
	var s shape
	given := strings.SplitN(pattern, ":", arnFields)
	for i := range s.text {
		s.text[i] = "*"
		if i < len(given) {
			s.text[i] = given[i]
		}
		if i < resourceField {
			s.text[i] = strings.ToLower(s.text[i])
		}
		var err error
		if s.pattern[i], err = glob.CompileEscaped(s.text[i]); err != nil {
			return shape{}, false
		}
	}
	s.slashes = strings.Count(s.text[resourceField], "/")
	return s, true
}

// A format is one ARN format of a resource type.
type format struct {
	shape
	// text is the reference's, with variables.
	text string
	// flat says that the resource's name holds no slash. Of most types that is not known.
	flat bool

	once       sync.Once
	partitions []glob.ARNPattern // of whole
}

// flatFormats are types whose names hold no slash, and whose formats would take in those of another
// type of the service if they did: the objects of a bucket, the indexes and streams of a table.
var flatFormats = map[string]bool{
	"arn:${Partition}:s3:::${BucketName}":                                  true,
	"arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}":    true,
	"arn:${Partition}:s3express:${Region}:${Account}:bucket/${BucketName}": true,
}

// unlistedFormats are of actions that IAM authorises on an ARN although the reference lists none. AWS's
// own policies name them: AmazonCloudWatchRUMFullAccess the first, and
// https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html
// the second.
var unlistedFormats = map[string]string{
	"logs:DescribeLogGroups":      "arn:${Partition}:logs:${Region}:${Account}:log-group::log-stream:${LogStreamName}",
	"ssmmessages:OpenDataChannel": "arn:${Partition}:ssm:${Region}:${Account}:session/${SessionId}",
}

// renamed are the services whose resources keep the ARNs of their old name, or may have either
// (https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html).
var renamed = map[string]string{"codeconnections": "codestar-connections", "codestar-connections": "codeconnections"}

// formatsByAction keeps what formatsOf returned. There are as many entries as the reference has actions.
var formatsByAction sync.Map

// formatsOf returns the ARN formats of the resources that an action can be limited to.
func formatsOf(a *reference.Action) []*format {
	if known, ok := formatsByAction.Load(a); ok {
		return known.([]*format)
	}
	var out []*format
	if service, ok := reference.Lookup(a.Service); ok {
		for _, r := range a.Resources {
			if t, ok := service.ResourceType(r.Type); ok {
				for _, text := range t.ARNs {
					out = append(out, formatOf(text))
				}
			}
		}
	}
	if text, ok := unlistedFormats[a.ID()]; ok {
		out = append(out, formatOf(text))
	}
	if other, ok := renamed[a.Service]; ok {
		for _, f := range slices.Clone(out) {
			out = append(out, formatOf(strings.Replace(f.text, ":"+a.Service+":", ":"+other+":", 1)))
		}
	}
	formatsByAction.Store(a, out)
	return out
}

// formatsByText keeps what newFormat returned, so that formats can be compared by address.
var formatsByText sync.Map

func formatOf(text string) *format {
	f, ok := formatsByText.Load(text)
	if !ok {
		f, _ = formatsByText.LoadOrStore(text, newFormat(text))
	}
	return f.(*format)
}

// newFormat makes every variable of the reference's format a "*". A few are written without the "$".
func newFormat(text string) *format {
	var b strings.Builder
	rest := text
	for {
		begin := strings.IndexByte(rest, '{')
		end := strings.IndexByte(rest, '}')
		if begin < 0 || end < begin {
			b.WriteString(rest)
			break
		}
		b.WriteString(strings.TrimSuffix(rest[:begin], "$") + "*")
		rest = rest[end+1:]
	}
	s, _ := newShape(b.String())
	return &format{shape: s, text: text, flat: flatFormats[text]}
}

// A target is one text of Resource or NotResource.
type target struct {
	text policy.Text
	// known says that the text is an ARN pattern or "*". Otherwise it may stand for anything, as
	// "${Bucket.Arn}" of a template does.
	known bool
	// everything says that it is "*".
	everything bool
	// variables are in it: then what follows is the most that it can match.
	variables bool
	pattern   glob.ARNPattern
	shape     shape
	// runsOn says that the service, Region or account ends in "*", or is missing. A "*" in the partition
	// is taken to stay there: what else it might run into, nobody means.
	runsOn bool
}

// targets compiles an element.
func (c *checker) targets(list policy.ListSource) []target {
	out := make([]target, 0, len(list.Texts))
	for _, text := range list.Texts {
		out = append(out, newTarget(text, c.src.Document.Version == policy.Version2012))
	}
	return out
}

func newTarget(text policy.Text, variables bool) target {
	t := target{text: text}
	template, err := condition.ParseTemplate(text.Value, variables)
	if err != nil {
		return t
	}
	widest := template.Widest()
	t.variables = template.HasVariables()
	if strings.Trim(widest, "*") == "" && t.variables {
		return t
	}
	if t.pattern, err = glob.CompileARN(widest); err != nil {
		return t
	}
	t.everything = widest != "" && strings.Trim(widest, "*") == ""
	t.shape, t.known = newShape(widest)
	for _, field := range t.shape.text[serviceField:resourceField] {
		t.runsOn = t.runsOn || strings.HasSuffix(field, "*")
	}
	return t
}

// fits reports whether some resource of the format is matched.
func (t target) fits(f *format) bool {
	if !t.known || t.everything {
		return true
	}
	if f.flat && t.shape.slashes > f.slashes {
		return false
	}
	if t.shape.meets(f.shape) {
		return true
	}
	return t.runsOn && t.runsInto(f)
}

// runsInto is fits for a "*" that runs on past its colon, as IAM lets it: then the pattern is compared
// as a whole. The service stands for itself, and the partition for one of those that there are, lest
// their wildcards run on as well.
func (t target) runsInto(f *format) bool {
	if s := t.shape; !strings.Contains(s.text[serviceField], "*") && !s.pattern[serviceField].Intersects(f.pattern[serviceField]) {
		return false // what runs on comes after the service
	}
	return slices.ContainsFunc(f.whole(), t.pattern.Intersects)
}

// whole is the format's ARNs as one pattern for each of the partitions that there are, AWS's first one first.
func (f *format) whole() []glob.ARNPattern {
	f.once.Do(func() {
		fields := f.shape.text
		for _, partition := range []string{"aws", "aws-cn", "aws-us-gov"} {
			fields[partitionField] = partition
			if p, err := glob.CompileARN(strings.Join(fields[:], ":")); err == nil {
				f.partitions = append(f.partitions, p)
			}
		}
	})
	return f.partitions
}

func (s shape) meets(other shape) bool {
	for i := arnFields - 1; i > 0; i-- { // the last fields tell most apart
		a, b := s.text[i], other.text[i]
		if a != "*" && b != "*" && a != b && !s.pattern[i].Intersects(other.pattern[i]) {
			return false
		}
	}
	return true
}

// covers reports whether all resources of the format are matched, in whichever partition and whatever
// the request. A variable stands for one value at a time. With own,
// a literal Region and account count as well: all that there is in one account.
func (t target) covers(f *format, own bool) bool {
	if !t.known || t.variables {
		return false
	}
	if t.everything {
		return true
	}
	for _, i := range []int{serviceField, regionField, accountField, resourceField} {
		if own && (i == regionField || i == accountField) {
			continue
		}
		if !t.shape.pattern[i].Covers(f.pattern[i]) {
			return t.runsOn && !own && slices.ContainsFunc(f.whole()[:1], t.pattern.Covers)
		}
	}
	return true
}
