package iamapi_test

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// A fake is an account of IAM that answers by the AWS Query protocol
// (https://smithy.io/2.0/aws/protocols/aws-query-protocol.html), within the process.
type fake struct {
	account  string // its ID, accountID if empty
	roles    []fakeRole
	policies []fakePolicy
	// pageSize is how many elements a page has.
	pageSize int
	// fail, if not nil, returns the code of the error that a call gets, "" for none.
	fail func(call url.Values) string
	// services answer GetServiceLastAccessedDetails, in order, as XML.
	services []string

	mu    sync.Mutex
	calls []string
}

type fakeRole struct {
	path, name, trust, boundary string
	inline                      []fakeInline
	attached                    []string
	tags                        map[string]string
	used                        string
}

type fakeInline struct{ name, document string }

type fakePolicy struct {
	arn, version string
	documents    map[string]string // by version
}

const accountID = "111122223333"

func (f *fake) arn(r fakeRole) string {
	return "arn:aws:iam::" + cmp.Or(f.account, accountID) + ":role" + r.path + r.name
}

// client returns a client whose requests f answers.
func (f *fake) client() *iam.Client {
	cfg := awsfake.Config("http://iam.invalid", "us-east-1")
	cfg.HTTPClient = f
	return iam.NewFromConfig(cfg)
}

// Do answers a request.
func (f *fake) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	call := r.PostForm
	action := call.Get("Action")
	f.mu.Lock()
	f.calls = append(f.calls, strings.TrimSpace(action+" "+call.Get("RoleName")+call.Get("PolicyArn")))
	f.mu.Unlock()
	code, body := "", ""
	if f.fail != nil {
		code = f.fail(call)
	}
	if code == "" {
		code, body = f.answer(action, call)
	}
	w.Header().Set("Content-Type", "text/xml")
	if code != "" {
		w.WriteHeader(http.StatusBadRequest) // the SDK goes by the code
		fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>no</Message></Error></ErrorResponse>`, code)
	} else {
		fmt.Fprintf(w, `<%[1]sResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><%[1]sResult>%[2]s</%[1]sResult></%[1]sResponse>`, action, body)
	}
	response := w.Result()
	response.Request = r
	return response, nil
}

func (f *fake) answer(action string, call url.Values) (code, body string) {
	i := slices.IndexFunc(f.roles, func(r fakeRole) bool { return strings.EqualFold(r.name, call.Get("RoleName")) })
	if call.Has("RoleName") && i < 0 {
		return "NoSuchEntity", ""
	}
	j := slices.IndexFunc(f.policies, func(p fakePolicy) bool { return p.arn == call.Get("PolicyArn") })
	if call.Has("PolicyArn") && j < 0 {
		return "NoSuchEntity", ""
	}
	switch action {
	case "GetAccountAuthorizationDetails":
		return "", f.details(call)
	case "GetRole":
		return "", "<Role>" + f.xml(f.roles[i]) + "</Role>"
	case "ListRolePolicies":
		var names []string
		for _, p := range f.roles[i].inline {
			names = append(names, member(text(p.name)))
		}
		page, more := f.page(names, call)
		return "", "<PolicyNames>" + page + "</PolicyNames>" + more
	case "GetRolePolicy":
		for _, p := range f.roles[i].inline {
			if p.name == call.Get("PolicyName") {
				return "", element("PolicyDocument", p.document)
			}
		}
		return "NoSuchEntity", ""
	case "ListAttachedRolePolicies":
		page, more := f.page(f.roles[i].attachments(), call)
		return "", "<AttachedPolicies>" + page + "</AttachedPolicies>" + more
	case "GetPolicy":
		return "", "<Policy>" + element("Arn", f.policies[j].arn) + element("DefaultVersionId", f.policies[j].version) + "</Policy>"
	case "GetPolicyVersion":
		return "", "<PolicyVersion>" + f.policies[j].versionXML(call.Get("VersionId")) + "</PolicyVersion>"
	case "GenerateServiceLastAccessedDetails":
		return "", element("JobId", "job-1")
	case "GetServiceLastAccessedDetails":
		answer := f.services[0]
		f.services = f.services[1:]
		return "", answer
	}
	return "InvalidAction", ""
}

// details are one page: roles first, then policies, as elements of one sequence.
func (f *fake) details(call url.Values) string {
	var all []string
	for _, r := range f.roles {
		var inline strings.Builder
		for _, p := range r.inline {
			inline.WriteString(member(element("PolicyName", p.name) + element("PolicyDocument", p.document)))
		}
		all = append(all, "R"+member(f.xml(r)+"<RolePolicyList>"+inline.String()+"</RolePolicyList><AttachedManagedPolicies>"+strings.Join(r.attachments(), "")+"</AttachedManagedPolicies>"))
	}
	for _, p := range f.policies {
		var versions strings.Builder
		for _, id := range sorted(p.documents) {
			versions.WriteString(member(p.versionXML(id)))
		}
		all = append(all, "P"+member(element("Arn", p.arn)+element("DefaultVersionId", p.version)+"<PolicyVersionList>"+versions.String()+"</PolicyVersionList>"))
	}
	start, end, more := f.bounds(len(all), call)
	lists := map[byte]string{}
	for _, e := range all[start:end] {
		lists[e[0]] += e[1:]
	}
	return "<RoleDetailList>" + lists['R'] + "</RoleDetailList><Policies>" + lists['P'] + "</Policies>" + more
}

func (f *fake) page(all []string, call url.Values) (page, more string) {
	start, end, more := f.bounds(len(all), call)
	return strings.Join(all[start:end], ""), more
}

func (f *fake) bounds(n int, call url.Values) (start, end int, more string) {
	start, _ = strconv.Atoi(call.Get("Marker"))
	if f.pageSize == 0 || start+f.pageSize >= n {
		return start, n, "<IsTruncated>false</IsTruncated>"
	}
	end = start + f.pageSize
	return start, end, "<IsTruncated>true</IsTruncated>" + element("Marker", strconv.Itoa(end))
}

func (f *fake) xml(r fakeRole) string {
	out := element("Arn", f.arn(r)) + element("RoleName", r.name) + element("Path", r.path) +
		element("CreateDate", "2024-02-03T04:05:06Z") + element("AssumeRolePolicyDocument", r.trust) + "<Tags>"
	for _, k := range sorted(r.tags) {
		out += member(element("Key", k) + element("Value", r.tags[k]))
	}
	out += "</Tags>"
	if r.boundary != "" {
		out += "<PermissionsBoundary>" + element("PermissionsBoundaryType", "Policy") + element("PermissionsBoundaryArn", r.boundary) + "</PermissionsBoundary>"
	}
	if r.used != "" {
		out += "<RoleLastUsed>" + element("LastUsedDate", r.used) + element("Region", "eu-central-1") + "</RoleLastUsed>"
	}
	return out
}

func (r fakeRole) attachments() (out []string) {
	for _, arn := range r.attached {
		out = append(out, member(element("PolicyArn", arn)))
	}
	return out
}

func (p fakePolicy) versionXML(id string) string {
	return element("VersionId", id) + element("IsDefaultVersion", strconv.FormatBool(id == p.version)) +
		element("CreateDate", "2025-0"+id[1:]+"-01T00:00:00Z") + element("Document", p.documents[id])
}

func member(s string) string        { return "<member>" + s + "</member>" }
func element(name, s string) string { return "<" + name + ">" + text(s) + "</" + name + ">" }

func text(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err)
	}
	return b.String()
}

func sorted(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// encode encodes a document as IAM does.
func encode(document string) string {
	return strings.ReplaceAll(url.QueryEscape(document), "+", "%20")
}
