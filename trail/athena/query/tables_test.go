package query_test

import "github.com/whittle-iam/whittle/trail/athena/query"

// awsColumns are those of AWS's statement for a table of CloudTrail's logs, and what may be added to it.
var awsColumns = [][2]string{
	{"eventversion", "string"},
	{"useridentity", "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,username:string," +
		"sessioncontext:struct<attributes:struct<mfaauthenticated:string,creationdate:string>,sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>>," +
		"inscopeof:struct<issuertype:string,credentialsissuedto:string>>"},
	{"eventtime", "string"}, {"eventsource", "string"}, {"eventname", "string"}, {"awsregion", "string"},
	{"sourceipaddress", "string"}, {"useragent", "string"}, {"errorcode", "string"}, {"errormessage", "string"},
	{"requestparameters", "string"}, {"responseelements", "string"}, {"additionaleventdata", "string"},
	{"requestid", "string"}, {"eventid", "string"}, {"readonly", "string"},
	{"resources", "array<struct<arn:string,accountid:string,type:string,arnprefix:string>>"},
	{"eventtype", "string"}, {"apiversion", "string"}, {"recipientaccountid", "string"}, {"serviceeventdetails", "string"},
	{"sharedeventid", "string"}, {"vpcendpointid", "string"}, {"eventcategory", "string"}, {"managementevent", "boolean"},
}

// oldColumns are those of a table that somebody made long ago, and of what mattered then.
var oldColumns = [][2]string{
	{"useridentity", "struct<type:string,arn:string,accountid:string,invokedby:string,sessioncontext:struct<sessionissuer:struct<arn:string>>>"},
	{"eventtime", "string"}, {"eventsource", "string"}, {"eventname", "string"}, {"awsregion", "string"},
	{"errorcode", "string"}, {"errormessage", "string"}, {"requestparameters", "string"},
	{"eventid", "string"}, {"readonly", "string"}, {"recipientaccountid", "string"},
}

func awsTable() query.Table { return tableOf("logs", "cloudtrail", awsColumns) }
func oldTable() query.Table { return tableOf("default", "cloudtrail_logs", oldColumns) }

func tableOf(database, name string, columns [][2]string) query.Table {
	t := query.Table{Database: database, Name: name}
	for _, c := range columns {
		t.Columns = append(t.Columns, query.Column{Name: c[0], Type: c[1]})
	}
	return t
}
