package reference_test

import (
	"fmt"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

func ExampleLookupAction() {
	action, ok := reference.LookupAction("SQS:sendmessage")
	if !ok {
		return
	}
	fmt.Println(action.ID(), "-", action.AccessLevel)
	fmt.Println(action.Description)
	service, _ := reference.Lookup(action.Service)
	for _, use := range action.Resources {
		resourceType, _ := service.ResourceType(use.Type)
		fmt.Println(use.Type, resourceType.ARNs)
	}
	// Output:
	// sqs:SendMessage - Write
	// Grants permission to deliver a message to the specified queue
	// queue [arn:${Partition}:sqs:${Region}:${Account}:${QueueName}]
}

func ExampleActionsMatching() {
	for _, action := range reference.ActionsMatching("secretsmanager:*SecretValue") {
		fmt.Println(action.ID(), action.TakesResource())
	}
	// Output:
	// secretsmanager:BatchGetSecretValue false
	// secretsmanager:GetSecretValue true
	// secretsmanager:PutSecretValue true
}

func ExampleService_ConditionKey() {
	service, _ := reference.Lookup("dynamodb")
	for _, name := range []string{"dynamodb:LeadingKeys", "aws:RequestTag/team"} {
		key, _ := service.ConditionKey(name)
		fmt.Println(key.Name, key.Type, key.MultiValued)
	}
	// Output:
	// dynamodb:LeadingKeys String true
	// aws:RequestTag/${TagKey} String false
}
