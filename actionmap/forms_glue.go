package actionmap

import "strings"

// Some forms give no variable of the ARN: they say in whose account the resource is, or with what the
// next variable begins.
var placing = map[string]bool{catalogForm: true, "catalog-owner": true, "folder": true, "default-bus": true, "in-account": true, "in-region": true}

// catalogForm and "catalog-owner" stand for the caller's own account where the request leaves them out.
const catalogForm = "catalog-id"

func ownByDefault(form string) bool { return form == catalogForm || form == "catalog-owner" }

// catalogID reads in which catalog of the Glue Data Catalog something is: that of an account, or
// ACCOUNT:CATALOG, or CATALOG of the caller's account. CATALOG may have parts, as s3tablescatalog/BUCKET.
// https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
func catalogID(text string) ([]value, reading) {
	account, catalog, ok := cutCatalog(text)
	if !ok {
		return nil, unreadable
	}
	v := value{account: account}
	if catalog != "" {
		v.before = catalog + "/"
	}
	return one(v)
}

// catalogOwner reads the account of the catalog alone.
func catalogOwner(text string) ([]value, reading) {
	account, _, ok := cutCatalog(text)
	if !ok {
		return nil, unreadable
	}
	return one(value{account: account})
}

// childCatalog reads a catalog within that of an account.
func childCatalog(text string) ([]value, reading) {
	account, catalog, ok := cutCatalog(text)
	switch {
	case !ok:
		return nil, unreadable
	case catalog == "":
		return nil, nothing
	}
	return one(value{account: account, parts: []string{catalog}})
}

func cutCatalog(text string) (account, catalog string, ok bool) {
	if isAccount(text) {
		return text, "", true
	}
	account, catalog, found := strings.Cut(text, ":")
	if !found {
		return "", text, true
	}
	return account, catalog, isAccount(account) && catalog != ""
}

// folder reads what precedes the next variable, with a slash between: the registry of a schema.
func folder(text string) ([]value, reading) {
	if strings.Contains(text, "/") {
		return nil, unreadable
	}
	return one(value{before: text + "/"})
}

// schemaRegistry reads the registry in the ARN of a schema.
func schemaRegistry(text string) ([]value, reading) {
	a, ok := parseARN(text)
	schema, isSchema := strings.CutPrefix(a.resource, "schema/")
	registry, _, named := strings.Cut(schema, "/")
	if !ok || !isSchema || !named || a.service != "glue" {
		return nil, unreadable
	}
	return one(value{account: a.account, parts: []string{registry}})
}

// roleName reads an IAM role's name, with its path if it has one, or its ARN.
// https://docs.aws.amazon.com/glue/latest/webapi/API_CreateCrawler.html
func roleName(text string) ([]value, reading) {
	if isARN(text) || !strings.Contains(text, "/") {
		return iamName(text)
	}
	return name(strings.TrimPrefix(text, "/"))
}

// mskTopicCluster reads the ARN of an MSK cluster as the two parts with which those of its topics begin.
// https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html
func mskTopicCluster(text string) ([]value, reading) {
	a, ok := parseARN(text)
	cluster, isCluster := strings.CutPrefix(a.resource, "cluster/")
	name, id, hasID := strings.Cut(cluster, "/")
	if !ok || !isCluster || !hasID || a.service != "kafka" {
		return nil, unreadable
	}
	return one(value{account: a.account, parts: []string{name, id}})
}
