package actionmap

const senderAssumed = "the event does not show which identity is verified, the sender's address or its domain, so both are named"

// endpointFormTests are of forms that read a name out of a longer text, or refuse it.
var endpointFormTests = []formTest{
	{"sender", "a@example.com", []value{{parts: []string{"a@example.com"}, assumed: senderAssumed}, {parts: []string{"example.com"}, assumed: senderAssumed}}, reads},
	{"sender", `"Orders, EU" <a+eu@example.com>`, []value{{parts: []string{"a@example.com"}, assumed: senderAssumed}, {parts: []string{"example.com"}, assumed: senderAssumed}}, reads},
	{"sender", "example.com", nil, unreadable},
	{"sender", "a@example.com, b@example.com", nil, unreadable},
	{"appconfig-id", "339ohji", []value{{parts: []string{"339ohji"}, assumed: "339ohji is taken for an ID, though a name may look like one"}}, reads},
	{"appconfig-id", "prod", nil, unreadable},
	{"appconfig-id", "orders-2026", nil, unreadable},
	{"appconfig-id", "arn:aws:appconfig:us-east-1:111122223333:extension/abc1234/1", nil, elsewhere},
	{"api-host", "abc123.execute-api.eu-west-1.amazonaws.com", []value{{parts: []string{"abc123"}}}, reads},
	{"api-host", "ws.example.com", nil, unreadable},
	{"connections", "L0SM9cOFvHcCIhw=", []value{{parts: []string{"@connections"}, suffix: "/*"}}, reads},
	{"url-encoded", "arn:aws:apigateway:us-east-1::/apis/a", []value{{parts: []string{"arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fapis%2Fa"}}}, reads},
	{"url-encoded", "arn%3Aaws%3Ax", []value{{parts: []string{"arn%3Aaws%3Ax"}}}, reads},
	{"url-encoded", "a", nil, unreadable},
	{"stage-cache", "prod", []value{{parts: []string{"prod"}, suffix: "/cache/data"}}, reads},
	{"stage-cache", "arn:aws:apigateway:us-east-1::/restapis/a/stages/s", nil, elsewhere},
	{"authorizers-cache", "prod", []value{{parts: []string{"prod"}, suffix: "/cache/authorizers"}}, reads},
	{"stage-exports", "prod", []value{{parts: []string{"prod"}, suffix: "/exports/*", assumed: "the path of an export ends in its type, which may be any"}}, reads},
	{"model-template", "Order", []value{{parts: []string{"Order"}, suffix: "/default_template"}}, reads},
	{"plan-usage", "abc", []value{{parts: []string{"abc"}, suffix: "/usage"}}, reads},
}
