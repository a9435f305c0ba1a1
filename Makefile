# The tests that need servers: moto's for AWS's APIs, Trino's for the SQL. Everything else is "go test ./...".
.PHONY: integration
integration:
	.ci/integration
