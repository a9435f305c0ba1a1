// Package current holds the policies that principals have now, wherever they were read from.
//
// The readers are packages below this one: policy/current/files reads what is on disk.
package current

import (
	"time"

	"github.com/whittle-iam/whittle/policy"
)

// A Set is what was read: principals with their policies, and policies that belong to none.
type Set struct {
	// Roles are sorted by ARN, then name.
	Roles []Role
	// Documents are policies without a principal, such as a bare policy document, in the order read.
	Documents []Policy
	// Managed are the managed policies whose ARNs are known, attached to a role or not, sorted by ARN.
	Managed []Policy
	// Notes say what was not read, and what was concluded from names, one sentence each.
	Notes []string
}

// A Role is one principal's identity policies.
type Role struct {
	// ARN is empty where the input does not tell it, as in a folder with one file a role; Name is not.
	ARN, Name string
	// Created and LastUsed are zero where the input does not tell them.
	Created, LastUsed time.Time
	// Policies are the inline and attached policies, in the order of the input.
	Policies []Policy
	// Boundary is the permissions boundary, nil if there is none.
	Boundary *Policy
	// Missing are the ARNs of attached policies whose documents are not in the input. What the role
	// may do is then not known, and no answer may pretend that it is.
	Missing []string
	// MissingBoundary is the ARN of the boundary if its document is not in the input: Boundary is then nil.
	MissingBoundary string
	// ForLambda says that the trust policy names the Lambda service; false where the input has none.
	ForLambda bool
	// Tags are the role's, by key; nil where there are none or the input does not tell them.
	Tags map[string]string
	// Functions are the Lambda functions that use the role, sorted by ARN. FunctionsKnown says that they
	// were looked up, so that an empty list means that there is none in the accounts and Regions read.
	Functions      []Function
	FunctionsKnown bool
	// Accessed is when IAM last saw the role's permissions being used, sorted by action
	// (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html). It counts
	// attempts, denied ones too, so it can show that a permission may be in use, and never that it is not.
	Accessed []Access
}

// An Access is one entry of IAM's last accessed information.
type Access struct {
	// Action is "service:Action", or "service:*" where IAM tracks the service as a whole only.
	Action string
	Last   time.Time
}

// A Kind says how a policy belongs to its principal.
type Kind string

// The kinds.
const (
	Inline   Kind = "inline"
	Managed  Kind = "managed"
	Boundary Kind = "boundary"
	// Document is a policy without a principal.
	Document Kind = "document"
)

// A Policy is one document and where it stands.
type Policy struct {
	// Name is the policy's own, or the file's base name where it has none.
	Name string
	// ARN is set for managed policies.
	ARN  string
	Kind Kind
	// Version is the version ID of a managed policy ("v3"), where known.
	Version string
	// Created is when this version, or the policy, was made; zero where unknown.
	Created time.Time
	// Document is the policy; empty if Err is not nil.
	Document policy.Document
	// Text is the document's JSON as in the input, after URL decoding, for those who check it.
	Text []byte
	// Origin is where Text begins.
	Origin Origin
	// Err says why Text is no identity policy, with file, line and column.
	Err error
}

// An Origin is a place in a file.
type Origin struct {
	// File is the path as the user gave it or as it was found below a folder, "-" for standard input.
	File string
	// Line and Column are counted from 1, columns in characters.
	Line, Column int
	// Exact says that Text stands in File character by character, so that a position in Text is one in
	// File.
	// Otherwise (URL-encoded, or JSON within a JSON string) everything is at Line and Column.
	Exact bool
}

// Err returns the first document's error, nil if all are identity policies.
func (s Set) Err() error {
	for _, p := range s.All() {
		if p.Err != nil {
			return p.Err
		}
	}
	return nil
}

// All returns every policy of the set, boundaries included: those of the roles in order, then Documents.
func (s Set) All() []Policy {
	var out []Policy
	for _, r := range s.Roles {
		out = append(out, r.Policies...)
		if r.Boundary != nil {
			out = append(out, *r.Boundary)
		}
	}
	return append(out, s.Documents...)
}
