package actionmap

import (
	"net/url"
	"strings"
)

// urlEncoded reads an ARN as the paths of tags have it, arn%3Aaws%3Aapigateway%3A…, whether or not it
// is already so.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-iam-policy.html
func urlEncoded(text string) ([]value, reading) {
	if strings.HasPrefix(text, "arn%") {
		return name(text)
	}
	if !isARN(text) {
		return nil, unreadable
	}
	return name(url.QueryEscape(text))
}

// under returns the form of a name whose resource is a path below it; path is a pattern.
func under(path string) form {
	return func(text string) ([]value, reading) {
		if isARN(text) {
			return nil, elsewhere
		}
		return one(value{parts: []string{text}, suffix: path})
	}
}

// apiHost reads the API's ID from the host of its endpoint. A domain name of one's own hides it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
func apiHost(text string) ([]value, reading) {
	id, rest, _ := strings.Cut(text, ".")
	if !strings.HasPrefix(rest, "execute-api.") {
		return nil, unreadable
	}
	return name(id)
}

// connections reads any connection as all of them: AWS names each new one.
func connections(string) ([]value, reading) {
	return one(value{parts: []string{"@connections"}, suffix: "/*"})
}

// exportsOf reads a stage: the paths of its exports go on with their type, which is a parameter of
// its own.
func exportsOf(text string) ([]value, reading) {
	values, r := under("/exports/*")(text)
	for i := range values {
		values[i].assumed = "the path of an export ends in its type, which may be any"
	}
	return values, r
}
