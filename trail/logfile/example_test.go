package logfile_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/logfile"
)

func ExampleNew() {
	records := `{"Records":[
		{"eventID":"1","eventTime":"2026-09-01T10:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject",
		 "userIdentity":{"type":"AssumedRole","arn":"arn:aws:sts::111122223333:assumed-role/orders-role/orders"}},
		{"eventID":"2","eventTime":"yesterday"}]}`
	query := trail.Query{
		OnSkip: func(s trail.Skip) { fmt.Printf("%s record %d: %s: %v\n", s.File, s.Record, s.Reason, s.Err) },
	}
	source := logfile.New([]string{"-"}, logfile.WithStdin(strings.NewReader(records)))
	for usage, err := range source.Usage(context.Background(), query) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(usage.Role, usage.EventName, usage.Count)
	}
	// Output:
	// - record 2: malformed: eventTime: parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"
	// arn:aws:iam::111122223333:role/orders-role GetObject 1
}
