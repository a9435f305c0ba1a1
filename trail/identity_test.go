package trail

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestClassify(t *testing.T) {
	const (
		role     = "arn:aws:iam::111122223333:role/service-role/orders-role"
		bare     = "arn:aws:iam::111122223333:role/orders-role"
		function = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
		issuer   = `"sessionContext":{"sessionIssuer":{"type":"Role","arn":"` + role + `"}}`
		scope    = `"inScopeOf":{"issuerType":"AWS::Lambda::Function","credentialsIssuedTo":"` + function + `"}`
		session  = `"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/orders-role/`
		runtime  = `,"userAgent":"Boto3/1.42 exec-env/AWS_Lambda_python3.14"`
	)
	who := func(p Principal) Principal {
		p.Account = "111122223333"
		if p.Role == "" {
			p.Role = role
		}
		return p
	}
	for _, test := range []struct {
		reason   string
		identity string // inside userIdentity
		rest     string // further members
		kind     Kind
		want     Principal
		skip     SkipReason
	}{
		{"a function's code, new records", session + `orders",` + scope + `,` + issuer, runtime, Call, who(Principal{Function: function}), ""},
		{"a function's version", session + `orders",` + issuer + `,"inScopeOf":{"credentialsIssuedTo":"` + function + `:12"}`, ``, Call, who(Principal{Function: function}), ""},
		{"a function's code, old records", session + `orders",` + issuer, runtime, Call, who(Principal{Function: "orders"}), ""},
		{"a role that a function's code assumed with boto3", session + `botocore-session-1700000000",` + issuer, runtime, Call, who(Principal{Session: "botocore-session-#"}), ""},
		{"a custom runtime, old records", session + `orders",` + issuer, ``, Call, who(Principal{Session: "orders"}), ""},
		{"scope of something else", session + `orders",` + issuer + `,"inScopeOf":{"issuerType":"AWS::ECS::Task","credentialsIssuedTo":"arn:aws:ecs:x:1:task/c/t"}`, ``, Call, who(Principal{Session: "orders"}), ""},
		{"somebody else with the role", session + `botocore-session-1700000000",` + issuer, ``, Call, who(Principal{Session: "botocore-session-#"}), ""},
		{"no issuer: the role without its path", session + `orders"`, ``, Call, who(Principal{Role: bare, Session: "orders"}), ""},
		{"an STS ARN as issuer, as AWS's SQS example has", session + `orders","sessionContext":{"sessionIssuer":{"arn":"arn:aws:sts::111122223333:assumed-role/orders-role/x"}}`, ``, Call, who(Principal{Role: bare, Session: "orders"}), ""},
		{"no issuer's ARN that makes sense", session + `orders","sessionContext":{"sessionIssuer":{"arn":"-"}}`, ``, Call, who(Principal{Role: bare, Session: "orders"}), ""},
		{"nothing that tells the role", `"type":"AssumedRole","arn":"-"`, ``, "", Principal{}, SkipNoRole},
		{"GovCloud", `"type":"AssumedRole","arn":"arn:aws-us-gov:sts::111122223333:assumed-role/r/s"`, ``, Call, Principal{Account: "111122223333", Role: "arn:aws-us-gov:iam::111122223333:role/r", Session: "s"}, ""},

		{"polling and interfaces", session + `awslambda_761_20201224093307366",` + issuer, ``, Call, who(Principal{Session: "awslambda_#_#", ByLambda: true}), ""},
		{"the same with a runtime's user agent is still Lambda", session + `awslambda_761_20201224093307366",` + issuer, runtime, Call, who(Principal{Session: "awslambda_#_#", ByLambda: true}), ""},
		{"log group creation keeps the function", session + `orders",` + scope + `,` + issuer, `,"userAgent":"awslambda-worker/1.0 rusoto/0.48.0 rust/1.89.0 linux"`, Call, who(Principal{Function: function, ByLambda: true}), ""},
		{"log group creation, old records", session + `orders",` + issuer, `,"userAgent":"awslambda-worker/1.0"`, Call, who(Principal{Session: "orders", ByLambda: true}), ""},
		{"by address", session + `orders",` + issuer, `,"sourceIPAddress":"lambda.amazonaws.com"`, Call, who(Principal{Session: "orders", ByLambda: true}), ""},
		{"by user agent", session + `orders",` + issuer, `,"userAgent":"lambda.amazonaws.com"`, Call, who(Principal{Session: "orders", ByLambda: true}), ""},
		{"invoked by Lambda", session + `orders","invokedBy":"lambda.amazonaws.com",` + issuer, ``, Call, who(Principal{Session: "orders", ByLambda: true}), ""},
		{"the code called the Lambda API, which called on", session + `orders","invokedBy":"lambda.amazonaws.com",` + scope + `,` + issuer, ``, Call, who(Principal{Function: function}), ""},
		{"forwarded by another service", session + `orders","invokedBy":"secretsmanager.amazonaws.com",` + issuer, ``, Call, who(Principal{Session: "orders"}), ""},

		{"Lambda assumes the role", `"type":"AWSService","invokedBy":"lambda.amazonaws.com"`, `,"eventName":"AssumeRole","requestParameters":{"roleArn":"` + role + `","roleSessionName":"orders-2026-12345"}`, Assumption, who(Principal{Session: "orders-2026-12345"}), ""},
		{"Lambda assumes it for itself", `"type":"AWSService","invokedBy":"lambda.amazonaws.com"`, `,"eventName":"AssumeRole","requestParameters":{"roleArn":"` + role + `","roleSessionName":"awslambda_1_2"}`, Assumption, who(Principal{Session: "awslambda_#_#", ByLambda: true}), ""},
		{"Lambda assumes nothing", `"type":"AWSService","invokedBy":"lambda.amazonaws.com"`, `,"eventName":"AssumeRole","requestParameters":null`, "", Principal{}, SkipNoRole},
		{"ECS assumes a role", `"type":"AWSService","invokedBy":"ecs-tasks.amazonaws.com"`, `,"eventName":"AssumeRole","requestParameters":{"roleArn":"` + role + `"}`, "", Principal{}, SkipAWSService},
		{"a role assumes another", session + `orders",` + issuer, `,"eventName":"AssumeRole"`, Call, who(Principal{Session: "orders"}), ""},

		{"user", `"type":"IAMUser"`, ``, "", Principal{}, SkipIAMUser},
		{"root", `"type":"Root"`, ``, "", Principal{}, SkipRoot},
		{"service", `"type":"AWSService"`, ``, "", Principal{}, SkipAWSService},
		{"account", `"type":"AWSAccount"`, ``, "", Principal{}, SkipAWSAccount},
		{"federated", `"type":"FederatedUser"`, ``, "", Principal{}, SkipFederatedUser},
		{"SAML", `"type":"SAMLUser"`, ``, "", Principal{}, SkipSAMLUser},
		{"web identity", `"type":"WebIdentityUser"`, ``, "", Principal{}, SkipWebIdentityUser},
		{"identity center", `"type":"IdentityCenterUser"`, ``, "", Principal{}, SkipIdentityCenterUser},
		{"none", ``, ``, "", Principal{}, SkipOtherIdentity},
		{"insight", session + `s"`, `,"eventCategory":"Insight"`, "", Principal{}, SkipInsight},
		{"old insight", session + `s"`, `,"eventType":"AwsCloudTrailInsight"`, "", Principal{}, SkipInsight},
		{"network activity", session + `s"`, `,"eventType":"AwsVpceEvent","eventCategory":"NetworkActivity"`, "", Principal{}, SkipNetworkActivity},
		{"aggregated", session + `s"`, `,"eventCategory":"Aggregated"`, "", Principal{}, SkipAggregated},
		{"service event", session + `s"`, `,"eventType":"AwsServiceEvent"`, "", Principal{}, SkipServiceEvent},
		{"console", session + `s"`, `,"eventType":"AwsConsoleSignIn"`, "", Principal{}, SkipConsoleSignIn},
		{"console, other spelling", session + `s"`, `,"eventType":"AwsConsoleSignin"`, "", Principal{}, SkipConsoleSignIn},
		{"RDS Data's own event type is a call", session + `s",` + issuer, `,"eventType":"Rds Data Service"`, Call, who(Principal{Session: "s"}), ""},
	} {
		e := mustDecode(t, `{`+minimal+`,"userIdentity":{`+test.identity+`}`+test.rest+`}`)
		kind, got, skip := classify(&e)
		if diff := cmp.Diff(test.want, got); diff != "" || kind != test.kind || skip != test.skip {
			t.Errorf("%s: kind %q, skip %q (-want +got):\n%s", test.reason, kind, skip, diff)
		}
	}
}

func TestEnvironmentVariablesAreDecryptedByLambda(t *testing.T) {
	const decrypt = `{"eventName":"Decrypt","eventSource":"kms.amazonaws.com","eventTime":"2026-09-01T00:00:00Z","userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/r/f"}`
	for context, want := range map[string]bool{`aws:lambda:FunctionArn`: true, `SecretARN`: false} {
		e := mustDecode(t, decrypt+`,"requestParameters":{"encryptionContext":{"`+context+`":"x"}}}`)
		if _, who, _ := classify(&e); who.ByLambda != want {
			t.Errorf("%s: ByLambda %v", context, who.ByLambda)
		}
	}
}

func TestAttribute(t *testing.T) {
	const (
		role  = "arn:aws:iam::1:role/service-role/r"
		arn   = "arn:aws:lambda:eu-west-1:1:function:"
		other = "arn:aws:lambda:us-east-1:1:function:"
	)
	row := func(p Principal, region string) Usage {
		if p.Role == "" {
			p.Role = role
		}
		return Usage{Key{Kind: Call, Principal: p, EventSource: "s3.amazonaws.com", EventName: "GetObject", Region: region, Outcome: Authorised}, once(mustTime, "")}
	}
	assumed := func(session string, outcome Outcome) Usage {
		u := row(Principal{Session: session}, "")
		u.Kind, u.Outcome, u.EventName = Assumption, outcome, "AssumeRole"
		return u
	}
	for _, test := range []struct {
		reason string
		in     []Usage
		want   []Principal // of the calls
	}{
		{"nothing known", []Usage{row(Principal{Session: "f"}, "")}, []Principal{{Role: role, Session: "f"}}},
		{"Lambda assumed the role for it", []Usage{row(Principal{Session: "f"}, ""), assumed("f", Authorised)}, []Principal{{Role: role, Function: "f"}}},
		{"Lambda was refused", []Usage{row(Principal{Session: "f"}, ""), assumed("f", Denied)}, []Principal{{Role: role, Session: "f"}}},
		{"normalised name", []Usage{row(Principal{Session: "f-#"}, ""), assumed("f-2026", Authorised)}, []Principal{{Role: role, Function: "f-2026"}}},
		{"two functions normalise alike", []Usage{row(Principal{Session: "f-#"}, ""), assumed("f-2026", Authorised), assumed("f-2027", Authorised)}, []Principal{{Role: role, Session: "f-#"}}},
		{"another role's function", []Usage{row(Principal{Session: "f", Role: "arn:aws:iam::1:role/q"}, ""), assumed("f", Authorised)}, []Principal{{Role: "arn:aws:iam::1:role/q", Session: "f"}}},
		{"three ways to know one function", []Usage{row(Principal{Session: "f"}, ""), row(Principal{Function: "f"}, ""), row(Principal{Function: arn + "f"}, "")}, []Principal{{Role: role, Function: arn + "f"}}},
		{
			"functions of one name in two regions", []Usage{row(Principal{Function: "f"}, "us-east-1"), row(Principal{Function: "f"}, "ap-east-1"), row(Principal{Function: arn + "f"}, ""), row(Principal{Function: other + "f"}, "")},
			[]Principal{{Role: role, Function: arn + "f"}, {Role: role, Function: other + "f"}, {Role: role, Function: other + "f"}, {Role: role, Function: "f"}},
		},
		{"the role's path", []Usage{row(Principal{Role: "arn:aws:iam::1:role/r", Session: "s"}, ""), row(Principal{Session: "s"}, "")}, []Principal{{Role: role, Session: "s"}}},
		{
			"two paths", []Usage{row(Principal{Role: "arn:aws:iam::1:role/r"}, ""), row(Principal{Role: "arn:aws:iam::1:role/p/r"}, ""), row(Principal{}, "")},
			[]Principal{{Role: "arn:aws:iam::1:role/p/r"}, {Role: "arn:aws:iam::1:role/r"}, {Role: role}},
		},
		{"Lambda's own sessions stay", []Usage{row(Principal{Session: "awslambda_#_#", ByLambda: true}, ""), assumed("awslambda_#_#", Authorised)}, []Principal{{Role: role, Session: "awslambda_#_#", ByLambda: true}}},
	} {
		var got []Principal
		total := int64(0)
		for _, u := range Attribute(test.in) {
			total += u.Count
			if u.Kind == Call {
				got = append(got, u.Principal)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" || total != int64(len(test.in)) {
			t.Errorf("%s: %d calls (-want +got):\n%s", test.reason, total, diff)
		}
	}
}

func TestLambdaRoles(t *testing.T) {
	const arn = "arn:aws:lambda:eu-west-1:111122223333:function:f"
	row := func(role string, kind Kind, outcome Outcome, who Principal, event string) Usage {
		who.Role = role
		return Usage{Key: Key{Kind: kind, Outcome: outcome, Principal: who, EventName: event}, Evidence: once(mustTime, "")}
	}
	certain := []Usage{
		row("assumed", Assumption, Authorised, Principal{}, ""),
		row("function", Call, Denied, Principal{Function: arn}, ""),
		row("interfaces", Call, Authorised, Principal{Session: "awslambda_#_#", ByLambda: true}, "DescribeNetworkInterfaces"),
		row("polling", Call, Authorised, Principal{Session: "f", ByLambda: true}, "ReceiveMessage"),
		row("logs", Call, Authorised, Principal{Session: "f", ByLambda: true}, "CreateLogStream"),
	}
	uncertain := []Usage{
		row("refused", Assumption, Denied, Principal{}, ""),
		row("user", Call, Authorised, Principal{Session: "s"}, ""),
		row("assumed by a function", Call, Authorised, Principal{Function: "chained"}, ""),
		row("deployer", Call, Authorised, Principal{Session: "ci", ByLambda: true}, "CreateGrant"),
	}
	hinted := []string{"assumed by a function", "deployer"}
	contrary := []Usage{
		row("assumed by a function", Call, Authorised, Principal{Session: "botocore-session-#"}, ""),
		row("deployer", Call, Authorised, Principal{Session: "ci"}, "CreateFunction20150331"),
	}
	contrary[1].EventSource = "lambda.amazonaws.com"
	named := []string{"assumed", "function", "interfaces", "logs", "polling"}
	with := func(parts ...[]Usage) []Usage { return slices.Concat(parts...) }
	for _, test := range []struct {
		reason        string
		in            []Usage
		want, inDoubt []string
	}{
		{"certain signs and hints", with(certain, uncertain), append(slices.Clone(hinted), named...), nil},
		{"hints alone", uncertain, hinted, nil},
		{"certain signs, and hints with signs of the contrary", with(certain, uncertain, contrary), named, hinted},
		{"hints with signs of the contrary", with(uncertain, contrary), nil, hinted},
		{"a certain sign wins", with(uncertain, contrary, []Usage{row("deployer", Assumption, Authorised, Principal{}, "")}), hinted[1:], hinted[:1]},
		{"signs of the contrary alone", contrary, nil, nil},
		{"somebody beside the function", []Usage{
			row("r", Call, Authorised, Principal{Function: "f"}, ""), row("r", Call, Authorised, Principal{Session: "alice@example.com"}, ""),
		}, nil, []string{"r"}},
		{"forwarded calls of the function's own session", []Usage{
			row("r", Call, Authorised, Principal{Function: "f"}, ""), row("r", Call, Authorised, Principal{Session: "f"}, ""),
		}, []string{"r"}, nil},
		{"a function without runtime's user agent beside one with", []Usage{
			row("r", Call, Authorised, Principal{Function: "f"}, ""), row("r", Call, Authorised, Principal{Session: "custom-#"}, ""),
		}, []string{"r"}, nil},
		{"Lambda@Edge beside a function", []Usage{
			row("r", Call, Authorised, Principal{Function: "f"}, ""), row("r", Call, Authorised, Principal{Session: "us-east-1.f"}, ""),
		}, []string{"r"}, nil},
		{"a function that calls Lambda", []Usage{
			row("r", Call, Authorised, Principal{Function: "f"}, ""), {Key: Key{Kind: Call, Principal: Principal{Role: "r", Function: "f"}, EventSource: "lambda.amazonaws.com", EventName: "GetFunction"}, Evidence: once(mustTime, "")},
		}, []string{"r"}, nil},
	} {
		slices.Sort(test.want)
		if diff := cmp.Diff(test.want, LambdaRoles(test.in)); diff != "" {
			t.Errorf("%s: %s", test.reason, diff)
		}
		if diff := cmp.Diff(test.want, LambdaRoles(Attribute(test.in))); diff != "" {
			t.Errorf("%s, attributed: %s", test.reason, diff)
		}
		if diff := cmp.Diff(test.inDoubt, RolesInDoubt(test.in)); diff != "" {
			t.Errorf("%s, in doubt: %s", test.reason, diff)
		}
	}
	for _, u := range Attribute(with(certain, uncertain, contrary)) {
		if (u.Role == "deployer" && u.ByLambda) || (u.Role == "assumed by a function" && u.Function != "") {
			t.Errorf("not taken back: %+v", u.Principal)
		}
	}
	for _, u := range Attribute(with(certain, uncertain)) {
		if (u.Role == "deployer" && !u.ByLambda) || (u.Role == "assumed by a function" && u.Function != "chained") {
			t.Errorf("taken back: %+v", u.Principal)
		}
	}
}

// TestRolesAreJudgedAlone checks that what other roles do changes nothing about a role.
func TestRolesAreJudgedAlone(t *testing.T) {
	const arn = "arn:aws:lambda:eu-west-1:111122223333:function:f"
	rapid.Check(t, func(t *rapid.T) {
		row := rapid.Custom(func(t *rapid.T) Usage {
			k := Key{
				Kind: rapid.SampledFrom([]Kind{Call, Call, Call, Assumption}).Draw(t, "kind"),
				Principal: Principal{
					Role:     "arn:aws:iam::1:role/p/" + rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "role"),
					ByLambda: rapid.IntRange(0, 3).Draw(t, "by") == 0,
				},
				EventSource: rapid.SampledFrom([]string{"s3.amazonaws.com", "lambda.amazonaws.com"}).Draw(t, "source"),
				EventName:   rapid.SampledFrom([]string{"GetObject", "Invoke", "CreateLogStream"}).Draw(t, "name"),
				Outcome:     rapid.SampledFrom([]Outcome{Authorised, Denied}).Draw(t, "outcome"),
			}
			if rapid.Bool().Draw(t, "known") {
				k.Function = rapid.SampledFrom([]string{"f", "g", arn}).Draw(t, "function")
			} else {
				k.Session = rapid.SampledFrom([]string{"f", "g", "x-#", "botocore-session-#", "a@b", "awslambda_#_#"}).Draw(t, "session")
			}
			return Usage{Key: k, Evidence: once(mustTime, "")}
		})
		all := rapid.SliceOfN(row, 0, 12).Draw(t, "rows")
		byRole := map[string][]Usage{}
		for _, u := range all {
			byRole[u.Role] = append(byRole[u.Role], u)
		}
		var chosen, inDoubt []string
		rows := []Usage{}
		for _, role := range slices.Sorted(maps.Keys(byRole)) {
			chosen = append(chosen, LambdaRoles(byRole[role])...)
			inDoubt = append(inDoubt, RolesInDoubt(byRole[role])...)
			rows = append(rows, Attribute(byRole[role])...)
		}
		if diff := cmp.Diff([]any{chosen, inDoubt, rows}, []any{LambdaRoles(all), RolesInDoubt(all), Attribute(all)}); diff != "" {
			t.Fatalf("-each alone +all together:\n%s", diff)
		}
	})
}
