package query

import (
	"fmt"
	"strings"

	"github.com/whittle-iam/whittle/trail"
)

// A field is what the SELECT reads of a record, by the name it has there.
type field struct {
	name string
	// path is the column, and the members below it.
	path string
	// lost says what is not known without it; "!" stands for a table that is then of no use, and
	// empty for what nothing depends on.
	lost string
	// uses says that without it a call does not show all that it used.
	uses bool
	// nullable fields tell nothing from an empty text.
	nullable bool
}

// fields are the columns of
// https://docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html that the Observer looks at. Tables were
// made at all times, so that any of the later ones may be missing. Without errorcode every failed call
// would pass for an allowed one.
var fields = []field{
	{name: "eventtime", path: "eventtime", lost: "!"},
	{name: "eventsource", path: "eventsource", lost: "!"},
	{name: "eventname", path: "eventname", lost: "!"},
	{name: "errorcode", path: "errorcode", lost: "!"},
	{name: "identity", path: "useridentity.type", lost: "!"},
	{name: "region", path: "awsregion", uses: true, lost: "in which Region a call was made"},
	{name: "recipient", path: "recipientaccountid", uses: true, lost: "which account's trail recorded a call"},
	{name: "eventtype", path: "eventtype", lost: "which records are no calls"},
	{name: "category", path: "eventcategory"},
	{name: "management", path: "managementevent", nullable: true},
	{name: "readonly", path: "readonly", nullable: true, lost: "which sorts of events the trail records, so that silence proves nothing"},
	{name: "address", path: "sourceipaddress", lost: "some of the calls that are Lambda's own"},
	{name: "agent", path: "useragent", lost: "functions that are known by the user agent, and some of the calls that are Lambda's own"},
	{name: "message", path: "errormessage", lost: "what was denied, and calls whose denial stands in the message alone"},
	{name: "endpoint", path: "vpcendpointid", lost: "calls through VPC endpoints"},
	{name: "eventid", path: "eventid", lost: "copies of events, which count again"},
	{name: "shared", path: "sharedeventid", lost: "copies of events in several accounts, which count again"},
	{name: "arn", path: "useridentity.arn", lost: "the names of sessions"},
	{name: "account", path: "useridentity.accountid"},
	{name: "invokedby", path: "useridentity.invokedby", lost: "calls that services made with forwarded credentials"},
	{name: "issuer", path: "useridentity.sessioncontext.sessionissuer.arn", lost: "the paths of roles"},
	{name: "scope", path: "useridentity.inscopeof.credentialsissuedto", lost: "functions whose session or user agent does not tell them"},
	{name: "request", path: "requestparameters", nullable: true, uses: true, lost: "the parameters of calls, and with them most resources"},
	{name: "response", path: "responseelements", nullable: true, uses: true, lost: "resources that the response names"},
	{name: "additional", path: "additionaleventdata", nullable: true, uses: true, lost: "what services add to their events"},
}

// resourceFields are the members of the elements of resources.
var resourceFields = []field{
	{name: "type", uses: true, lost: "the types of resources"},
	{name: "arn", uses: true, lost: "resources that only the event's list of resources names"},
	{name: "accountid", uses: true, lost: "the accounts of other accounts' resources"},
	{name: "arnprefix"},
}

// columns is what the SELECT reads of one table.
type columns struct {
	// text are expressions by the names of fields.
	text map[string]string
	// resources has, for each of resourceFields, whether there is one; nil without the column.
	resources map[string]bool
	gaps      []trail.Gap
}

// columnsOf finds the fields in a table.
func columnsOf(t *Table) (columns, error) {
	out := columns{text: map[string]string{}}
	var missing []string
	for _, f := range fields {
		expression, ok := t.find(f.path)
		switch {
		case ok && f.nullable:
			out.text[f.name] = "CAST(" + expression + " AS VARCHAR)"
		case ok:
			out.text[f.name] = "coalesce(CAST(" + expression + " AS VARCHAR), '')"
		case f.nullable:
			out.text[f.name] = "CAST(NULL AS VARCHAR)"
		default:
			out.text[f.name] = "''"
		}
		switch {
		case ok || f.lost == "":
		case f.lost == "!":
			missing = append(missing, f.path)
		default:
			out.lack(f, f.path)
		}
	}
	if len(missing) > 0 {
		return out, fmt.Errorf("table %s.%s has no column %s: it is no table of CloudTrail's records, or one that does not show enough of them; \"whittle athena ddl\" prints one that does",
			t.Database, t.Name, strings.Join(missing, ", "))
	}
	_, category := t.find("eventcategory")
	if _, management := t.find("managementevent"); !category && !management {
		// A log of data events alone would look like one that has management events as well.
		out.lack(field{uses: true, lost: "which calls are data events"}, "managementevent")
	}
	out.findResources(t)
	return out, nil
}

func (c *columns) lack(f field, path string) {
	kind := trail.GapColumns
	if f.uses {
		kind = trail.GapUse
	}
	c.gaps = append(c.gaps, trail.Gap{Kind: kind, Detail: "the table has no column " + path + ", and so does not show " + f.lost})
}

// find returns the expression for a column, or a member of one.
func (t *Table) find(path string) (string, bool) {
	steps := strings.Split(path, ".")
	for _, c := range t.Columns {
		if !strings.EqualFold(c.Name, steps[0]) {
			continue
		}
		expression, of := identifier(strings.ToLower(c.Name)), c.Type
		for _, step := range steps[1:] {
			inner, ok := member(of, step)
			if !ok {
				return "", false
			}
			expression, of = expression+"."+identifier(step), inner
		}
		return expression, isText(of)
	}
	return "", false
}

func (c *columns) findResources(t *Table) {
	for _, column := range t.Columns {
		if !strings.EqualFold(column.Name, "resources") {
			continue
		}
		of, ok := element(column.Type)
		if !ok {
			break
		}
		c.resources = map[string]bool{}
		for _, f := range resourceFields {
			_, c.resources[f.name] = member(of, f.name)
			if !c.resources[f.name] && f.lost != "" {
				c.lack(f, "resources."+f.name)
			}
		}
		return
	}
	c.lack(field{uses: true, lost: "resources that only the event's list of resources names"}, "resources")
}
