package lint

import (
	"math/rand"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/glob"
)

// TestShapeOracle holds what is said of patterns and formats against ARNs of the formats: a pattern that
// matches one fits, and one that covers a format matches all.
func TestShapeOracle(t *testing.T) {
	formats := []string{
		"arn:${Partition}:s3:::${BucketName}",
		"arn:${Partition}:s3:::${BucketName}/${ObjectName}",
		"arn:${Partition}:s3:${Region}:${Account}:accesspoint/${AccessPointName}/object/${ObjectName}",
		"arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}",
		"arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/index/${IndexName}",
		"arn:${Partition}:sqs:${Region}:${Account}:${QueueName}",
		"arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}",
		"arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}:log-stream:${LogStreamName}",
	}
	values := strings.NewReplacer // of the formats' variables
	instances := func(f string) []string {
		var out []string
		for _, r := range []*strings.Replacer{
			values("${Partition}", "aws", "${Region}", "us-east-1", "${Account}", "111122223333", "${BucketName}", "b", "${ObjectName}", "k/l",
				"${AccessPointName}", "p", "${TableName}", "t", "${IndexName}", "i", "${QueueName}", "q", "${RoleNameWithPath}", "x/r", "${LogGroupName}", "/g", "${LogStreamName}", "s"),
			values("${Partition}", "aws-cn", "${Region}", "cn-north-1", "${Account}", "444455556666", "${BucketName}", "bb", "${ObjectName}", "k",
				"${AccessPointName}", "q", "${TableName}", "u", "${IndexName}", "j", "${QueueName}", "r", "${RoleNameWithPath}", "r", "${LogGroupName}", "h", "${LogStreamName}", "a/b"),
		} {
			out = append(out, r.Replace(f))
		}
		return out
	}
	// Patterns are instances with runs and characters replaced by wildcards.
	r := rand.New(rand.NewSource(7))
	blur := func(arn string) string {
		for range r.Intn(4) {
			i := 4 + r.Intn(len(arn)-4)
			j := min(len(arn), i+r.Intn(12))
			arn = arn[:i] + []string{"*", "?", "*", ""}[r.Intn(4)] + arn[j:]
			if len(arn) < 6 {
				break
			}
		}
		return arn
	}
	fits, covers := 0, 0
	for range 10000 {
		from := instances(formats[r.Intn(len(formats))])
		text := blur(from[r.Intn(len(from))])
		target := newTarget(policy.Text{Value: text}, true)
		if !target.known || strings.Contains(target.shape.text[partitionField], "*") {
			continue
		}
		pattern, err := glob.CompileARN(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range formats {
			f := formatOf(name)
			for _, arn := range instances(name) {
				matches := pattern.Match(arn)
				if matches && !target.fits(f) {
					t.Fatalf("%q matches %s, and does not fit %s", text, arn, name)
				}
				partition, ok := ownPartition(text)
				if ok && target.covers(f, false) && strings.HasPrefix(arn, "arn:aws:") {
					covers++
					if !pattern.Match(strings.Replace(arn, ":aws:", ":"+partition+":", 1)) {
						t.Fatalf("%q covers %s, and does not match %s", text, name, arn)
					}
				}
				if matches {
					fits++
				}
			}
		}
	}
	if fits < 500 || covers < 50 {
		t.Errorf("only %d fit and %d cover", fits, covers)
	}
}

// ownPartition is a partition that the pattern's matches.
func ownPartition(pattern string) (string, bool) {
	field := strings.Split(pattern+":", ":")[1]
	for _, partition := range []string{"aws", "aws-cn", "aws-us-gov"} {
		if glob.CompileFold(field).Match(partition) {
			return partition, true
		}
	}
	return field, !wild(field)
}
