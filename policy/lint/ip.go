package lint

import (
	"net/netip"
	"strings"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// ipRules are about networks.
var ipRules = []Rule{
	{
		ID: "invalid-ip-range", Severity: Error, AWS: []string{"TYPE_MISMATCH_IP_RANGE"},
		Title: "A value of an IP address operator is no network",
		Help:  "Networks are written as an address or in CIDR notation: 203.0.113.0/24, 2001:db8::/32. IAM refuses other text.",
		check: invalidValue("is neither an IP address nor a network", isNetwork, condition.IPAddress),
	},
	{
		ID: "host-bits", Severity: Suggestion, AWS: []string{"IMPROVE_IP_RANGE"},
		Title: "A network has bits set after its mask",
		Help: "In an IPv4 network they are ignored, and a reader may take the network for a single address. An IPv6 network with such bits " +
			"matches no address at all. Write the network that the message names.",
		check: func(c *checker) {
			c.eachNetwork(func(k comparison, v policy.ValueSource, n netip.Prefix) {
				if n != n.Masked() {
					c.report(k.at(v), "%s has bits set after its mask: write %s", quote(v.Value), n.Masked())
				}
			})
		},
	},
	{
		ID: "private-source-ip", Severity: Error, AWS: []string{"PRIVATE_IP_ADDRESS", "PRIVATE_NOT_IP_ADDRESS"},
		Title: "aws:SourceIp is compared with private addresses only",
		Help: "aws:SourceIp is the public address of the caller; calls through a VPC endpoint have none. With private networks alone IpAddress " +
			"never holds, and NotIpAddress always does. Use public networks, or aws:VpcSourceIp together with aws:SourceVpc.",
		check: privateSource(func(private, all int) bool { return private == all }, "only private networks: it is always a public address"),
	},
	{
		ID: "some-private-source-ip", Severity: Suggestion, AWS: []string{"PRIVATE_IP_ADDRESS_SUBSET", "PRIVATE_NOT_IP_ADDRESS_SUBSET"},
		Title: "aws:SourceIp is compared with private addresses among others",
		Help:  "aws:SourceIp is the public address of the caller, so that private networks have no effect. Remove them.",
		check: privateSource(func(private, all int) bool { return private > 0 && private < all }, "some private networks, which have no effect"),
	},
}

// eachNetwork calls visit for every network that can be read.
func (c *checker) eachNetwork(visit func(comparison, policy.ValueSource, netip.Prefix)) {
	c.eachValue(func(k comparison) bool { return k.tests(condition.IPAddress) }, func(k comparison, v policy.ValueSource) {
		if n, ok := network(v.Value); ok {
			visit(k, v, n)
		}
	})
}

// isNetwork asks the evaluator too: it reads addresses as AWS does, which is laxer than the standard.
func isNetwork(v string) bool {
	address, _, _ := strings.Cut(v, "/")
	_, ok := network(v)
	return ok || !strings.Contains(v, "/") && evaluatesAddress(address)
}

func evaluatesAddress(address string) bool {
	m, err := condition.Compile(policy.Condition{Operator: "IpAddress", Key: "k", Values: []string{address}}, policy.Version2012)
	if err != nil {
		return false
	}
	equal, err := m.Holds(condition.Context{"k": condition.One(address)})
	return equal && err == nil
}

// network reads an address or a network. The bits after the mask stay.
func network(v string) (netip.Prefix, bool) {
	if n, err := netip.ParsePrefix(v); err == nil {
		return n, true
	}
	a, err := netip.ParseAddr(v)
	if err != nil || a.Zone() != "" {
		return netip.Prefix{}, false
	}
	return netip.PrefixFrom(a, a.BitLen()), true
}

// privateSource makes a check of the conditions on aws:SourceIp by how many of their networks are
// private.
func privateSource(wrong func(private, all int) bool, what string) func(*checker) {
	return func(c *checker) {
		c.eachComparison(func(k comparison) {
			if !k.tests(condition.IPAddress) || !k.is("aws:SourceIp") {
				return
			}
			private, all := 0, 0
			for _, v := range k.Values {
				if n, ok := network(v.Value); ok {
					all++
					if isPrivate(n) {
						private++
					}
				}
			}
			if all > 0 && wrong(private, all) {
				c.report(k.place(), "aws:SourceIp is compared with %s", what)
			}
		})
	}
}

// isPrivate says whether all addresses of a network are private, as RFC 1918 and RFC 4193 have it.
func isPrivate(n netip.Prefix) bool {
	for _, block := range []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"} {
		b := netip.MustParsePrefix(block)
		if n.Bits() >= b.Bits() && b.Contains(n.Addr()) {
			return true
		}
	}
	return false
}
