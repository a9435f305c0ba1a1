package lint

import (
	"slices"
	"strings"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
	"github.com/whittle-iam/whittle/policy/glob"
)

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
