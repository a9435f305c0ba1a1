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

// awsTable is a table with these columns.
func awsTable() query.Table {
	t := query.Table{Database: "logs", Name: "cloudtrail"}
	for _, c := range awsColumns {
		t.Columns = append(t.Columns, query.Column{Name: c[0], Type: c[1]})
	}
	return t
}
