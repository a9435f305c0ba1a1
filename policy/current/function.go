package current

// A Function is a Lambda function as far as its settings ask for permissions of its execution role,
// many of which CloudTrail never shows.
type Function struct {
	// ARN is without version; Role is the ARN of its execution role.
	ARN, Role string
	// Needs are the permissions that the settings ask for, sorted by Setting, Action, Resource.
	Needs []Need
	// Tracing, VPC and the like that ask for nothing have no entry.
	//
	// LogGroup is the name of the log group that the function writes to.
	LogGroup string
}

// A Need is one permission that a function's setting asks of its role.
type Need struct {
	// Action is spelt as the Service Authorization Reference spells it.
	Action string
	// Resource is an IAM resource pattern; "*" only where the action takes no resource.
	Resource string
	// Setting says what asks for it, for example `event source mapping 1234… of arn:aws:sqs:…`.
	Setting string
	// Page is the AWS documentation that says so.
	Page string
}
