package cli

import (
	"github.com/whittle-iam/whittle/trail/athena"
	"github.com/whittle-iam/whittle/trail/athena/query"
)

// documented is the table of AWS's own statement, whose partitions are days:
// https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
func documented(spec athena.Spec) query.Table {
	return query.Table{
		Database: spec.Database, Name: spec.Table,
		Columns: []query.Column{
			{Name: "eventversion", Type: "string"},
			{Name: "useridentity", Type: "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,username:string," +
				"onbehalfof:struct<userid:string,identitystorearn:string>," +
				"sessioncontext:struct<attributes:struct<mfaauthenticated:string,creationdate:string>," +
				"sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>," +
				"ec2roledelivery:string,webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>>>"},
			{Name: "eventtime", Type: "string"}, {Name: "eventsource", Type: "string"}, {Name: "eventname", Type: "string"},
			{Name: "awsregion", Type: "string"}, {Name: "sourceipaddress", Type: "string"}, {Name: "useragent", Type: "string"},
			{Name: "errorcode", Type: "string"}, {Name: "errormessage", Type: "string"}, {Name: "requestparameters", Type: "string"},
			{Name: "responseelements", Type: "string"}, {Name: "additionaleventdata", Type: "string"}, {Name: "requestid", Type: "string"},
			{Name: "eventid", Type: "string"}, {Name: "readonly", Type: "string"},
			{Name: "resources", Type: "array<struct<arn:string,accountid:string,type:string>>"},
			{Name: "eventtype", Type: "string"}, {Name: "apiversion", Type: "string"}, {Name: "recipientaccountid", Type: "string"},
			{Name: "serviceeventdetails", Type: "string"}, {Name: "sharedeventid", Type: "string"}, {Name: "vpcendpointid", Type: "string"},
			{Name: "tlsdetails", Type: "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>"},
		},
		Partitions: []query.Column{{Name: "timestamp", Type: "string"}},
		Parameters: map[string]string{
			"projection.enabled": "true", "projection.timestamp.type": "date", "projection.timestamp.format": "yyyy/MM/dd",
		},
	}
}
