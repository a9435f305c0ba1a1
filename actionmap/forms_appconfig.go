package actionmap

import (
	"regexp"
	"strings"
)

var appConfigIDs = regexp.MustCompile(`^[a-z0-9]{4,7}$`)

// appConfigID reads the ID of an AppConfig application, environment or profile. Where a name is
// allowed too, what may be either is taken for an ID only if it holds a digit, as nearly all IDs do.
// https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_appconfigdata_StartConfigurationSession.html
func appConfigID(text string) ([]value, reading) {
	if isARN(text) {
		return nil, elsewhere
	}
	if !appConfigIDs.MatchString(text) || !strings.ContainsAny(text, "0123456789") {
		return nil, unreadable
	}
	return one(value{parts: []string{text}, assumed: text + " is taken for an ID, though a name may look like one"})
}
