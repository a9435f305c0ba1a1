// Package query builds the one SELECT that aggregates a CloudTrail table in Amazon Athena, and turns its
// rows into Usage.
//
// The SQL decides as little as it can. It reduces each record to what trail.Observer looks at, groups the
// records that are then equal, and counts. A Reader makes a record again of each row and gives it to the
// Observer, so that what a record means is decided in one place, whichever way it came.
package query

import (
	"errors"

	"github.com/whittle-iam/whittle/trail"
)

// A Table is what the AWS Glue Data Catalog, or GetTableMetadata, says of a table.
type Table struct {
	Database, Name string
	// Columns and Partitions have their types as Hive writes them: "struct<type:string,arn:string>".
	Columns    []Column
	Partitions []Column
	// Parameters are the table's properties, of which those of partition projection are read:
	// https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
	Parameters map[string]string
}

// A Column is a column or a partition key of a table.
type Column struct{ Name, Type string }

// A Kind is an eventSource and an eventName.
type Kind = [2]string

// Options say what the SELECT keeps parameters of.
type Options struct {
	// Kinds are the kinds of events that may occur. Those for which Query.Fields asks for nothing are
	// left out.
	Kinds []Kind
	// Only, if not empty, limits the rows to used calls of these kinds, and stands in for Kinds: it is
	// for the second query, see Reader.Unprojected.
	Only []Kind
}

// A Statement is a SELECT for Athena engine version 3.
type Statement struct {
	SQL string
	// Gaps are what the table cannot show of what was asked for. Their Source is empty.
	Gaps []trail.Gap
}

// MaxBytes is how long a statement may be:
// https://docs.aws.amazon.com/athena/latest/ug/service-limits.html
const MaxBytes = 262144

// ErrTooLong is returned, wrapped, for a statement of more than MaxBytes.
var ErrTooLong = errors.New("the query is longer than Athena allows")

// Text returns the SELECT for what q asks of a table. Its columns are those of Columns.
//
// Queries for windows that follow one another give the same, joined with trail.Merge and Reduce, as one
// for the whole: copies of an event have one time.
func Text(t Table, q trail.Query, o Options) (Statement, error) { return text(t, q, o) }

// Columns returns the names of the columns of a Statement, in order. No value is null or holds control
// characters.
func Columns() []string {
	return []string{"record", "name", "records", "events", "first_time", "last_time", "days", "ids"}
}
