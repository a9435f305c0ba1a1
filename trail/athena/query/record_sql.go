package query

import "strings"

// The places of a row's record. It is a JSON array of texts, of which null and the empty text say the same.
const (
	atState = iota
	atTime  // as it stands in the table, where it is not counted in seconds
	atSource
	atName
	atEventType
	atCategory
	atRegion
	atRecipient
	atAccount
	atAddress
	atAgent
	atErrorCode
	atMessage
	atCut
	atEndpoint
	atReadOnly
	atManagement
	atIdentity
	atRole
	atSession
	atInvokedBy
	atScope
	atRequest
	atResponse
	atAdditional
	atResources
	atFunctionKey
	atWide
	recordLength
)

// The states of a record.
const (
	stateProjected   = "p"
	stateUnprojected = "u"
	stateSkipped     = "s"
	stateOutside     = "o" // skipped, and outside the window
)

// records writes the record of each event, and what tells its copies.
func (b *builder) records() []as {
	account := "'0'"
	if len(b.query.Accounts) > 0 {
		account = "split_part(role, ':', 5)"
	}
	kept := func(x string) string { return "CASE WHEN keep THEN " + x + " END" }
	parts := [recordLength]string{
		atState:     "CASE WHEN keep AND projection IS NOT NULL THEN 'p' WHEN keep THEN 'u' WHEN inside THEN 's' ELSE 'o' END",
		atTime:      "CASE WHEN at IS NULL THEN eventtime END",
		atSource:    "eventsource",
		atName:      "CASE WHEN keep OR assumed OR eventname = '' OR regexp_like(eventname, " + literal(noText) + ") THEN eventname ELSE '-' END",
		atEventType: "CASE WHEN lower(eventtype) IN ('awsserviceevent', 'awsvpceevent', 'awscloudtrailinsight', 'awsconsolesignin', 'awsconsoleaction') THEN lower(eventtype) END",
		atCategory:  "CASE WHEN category IN ('Insight', 'NetworkActivity', 'Aggregated', 'Data') THEN category END",
		atRegion:    "region",
		atRecipient: "recipient",
		atAccount:   "CASE WHEN recipient = '' THEN account END",
		atAddress:   kept("CASE WHEN address = 'lambda.amazonaws.com' THEN address END"),
		atAgent: kept("CASE WHEN agent = 'lambda.amazonaws.com' THEN agent ELSE CASE WHEN strpos(agent, 'awslambda-worker') = 1 THEN 'awslambda-worker' ELSE '' END || " +
			"CASE WHEN strpos(agent, 'exec-env/AWS_Lambda_') > 0 THEN ' exec-env/AWS_Lambda_' ELSE '' END END"),
		atErrorCode:   kept("errorcode"),
		atMessage:     kept(sqlMessage),
		atCut:         kept("CASE WHEN denial IS NOT NULL AND length(to_utf8(message)) >= 1024 THEN '1' END"),
		atEndpoint:    kept("endpoint"),
		atReadOnly:    "readonly",
		atManagement:  "management",
		atIdentity:    "identity",
		atRole:        "CASE WHEN keep THEN role WHEN called AND role IS NOT NULL THEN 'arn:aws:iam::' || " + account + " || ':role/-' END",
		atSession:     kept("CASE WHEN identity = 'AssumedRole' AND " + sqlScope + " <> '' AND NOT regexp_like(session, " + literal(lambdaSession) + ") THEN '' WHEN assumed AND regexp_like(session, " + literal(functionName) + ") AND NOT regexp_like(session, " + literal(lambdaSession) + ") THEN session ELSE " + sqlSession("session") + " END"),
		atInvokedBy:   "CASE WHEN keep OR assumed THEN invokedby END",
		atScope:       kept(sqlScope),
		atRequest:     b.request(),
		atResponse:    b.response(),
		atAdditional:  b.additional(),
		atResources:   b.resources(),
		atFunctionKey: kept("CASE WHEN eventsource = 'kms.amazonaws.com' AND eventname = 'Decrypt' AND invokedby = '' AND strpos(request, '\"aws:lambda:FunctionArn\"') > 0 THEN '1' END"),
		atWide:        "CASE WHEN gaps IS NOT NULL THEN wide END",
	}
	record := "json_format(CAST(ARRAY["
	for i, part := range parts {
		if i > 0 {
			record += ","
		}
		record += "\n      nullif(" + part + ", '')"
	}
	return []as{
		{"record", record + "\n    ] AS JSON))"},
		{"name", "CASE WHEN gaps IS NOT NULL THEN whole END"},
		{"at", "at"},
		{"event", "CASE WHEN keep THEN eventid ELSE '' END"},
		{"copy", "CASE WHEN keep THEN shared ELSE '' END"},
		{"role", "CASE WHEN keep AND shared <> '' THEN role ELSE '' END"},
		{"eventname", "CASE WHEN keep AND shared <> '' THEN eventname ELSE '' END"},
	}
}

// noText matches the texts that a table gives for JSON values that were none. No event has such a name, and
// a record that does is malformed.
const noText = `\A(?:-?[0-9]+(?:\.[0-9]+)?|true|false|[{\[](?s).*)\z`

var sqlScope = "CASE WHEN regexp_like(scope, " + literal(functionARN) + ") THEN regexp_extract(scope, " + literal(functionARN) + ", 1) ELSE '' END"

// sqlMessage is the part of errorMessage that tells a denial, and what was denied. Where the message only
// leaves it open whether a call was denied, any of the words that trail.OutcomeOf looks for will do.
const sqlMessage = `CASE
        WHEN denial IS NOT NULL AND gaps IS NOT NULL THEN regexp_replace(replace(replace(denial || ' ', whole || '" ', gaps || '" '), whole || ' ', gaps || ' '), ' \z', '')
        WHEN denial IS NOT NULL THEN denial
        WHEN message = '' THEN ''
        WHEN strpos(lower(message), 'is not authorized to perform') > 0 OR strpos(lower(message), 'you are not authorized to perform this operation') > 0 OR strpos(lower(message), 'access denied') = 1 THEN 'access denied'
        WHEN regexp_like(lower(message), 'do(?:es)? not have (?:access|permission)|do(?:es)?n''t have (?:access|permission)|do not have sufficient permission|don''t have sufficient permission|not authorized|not accessible|access to it is denied|lack of permission') THEN 'not authorized'
        ELSE '-'
      END`

// request is what is asked of requestParameters. What is no JSON is left for Go to judge.
func (b *builder) request() string {
	object := "request_json"
	if strings.Contains(","+b.known.words, ",!") {
		object = "CASE WHEN gaps IS NOT NULL THEN CAST(map_concat(CAST(request_json AS MAP(VARCHAR, JSON)), map(ARRAY[wide], ARRAY[CAST(gaps AS JSON)])) AS JSON) ELSE request_json END"
	}
	all := ""
	if strings.Contains(","+b.known.words+",", ",*,") {
		all = "        WHEN contains(tokens, '*') THEN json_format(CAST(map_filter(CAST(" + object + " AS MAP(VARCHAR, JSON)), (k, v) -> NOT regexp_like(lower(k), 'token\\z')) AS JSON))\n"
	}
	return `CASE
        WHEN request IS NULL OR json_format(request_json) = 'null' THEN NULL
        WHEN request_json IS NULL THEN request
        WHEN start <> '{' THEN '[]'
        WHEN NOT keep THEN '{}'
        WHEN ` + sqlOmitted + ` THEN '{"omitted":true,"reason":"-"}'
` + all + `        ELSE json_format(` + b.asker("").object(object) + `)
      END`
}

// asker is for the object whose tokens have a prefix.
func (b *builder) asker(prefix string) asker {
	return askerOf(prefix, strings.Split(b.known.words, ","))
}

// sqlOmitted recognises what CloudTrail writes in place of parameters that are too large.
const sqlOmitted = `length(to_utf8(request)) <= 512 AND json_format(json_extract(request_json, '$.omitted')) = 'true' AND (json_format(json_extract(request_json, '$.reason')) LIKE '"_%"' OR regexp_like(json_format(json_extract(request_json, '$.originalSize')), '\A-?[0-9]'))`

// response is what is asked of responseElements. A service's answer of another form is malformed.
func (b *builder) response() string {
	asked := ""
	if a := b.asker("<"); a.depth > 0 {
		asked = "\n        WHEN keep AND any_match(tokens, t -> substr(t, 1, 1) = '<') THEN json_format(" + a.object("response_json") + ")"
	}
	return `CASE
        WHEN response IS NULL OR json_format(response_json) = 'null' THEN NULL
        WHEN response_json IS NULL THEN response
        WHEN ` + sqlStart("response_json") + ` <> '{' THEN '[]'` + asked + `
      END`
}

// additional is what is asked of additionalEventData, in which some services write a sentence.
func (b *builder) additional() string {
	a := b.asker(">")
	if a.depth == 0 {
		return "NULL"
	}
	return "CASE WHEN keep AND any_match(tokens, t -> substr(t, 1, 1) = '>') AND " + sqlStart("try(json_parse(additional))") + " = '{' THEN json_format(" +
		a.object("try(json_parse(additional))") + ") END"
}

// resources keeps the types of data events, and what is asked.
func (b *builder) resources() string {
	has := b.columns.resources
	if has == nil {
		return "NULL"
	}
	of := func(name string) string {
		if !has[name] {
			return "''"
		}
		return "coalesce(r." + identifier(name) + ", '')"
	}
	asked := func(name, token string) string {
		if !has[name] {
			return "''"
		}
		return "CASE WHEN contains(tokens, " + literal(token) + " || " + of("type") + ") OR contains(tokens, " + literal(token) + ") THEN " + of(name) + " ELSE '' END"
	}
	elements := "transform(coalesce(\"resources\", ARRAY[]), r -> ARRAY[" + of("type") + ", CASE WHEN keep THEN " + asked("arn", "#") + " ELSE '' END, CASE WHEN keep THEN " +
		asked("arnprefix", "##") + " ELSE '' END, CASE WHEN keep THEN " + asked("accountid", "#@") + " ELSE '' END])"
	return "nullif(json_format(CAST(array_distinct(filter(" + elements + ", x -> x[2] <> '' OR x[3] <> '' OR x[4] <> '' OR x[1] <> '' AND (category = 'Data' OR management = 'false'))) AS JSON)), '[]')"
}
