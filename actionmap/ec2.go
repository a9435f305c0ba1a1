package actionmap

import (
	"regexp"
	"strings"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// ec2Fills returns how events of EC2 name a resource of type t, after what the overrides declare. EC2
// names a VPC by the member VpcId, which events of its older operations spell vpcId. Those of its
// newer ones keep the API's spelling, put the request into a member NAMERequest and write lists as
// one or several {"content": ID, "tag": NUMBER}:
// https://docs.aws.amazon.com/vpc/latest/tgw/cloudtrail.html prints such an event.
func ec2Fills(t *resourceType, a *reference.Action) [][]arg {
	var paths []string
	request := a.Name + "Request."
	for _, m := range ec2Members(t) {
		paths = append(paths, lowerFirst(m), request+m, request+m+".content", request+m+"[].content")
	}
	fills := [][]arg{{{paths: paths, form: nameOrARN}}}
	if mark := ec2Marks[t.name]; mark != "" && (a.Name == "CreateTags" || a.Name == "DeleteTags") {
		fills = append(fills, []arg{{paths: []string{"resourcesSet.items[].resourceId"}, form: ofKind(mark)}})
	}
	if ec2Creates(t, a) {
		fills = append(fills, []arg{{made: true}})
	}
	return fills
}

// ec2Members returns the members of requests that name a resource of type t.
func ec2Members(t *resourceType) []string {
	members := []string{camel(t.name) + "Id"}
	for _, f := range t.formats {
		members = append(members, f.names[len(f.names)-1])
	}
	switch t.name {
	case "dedicated-host":
		members = append(members, "HostId")
	case "security-group":
		members = append(members, "GroupId")
	case "vpc-endpoint-service":
		members = append(members, "ServiceId")
	case "vpc-flow-log":
		members = append(members, "FlowLogId")
	}
	return unique(members)
}

// ec2Creates reports whether the action makes the resource, as CreateNatGateway a natgateway.
func ec2Creates(t *resourceType, a *reference.Action) bool {
	what, ok := strings.CutPrefix(a.Name, "Create")
	return ok && strings.EqualFold(what, camel(t.name))
}

// ofKind reads IDs that begin with the mark of their kind; another ID is no such resource.
func ofKind(mark string) form {
	ids := regexp.MustCompile("^" + mark + "[0-9a-f-]+$")
	return func(text string) ([]value, reading) {
		if !ids.MatchString(text) {
			return nil, nothing
		}
		return name(text)
	}
}

// ec2Marks are the beginnings of IDs, for the tags of resources of any type. ARNs of other types hold
// names. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
var ec2Marks = map[string]string{
	"capacity-reservation":         "cr-",
	"carrier-gateway":              "cagw-",
	"client-vpn-endpoint":          "cvpn-endpoint-",
	"customer-gateway":             "cgw-",
	"dedicated-host":               "h-",
	"dhcp-options":                 "dopt-",
	"egress-only-internet-gateway": "eigw-",
	"elastic-ip":                   "eipalloc-",
	"fleet":                        "fleet-",
	"image":                        "ami-",
	"instance":                     "i-",
	"instance-connect-endpoint":    "eice-",
	"instance-event-window":        "iew-",
	"internet-gateway":             "igw-",
	"ipam":                         "ipam-",
	"ipam-pool":                    "ipam-pool-",
	"ipam-scope":                   "ipam-scope-",
	"launch-template":              "lt-",
	"natgateway":                   "nat-",
	"network-acl":                  "acl-",
	"network-insights-analysis":    "nia-",
	"network-insights-path":        "nip-",
	"network-interface":            "eni-",
	"prefix-list":                  "pl-",
	"route-table":                  "rtb-",
	"security-group":               "sg-",
	"security-group-rule":          "sgr-",
	"snapshot":                     "snap-",
	"spot-fleet-request":           "sfr-",
	"spot-instances-request":       "sir-",
	"subnet":                       "subnet-",
	"traffic-mirror-filter":        "tmf-",
	"traffic-mirror-session":       "tms-",
	"traffic-mirror-target":        "tmt-",
	"transit-gateway":              "tgw-",
	"transit-gateway-attachment":   "tgw-attach-",
	"transit-gateway-route-table":  "tgw-rtb-",
	"volume":                       "vol-",
	"vpc":                          "vpc-",
	"vpc-endpoint":                 "vpce-",
	"vpc-endpoint-service":         "vpce-svc-",
	"vpc-flow-log":                 "fl-",
	"vpc-peering-connection":       "pcx-",
	"vpn-connection":               "vpn-",
	"vpn-gateway":                  "vgw-",
}
