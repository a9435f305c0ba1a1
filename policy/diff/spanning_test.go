package diff

import "testing"

func TestSpanning(t *testing.T) {
	for _, test := range []struct {
		text, upper string
		reason      string
	}{
		{"arn:aws:sqs:*:queue", "arn:aws:sqs:*", "the fifth field is no account, and the sixth is left out"},
		{"arn:aws:lambda:*:function:name", "arn:aws:lambda:*", "the fifth field is no account"},
		{"arn:aws:s3:*:bucket/*", "arn:aws:s3:*", "five fields"},
		{"arn:aws:*:queue", "arn:aws:*", "four fields"},
		{"arn:aws:lambda:*:*:function:name", "", "a field each"},
		{"arn:aws:lambda:*:111122223333:function:name", "", "a field each"},
		{"arn:aws:iam::aws:policy/*", "", "AWS's own account"},
		{"arn:aws:s3:::bucket/*", "", "no account"},
		{"arn:aws:iam::*", "", "only the last one ends in a star: either reading is the same"},
		{"arn:aws:sqs:us-east-1:111122223333", "", "no star: the rest is left out"},
		{"*", "", "everything"},
	} {
		upper, spans := spanning(test.text)
		if upper != test.upper || spans != (test.upper != "") {
			t.Errorf("%s: %q, %t; %s", test.text, upper, spans, test.reason)
		}
	}
}
