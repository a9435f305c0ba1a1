//go:build integration

package query_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/whittle-iam/whittle/trail/trailtest"
)

var largeStart = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)

// largeRecords makes about n records of all the sorts there are, hostile ones among them: calls by many roles
// and functions, over 30 days; objects with dates, identifiers and counters in their names; denied, failed and
// forwarded calls; other identities; copies in other trails and accounts; malformed records.
func largeRecords(n int) []json.RawMessage {
	g := trailtest.New(7, "111122223333", "eu-west-1")
	var out []json.RawMessage
	add := func(r *trailtest.Record) { out = append(out, r.JSON()) }
	hostile := []string{
		"it's", `"quoted"`, `back\slash`, "line\nfeed\r\n", "nul\x00byte", "*?${aws:username}", "ümlaut \u2028", "'; DROP TABLE x; --", "a b because c", "2026\x002026",
	}
	for i := 0; len(out) < n; i++ {
		role := g.Role(fmt.Sprintf("service-role/role-%d", i%40))
		function := fmt.Sprintf("function-%d", i%40)
		at := largeStart.Add(time.Duration(g.Int(30*24*3600)) * time.Second)
		who := g.FunctionSession(role, function, at)
		switch i % 7 {
		case 1:
			who = g.Session(role, function, at)
		case 2:
			who = g.Session(role, fmt.Sprintf("job-%d-%s", 100000+g.Int(100000), g.UUID()), at)
		case 3:
			who = g.LambdaSession(role, at)
		}
		bucket := fmt.Sprintf("data-%d", i%3)
		keys := []string{
			at.Format("in/2006/01/02/") + g.UUID() + ".json",
			at.Format("out/year=2006/month=01/day=02/part-") + g.Hex(16) + ".parquet",
			fmt.Sprintf("users/%d/profile.json", 10000+g.Int(500)),
			"static/" + []string{"a.css", "b.js", "index.html"}[g.Int(3)],
			"odd/" + hostile[g.Int(len(hostile))] + at.Format("/20060102"),
			"deadbeefface/" + hostile[g.Int(len(hostile))],
		}
		key := keys[g.Int(len(keys))]
		switch i % 20 {
		case 0, 1, 2, 3, 4:
			add(g.Object(who, at, "GetObject", g.Account, bucket, key))
		case 5, 6:
			add(g.Object(who, at, "PutObject", g.Account, bucket, key).Through("vpce-0123456789abcdef0", "10.0.0.7"))
		case 7:
			r := g.Object(who, at, "PutObject", "444455556666", bucket, key)
			add(r.Denied("AccessDenied", "s3:PutObject", `"arn:aws:s3:::`+bucket+"/"+key+`"`))
		case 8:
			add(g.Object(who, at, "GetObject", g.Account, bucket, key).Fails("NoSuchKey", "The specified key does not exist."))
		case 9:
			add(g.Item(who, at, "PutItem", fmt.Sprintf("table-%d", i%5)))
		case 10:
			add(g.Item(who, at, "BatchGetItem", "orders", hostile[i/20%len(hostile)]))
		case 11:
			add(g.Item(who, at, "UpdateItem", "orders").Fails("ThrottlingException", "Rate exceeded"))
		case 12:
			add(g.Message(who, at, "ReceiveMessage", "queue", map[string]any{"messageId": g.UUID()}))
		case 13:
			add(g.Key(who, at, "Decrypt", "key", map[string]any{
				"encryptionContext": map[string]any{"aws:lambda:FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:" + function},
			}))
		case 14:
			add(g.Key(who, at, "Decrypt", "key", nil).Forwarded([]string{"secretsmanager.amazonaws.com", "lambda.amazonaws.com"}[g.Int(2)]))
		case 15:
			add(g.AssumeByLambda(role, function, who, at))
		case 16:
			add(g.Read(g.User("alice"), at, "iam.amazonaws.com", "ListUsers"))
			add(g.Read(trailtest.Service("cloudtrail.amazonaws.com"), at, "s3.amazonaws.com", "GetBucketAcl"))
		case 17:
			// A copy in another account, with an ID of its own, and another in the first one.
			r := g.Key(who, at, "GenerateDataKey", "key", nil)
			r.SharedEventID = g.UUID()
			add(r)
			copied := *r
			copied.RecipientAccountID, copied.EventID = "444455556666", "z"+r.EventID
			add(&copied)
			add(r) // and the first trail's again
		case 18:
			r := g.Call(who, at, "ec2.amazonaws.com", "RunInstances").Params(map[string]any{"instanceType": "t3.micro", "clientToken": g.UUID(), "ratio": 1.5})
			add(r.Fails("Client.UnauthorizedOperation", "You are not authorized to perform this operation. User: "+who.ARN+
				" is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:111122223333:instance/* because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: "+g.Hex(200)))
		case 19:
			add(special(g, who, at, i))
		}
	}
	return out
}

// special makes a record of the sorts that few logs have.
func special(g *trailtest.Generator, who trailtest.Identity, at time.Time, i int) *trailtest.Record {
	r := g.Read(who, at, "secretsmanager.amazonaws.com", "GetSecretValue").Params(map[string]any{"secretId": "orders/db"})
	switch i / 20 % 12 {
	case 0:
		r.EventTime = at.Format("2006-01-02T15:04:05.000Z")
	case 1:
		r.EventTime = "yesterday"
	case 2:
		r.EventSource = ""
	case 3:
		r.EventID = "EXAMPLE"
	case 4:
		r.EventID = ""
	case 5:
		r.EventType, r.EventCategory = "AwsVpceEvent", "NetworkActivity"
	case 6:
		r.UserIdentity.SessionContext = nil
	case 7:
		r.UserIdentity.SessionContext, r.UserIdentity.ARN = nil, "nobody"
	case 8:
		r.Params(map[string]any{"omitted": true, "originalSize": 200000 + i, "reason": "too large"})
	case 9:
		r.AWSRegion = "us-east-1"
	case 10:
		r.Fails("ResourceNotFoundException", "Secrets Manager can't find the specified secret, or you do not have access to it.")
	case 11:
		r.EventName, r.ErrorMessage = "DescribeSecret", "only a message"
	}
	return r
}
