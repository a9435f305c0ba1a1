package athena

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/athena/types"
)

// A QueryError is a query that did not succeed.
type QueryError struct {
	// ID is the query's, by which Athena's history has it.
	ID string
	// State is FAILED or CANCELLED.
	State types.QueryExecutionState
	// Reason is Athena's, as it is.
	Reason string
	// Scanned is how many bytes it had read; they cost as much as those of a query that succeeds.
	Scanned int64
	// Hint says what to do; it may be empty.
	Hint string
}

func (e *QueryError) Error() string {
	text := fmt.Sprintf("query %s %s", e.ID, strings.ToLower(string(e.State)))
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	return text
}

// hints are what to do about reasons that are known. The first that matches is given.
// https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html
var hints = []struct {
	reason *regexp.Regexp
	hint   string
}{
	{
		regexp.MustCompile(`(?i)bytes scanned limit`),
		"the workgroup limits what one query may read: narrow the window, accounts or Regions, or use another workgroup",
	},
	{
		regexp.MustCompile(`(?i)exhausted resources|EXCEEDED_MEMORY_LIMIT|EXCEEDED_LOCAL_MEMORY_LIMIT|query timeout`),
		"the window is too large for one query: narrow it, and join the parts with \"whittle collect\"",
	},
	{
		regexp.MustCompile(`TABLE_NOT_FOUND|SCHEMA_NOT_FOUND|CATALOG_NOT_FOUND|(?i)EntityNotFoundException`),
		"look at the database, table, catalog and Region",
	},
	{
		regexp.MustCompile(`COLUMN_NOT_FOUND|TYPE_MISMATCH|FUNCTION_NOT_FOUND|SYNTAX_ERROR|HIVE_PARTITION_SCHEMA_MISMATCH`),
		"the table's columns are not those of a CloudTrail table: \"whittle athena ddl\" prints one that fits",
	},
	{
		regexp.MustCompile(`CONSTRAINT_VIOLATION|(?i)injected`),
		"the table's partitions have to be named one by one: give --accounts and --regions",
	},
	{
		regexp.MustCompile(`(?i)INVALID_TABLE_PROPERTY|HIVE_INVALID_METADATA|HIVE_INVALID_PARTITION_VALUE|projection`),
		"the table's partition projection does not fit its partitions: \"whittle athena ddl\" prints one that fits",
	},
	{
		regexp.MustCompile(`HIVE_BAD_DATA|HIVE_CURSOR_ERROR|GENERIC_INTERNAL_ERROR`),
		"a file under the table's location cannot be read as a CloudTrail log: look at the location and at its other files, such as digests",
	},
	{
		regexp.MustCompile(`(?i)Access ?Denied|not authorized|Status Code: 403|PERMISSION_DENIED|Insufficient`),
		"whoever runs the query needs s3:GetObject and s3:ListBucket where the logs are, kms:Decrypt for their key, s3:PutObject where the result goes, and Lake Formation's SELECT where it governs the table",
	},
	{
		regexp.MustCompile(`(?i)NoSuchBucket|bucket does not exist|verify/create output bucket`),
		"look at the table's location and at the place for results",
	},
	{
		regexp.MustCompile(`(?i)slow ?down|reduce your request rate|TooManyRequests`),
		"S3 throttles Athena: narrow the window, or run it again later",
	},
}

// failed explains the end of a query that is neither running nor a success.
func failed(id string, q *types.QueryExecution, w workgroup) *QueryError {
	e := &QueryError{ID: id, State: q.Status.State, Scanned: scanned(q)}
	if q.Status.StateChangeReason != nil {
		e.Reason = *q.Status.StateChangeReason
	}
	why := q.Status.AthenaError
	if e.Reason == "" && why != nil && why.ErrorMessage != nil {
		e.Reason = *why.ErrorMessage
	}
	for _, h := range hints {
		if h.reason.MatchString(e.Reason) {
			e.Hint = h.hint
			break
		}
	}
	switch {
	case e.Hint == hints[0].hint && w.cutoff > 0:
		e.Hint = fmt.Sprintf("the limit is %d bytes a query: ", w.cutoff) + e.Hint
	case e.Hint == "" && e.State == types.QueryExecutionStateCancelled:
		e.Hint = "somebody or something stopped it"
	case e.Hint == "" && why != nil && why.Retryable:
		e.Hint = "Athena says that it may succeed if it is run again"
	}
	return e
}

func scanned(q *types.QueryExecution) int64 {
	if q.Statistics == nil || q.Statistics.DataScannedInBytes == nil {
		return 0
	}
	return *q.Statistics.DataScannedInBytes
}
