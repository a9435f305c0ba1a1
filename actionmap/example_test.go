package actionmap_test

import (
	"fmt"
	"log"

	"github.com/whittle-iam/whittle/actionmap"
	"github.com/whittle-iam/whittle/trail"
)

// A copy within S3 reads one object and writes another. The source is in a header alone.
func Example() {
	m, err := actionmap.New()
	if err != nil {
		log.Fatal(err)
	}
	usage := &trail.Usage{Key: trail.Key{
		EventSource: "s3.amazonaws.com",
		EventName:   "CopyObject",
		Region:      "eu-west-1",
		Principal:   trail.Principal{Account: "111122223333", Role: "arn:aws:iam::111122223333:role/orders"},
		Params: []trail.Param{
			{Path: "bucketName", Values: []string{"archive"}},
			{Path: "key", Values: []string{"2026/order.json"}},
			{Path: "x-amz-copy-source", Values: []string{"orders/order%201.json"}},
		},
	}}
	for _, g := range m.Map(usage).Grants {
		fmt.Println(g.Action, g.Resource.Pattern+g.Resource.Name)
	}
	// Output:
	// s3:GetObject arn:aws:s3:::orders/order 1.json
	// s3:PutObject arn:aws:s3:::archive/2026/order.json
}

// Fields is what a source keeps of an event, so that Map can tell what the call needed.
func ExampleMapper_Fields() {
	m, err := actionmap.New()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Fields("kms.amazonaws.com", "Decrypt").Paths)
	// Output:
	// [?encryptionContext.PARAMETER_ARN ?encryptionContext.SecretARN encryptionContext.PARAMETER_ARN encryptionContext.SecretARN keyId resources: targetKeyId]
}
