package trail

import "strings"

// OutcomeOf says what a call's error code and message tell about the caller's permissions.
//
// It reads families and not exact codes, because services spell them differently (AccessDenied,
// AccessDeniedException, Client.UnauthorizedOperation). The order of the families is the order of
// caution: whatever may be a denial is one, and a code that is in no family is inconclusive, because
// a grant that nothing proves is a hole while a missing one shows itself in replay and in tests.
// Authorised, besides success, are the codes that a service can only give after it has looked at the
// resource: something missing, present, conflicting, in use, or at its limit.
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
	case inFamily(code, inconclusiveFamily):
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
// without telling whether they came to, authorisation.
var inconclusiveFamily = family{
	"expiredtoken", "tokenrefresh", "invalidclienttoken", "signature", "authfailure", "^optinrequired",
	"unrecognizedclient", "missingauthenticationtoken", "^invalidaccesskey", "^requestexpired", "requesttimetooskewed",
	"throttl", "toomanyrequests", "requestlimitexceeded", "slowdown", "^ratelimit", "requestrate", "bandwidthlimit",
	"validation", "malformed", "missingparameter", "missingrequired", "invalidparameter", "invalidargument", "^invalidrequest",
	"^badrequest", "serialization", "invalidaction", "unknownoperation", "unsupportedoperation",
	"^invalidinput", "internal", "serviceunavailable", "timeout", "timedout", "unavailable$", "^dryrun",
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
