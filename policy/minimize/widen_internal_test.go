package minimize

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy"
)

// TestWidenCountsCharacters compares the savings that widen tells of with the sizes of documents.
func TestWidenCountsCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var grants []Grant
		for _, key := range rapid.SliceOfN(rapid.StringMatching(`[ab]/["a-cé\n]{0,5}`), 1, 20).Draw(t, "keys") {
			action := rapid.SampledFrom([]string{"s3:GetObject", "s3:PutObject"}).Draw(t, "action")
			grants = append(grants, Grant{Action: action, Resource: "arn:aws:s3:::" + key})
		}
		doc := Minimize(grants)
		w := newWidener(doc.Statements)
		for size := doc.Size(); ; {
			saved, ok := w.widen()
			if !ok {
				break
			}
			size -= saved
			wide := policy.Document{Version: doc.Version, Statements: w.statements()}
			if wide.Size() != size {
				t.Fatalf("%d characters, counted %d:\n%s", wide.Size(), size, wide.Format())
			}
		}
	})
}

func TestNameEnd(t *testing.T) {
	const account = ":eu-west-1:111122223333:"
	for resource, want := range map[string]string{
		"arn:aws:s3:::bucket/a/b":                                "arn:aws:s3:::bucket/",
		"arn:aws:s3:::bucket":                                    "",
		"arn:aws:s3" + account + "accesspoint/a/object/k":        "",
		"arn:aws:dynamodb" + account + "table/T":                 "",
		"arn:aws:dynamodb" + account + "table/T/index/I":         "arn:aws:dynamodb" + account + "table/T/",
		"arn:aws:logs" + account + "log-group:/a/b:log-stream:c": "arn:aws:logs" + account + "log-group:/a/b:",
		"arn:aws:sqs" + account + "queue":                        "",
		"arn:aws:secretsmanager" + account + "secret:a/b":        "",
		"arn:aws:iam::111122223333:role/a/b":                     "",
		"*":                                                      "",
	} {
		n, ok := nameEnd(resource)
		if ok != (want != "") || ok && resource[:n] != want {
			t.Errorf("%s: %q, want %q", resource, resource[:n], want)
		}
	}
}
