package trail

import "strings"

// OutcomeOf says what a call's error code and message tell about the caller's permissions.
//
// It reads families and not exact codes, because services spell them differently (AccessDenied,
// AccessDeniedException, Client.UnauthorizedOperation). The order of the families is the order of
// caution: whatever may be a denial is one, and a code that is in no family is inconclusive, because
// a grant that nothing proves is a hole while a missing one shows itself in replay and in tests.
// Authorised, besides success, are the codes that a service can only give after it has looked at the
// resource: something missing, present, conflicting, in use, or at its limit. Not so where the service
// says the same to callers who have no access: of a bucket or queue that does not exist, and wherever the
// message itself leaves it open. Such calls are inconclusive.
func OutcomeOf(errorCode, errorMessage string) Outcome {
	code := strings.ToLower(errorCode)
	code = strings.TrimPrefix(code, "client.")
	code = strings.TrimPrefix(code, "server.")
	if i := strings.LastIndexAny(code, "#"); i >= 0 { // com.amazon.coral.service#AccessDeniedException
		code = code[i+1:]
	}
	for _, suffix := range []string{"exception", "fault", "error"} {
		code = strings.TrimSuffix(code, suffix)
	}
	message := strings.ToLower(errorMessage)
	switch {
	case code == "dryrunoperation":
		return Authorised // "would have succeeded, but DryRun flag is set"
	case inFamily(code, deniedFamily), saysDenied(message):
		return Denied
	case code == "":
		if message != "" {
			// Some services fill in only the message.
			return Inconclusive
		}
		return Authorised
	case inFamily(code, inconclusiveFamily), leavesOpen(message):
		return Inconclusive
	case inFamily(code, authorisedFamily):
		return Authorised
	}
	return Inconclusive
}

// A family matches lower-case codes, without "Exception" and the like, by what they contain,
// "^" anchoring at the start and "$" at the end.
type family []string

var deniedFamily = family{
	"accessdenied", "dependencyaccessdenied", "kmsaccessdenied", "unauthorized",
	"notauthorized", "^forbidden", "^authorization$", "^authorizationerror", "authorizationfail",
	"permissiondenied", "explicitdeny", "insufficientpermission", "^accessdeny",
}

// inconclusiveFamily holds credentials, throttling and validation: what services check before, or
// without telling whether they came to, authorisation. A bucket's or queue's name has to lead somewhere
// before there is a policy to ask: S3 answers NoSuchBucket to whoever calls, and SQS that the queue does
// not exist "or you do not have access to it"
// (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html).
var inconclusiveFamily = family{
	"expiredtoken", "tokenrefresh", "invalidclienttoken", "signature", "authfailure", "^optinrequired",
	"unrecognizedclient", "missingauthenticationtoken", "^invalidaccesskey", "^requestexpired", "requesttimetooskewed",
	"throttl", "toomanyrequests", "requestlimitexceeded", "slowdown", "^ratelimit", "requestrate", "bandwidthlimit",
	"validation", "malformed", "missingparameter", "missingrequired", "invalidparameter", "invalidargument", "^invalidrequest",
	"^badrequest", "serialization", "invalidaction", "unknownoperation", "unsupportedoperation",
	"^invalidinput", "internal", "serviceunavailable", "timeout", "timedout", "unavailable$", "^dryrun",
	"^nosuchbucket$", "nonexistentqueue", "queuedoesnotexist",
}

var authorisedFamily = family{
	"^nosuch", "notfound", "doesnotexist", "nonexistent", "doesntexist", "^unknownresource",
	"alreadyexist", "entityexists", "duplicate", "alreadyowned", "alreadyin", "exists$",
	"conflict", "inuse", "deleteconflict", "notempty", "^bucketnotempty",
	"limitexceeded", "quotaexceeded", "limitreached",
	"conditionalcheckfailed", "transactioncanceled", "transactioncancelled", "transactioninprogress", "itemcollectionsize",
	"preconditionfailed", "^notmodified", "invalidobjectstate", "invalidstate", "invalidkeyusage", "incorrectstate",
	"versionmismatch", "expirediterator", "keydisabled", "^disabled$", "temporarilyunmodifiable",
	"resourcenotready", "purgequeueinprogress", "deletedrecently", "receipthandleisinvalid", "messagenotinflight",
}

func inFamily(code string, f family) bool {
	for _, pattern := range f {
		text, atStart := strings.CutPrefix(pattern, "^")
		text, atEnd := strings.CutSuffix(text, "$")
		switch {
		case atStart && atEnd && code == text,
			atStart && !atEnd && strings.HasPrefix(code, text),
			!atStart && atEnd && strings.HasSuffix(code, text),
			!atStart && !atEnd && strings.Contains(code, text):
			return true
		}
	}
	return false
}

func saysDenied(message string) bool {
	return strings.Contains(message, "is not authorized to perform") ||
		strings.Contains(message, "you are not authorized to perform this operation") ||
		strings.HasPrefix(message, "access denied")
}

// leavesOpen reports whether the message says of what it could not find, or do, that a lack of access
// may be the reason.
func leavesOpen(message string) bool {
	for _, words := range []string{
		"do not have access", "don't have access", "does not have access", "doesn't have access",
		"do not have permission", "don't have permission", "does not have permission", "doesn't have permission",
		"do not have sufficient permission", "don't have sufficient permission", "not authorized", "not accessible",
		"access to it is denied", "lack of permission",
	} {
		if strings.Contains(message, words) {
			return true
		}
	}
	return false
}
