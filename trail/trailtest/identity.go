package trailtest

import (
	"strings"
	"time"
)

// An Identity is the userIdentity of a record, see
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
type Identity struct {
	Type           string          `json:"type"`
	PrincipalID    string          `json:"principalId,omitempty"`
	ARN            string          `json:"arn,omitempty"`
	AccountID      string          `json:"accountId,omitempty"`
	AccessKeyID    string          `json:"accessKeyId,omitempty"`
	UserName       string          `json:"userName,omitempty"`
	SessionContext *SessionContext `json:"sessionContext,omitempty"`
	InvokedBy      string          `json:"invokedBy,omitempty"`
	InScopeOf      *InScopeOf      `json:"inScopeOf,omitempty"`
}

// A SessionContext says where temporary credentials come from.
type SessionContext struct {
	SessionIssuer SessionIssuer     `json:"sessionIssuer"`
	Attributes    SessionAttributes `json:"attributes"`
}

// A SessionIssuer is the role that was assumed.
type SessionIssuer struct {
	Type        string `json:"type"`
	PrincipalID string `json:"principalId"`
	ARN         string `json:"arn"`
	AccountID   string `json:"accountId"`
	UserName    string `json:"userName"`
}

// SessionAttributes are the circumstances of a session.
type SessionAttributes struct {
	CreationDate     string `json:"creationDate"`
	MFAAuthenticated string `json:"mfaAuthenticated"`
}

// InScopeOf names the function that credentials were issued to.
type InScopeOf struct {
	IssuerType                 string `json:"issuerType"`
	CredentialsIssuedTo        string `json:"credentialsIssuedTo"`
	CredentialsIssuedToVersion string `json:"credentialsIssuedToVersion,omitempty"`
}

// A Role is an IAM role that the generator knows the internal ID of.
type Role struct {
	ARN, ID string
}

// Role returns a role of the generator's account. The name may have a path: "service-role/name".
func (g *Generator) Role(pathAndName string) Role {
	return Role{ARN: "arn:aws:iam::" + g.Account + ":role/" + pathAndName, ID: "AROAEXAMPLE" + g.upper(10)}
}

// Session returns the identity of a new session of role. The path of the role is not in its ARN.
func (g *Generator) Session(role Role, session string, created time.Time) Identity {
	account := strings.Split(role.ARN, ":")[4]
	name := role.ARN[strings.LastIndexByte(role.ARN, '/')+1:]
	return Identity{
		Type:        "AssumedRole",
		PrincipalID: role.ID + ":" + session,
		ARN:         "arn:aws:sts::" + account + ":assumed-role/" + name + "/" + session,
		AccountID:   account,
		AccessKeyID: "ASIAEXAMPLE" + g.upper(9),
		SessionContext: &SessionContext{
			SessionIssuer: SessionIssuer{Type: "Role", PrincipalID: role.ID, ARN: role.ARN, AccountID: account, UserName: name},
			Attributes:    SessionAttributes{CreationDate: stamp(created), MFAAuthenticated: "false"},
		},
	}
}

// FunctionSession is Session for the code of a Lambda function: the session is named after the
// function, and inScopeOf names it.
func (g *Generator) FunctionSession(role Role, function string, created time.Time) Identity {
	id := g.Session(role, function, created)
	arn := g.arn("lambda", "function:"+function)
	id.InScopeOf = &InScopeOf{"AWS::Lambda::Function", arn, arn + ":$LATEST"}
	return id
}

// LambdaSession is Session for the Lambda service itself, which polls event sources and manages
// network interfaces with the role. Nothing in it names the function.
func (g *Generator) LambdaSession(role Role, created time.Time) Identity {
	return g.Session(role, "awslambda_"+g.digits(3)+"_"+created.UTC().Format("20060102150405")+g.digits(3), created)
}

// User returns the identity of an IAM user of the generator's account with a long-term access key.
func (g *Generator) User(name string) Identity {
	return Identity{
		Type: "IAMUser", PrincipalID: "AIDAEXAMPLE" + g.upper(10), ARN: "arn:aws:iam::" + g.Account + ":user/" + name,
		AccountID: g.Account, AccessKeyID: "AKIAEXAMPLE" + g.upper(9), UserName: name,
	}
}

// Service returns the identity of an AWS service that acts on its own.
func Service(name string) Identity { return Identity{Type: "AWSService", InvokedBy: name} }
