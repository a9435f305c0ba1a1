package trail

import (
	"regexp"
	"slices"
	"strings"
)

// LambdaRoles returns the roles that the rows show acting for Lambda, sorted. Each role is judged by the
// rows about it alone. Any of these signs is certain:
//
//   - Lambda assumed the role, or credentials of the role were issued to a function;
//   - Lambda's own sessions, logs, polling and network interfaces.
//
// Logs of some years ago, without STS events, have only hints. A hint is enough, unless the same role
// shows that it may be another's, see RolesInDoubt:
//
//   - a call from a Lambda runtime by a session named like a function;
//   - another call that Lambda made with the role, by a session named like a function.
func LambdaRoles(usages []Usage) []string {
	return roles(usages, func(s *roleSigns) bool { return s.forLambda() })
}

// RolesInDoubt returns the roles, sorted, that have hints of acting for Lambda, but no certain sign, and
// also signs of the contrary, so that LambdaRoles leaves them out. Call it before Attribute, which takes
// the hints back from these roles. What speaks against a hint is
//
//   - a session that no function can have, by its characters or as an SDK's default for AssumeRole: then
//     the sessions in a Lambda runtime are also such of a role that a function's code assumed;
//   - where Lambda's calls are the only hint, calls of Lambda's API other than Invoke: then Lambda called on
//     behalf of whoever deploys or inspects functions.
func RolesInDoubt(usages []Usage) []string {
	return roles(usages, func(s *roleSigns) bool { return s.hinted() && !s.forLambda() })
}

func roles(usages []Usage, chosen func(*roleSigns) bool) []string {
	var result []string
	for role, signs := range signsOf(learn(usages)) {
		if chosen(signs) {
			result = append(result, role)
		}
	}
	slices.Sort(result)
	return result
}

// roleSigns is what the rows about one role say of whose role it is.
type roleSigns struct {
	certain           bool
	runtime, byLambda bool // the hints
	foreign, manages  bool // the signs of the contrary
}

func (s *roleSigns) hinted() bool { return s.runtime || s.byLambda }

func (s *roleSigns) forLambda() bool {
	return s.certain || s.hinted() && !s.foreign && (s.runtime || !s.manages)
}

func signsOf(rows []Usage, functions map[string]*functionNames) map[string]*roleSigns {
	signs := make(map[string]*roleSigns, len(functions))
	for i := range rows {
		u := &rows[i]
		s := signs[u.Role]
		if s == nil {
			s = &roleSigns{}
			signs[u.Role] = s
		}
		switch {
		case u.Kind == Assumption:
			s.certain = s.certain || u.Outcome == Authorised
			continue
		case functionARN(u.Function) != "", u.ByLambda && (u.Session == lambdaOwnSession || executionRoleWork[u.EventName]):
			s.certain = true
		case u.Function != "":
			s.runtime = true
		case len(functions[u.Role].sessions[u.Session]) > 0:
			// A function, by another of the role's rows.
		case foreignSession(u.Session):
			s.foreign = true
		case u.ByLambda:
			s.byLambda = true
		}
		if u.EventSource == "lambda.amazonaws.com" && !strings.HasPrefix(u.EventName, "Invoke") && !u.ByLambda {
			s.manages = true
		}
	}
	return signs
}

// foreignSession reports whether a normalised session is not named after a function.
func foreignSession(session string) bool {
	if session == "" {
		return false
	}
	session = edgeRegion.ReplaceAllString(session, "")
	if !functionName.MatchString(strings.ReplaceAll(session, "#", "0")) {
		return true
	}
	for _, start := range sdkSessions {
		if strings.HasPrefix(session, start) {
			return true
		}
	}
	return false
}

// edgeRegion begins the sessions of Lambda@Edge, as in us-east-1.redirects.
var edgeRegion = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]\.`)

// sdkSessions are how the session names begin that the SDKs and the CLI give to assumed roles by default.
var sdkSessions = []string{
	"botocore-session-", "aws-go-sdk-", "aws-sdk-java-", "aws-sdk-js-", "AWSCLI-Session", "aws-sdk-ruby-", "assume-role-provider-", "i-#",
}

// executionRoleWork is what Lambda does with execution roles alone, and not for whoever deploys a
// function: logs, polling, network interfaces.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
var executionRoleWork = map[string]bool{
	"CreateLogGroup": true, "CreateLogStream": true,
	"ReceiveMessage": true, "DeleteMessage": true, "DeleteMessageBatch": true,
	"GetRecords": true, "GetShardIterator": true, "SubscribeToShard": true,
	"CreateNetworkInterface": true, "DeleteNetworkInterface": true,
}
