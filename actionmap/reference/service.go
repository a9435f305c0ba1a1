package reference

// A Service is one service prefix of the reference.
type Service struct {
	// Prefix is what comes before the colon of the service's actions: "s3".
	Prefix string
	// Name is the service's title in the reference: "Amazon S3".
	Name string

	// All three in ascending order of their names, compared without regard to case.
	actions       []*Action
	resourceTypes []*ResourceType
	conditionKeys []*ConditionKey
}

// Actions returns all actions, sorted by name without regard to case.
func (s *Service) Actions() []*Action { return s.actions }

// ResourceTypes returns all resource types, sorted by name without regard to case.
func (s *Service) ResourceTypes() []*ResourceType { return s.resourceTypes }

// ConditionKeys returns the condition keys that the service's page lists, global ones (aws:…)
// included, sorted by name without regard to case.
func (s *Service) ConditionKeys() []*ConditionKey { return s.conditionKeys }

// Action returns the action with a name such as "GetObject", without a prefix.
func (s *Service) Action(name string) (*Action, bool) {
	return lookup(s.actions, name, func(a *Action) string { return a.Name })
}

// ResourceType returns the resource type with a name such as "object".
func (s *Service) ResourceType(name string) (*ResourceType, bool) {
	return lookup(s.resourceTypes, name, func(r *ResourceType) string { return r.Name })
}

// AccessLevel is what an action does to its resource, in the words of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
type AccessLevel string

// The access levels.
const (
	List                  AccessLevel = "List"
	Read                  AccessLevel = "Read"
	Write                 AccessLevel = "Write"
	Tagging               AccessLevel = "Tagging"
	PermissionsManagement AccessLevel = "Permissions management"
)

// An Action is one permission of a service.
type Action struct {
	// Service is the prefix, "s3".
	Service string
	// Name is the reference's spelling, "GetObject".
	Name        string
	AccessLevel AccessLevel
	// Description is the reference's sentence, "Grants permission to retrieve objects from Amazon S3".
	Description string
	// Resources are the resource types that a statement with this action can name, sorted by
	// type. If there are none, only "*" matches.
	Resources []ActionResource
	// ConditionKeys are the service's own and global keys that the action supports whatever its
	// resource, sorted. Keys with a variable part are spelt "aws:RequestTag/${TagKey}".
	ConditionKeys []string
}

// ID returns the action as policies spell it: "s3:GetObject".
func (a *Action) ID() string { return a.Service + ":" + a.Name }

// TakesResource reports whether the action can be limited to resources. If not, a statement must say
// "*" to allow it.
func (a *Action) TakesResource() bool { return len(a.Resources) > 0 }

// An ActionResource is a resource type that an action can be limited to.
type ActionResource struct {
	// Type names a resource type of the same service; [Service.ResourceType] has it.
	Type string
	// Required: a statement that allows the action must cover a resource of this type, as the
	// asterisk on AWS's page says. An action with only optional types accepts any one of them.
	Required bool
	// ConditionKeys are supported with this resource type in addition to the action's own.
	ConditionKeys []string
}

// A ResourceType is a kind of resource that statements can name.
type ResourceType struct {
	// Name is the reference's spelling: "object", "log-group", "Secret".
	Name string
	// ARNs are the formats, with variables such as
	// "arn:${Partition}:s3:::${BucketName}/${ObjectName}". There is at least one.
	ARNs []string
	// ConditionKeys are the keys that hold a property of the resource, such as
	// "aws:ResourceTag/${TagKey}".
	ConditionKeys []string
}
