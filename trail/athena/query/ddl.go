package query

// A Delivery is where a trail delivers, for which DDL makes a table.
type Delivery struct {
	Database, Table string
	// Location is the folder that holds AWSLogs: "s3://bucket/prefix".
	Location string
	// Organization is the ID of the organization whose trail it is, empty for the trail of one account.
	Organization string
	// Accounts are the accounts of the trail: one without Organization. For an organization, an empty list
	// makes a table that each query has to give the accounts to (projection type injected).
	Accounts []string
	// Regions are those that the trail records.
	Regions []string
	// Since is the first day of the trail: "2024/01/31".
	Since string
}

// DDL returns the CREATE EXTERNAL TABLE for a trail, with partition projection, so that no partition has
// ever to be added: https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
func DDL(d Delivery) (string, error) { return ddl(d) }
