package actionmap

import (
	"net/url"
	"regexp"
	"strings"
)

// A value is what one parameter says about a resource: an ARN, or the values of some of the variables
// of a format, perhaps with a Region and account of their own.
type value struct {
	arn             string
	region, account string
	parts           []string
	// suffix is a pattern that follows the last part.
	suffix string
	// assumed says what of the value follows a documented default, in one sentence.
	assumed string
	// open marks a start that stands for any continuation.
	open bool
}

// A form reads a parameter's text. It returns no value for a text that is not of the form, and
// notThis for one that names nothing of the wanted kind.
type form func(text string) (values []value, notThis bool)

// forms are the names that overrides use after "as".
var forms = map[string]form{
	"":          nameOrARN,
	"name":      nameOnly,
	"arn":       arnOnly,
	"queue-url": queueURL,
}

func one(v value) ([]value, bool) { return []value{v}, false }

func nameOrARN(text string) ([]value, bool) {
	if strings.HasPrefix(text, "arn:") {
		return one(value{arn: text})
	}
	return one(value{parts: []string{text}})
}

// nameOnly takes no ARNs.
func nameOnly(text string) ([]value, bool) {
	if strings.HasPrefix(text, "arn:") {
		return nil, false
	}
	return one(value{parts: []string{text}})
}

// arnOnly takes no names.
func arnOnly(text string) ([]value, bool) {
	if !strings.HasPrefix(text, "arn:") {
		return nil, false
	}
	return one(value{arn: text})
}

var queueHosts = regexp.MustCompile(`^(?:sqs(?:-fips)?\.([a-z0-9-]+)\.[a-z0-9.-]+|([a-z0-9-]+)\.queue\.amazonaws\.com(?:\.cn)?|queue\.amazonaws\.com|.+\.sqs\.([a-z0-9-]+)\.vpce\.amazonaws\.com(?:\.cn)?)$`)

// queueURL reads https://sqs.REGION.amazonaws.com/ACCOUNT/NAME, the older
// https://REGION.queue.amazonaws.com/ACCOUNT/NAME and interface endpoints.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
func queueURL(text string) ([]value, bool) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.RawQuery != "" {
		return nil, false
	}
	path := strings.Split(strings.TrimPrefix(u.Path, "/"), "/")
	host := queueHosts.FindStringSubmatch(u.Hostname())
	if host == nil || len(path) != 2 || !isAccount(path[0]) {
		return nil, false
	}
	region := host[1] + host[2] + host[3]
	return one(value{region: region, account: path[0], parts: path[1:]})
}
