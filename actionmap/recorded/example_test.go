package recorded_test

import (
	"fmt"

	"github.com/whittle-iam/whittle/actionmap/recorded"
)

func ExampleOf() {
	for _, action := range []string{"sqs:SendMessage", "sqs:CreateQueue", "logs:PutLogEvents", "robomaker:CreateFleet"} {
		r := recorded.Of(action)
		fmt.Printf("%s: %s", action, r.Kind)
		if r.Kind == recorded.Data {
			fmt.Printf(" events of type %s", r.EventType)
		}
		fmt.Println()
	}
	// Output:
	// sqs:SendMessage: data events of type AWS::SQS::Queue
	// sqs:CreateQueue: management
	// logs:PutLogEvents: never
	// robomaker:CreateFleet: unknown
}
