package actionmap

import "strings"

// A value is what one parameter says about a resource: an ARN, or the values of some of the variables
// of a format, perhaps with an account of their own.
type value struct {
	arn string
	// account replaces the caller's; public stands for none.
	account string
	// region replaces the caller's, and is a pattern; public stands for none.
	region string
	parts  []string
	// before precedes the next part, in the same variable.
	before string
	// suffix is a pattern that follows the last part.
	suffix string
	// hidden, if not empty, says why the one variable's value is not in the event; there are no parts then.
	hidden string
	// assumed says what of the value follows a documented default, in one sentence.
	assumed string
	// open marks a start that stands for any continuation.
	open bool
}

// public is the account of resources that AWS owns and shares, whose ARNs have no account.
const public = "public"

// A reading says what a form made of a text.
type reading int

const (
	reads      reading = iota // there are values
	elsewhere                 // it names something in a way that another target reads
	nothing                   // it says that there is no such resource
	unreadable                // it is hidden or of no known form
)

// A form reads a parameter's text. There are values only with the reading reads.
type form func(text string) ([]value, reading)

// forms are the names that overrides use after "as".
var forms = map[string]form{
	"":                       nameOrARN,
	"account-id":             accountID,
	"alias-name":             aliasName,
	"api-host":               apiHost,
	"appconfig-id":           appConfigID,
	"application-profile":    applicationProfile,
	"access-point":           accessPoint,
	"arn":                    arnOnly,
	"arn-name":               arnName,
	"authorizers-cache":      under("/cache/authorizers"),
	"bucket-name":            bucketName,
	"bus-name":               busName,
	"catalog-id":             catalogID,
	"catalog-owner":          catalogOwner,
	"child-catalog":          childCatalog,
	"connections":            connections,
	"folder":                 folder,
	"role":                   roleName,
	"msk-topic-cluster":      mskTopicCluster,
	"codebuild-project":      codebuildProject,
	"copy-source":            copySource,
	"copy-source-bucket":     copySourceBucket,
	"copy-source-directory":  copySourceDirectory,
	"custom-bus-name":        customBusName,
	"default-bus":            defaultBus,
	"ecs-target":             ecsTarget,
	"eks-principal":          eksPrincipal,
	"foundation-model":       foundationModel,
	"function":               functionName,
	"iam-name":               iamName,
	"in-account":             inAccount,
	"in-region":              inRegion,
	"inference-profile":      inferenceProfile,
	"instance-id":            instanceID,
	"key-id":                 keyID,
	"key-prefix":             keyPrefix,
	"log-group":              logGroup,
	"log-group-name":         logGroupName,
	"model-template":         under("/default_template"),
	"lower-case":             lowerCase,
	"name":                   nameOnly,
	"text":                   anyText,
	"organization-handshake": marked("h-"),
	"organization-policy":    marked("p-"),
	"organization-root":      marked("r-"),
	"organization-unit":      marked("ou-"),
	"managed-instance-id":    managedInstanceID,
	"name-with-id":           nameWithID,
	"managed-tool":           managedTool,
	"parameter":              parameterName,
	"partiql-delete":         partiQL("DELETE", false),
	"partiql-index":          partiQL("SELECT", true),
	"partiql-insert":         partiQL("INSERT", false),
	"partiql-select":         partiQL("SELECT", false),
	"partiql-update":         partiQL("UPDATE", false),
	"path-id":                pathID,
	"plan-usage":             under("/usage"),
	"profile-destinations":   profileDestinations,
	"profile-model":          profileModel,
	"project-name":           projectName,
	"profile-role":           profileRole,
	"prompt-arn":             promptARN,
	"provider-url":           providerURL,
	"qualified":              qualifiedFunction,
	"queue-url":              queueURL,
	"role-in-json":           roleInJSON,
	"report-group":           reportGroup,
	"s3-bucket":              s3Bucket,
	"s3-prefix":              s3Prefix,
	"s3-uri":                 s3URI,
	"schema-registry":        schemaRegistry,
	"secret":                 secretID,
	"sender":                 sender,
	"ssm-document":           ssmDocument,
	"stage-cache":            under("/cache/data"),
	"stage-exports":          exportsOf,
	"stackset":               stackSet,
	"ssm-automation":         ssmAutomation,
	"state-machine":          stateMachine,
	"subscription":           subscription,
	"task-definition":        taskDefinition,
	"url-encoded":            urlEncoded,
	"unversioned":            unversioned,
	"waf-scope":              wafScope,
}

func one(v value) ([]value, reading) { return []value{v}, reads }

func name(parts ...string) ([]value, reading) { return one(value{parts: parts}) }

func isARN(text string) bool { return strings.HasPrefix(text, "arn:") }

// anyText takes whatever the caller wrote as a name.
func anyText(text string) ([]value, reading) { return name(text) }

func nameOrARN(text string) ([]value, reading) {
	if isARN(text) {
		return one(value{arn: text})
	}
	return name(text)
}

// nameOnly takes no ARNs.
func nameOnly(text string) ([]value, reading) {
	if isARN(text) {
		return nil, elsewhere
	}
	return name(text)
}

// arnOnly takes no names.
func arnOnly(text string) ([]value, reading) {
	if !isARN(text) {
		return nil, elsewhere
	}
	return one(value{arn: text})
}
