package query

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

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

var (
	accountForm      = regexp.MustCompile(`^\d{12}$`)
	regionForm       = regexp.MustCompile(`^[a-z]{2,}(-[a-z0-9]+)+$`)
	organizationForm = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	// locationForm is a bucket and the folders of a prefix. "$" would begin a variable of the projection.
	locationForm = regexp.MustCompile(`^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[^/${}'\\\x00-\x20\x7f][^${}'\\\x00-\x1f\x7f]*)?$`)
)

// check refuses what no trail has.
func (d *Delivery) check() error {
	if err := checkName("database", d.Database); err != nil {
		return err
	}
	if err := checkName("table", d.Table); err != nil {
		return err
	}
	switch {
	case !locationForm.MatchString(strings.TrimSuffix(d.Location, "/")):
		return fmt.Errorf("location %q: not of the form s3://bucket/prefix", d.Location)
	case d.Organization != "" && !organizationForm.MatchString(d.Organization):
		return fmt.Errorf("organization %q: not of the form o-exampleorgid", d.Organization)
	case d.Organization == "" && len(d.Accounts) != 1:
		return fmt.Errorf("%d accounts: the trail of one account has one; that of several is an organization's", len(d.Accounts))
	case len(d.Regions) == 0:
		return errors.New("no Regions: name those that the trail records")
	}
	for _, a := range d.Accounts {
		if !accountForm.MatchString(a) {
			return fmt.Errorf("account %q: not twelve digits", a)
		}
	}
	for _, r := range d.Regions {
		if !regionForm.MatchString(r) {
			return fmt.Errorf("region %q: no name of a Region", r)
		}
	}
	if _, err := time.Parse("2006/01/02", d.Since); err != nil {
		return fmt.Errorf("since %q: not a day of the form 2024/01/31", d.Since)
	}
	return nil
}

// DDL returns the CREATE EXTERNAL TABLE for a trail, with partition projection, so that no partition has
// ever to be added: https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
//
// It is the one of that page, with one partition key more for the Region, one for the account of an
// organization's trail, and the member inScopeOf, which names the function that made a call.
func DDL(d Delivery) (string, error) {
	if err := d.check(); err != nil {
		return "", err
	}
	folder := strings.TrimSuffix(d.Location, "/") + "/AWSLogs/"
	keys := []string{"`region` string", "`timestamp` string"}
	properties := [][2]string{{"projection.enabled", "true"}}
	switch {
	case d.Organization == "":
		folder += d.Accounts[0] + "/"
	case len(d.Accounts) == 0:
		keys = append([]string{"`account` string"}, keys...)
		properties = append(properties, [2]string{"projection.account.type", "injected"})
	default:
		keys = append([]string{"`account` string"}, keys...)
		properties = append(properties, [2]string{"projection.account.type", "enum"}, [2]string{"projection.account.values", joined(d.Accounts)})
	}
	template := folder + "CloudTrail/${region}/${timestamp}"
	if d.Organization != "" {
		folder += d.Organization + "/"
		template = folder + "${account}/CloudTrail/${region}/${timestamp}"
	}
	properties = append(properties,
		[2]string{"projection.region.type", "enum"}, [2]string{"projection.region.values", joined(d.Regions)},
		[2]string{"projection.timestamp.type", "date"}, [2]string{"projection.timestamp.format", "yyyy/MM/dd"},
		[2]string{"projection.timestamp.interval", "1"}, [2]string{"projection.timestamp.interval.unit", "DAYS"},
		[2]string{"projection.timestamp.range", d.Since + ",NOW"}, [2]string{"storage.location.template", template})
	var lines []string
	for _, p := range properties {
		lines = append(lines, "  "+literal(p[0])+" = "+literal(p[1]))
	}
	return "CREATE EXTERNAL TABLE `" + d.Database + "`.`" + d.Table + "` (\n" + ddlColumns + ")\nPARTITIONED BY (\n  " + strings.Join(keys, ",\n  ") +
		")\nROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'\nSTORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'\n" +
		"OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'\nLOCATION " + literal(folder) + "\nTBLPROPERTIES (\n" + strings.Join(lines, ",\n") + ")\n", nil
}

// joined lists values as projection wants them, each once.
func joined(values []string) string {
	values = slices.Sorted(slices.Values(values))
	return strings.Join(slices.Compact(values), ",")
}

const ddlColumns = `  eventversion STRING,
  useridentity STRUCT<
    type: STRING,
    principalid: STRING,
    arn: STRING,
    accountid: STRING,
    invokedby: STRING,
    accesskeyid: STRING,
    username: STRING,
    onbehalfof: STRUCT<userid: STRING, identitystorearn: STRING>,
    inscopeof: STRUCT<issuertype: STRING, credentialsissuedto: STRING>,
    sessioncontext: STRUCT<
      attributes: STRUCT<mfaauthenticated: STRING, creationdate: STRING>,
      sessionissuer: STRUCT<type: STRING, principalid: STRING, arn: STRING, accountid: STRING, username: STRING>,
      ec2roledelivery: STRING,
      webidfederationdata: STRUCT<federatedprovider: STRING, attributes: MAP<STRING, STRING>>>>,
  eventtime STRING,
  eventsource STRING,
  eventname STRING,
  awsregion STRING,
  sourceipaddress STRING,
  useragent STRING,
  errorcode STRING,
  errormessage STRING,
  requestparameters STRING,
  responseelements STRING,
  additionaleventdata STRING,
  requestid STRING,
  eventid STRING,
  readonly STRING,
  resources ARRAY<STRUCT<arn: STRING, accountid: STRING, type: STRING, arnprefix: STRING>>,
  eventtype STRING,
  apiversion STRING,
  recipientaccountid STRING,
  serviceeventdetails STRING,
  sharedeventid STRING,
  vpcendpointid STRING,
  vpcendpointaccountid STRING,
  eventcategory STRING,
  managementevent STRING,
  tlsdetails STRUCT<tlsversion: STRING, ciphersuite: STRING, clientprovidedhostheader: STRING>
`
