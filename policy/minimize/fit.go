package minimize

import (
	"fmt"
	"slices"

	"github.com/whittle-iam/whittle/policy"
)

// A Limit is a quota of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
// on the policies of one role.
type Limit struct {
	// Characters is how large a document may be, as policy.Document.Size counts.
	Characters int
	// Documents is how many there may be.
	Documents int
}

// The quotas. That of inline policies is on their sum, so a single document makes the most of it.
var (
	Inline  = Limit{Characters: 10240, Documents: 1}
	Managed = Limit{Characters: 6144, Documents: 20}
)

// Fitted is a policy distributed over documents.
type Fitted struct {
	// Documents allow together what the policy did and what the widenings add.
	Documents []policy.Document
	// Widenings are empty if the documents allow exactly what the policy did.
	Widenings []Widening
}

// A Widening is the replacement of resources by one pattern that covers them and more, in a
// statement with these actions and conditions.
type Widening struct {
	From       []string
	To         string
	Actions    []string
	Conditions []policy.Condition
}

// A TooLargeError says that a policy does not fit a limit however it is split and widened.
type TooLargeError struct {
	Limit Limit
	// Characters is the size of the policy as one document.
	Characters int
	// Widest is the size that it would still have with everything widened that may be.
	Widest int
}

func (e *TooLargeError) Error() string {
	documents := "one document"
	if e.Limit.Documents != 1 {
		documents = fmt.Sprintf("%d documents", e.Limit.Documents)
	}
	return fmt.Sprintf("a policy of %d characters (%d when names within a bucket, table or the like are widened) does not fit %s of %d characters",
		e.Characters, e.Widest, documents, e.Limit.Characters)
}

// Fit distributes the statements over the documents that limit allows. It tries, in this order:
//
//  1. whole statements, as few documents as first-fit-decreasing bin packing needs;
//  2. statements split wherever a document is full;
//  3. the same without Sids, which IAM does not need;
//  4. resources widened, the two with the longest common beginning first, and no more than needed.
//
// A widening stays within a named resource: keys of one bucket, streams of one log group (see
// widenable). If that is not enough, the error is a *TooLargeError. The order of statements is kept
// within documents. The documents are the same for the same policy.
func Fit(doc policy.Document, limit Limit) (Fitted, error) {
	if docs, ok := packWhole(doc, limit); ok {
		return Fitted{Documents: docs}, nil
	}
	if docs, ok := packSplit(doc, limit); ok {
		return Fitted{Documents: docs}, nil
	}
	bare := policy.Document{Version: doc.Version, Statements: slices.Clone(doc.Statements)}
	for i := range bare.Statements {
		bare.Statements[i].Sid = ""
	}
	if docs, ok := packSplit(bare, limit); ok {
		return Fitted{Documents: docs}, nil
	}

	w := newWidener(bare.Statements)
	size := bare.Size()
	for {
		saved, ok := w.widen()
		if !ok {
			return Fitted{}, &TooLargeError{Limit: limit, Characters: doc.Size(), Widest: size}
		}
		size -= saved
		if size > limit.Characters*limit.Documents {
			continue
		}
		wide := policy.Document{Version: doc.Version, Statements: w.statements()}
		if docs, ok := packSplit(wide, limit); ok {
			return Fitted{Documents: docs, Widenings: w.widenings()}, nil
		}
	}
}
