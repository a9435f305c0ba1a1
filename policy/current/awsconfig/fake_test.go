package awsconfig_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/configservice"

	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

const (
	accountID  = "111122223333"
	basic      = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
	queues     = "arn:aws:iam::" + accountID + ":policy/team/queues"
	developers = "arn:aws:iam::" + accountID + ":policy/developers"
	lambda     = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	ordersRole = "arn:aws:iam::" + accountID + ":role/service-role/orders-role"
)

type object = map[string]any

func allow(action string) string {
	return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"` + action + `","Resource":"*"}}`
}

func encode(document string) string { return url.PathEscape(document) }

// A resource is what AWS Config recorded of one.
type resource struct {
	kind, arn, id string
	status        string
	captured      string
	configuration object
}

func (r resource) name() string { return r.arn[strings.LastIndexByte(r.arn, '/')+1:] }

// row is the resource as the answer of an advanced query.
func (r resource) row() string {
	text, err := json.Marshal(object{
		"accountId": strings.Split(r.arn, ":")[4], "arn": r.arn, "resourceId": r.id, "resourceName": r.name(),
		"configurationItemStatus": cmp.Or(r.status, "OK"), "configurationItemCaptureTime": cmp.Or(r.captured, "2026-09-01T12:00:00.000Z"),
		"configuration": r.configuration,
	})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// base is the resource as a BaseConfigurationItem.
func (r resource) base() object {
	text, err := json.Marshal(r.configuration)
	if err != nil {
		panic(err)
	}
	return object{
		"accountId": strings.Split(r.arn, ":")[4], "arn": r.arn, "resourceId": r.id, "resourceName": r.name(), "resourceType": r.kind,
		"configurationItemStatus": cmp.Or(r.status, "OK"), "configurationItemCaptureTime": 1788264000.0,
		"configuration": string(text), "supplementaryConfiguration": object{},
	}
}

// roleOf is a role with inline policies by name and attached policies.
func roleOf(arn string, inline map[string]string, attached ...string) resource {
	list, managed := []object{}, []object{}
	for _, name := range sortedKeys(inline) {
		list = append(list, object{"policyName": name, "policyDocument": inline[name]})
	}
	for _, a := range attached {
		managed = append(managed, object{"policyName": a[strings.LastIndexByte(a, '/')+1:], "policyArn": a})
	}
	r := resource{kind: "AWS::IAM::Role", arn: arn}
	r.id = "AROA" + strings.ToUpper(r.name())
	r.configuration = object{
		"path": "/", "roleName": r.name(), "roleId": r.id, "arn": arn, "createDate": "2024-02-03T04:05:06.000Z",
		"assumeRolePolicyDocument": encode(lambda), "instanceProfileList": []any{}, "rolePolicyList": list,
		"attachedManagedPolicies": managed, "permissionsBoundary": nil, "tags": []any{}, "roleLastUsed": nil,
	}
	return r
}

// policyOf is a managed policy, of which the last version is in force.
func policyOf(arn string, documents ...string) resource {
	r := resource{kind: "AWS::IAM::Policy", arn: arn, id: "ANPA" + strings.ToUpper(arn[len(arn)-4:])}
	var versions []object
	for i, d := range documents {
		versions = append(versions, object{"document": d, "versionId": fmt.Sprintf("v%d", i+1), "isDefaultVersion": i == len(documents)-1, "createDate": fmt.Sprintf("2025-0%d-01T00:00:00.000Z", i+1)})
	}
	slices.Reverse(versions)
	r.configuration = object{
		"policyName": r.name(), "policyId": r.id, "arn": arn, "path": "/", "defaultVersionId": fmt.Sprintf("v%d", len(documents)),
		"attachmentCount": 1, "permissionsBoundaryUsageCount": 0, "isAttachable": true, "createDate": "2025-01-01T00:00:00.000Z",
		"updateDate": "2025-01-01T00:00:00.000Z", "policyVersionList": versions,
	}
	return r
}

// A recorder answers for the resources that it recorded, by pages.
type recorder struct {
	resources []resource
	pageSize  int
	// queries are the expressions asked, unless denied.
	queries []string
	// handlers replace those of operations.
	handlers map[string]awsfake.Handler
}

// client starts a server for the recorder and returns a client and the server.
func (r *recorder) client(t testing.TB) (*configservice.Client, *awsfake.Server) {
	handlers := map[string]awsfake.Handler{
		"SelectResourceConfig":          r.selects,
		"SelectAggregateResourceConfig": r.selects,
		"ListDiscoveredResources":       r.lists,
		"BatchGetResourceConfig":        r.gets,
	}
	for operation, h := range r.handlers {
		handlers[operation] = h
	}
	s := awsfake.New(t, handlers)
	return configservice.NewFromConfig(s.Config("eu-central-1")), s
}

var (
	typeIn  = regexp.MustCompile(`WHERE resourceType = '([^']+)'`)
	namesIn = regexp.MustCompile(` AND resourceName IN \((.*)\)$`)
)

// selects answers both kinds of advanced query, as far as this package asks them.
func (r *recorder) selects(q *awsfake.Request) (any, error) {
	var in struct {
		Expression, NextToken, ConfigurationAggregatorName string
		Limit                                              int
	}
	if err := q.Decode(&in); err != nil {
		return nil, err
	}
	r.queries = append(r.queries, in.Expression)
	kind := typeIn.FindStringSubmatch(in.Expression)
	if kind == nil || in.Limit > 100 {
		return nil, &awsfake.Error{Code: "InvalidExpressionException", Message: in.Expression}
	}
	names := namesIn.FindStringSubmatch(in.Expression)
	var rows []string
	for _, x := range r.resources {
		if x.kind == kind[1] && (names == nil || slices.Contains(strings.Split(names[1], ", "), "'"+x.name()+"'")) {
			rows = append(rows, x.row())
		}
	}
	page, next := r.page(len(rows), in.NextToken)
	return object{"Results": rows[page[0]:page[1]], "NextToken": next}, nil
}

func (r *recorder) lists(q *awsfake.Request) (any, error) {
	var in struct{ ResourceType, NextToken string }
	if err := q.Decode(&in); err != nil {
		return nil, err
	}
	var found []object
	for _, x := range r.resources {
		if x.kind == in.ResourceType {
			found = append(found, object{"resourceType": x.kind, "resourceId": x.id, "resourceName": x.name()})
		}
	}
	page, next := r.page(len(found), in.NextToken)
	return object{"resourceIdentifiers": found[page[0]:page[1]], "nextToken": next}, nil
}

// gets leaves all but the first unprocessed, as AWS Config may.
func (r *recorder) gets(q *awsfake.Request) (any, error) {
	var in struct {
		ResourceKeys []struct{ ResourceType, ResourceID string }
	}
	if err := q.Decode(&in); err != nil {
		return nil, err
	}
	var items []object
	for _, x := range r.resources {
		if x.kind == in.ResourceKeys[0].ResourceType && x.id == in.ResourceKeys[0].ResourceID {
			items = append(items, x.base())
		}
	}
	rest := []object{}
	for _, k := range in.ResourceKeys[1:] {
		rest = append(rest, object{"resourceType": k.ResourceType, "resourceId": k.ResourceID})
	}
	return object{"baseConfigurationItems": items, "unprocessedResourceKeys": rest}, nil
}

func (r *recorder) page(n int, token string) ([2]int, any) {
	start := 0
	fmt.Sscan(token, &start)
	if r.pageSize == 0 || start+r.pageSize >= n {
		return [2]int{start, n}, nil
	}
	return [2]int{start, start + r.pageSize}, fmt.Sprint(start + r.pageSize)
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
