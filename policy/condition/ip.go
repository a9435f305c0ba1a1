package condition

import (
	"net/netip"
	"strconv"
	"strings"
)

// ipTest asks whether an address lies in one of several networks.
//
// A policy value that is no network matches nothing, so that NotIpAddress holds for it; a request
// value that is no address makes neither hold. Networks and addresses are of one family each: an
// IPv4-mapped request address is an IPv4 address, and ::/0 does not hold it.
type ipTest []netip.Prefix

func newIPTest(values []string) test {
	var t ipTest
	for _, v := range values {
		if p, ok := parseNetwork(v); ok {
			t = append(t, p)
		}
	}
	return t
}

func (t ipTest) match(value string, _ Context) (verdict, error) {
	addr, ok := parseRequestAddress(value)
	if !ok {
		return malformed, nil
	}
	for _, p := range t {
		if p.Contains(addr) {
			return matches, nil
		}
	}
	return differs, nil
}

// parseNetwork reads a policy's address or CIDR block; a bare address is a block of one. AWS
// ignores host bits in IPv4 ("192.0.2.5/24") but lets no address match an IPv6 block that has
// them, nor any block written as an IPv4-mapped address.
func parseNetwork(s string) (netip.Prefix, bool) {
	text, length, hasLength := strings.Cut(s, "/")
	addr, ok := parseAddress(text)
	if !ok || addr.Is4In6() {
		return netip.Prefix{}, false
	}
	bits := addr.BitLen()
	if hasLength {
		n, err := strconv.ParseUint(strings.TrimPrefix(length, "+"), 10, 8)
		if err != nil || int(n) > bits {
			return netip.Prefix{}, false
		}
		bits = int(n)
	}
	p := netip.PrefixFrom(addr, bits)
	if addr.Is6() && p != p.Masked() {
		return netip.Prefix{}, false
	}
	return p.Masked(), true
}

// mappedPrefix begins an IPv4-mapped address. After it, and nowhere else, AWS reads the dotted form.
const mappedPrefix = "::ffff:"

func parseRequestAddress(s string) (netip.Addr, bool) {
	if len(s) > len(mappedPrefix) && strings.EqualFold(s[:len(mappedPrefix)], mappedPrefix) {
		if addr, ok := parseIPv4(s[len(mappedPrefix):]); ok {
			return addr, true
		}
	}
	addr, ok := parseAddress(s)
	return addr.Unmap(), ok
}

func parseAddress(s string) (netip.Addr, bool) {
	if strings.Contains(s, ":") {
		return parseIPv6(s)
	}
	return parseIPv4(s)
}

// parseIPv4 reads four decimal numbers. Leading zeros are decimal too: "192.000.002.1".
func parseIPv4(s string) (netip.Addr, bool) {
	var b [4]byte
	fields := strings.SplitN(s, ".", 5)
	if len(fields) != 4 {
		return netip.Addr{}, false
	}
	for i, f := range fields {
		n, err := strconv.ParseUint(f, 10, 8)
		if err != nil || len(f) > 3 {
			return netip.Addr{}, false
		}
		b[i] = byte(n)
	}
	return netip.AddrFrom4(b), true
}

// parseIPv6 reads what AWS reads, which is laxer than RFC 4291: it cuts at one "::" and then at
// each ":", drops empty groups at an end and takes the others as zero. So ":2001:db8::1" is
// 0:2001:db8::1, "2001:db8::1:" and "2001:db8:::1" are 2001:db8::1, and ":::" is "::".
func parseIPv6(s string) (netip.Addr, bool) {
	head, tail, gap := strings.Cut(s, "::")
	if gap && strings.Contains(tail, "::") || len(s) > 64 {
		return netip.Addr{}, false
	}
	left, ok := parseGroups(head)
	right, ok2 := parseGroups(tail)
	n := len(left) + len(right)
	if !ok || !ok2 || n > 8 || gap == (n == 8) {
		return netip.Addr{}, false
	}
	var b [16]byte
	for i, g := range left {
		b[2*i], b[2*i+1] = byte(g>>8), byte(g)
	}
	for i, g := range right {
		j := 16 - 2*(len(right)-i)
		b[j], b[j+1] = byte(g>>8), byte(g)
	}
	return netip.AddrFrom16(b), true
}

func parseGroups(s string) ([]uint16, bool) {
	s = strings.TrimRight(s, ":")
	if s == "" {
		return nil, true
	}
	var groups []uint16
	for f := range strings.SplitSeq(s, ":") {
		if f == "" {
			groups = append(groups, 0)
			continue
		}
		n, err := strconv.ParseUint(f, 16, 16)
		if err != nil || len(f) > 4 {
			return nil, false
		}
		groups = append(groups, uint16(n))
	}
	return groups, true
}
