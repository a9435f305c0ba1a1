package lint

import (
	"slices"
	"strings"
	"sync"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// conditionKey asks the reference for a key, and returns nil if it does not know it.
func conditionKey(name string) *reference.ConditionKey {
	prefix, _, ok := strings.Cut(name, ":")
	if !ok {
		return nil
	}
	if k, ok := reference.GlobalConditionKey(name); ok {
		return k
	}
	if service, ok := reference.Lookup(prefix); ok {
		if k, ok := service.ConditionKey(name); ok {
			return k
		}
		// A few keys are listed with an example in place of the variable, or with nothing.
		family, tag, _ := strings.Cut(name, "/")
		for _, placeholder := range []string{"/tag-key", "/"} {
			if k, ok := service.ConditionKey(family + placeholder); ok && tag != "" {
				return k
			}
		}
	}
	if strings.EqualFold(prefix, "aws") {
		return nil
	}
	for _, service := range keyHosts()[strings.ToLower(prefix)] {
		if k, ok := service.ConditionKey(name); ok {
			return k
		}
	}
	if strings.Contains(prefix, ".") {
		// Keys of an identity provider are named after its host, and it may be anyone's.
		return &reference.ConditionKey{Name: name, Type: reference.StringType}
	}
	return nil
}

// keyHosts are the services that list keys with the prefix of another: sts has "saml:aud". Their
// prefixes are in lower case.
var keyHosts = sync.OnceValue(func() map[string][]*reference.Service {
	hosts := map[string][]*reference.Service{}
	for _, prefix := range reference.Prefixes() {
		service, _ := reference.Lookup(prefix)
		for _, k := range service.ConditionKeys() {
			other, _, _ := strings.Cut(strings.ToLower(k.Name), ":")
			if other != "aws" && other != prefix && !slices.Contains(hosts[other], service) {
				hosts[other] = append(hosts[other], service)
			}
		}
	}
	return hosts
})

// supports says whether requests for the action can carry a condition key, which has the reference's
// spelling. A key may belong to the action, or to a resource type that it takes.
func supports(a *reference.Action, key string) bool {
	has := func(keys []string) bool {
		return slices.ContainsFunc(keys, func(k string) bool { return strings.EqualFold(k, key) })
	}
	if has(a.ConditionKeys) {
		return true
	}
	service, _ := reference.Lookup(a.Service)
	for _, r := range a.Resources {
		if has(r.ConditionKeys) {
			return true
		}
		if t, ok := service.ResourceType(r.Type); ok && has(t.ConditionKeys) {
			return true
		}
	}
	return false
}
