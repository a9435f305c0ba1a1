package query

import (
	"regexp"
	"strings"
)

// The patterns below are read alike by Go's regexp and by Athena's engine (Joni): they have no class that
// differs, and are anchored by \A and \z.
const (
	// sessionParts are the parts of a session name that trail.NormalizeSession replaces.
	sessionParts = `([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-fA-F]{12,}|[0-9]{4,})`
	// nameParts are the parts of a name that vary from one call to the next: UUIDs; dates, with hours and
	// more behind them; words of twelve or more hexadecimal digits; runs of four or more digits, as in
	// session names. The first group is what goes before a number that is a gap for being a month, a day or
	// an hour, as in the folders that Hive and AWS Glue make.
	nameParts = `((?:month|day|hour)=)[0-9]{1,2}|([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}` +
		`|[0-9]{4}[-/_.][0-9]{2}[-/_.][0-9]{2}(?:[-/_.:T ][0-9]{2})*|[0-9a-fA-F]{12,}|[0-9]{4,})`

	lambdaSession = `\Aawslambda_[0-9]+_[0-9]+\z`
	functionName  = `\A[A-Za-z0-9_-]{1,64}\z`
	lastStep      = `[^/]*\z`
	functionARN   = `\A(arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+)(:[^:]*)?\z`
	roleARN       = `\Aarn:[^:]+:iam:[^:]*:[^:]+:role/(?:(?s).*/)?[^/]+\z`
	sessionARN    = `\Aarn:([^:]+):sts:[^:]*:([^:]+):assumed-role/([^/]+)/[^/]*\z`
	// secondsTime is a time as CloudTrail writes it. Others are left for Go to read.
	secondsTime = `\A(19[7-9][0-9]|[2-9][0-9]{3})-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z\z`
	// encodedMessage is what EC2 and others add to a denial, another one each time:
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html
	encodedMessage = `(Encoded authorization failure message: )[A-Za-z0-9_/+=-]{20,}`
)

// gap stands for a varying part of a name, see trail.Param.Gaps. Names that hold it are left alone.
const gap = "\x00"

var (
	varyingName = regexp.MustCompile(nameParts)
	anyDigit    = regexp.MustCompile(`[0-9]`)
)

// maxName is how long names may be that get gaps, in bytes: longer ones are not kept at all.
const maxName = 2048

// withGaps replaces what varies in a name.
func withGaps(name string) string {
	if strings.Contains(name, gap) || len(name) > maxName {
		return name
	}
	var out strings.Builder
	at := 0
	for _, m := range varyingName.FindAllStringSubmatchIndex(name, -1) {
		out.WriteString(name[at:m[0]])
		part := name[m[0]:m[1]]
		switch {
		case m[2] >= 0:
			out.WriteString(name[m[2]:m[3]] + gap)
		case len(part) >= 12 && !anyDigit.MatchString(part):
			out.WriteString(part) // a word, such as "deadbeefface"
		default:
			out.WriteString(gap)
		}
		at = m[1]
	}
	return out.String() + name[at:]
}

// sqlGaps is withGaps in SQL, for a text without NUL that is not too long.
func sqlGaps(expression string) string {
	return "regexp_replace(" + expression + ", " + literal(nameParts) +
		", x -> CASE WHEN x[1] IS NOT NULL THEN x[1] || chr(0) WHEN length(x[2]) >= 12 AND NOT regexp_like(x[2], '[0-9]') THEN x[2] ELSE chr(0) END)"
}

// sqlSession is trail.NormalizeSession in SQL, but that Lambda's own sessions keep their form, by which
// the Observer knows them.
func sqlSession(expression string) string {
	return "CASE WHEN regexp_like(" + expression + ", " + literal(lambdaSession) + ") THEN 'awslambda_0_0' ELSE regexp_replace(" +
		expression + ", " + literal(sessionParts) +
		", x -> CASE WHEN length(x[1]) >= 12 AND NOT regexp_like(x[1], '[0-9]') THEN x[1] ELSE '#' END) END"
}
