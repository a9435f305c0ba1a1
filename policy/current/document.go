package current

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"strings"

	"github.com/whittle-iam/whittle/policy"
)

// MaxBytes is how much text of policies is read in all. The largest accounts' authorization details are
// some hundred megabytes.
const MaxBytes = 512 << 20

// DecodeDocument returns the JSON of a document that is a string: IAM's API URL-encodes it after RFC 3986
// (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html), and requests do not.
func DecodeDocument(s string) (string, error) {
	if strings.HasPrefix(strings.TrimLeft(s, " \t\r\n"), "{") {
		return s, nil
	}
	return url.PathUnescape(s)
}

// FromAPI reads a document that an API returned as a string, which DecodeDocument decodes. What is wrong
// with it goes to the policy's Err. The origin says in place of a file which document it is; positions are
// those in the decoded document.
func FromAPI(kind Kind, name, document, origin string) Policy {
	p := Policy{Name: name, Kind: kind, Text: []byte(document), Origin: Origin{File: origin, Line: 1, Column: 1, Exact: true}}
	text, err := DecodeDocument(document)
	if err != nil {
		p.Err = fmt.Errorf("%s:1:1: not URL-encoded: %w", origin, err)
		return p
	}
	p.Text = []byte(text)
	doc, err := policy.Parse(p.Text)
	var syntax *policy.SyntaxError
	switch {
	case errors.As(err, &syntax):
		p.Err = fmt.Errorf("%s:%w", origin, syntax)
	case err != nil:
		p.Err = fmt.Errorf("%s:1:1: %w", origin, err)
	default:
		p.Document = *doc
	}
	return p
}

// TrustsLambda reports whether a trust policy names the Lambda service. Whether or not the document is
// URL-encoded, the name of the service stands there as it is.
func TrustsLambda(trust []byte) bool { return bytes.Contains(trust, []byte("lambda.amazonaws.com")) }

// Same reports whether two policies say the same, however they are written.
func (p Policy) Same(q Policy) bool {
	if p.Err != nil || q.Err != nil {
		return bytes.Equal(p.Text, q.Text)
	}
	return reflect.DeepEqual(p.Document.Canonical(), q.Document.Canonical())
}
