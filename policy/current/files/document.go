package files

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/current"
)

// document reads a policy document: an object, as the AWS CLI writes it, or a string as
// current.DecodeDocument decodes it. What is wrong with it goes to the policy's Err.
func document(n node, kind current.Kind, name string) current.Policy {
	at := n.position(n.start)
	p := current.Policy{
		Name: name,
		Kind: kind,
		Text: n.bytes(),
		Origin: current.Origin{
			File: n.path, Line: at.Line, Column: at.Column,
			Exact: n.isObject() && n.marks == nil,
		},
	}
	if n.isText() {
		text, err := current.DecodeDocument(n.string())
		if err != nil {
			p.Text = []byte(n.string())
			p.Err = n.errorf("not URL-encoded: %v", err)
			return p
		}
		p.Text = []byte(text)
	} else {
		p.Text = bytes.Clone(p.Text) // which else would keep the whole file in memory
	}
	doc, err := policy.Parse(p.Text)
	if err != nil {
		p.Err = n.inDocument(err)
		return p
	}
	p.Document = *doc
	return p
}

// inDocument places an error that policy.Parse reports for the document that n is.
func (n node) inDocument(err error) error {
	var syntax *policy.SyntaxError
	if !errors.As(err, &syntax) {
		return n.errorf("%v", err)
	}
	if n.isText() {
		return n.errorf("in the decoded document, %v", syntax)
	}
	// Line and Column are those of the text from n on.
	offset := n.start
	for line := 1; line < syntax.Line; line++ {
		offset += bytes.IndexByte(n.text[offset:], '\n') + 1
	}
	for column := 1; column < syntax.Column && offset < n.end; {
		offset++
		if offset == n.end || n.text[offset]&0xC0 != 0x80 {
			column++
		}
	}
	return n.source.errorf(offset, "%s", syntax.Msg)
}

// date reads a time as the AWS CLI writes it, and as Python prints it.
func (o object) date(name string) (time.Time, error) {
	s, err := o.optional(name)
	if s == "" || err != nil {
		return time.Time{}, err
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, o.members[name].errorf("%s must be a time such as 2026-09-01T12:00:00Z, not %q", name, s)
}

// policyARN reads the ARN of a managed policy, which must be there.
func (o object) policyARN(name string) (string, error) {
	s, err := o.optional(name)
	switch {
	case err != nil:
		return "", err
	case s == "":
		return "", o.errorf("%s is missing", name)
	case !current.IsPolicyARN(s):
		return "", o.members[name].errorf("%s must be the ARN of a managed policy, not %q", name, s)
	}
	return s, nil
}

// where is the place of a value for a message that names two.
func (n node) where() string {
	at := n.position(n.start)
	return fmt.Sprintf("%s:%d:%d", n.file, at.Line, at.Column)
}
