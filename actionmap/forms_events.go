package actionmap

import "strings"

// busName reads an event bus's name or ARN as a name.
func busName(text string) ([]value, reading) {
	if isARN(text) {
		a, ok := parseARN(text)
		bus, isBus := strings.CutPrefix(a.resource, "event-bus/")
		if !ok || !isBus || a.service != "events" {
			return nil, unreadable
		}
		return one(value{account: a.account, parts: []string{bus}})
	}
	return name(text)
}

// customBusName is busName without the default bus, whose rules' ARNs do not name it. Names of the buses
// of partners have slashes, aws.partner/PARTNER/EVENTS, and so have the ARNs of their rules.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-saas.html
func customBusName(text string) ([]value, reading) {
	values, r := busName(text)
	if r != reads {
		return values, r
	}
	bus := &values[0]
	if bus.parts[0] == "default" {
		return nil, elsewhere
	}
	if first, rest, ok := strings.Cut(bus.parts[0], "/"); ok {
		bus.parts, bus.before = []string{first}, rest+"/"
	}
	return values, reads
}

// defaultBus reads in whose account a default bus is.
func defaultBus(text string) ([]value, reading) {
	values, r := busName(text)
	switch {
	case r != reads:
		return nil, r
	case values[0].parts[0] != "default":
		return nil, elsewhere
	}
	return one(value{account: values[0].account})
}

const uuidAssumed = "EventBridge appends a slash and an ID to the name, which the event does not show"

// nameWithID reads the name of a connection or an API destination, whose ARNs end in an ID.
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html
func nameWithID(text string) ([]value, reading) {
	if isARN(text) {
		return one(value{arn: text})
	}
	return one(value{parts: []string{text}, suffix: "/*", assumed: uuidAssumed})
}
