package actionmap

import "strings"

// parameterName reads an SSM parameter: /a/b, b or an ARN, with :VERSION or :LABEL. ARNs write the name
// without its leading slash; AWS's public parameters, under /aws/service, belong to no account.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
func parameterName(text string) ([]value, reading) {
	if isARN(text) {
		if strings.Count(text, ":") > 5 {
			text, _, _ = cutLast(text, ":")
		}
		return one(value{arn: text})
	}
	path, _, _ := strings.Cut(text, ":")
	v := value{parts: []string{strings.TrimPrefix(path, "/")}}
	if strings.HasPrefix(path, "/aws/service/") {
		v.account = public
	}
	if v.parts[0] == "" {
		return nil, unreadable
	}
	return one(v)
}

// ssmDocument reads an SSM document's name or ARN; AWS's own documents belong to no account.
func ssmDocument(text string) ([]value, reading) {
	if isARN(text) {
		return one(value{arn: text})
	}
	v := value{parts: []string{text}}
	if strings.HasPrefix(text, "AWS-") || strings.HasPrefix(text, "AWS") && strings.Contains(text, "-") {
		v.account = public
	}
	return one(v)
}

// ssmAutomation reads the document of an automation. AWS writes the ARNs of the automations that it
// shares with an account and without.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-iam.html
func ssmAutomation(text string) ([]value, reading) {
	values, r := ssmDocument(text)
	if r == reads && values[0].account == public {
		const both = "the automation belongs to AWS, and its ARN is read with and without the caller's account"
		return []value{{parts: []string{text}, account: public, assumed: both}, {parts: []string{text}, assumed: both}}, reads
	}
	return values, r
}

// instanceID and managedInstanceID read EC2 instances and the nodes that were activated for Systems
// Manager, which requests name in one list.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/managed-nodes.html
var (
	instanceID        = kindOfID("i-")
	managedInstanceID = kindOfID("mi-")
)

func kindOfID(mark string) form {
	return func(text string) ([]value, reading) {
		switch {
		case strings.HasPrefix(text, mark):
			return name(text)
		case text == "*":
			return nil, unreadable
		}
		return nil, nothing
	}
}

// ecsTarget reads the container to which a session goes: ecs:CLUSTER_TASK_CONTAINER, of which the
// cluster may have underscores.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-sessions-start.html
func ecsTarget(text string) ([]value, reading) {
	target, isECS := strings.CutPrefix(text, "ecs:")
	if !isECS {
		return nil, nothing
	}
	target, _, _ = cutLast(target, "_")
	cluster, task, ok := cutLast(target, "_")
	if !ok {
		return nil, unreadable
	}
	return name(cluster + "/" + task)
}
