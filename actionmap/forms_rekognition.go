package actionmap

import "strings"

// projectName reads the ARN of a Rekognition project, project/NAME/TIMESTAMP, whose versions and datasets
// are named by NAME alone.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrekognition.html
func projectName(text string) ([]value, reading) {
	a, _ := parseARN(text)
	parts := strings.Split(a.resource, "/")
	if a.service != "rekognition" || len(parts) != 3 || parts[0] != "project" || !isAccount(a.account) {
		return nil, unreadable
	}
	return one(value{account: a.account, parts: []string{parts[1]}})
}
