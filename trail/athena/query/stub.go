package query

import "github.com/whittle-iam/whittle/trail"

func text(Table, trail.Query, Options) (Statement, error) { return Statement{}, nil }
func ddl(Delivery) (string, error)                        { return "", nil }
