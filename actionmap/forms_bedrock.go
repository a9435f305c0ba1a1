package actionmap

import (
	"slices"
	"strings"
)

// foundationModel reads the ID or ARN of a foundation model, such as anthropic.claude-v2.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html#API_runtime_InvokeModel_RequestSyntax
func foundationModel(text string) ([]value, reading) {
	if _, _, isProfile := crossRegion(text); isProfile || !isARN(text) && !strings.Contains(text, ".") {
		return nil, elsewhere
	}
	return nameOrARN(text)
}

// inferenceProfile reads the ID or ARN of a system-defined inference profile: us.anthropic.claude-v2.
func inferenceProfile(text string) ([]value, reading) {
	if _, _, isProfile := crossRegion(text); !isProfile {
		return arnOnly(text)
	}
	return name(text)
}

// applicationProfile reads the ID or ARN of a profile that a user made.
func applicationProfile(text string) ([]value, reading) {
	if _, _, isProfile := crossRegion(text); isProfile {
		return nil, elsewhere
	}
	return nameOrARN(text)
}

// promptARN reads the ARN of a prompt, which a call may name in place of a model.
func promptARN(text string) ([]value, reading) {
	if kind, _ := bedrockResource(text); kind != "prompt" {
		return nil, nothing
	}
	return arnOnly(text)
}

// profileModel reads a cross-Region profile, as its model in the caller's Region. What stands behind an
// application's profile, a prompt or a router is not in the event, nor in which Regions it is called; each
// model must be allowed in every Region of a profile.
// https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html
// https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
func profileModel(text string) ([]value, reading) {
	switch kind, _ := bedrockResource(text); kind {
	case "application-inference-profile", "prompt", "prompt-router", "default-prompt-router":
		return one(value{region: "*", hidden: "the event does not name the foundation-model behind the " + kind + ", nor its Regions"})
	}
	model, _, isProfile := profileOf(text)
	if !isProfile {
		return nil, nothing
	}
	return name(model)
}

// profileDestinations reads a cross-Region profile, as its model in the Regions that may serve a call.
// https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html
func profileDestinations(text string) ([]value, reading) {
	model, destinations, isProfile := profileOf(text)
	if !isProfile {
		return nil, nothing
	}
	v := value{region: destinations, parts: []string{model}}
	if destinations != public {
		v.assumed = "the profile sends calls to Regions of its geography, which the event does not list"
	}
	return one(v)
}

func profileOf(text string) (model, destinations string, ok bool) {
	if kind, id := bedrockResource(text); kind == "inference-profile" {
		text = id
	}
	return crossRegion(text)
}

// bedrockResource returns the type and the ID of an ARN's resource, both empty for other texts.
func bedrockResource(text string) (kind, id string) {
	a, _ := parseARN(text)
	kind, id, _ = strings.Cut(a.resource, "/")
	return kind, id
}

// geographies are the first parts of profile IDs, with the pattern of their Regions. A global call's
// model has no Region.
var geographies = map[string]string{
	"apac":   "ap-*",
	"au":     "ap-southeast-*",
	"ca":     "ca-*",
	"eu":     "eu-*",
	"global": public,
	"jp":     "ap-northeast-*",
	"us":     "us-*",
	"us-gov": "us-gov-*",
}

// crossRegion takes the ID of a cross-Region profile apart, GEOGRAPHY.PROVIDER.MODEL. The providers of
// models have longer names than a geography of two letters that is not known here, whose Regions are
// then any.
func crossRegion(id string) (model, destinations string, ok bool) {
	parts := strings.SplitN(id, ".", 3)
	if isARN(id) || len(parts) < 3 || slices.Contains(parts, "") {
		return "", "", false
	}
	destinations, known := geographies[parts[0]]
	if !known {
		destinations = "*"
	}
	return parts[1] + "." + parts[2], destinations, known || len(parts[0]) == 2
}

// managedTool reads the ID or ARN of a browser or code interpreter that AWS runs for all: aws.browser.v1.
// https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/browser-resource-session-management.html
func managedTool(text string) ([]value, reading) {
	if !isARN(text) && !strings.HasPrefix(text, "aws.") {
		return nil, elsewhere
	}
	return nameOrARN(text)
}
