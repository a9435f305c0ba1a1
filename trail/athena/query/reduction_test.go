package query

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/trail"
)

// The functions below do in Go what the SQL does to texts, step by step, so that what it takes away is shown
// to be nothing that the Observer looks at. That the SQL does it is shown on Trino.

func reduceAgent(agent string) string {
	if agent == "lambda.amazonaws.com" {
		return agent
	}
	out := ""
	if strings.HasPrefix(agent, "awslambda-worker") {
		out = "awslambda-worker"
	}
	if strings.Contains(agent, "exec-env/AWS_Lambda_") {
		out += " exec-env/AWS_Lambda_"
	}
	return out
}

var leavesOpen = regexp.MustCompile(`do(?:es)? not have (?:access|permission)|do(?:es)?n't have (?:access|permission)|do not have sufficient permission|don't have sufficient permission|not authorized|not accessible|access to it is denied|lack of permission`)

func reduceMessage(message string) string {
	const words = "is not authorized to perform: "
	lower := strings.ToLower(message)
	switch at := strings.Index(message, words); {
	case at >= 0:
		denial := regexp.MustCompile(encodedMessage).ReplaceAllString(message[at:], "$1-")
		if len(message) >= 1024 {
			denial = strings.Repeat(" ", 1024) + denial
		}
		return denial
	case message == "":
		return ""
	case strings.Contains(lower, "is not authorized to perform"), strings.Contains(lower, "you are not authorized to perform this operation"), strings.HasPrefix(lower, "access denied"):
		return "access denied"
	case leavesOpen.MatchString(lower):
		return "not authorized"
	}
	return "-"
}

func reduceSession(session string) string {
	if regexp.MustCompile(lambdaSession).MatchString(session) {
		return "awslambda_0_0"
	}
	return regexp.MustCompile(sessionParts).ReplaceAllStringFunc(session, func(part string) string {
		if len(part) >= 12 && !anyDigit.MatchString(part) {
			return part
		}
		return "#"
	})
}

// words draws a text of the pieces that matter, with others between them.
func words(pieces ...string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.StringN(0, 4, 8)), 0, 6).Draw(t, "pieces"), "")
	})
}

func TestReductionsKeepWhatIsObserved(t *testing.T) {
	agents := words("lambda.amazonaws.com", "awslambda-worker", "exec-env/AWS_Lambda_", " ", "Boto3/1.42")
	messages := words("User: arn:aws:sts::111122223333:assumed-role/r/s ", "is not authorized to perform: ", "Is Not Authorized To Perform", "s3:GetObject", " on resource: ", `"arn:aws:s3:::b/k"`,
		" because no identity-based policy allows the ", " with an explicit deny in a service control policy", "Access Denied", "You are not authorized to perform this operation.", "or you do not have access to it",
		"doesn't have sufficient permission", "do not have sufficient permissions", "doesn't have permission", " Encoded authorization failure message: ", strings.Repeat("Ab_-", 10), "...", strings.Repeat("x", 600), "only words")
	sessions := words("awslambda_761_20201224093307366", "orders", "-", "2026", "deadbeefface", "deadbeef0001", "deadbeef-dead-beef-dead-beefdeadbeef", "0a1b2c3d-0000-4000-8000-000000000000", "@", "_1_2")
	codes := rapid.SampledFrom([]string{"", "AccessDenied", "DryRunOperation", "NoSuchKey", "ThrottlingException", "Client.UnauthorizedOperation", "ResourceNotFoundException"})
	scopes := rapid.SampledFrom([]string{"", "arn:aws:lambda:eu-west-1:111122223333:function:f:$LATEST", "arn:aws:ec2:x"})
	observer := trail.NewObserver(trail.Query{})
	rapid.Check(t, func(t *rapid.T) {
		agent, message, session := agents.Draw(t, "agent"), messages.Draw(t, "message"), strings.ReplaceAll(sessions.Draw(t, "session"), "/", "")
		code, scope := codes.Draw(t, "code"), scopes.Draw(t, "scope")
		observe := func(agent, message, session string) trail.Observation {
			raw, err := json.Marshal(map[string]any{
				"eventTime": "2026-10-01T00:00:00Z", "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "userAgent": agent, "errorCode": code, "errorMessage": message,
				"userIdentity": map[string]any{"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/r/" + session,
					"sessionContext": map[string]any{"sessionIssuer": map[string]any{"arn": "arn:aws:iam::111122223333:role/r"}}, "inScopeOf": map[string]any{"credentialsIssuedTo": scope}},
			})
			if err != nil {
				t.Fatal(err)
			}
			return observer.Observe(raw)
		}
		if diff := cmp.Diff(observe(agent, message, session), observe(reduceAgent(agent), reduceMessage(message), reduceSession(session))); diff != "" {
			t.Errorf("whole and reduced (-whole +reduced):\n%s", diff)
		}
	})
}

func TestWithGaps(t *testing.T) {
	for name, want := range map[string]string{
		"in/2026/10/01/a.json":                    "in/\x00/a.json",
		"in/2026/10/01/23/05.json":                "in/\x00.json",
		"2026-10-01T12:00:05Z":                    "\x00Z",
		"year=2026/month=9/day=01/hour=7/x":       "year=\x00/month=\x00/day=\x00/hour=\x00/x",
		"0a1b2c3d-0000-4000-8000-000000000000.gz": "\x00.gz",
		"orders-2/v1/part-00012":                  "orders-2/v1/part-\x00",
		"deadbeefface":                            "deadbeefface",
		"deadbeefface1":                           "\x00",
		"static/index.html":                       "static/index.html",
		"a\x002026":                               "a\x002026",
		"2026" + strings.Repeat("x", maxName):     "2026" + strings.Repeat("x", maxName),
		"ümlaut 20261001 \u2028":                  "ümlaut \x00 \u2028",
	} {
		if got := withGaps(name); got != want {
			t.Errorf("withGaps(%q) = %q, want %q", name, got, want)
		}
	}
}

// Reduce is the same done twice, by parts and in any order, and loses no call.
func TestReduce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		aggregator := trail.NewAggregator()
		observer := trail.NewObserver(trail.Query{Fields: func(_, _ string) trail.Fields { return trail.Fields{Paths: []string{"key"}, Wide: "key"} }})
		keys := rapid.SliceOfN(words("in/", "2026", "/10/01", "a", "deadbeef0001", "\x00"), 1, 12).Draw(t, "keys")
		for i, key := range keys {
			raw, err := json.Marshal(map[string]any{
				"eventTime": "2026-10-01T00:00:00Z", "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "eventID": string(rune('a' + i)),
				"errorMessage":      []string{"", "x is not authorized to perform: s3:GetObject on resource: \"arn:aws:s3:::b/" + key + "\" because no identity-based policy allows it"}[i%2],
				"userIdentity":      map[string]any{"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/r/s"},
				"requestParameters": map[string]any{"key": key},
			})
			if err != nil {
				t.Fatal(err)
			}
			o := observer.Observe(raw)
			aggregator.Add(&o)
		}
		all := aggregator.Usages()
		once := Reduce(all)
		n := rapid.IntRange(0, len(all)).Draw(t, "n")
		parts := append(Reduce(all[n:]), Reduce(all[:n])...)
		if diff := cmp.Diff(once, Reduce(once)); diff != "" {
			t.Errorf("done twice:\n%s", diff)
		}
		if diff := cmp.Diff(once, Reduce(parts)); diff != "" {
			t.Errorf("by parts:\n%s", diff)
		}
		var count int64
		for _, u := range once {
			count += u.Count
		}
		if count != int64(len(keys)) {
			t.Errorf("%d calls of %d", count, len(keys))
		}
	})
}
