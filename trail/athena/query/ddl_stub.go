package query

func ddl(Delivery) (string, error) { return "", nil }
