package trail

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
)

// skipReasons are the userIdentity types that are no role,
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
var skipReasons = map[string]SkipReason{
	"IAMUser":            SkipIAMUser,
	"Root":               SkipRoot,
	"FederatedUser":      SkipFederatedUser,
	"SAMLUser":           SkipSAMLUser,
	"WebIdentityUser":    SkipWebIdentityUser,
	"IdentityCenterUser": SkipIdentityCenterUser,
	"AWSAccount":         SkipAWSAccount,
	"AWSService":         SkipAWSService,
}

// classify says what kind of row e belongs to and who made the call, or why it is not used.
func classify(e *Event) (Kind, Principal, SkipReason) {
	if reason := notACall(e); reason != "" {
		return "", Principal{}, reason
	}
	id := &e.UserIdentity
	if id.Type == "AWSService" && e.EventName == "AssumeRole" && assumesForLambda[id.InvokedBy] {
		who, ok := assumption(e)
		if !ok {
			return "", Principal{}, SkipNoRole
		}
		return Assumption, who, ""
	}
	if id.Type != "AssumedRole" {
		if reason, ok := skipReasons[id.Type]; ok {
			return "", Principal{}, reason
		}
		return "", Principal{}, SkipOtherIdentity
	}
	role := roleARN(id.SessionContext.SessionIssuer.ARN)
	if role == "" {
		role = roleARN(id.ARN)
	}
	if role == "" {
		return "", Principal{}, SkipNoRole
	}
	who := Principal{Account: accountOf(role), Role: role, ByLambda: byLambda(e)}
	session := sessionName(id.ARN)
	switch {
	case functionARN(id.InScopeOf.CredentialsIssuedTo) != "":
		who.Function = functionARN(id.InScopeOf.CredentialsIssuedTo)
	case inLambdaRuntime(e.UserAgent) && functionName.MatchString(session) && NormalizeSession(session) == session:
		// Or the session of a role that the function's code assumed; Attribute finds out.
		who.Function = session
	default:
		who.Session = NormalizeSession(session)
	}
	return Call, who, ""
}

// notACall gives the reason why e is no API call, "" if it is one. Record types that are not named
// here count as calls: RDS Data, for one, writes "Rds Data Service".
func notACall(e *Event) SkipReason {
	switch e.EventCategory {
	case "Insight":
		return SkipInsight
	case "NetworkActivity":
		return SkipNetworkActivity
	case "Aggregated":
		return SkipAggregated
	}
	switch strings.ToLower(e.EventType) {
	case "awsserviceevent":
		return SkipServiceEvent
	case "awsvpceevent":
		return SkipNetworkActivity
	case "awscloudtrailinsight":
		return SkipInsight
	case "awsconsolesignin":
		return SkipConsoleSignIn
	case "awsconsoleaction":
		return SkipConsoleAction
	}
	return ""
}

// assumesForLambda are the services that assume execution roles for functions.
var assumesForLambda = map[string]bool{
	"lambda.amazonaws.com":     true,
	"edgelambda.amazonaws.com": true,
}

// assumption reads whom Lambda assumed a role for. The session name of a function's environment is
// the function's name, so it is kept as it is; other sessions are Lambda's own.
func assumption(e *Event) (Principal, bool) {
	var request struct {
		RoleARN         string `json:"roleArn"`
		RoleSessionName string `json:"roleSessionName"`
	}
	if e.RequestParameters == nil || json.Unmarshal(e.RequestParameters, &request) != nil {
		return Principal{}, false
	}
	role := roleARN(request.RoleARN)
	who := Principal{Account: accountOf(role), Role: role, Session: request.RoleSessionName}
	if lambdaSession.MatchString(who.Session) || !functionName.MatchString(who.Session) {
		who.ByLambda = lambdaSession.MatchString(who.Session)
		who.Session = NormalizeSession(who.Session)
	}
	return who, role != ""
}

var (
	// lambdaSession is the session name under which Lambda itself uses a role, as in
	// awslambda_761_20201224093307366.
	lambdaSession = regexp.MustCompile(`^awslambda_\d+_\d+$`)
	functionName  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

func inLambdaRuntime(userAgent string) bool {
	return strings.Contains(userAgent, "exec-env/AWS_Lambda_")
}

// byLambda reports whether Lambda, and not the function's code, made the call. The signs are
//   - a session named awslambda_N_N: network interfaces, event source polling;
//   - user agent awslambda-worker: the function's log group and streams. These carry the function
//     in inScopeOf or the session name, and the row keeps it;
//   - the address, caller or user agent lambda.amazonaws.com. With inScopeOf it is the reverse: the
//     function called the Lambda API, which passed the function's credentials on;
//   - kms:Decrypt of a function's environment variables by no named service.
//
// https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
func byLambda(e *Event) bool {
	id := &e.UserIdentity
	switch {
	case lambdaSession.MatchString(sessionName(id.ARN)), strings.HasPrefix(e.UserAgent, "awslambda-worker"):
		return true
	case e.EventSource == "kms.amazonaws.com" && e.EventName == "Decrypt" && id.InvokedBy == "":
		return bytes.Contains(e.RequestParameters, []byte(`"aws:lambda:FunctionArn"`))
	case functionARN(id.InScopeOf.CredentialsIssuedTo) != "":
		return false
	}
	const lambda = "lambda.amazonaws.com"
	return e.SourceIPAddress == lambda || id.InvokedBy == lambda || e.UserAgent == lambda
}

// roleARN returns arn if it is a role's, and the role's, without the path that it does not tell,
// if it is an assumed role's. Else it returns "".
func roleARN(arn string) string {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 || part[0] != "arn" || part[1] == "" || part[4] == "" {
		return ""
	}
	step := strings.Split(part[5], "/")
	switch {
	case part[2] == "iam" && step[0] == "role" && len(step) >= 2 && step[len(step)-1] != "":
		return arn
	case part[2] == "sts" && step[0] == "assumed-role" && len(step) == 3 && step[1] != "":
		return "arn:" + part[1] + ":iam::" + part[4] + ":role/" + step[1]
	}
	return ""
}

// sessionName returns the session of an assumed role's ARN.
func sessionName(arn string) string {
	_, rest, ok := strings.Cut(arn, ":assumed-role/")
	if !ok {
		return ""
	}
	return rest[strings.LastIndexByte(rest, '/')+1:]
}

// accountOf returns the account in an ARN.
func accountOf(arn string) string {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 {
		return ""
	}
	return part[4]
}

// functionARN returns a function's ARN without version or alias, "" if arn is not one.
func functionARN(arn string) string {
	part := strings.Split(arn, ":")
	if len(part) < 7 || len(part) > 8 || part[0] != "arn" || part[2] != "lambda" || part[5] != "function" || part[6] == "" {
		return ""
	}
	return strings.Join(part[:7], ":")
}

// FunctionName returns the bare name of a Principal.Function.
func FunctionName(function string) string {
	return function[strings.LastIndexByte(function, ':')+1:]
}
