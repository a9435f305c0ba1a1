// Package files reads the policies that roles have now from what is on disk: policy documents, and the
// answers of IAM's API as the AWS CLI and SDKs write them.
//
// What a file is shows in its content, not its name. Read are
//
//   - a policy document, or a list of them;
//   - get-account-authorization-details: roles with all their policies
//     (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html);
//     several pages and accounts are joined;
//   - get-role, get-role-policy and list-attached-role-policies: parts of one role;
//   - get-policy-version: a managed policy, which does not tell its ARN;
//   - an object of managed policies by ARN: {"arn:aws:iam::aws:policy/…": {"Version": …}, …};
//   - a list of any one of these.
//
// Documents may be objects, or strings with or without URL encoding. Files are JSON, or YAML of the
// same shape.
//
// In a folder, documents that do not say whose they are belong to the role that has the file's name
// without extension, or, in a sub-folder, the role that the other files of the sub-folder name, or else
// the role that has the sub-folder's name. A managed policy without ARN, as in the answer of
// get-policy-version, is the one that the file's name, or the end of its path, is the name or ARN of.
package files

import (
	"errors"
	"fmt"
	"io"

	"github.com/whittle-iam/whittle/policy/current"
)

// Read reads the files and folders; the path "-" is standard input.
//
// An error has file, line and column where it is about one place. What is wrong with a single policy
// document is no error of Read but in the policy's Err: see Set.Err.
func Read(paths []string, stdin io.Reader) (current.Set, error) {
	if len(paths) == 0 {
		return current.Set{}, errors.New("no file with policies is given")
	}
	c := &collector{left: current.MaxBytes}
	files, err := c.expand(paths)
	if err != nil {
		return current.Set{}, err
	}
	for _, f := range files {
		data, err := c.read(f, stdin)
		if err != nil {
			return current.Set{}, err
		}
		s, err := newSource(f, data)
		if err != nil {
			return current.Set{}, err
		}
		if err := c.value(s.root()); err != nil {
			return current.Set{}, err
		}
	}
	return c.join()
}

// A collector holds what was read so far.
type collector struct {
	left  int64 // of current.MaxBytes
	count int   // of policies
	parts []part
	// managed are those whose ARN is known, versions those whose is not.
	managed  []current.Policy
	versions []version
	// loose are documents without a role.
	loose []current.Policy
	notes []string
	// truncated are the files with a page of authorization details that is not the last, and last says
	// that a last page was read.
	truncated []string
	last      bool
}

// A part is what one place tells of one role.
type part struct {
	file  file
	where string
	// arn and name are empty where the place does not tell them.
	arn, name string
	// complete says that the part is all of the role: no other may add to it.
	complete bool
	// single says that the part is one of the answers that each tell a part of the role.
	single bool
	role   current.Role // without what is attached
	// attached are ARNs. listed says that they are all.
	attached []string
	listed   bool
	// boundary is an ARN. bounded says that it is known whether there is one.
	boundary string
	bounded  bool
}

// A version is a managed policy without ARN.
type version struct {
	file   file
	where  string
	policy current.Policy
}

func (c *collector) notef(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

// maxPolicies bounds the memory that many small policies take.
const maxPolicies = 1 << 20

// document is document, counted.
func (c *collector) document(n node, kind current.Kind, name string) (current.Policy, error) {
	if c.count++; c.count > maxPolicies {
		return current.Policy{}, n.errorf("more than %d policies", maxPolicies)
	}
	return document(n, kind, name), nil
}
