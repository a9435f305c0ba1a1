package lint

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

//go:embed operations.txt
var operationsText string

// operations are the actions of API operations that are no actions themselves, by ID in lower case.
var operations = sync.OnceValue(func() map[string][]string {
	ops, err := parseOperations("operations.txt", operationsText)
	if err != nil {
		panic(err) // the text is embedded, and a test reads it
	}
	return ops
})

// parseOperations reads the format that operations.txt explains at its head. Errors begin with file:line.
func parseOperations(file, text string) (map[string][]string, error) {
	ops := map[string][]string{}
	line := 0
	for content := range strings.Lines(text) {
		line++
		words := strings.Fields(content)
		if len(words) == 0 || words[0][0] == '#' {
			continue
		}
		key := strings.ToLower(words[0])
		if len(words) < 2 || ops[key] != nil {
			return nil, fmt.Errorf("%s:%d: not an operation, for the first time, and its actions", file, line)
		}
		for _, id := range words {
			if _, name, ok := strings.Cut(id, ":"); !ok || name == "" {
				return nil, fmt.Errorf("%s:%d: %q is not service:Name", file, line, id)
			}
		}
		ops[key] = words[1:]
	}
	return ops, nil
}

// nearestAction returns what was probably meant by an action of a known service that the reference
// does not know, as the end of a sentence, or "".
func nearestAction(service *reference.Service, name string) string {
	if actions := operations()[strings.ToLower(service.Prefix+":"+name)]; actions != nil {
		return fmt.Sprintf("it is an API operation, and its permission is %s", and(actions))
	}
	best, bound := "", maxDistance(name)
	for _, a := range service.Actions() {
		if d := distance(name, a.Name, bound); d <= bound {
			best, bound = a.ID(), d-1
		}
	}
	if best != "" {
		return fmt.Sprintf("did you mean %s?", best)
	}
	return ""
}

// nearestService returns the prefix that was probably meant, or "".
func nearestService(prefix string) string {
	if known, ok := commonPrefixes[strings.ToLower(prefix)]; ok {
		return known
	}
	best, bound := "", maxDistance(prefix)
	for _, p := range reference.Prefixes() {
		if d := distance(prefix, p, bound); d <= bound {
			best, bound = p, d-1
		}
	}
	return best
}

// commonPrefixes are names of services that people and SDKs use, and that are not the prefixes of
// their actions.
var commonPrefixes = map[string]string{
	"apigatewaymanagementapi": "execute-api", "bedrock-runtime": "bedrock", "cloudwatchlogs": "logs", "cognito": "cognito-idp",
	"dynamodbstreams": "dynamodb", "efs": "elasticfilesystem", "elb": "elasticloadbalancing", "elbv2": "elasticloadbalancing",
	"emr": "elasticmapreduce", "eventbridge": "events", "iot-data": "iot", "msk": "kafka",
	"parameterstore": "ssm", "sagemaker-runtime": "sagemaker", "secrets-manager": "secretsmanager", "sesv2": "ses",
	"sfn": "states", "stepfunctions": "states",
}

// maxDistance is how many mistakes a name of that length may have: one in four letters, three at most.
func maxDistance(name string) int { return min(3, max(1, len(name)/4)) }

// distance is how many letters have to be put in, left out, changed, or swapped with their neighbour to
// make b of a, without regard to case: the Damerau–Levenshtein distance in its restricted form, in which
// no place is edited twice. It is bound+1 as soon as it must be more than bound.
func distance(a, b string, bound int) int {
	a, b = strings.ToLower(a), strings.ToLower(b)
	if len(a)-len(b) > bound || len(b)-len(a) > bound {
		return bound + 1
	}
	var before []int // the row two above
	above := make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			changed := above[j-1]
			if a[i-1] != b[j-1] {
				changed++
			}
			row[j] = min(changed, above[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			least = min(least, row[j])
		}
		if least > bound {
			return bound + 1
		}
		before, above = above, row
	}
	return min(above[len(b)], bound+1)
}
