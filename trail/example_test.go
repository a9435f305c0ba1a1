package trail_test

import (
	"fmt"

	"github.com/whittle-iam/whittle/trail"
)

// A source of its own kind hands each record to an Observer and what it says to an Aggregator.
func ExampleAggregator() {
	observer := trail.NewObserver(trail.Query{
		Fields: func(eventSource, eventName string) trail.Fields {
			return trail.Fields{Paths: []string{"tableName"}}
		},
	})
	aggregator := trail.NewAggregator()
	for _, record := range []string{
		`{"eventID":"1","eventTime":"2026-09-01T10:00:00Z","eventSource":"dynamodb.amazonaws.com","eventName":"PutItem","requestParameters":{"tableName":"orders"},
		  "userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/orders-role/orders"}}`,
		`{"eventID":"2","eventTime":"2026-09-02T10:00:00Z","eventSource":"dynamodb.amazonaws.com","eventName":"PutItem","requestParameters":{"tableName":"orders"},
		  "userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/orders-role/orders"}}`,
		`{"eventID":"3","eventTime":"2026-09-02T10:00:00Z","eventSource":"iam.amazonaws.com","eventName":"CreateUser","userIdentity":{"type":"IAMUser"}}`,
	} {
		observation := observer.Observe([]byte(record))
		aggregator.Add(&observation)
	}
	for _, u := range aggregator.Usages() {
		fmt.Println(u.Role, u.EventName, u.Param("tableName").Values, u.Count, "times on", len(u.Days), "days")
	}
	fmt.Println(aggregator.Stats().Skipped)
	// Output:
	// arn:aws:iam::111122223333:role/orders-role PutItem [orders] 2 times on 2 days
	// map[iam-user:1]
}

// Rows from different places join in any order.
func ExampleMerge() {
	monday := trail.Usage{Key: trail.Key{EventName: "GetObject"}, Evidence: trail.Evidence{Count: 3}}
	tuesday := trail.Usage{Key: trail.Key{EventName: "GetObject"}, Evidence: trail.Evidence{Count: 4}}
	for _, u := range trail.Merge([]trail.Usage{tuesday}, []trail.Usage{monday}) {
		fmt.Println(u.EventName, u.Count)
	}
	// Output: GetObject 7
}
