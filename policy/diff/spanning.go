package diff

import (
	"regexp"
	"strings"
)

// accountField is what the fifth field of a pattern may be if the pattern has a field for each of an ARN's.
var accountField = regexp.MustCompile(`^(aws|[0-9*?]*)$`)

// spanning reports whether a pattern makes sense only if a "*" at the end of one of its first fields
// stands for several fields, as in "arn:aws:sqs:*:queue" and "arn:aws:lambda:*:function:name". It returns
// a pattern that matches at least as much.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html says that
// such a "*" may run past the colon, and
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html that fields which are left out are
// "*": what the pattern matches is then not certain, and nothing may be concluded from either reading.
func spanning(text string) (upper string, spans bool) {
	const resource, account, service = 5, 4, 2
	fields := strings.SplitN(text, ":", resource+1)
	last := len(fields) - 1
	if last == resource && accountField.MatchString(fields[account]) {
		return "", false
	}
	for i := service; i < last; i++ {
		if strings.HasSuffix(fields[i], "*") {
			return strings.Join(fields[:i+1], ":"), true
		}
	}
	return "", false
}
