package actionmap

import (
	"regexp"
	"strings"
)

// A format is one ARN format of a resource type, such as
// "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}".
type format struct {
	service string
	// region and account are constants of the format; regional and owned say that they are
	// variables instead.
	region, account string
	regional, owned bool
	// tail is what follows the account: constants and variables by turns, starting with a
	// constant, which may be empty. Names are those of the variables.
	tail  []string
	names []string
}

// arn is an ARN taken apart.
type arn struct{ partition, service, region, account, resource string }

func parseARN(s string) (arn, bool) {
	parts := strings.SplitN(s, ":", 6)
	if len(parts) != 6 || parts[0] != "arn" {
		return arn{}, false
	}
	return arn{parts[1], parts[2], parts[3], parts[4], parts[5]}, true
}

// variable matches a variable of a format. A few formats have an asterisk instead of its name.
var variable = regexp.MustCompile(`\$\{(\w+)\}|\*`)

// nameless is the name given to those.
const nameless = "Id"

func parseFormat(text string) (format, bool) {
	a, ok := parseARN(text)
	if !ok || variable.MatchString(a.service) { // recovery points have ARNs of the service backed up
		return format{}, false
	}
	f := format{service: a.service}
	if f.regional = a.region == "${Region}"; !f.regional {
		f.region = a.region
	}
	// A few services call it ${AccountId} or by whose it is.
	if f.owned = strings.HasPrefix(a.account, "${"); !f.owned {
		f.account = a.account
	}
	rest := a.resource
	for {
		at := variable.FindStringSubmatchIndex(rest)
		if at == nil {
			f.tail = append(f.tail, rest)
			return f, true
		}
		f.tail = append(f.tail, rest[:at[0]])
		name := nameless
		if at[2] >= 0 {
			name = rest[at[2]:at[3]]
		}
		f.names = append(f.names, name)
		rest = rest[at[1]:]
	}
}

// weight is the number of constant characters: of two formats that an ARN matches, the heavier one
// says more exactly what it is.
func (f *format) weight() int {
	n := 0
	for _, c := range f.tail {
		n += len(c)
	}
	return n
}

// match returns the values of the first n variables of f in a, where a ends after the nth; for all
// variables n is len(f.names). No value is empty.
func (f *format) match(a arn, n int) ([]string, bool) {
	if a.service != f.service ||
		f.regional && !a.inRegion() || !f.regional && a.region != f.region ||
		f.owned && !ownerOf(a.account) || !f.owned && a.account != f.account {
		return nil, false
	}
	rest, ok := strings.CutPrefix(a.resource, f.tail[0])
	if !ok || n < 0 {
		return nil, false
	}
	var values []string
	for i := range n {
		next := ""
		if i < n-1 || n == len(f.names) {
			next = f.tail[i+1]
		}
		end := len(rest)
		switch {
		case i == n-1:
			if !strings.HasSuffix(rest, next) {
				return nil, false
			}
			end -= len(next)
		case next != "":
			// An index of 0 would leave the value empty.
			if end = strings.Index(rest, next); end < 0 {
				return nil, false
			}
		}
		if end <= 0 {
			return nil, false
		}
		values = append(values, rest[:end])
		rest = rest[end+len(next):]
	}
	return values, rest == ""
}

// inRegion reports whether a's Region is well formed. Those of S3's multi-Region access points have none:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRequests.html
func (a arn) inRegion() bool {
	return regions.MatchString(a.region) || a.region == "" && a.service == "s3"
}

// placed returns a as a place to build in: without a Region on purpose, where it has none.
func (a arn) placed() arn {
	if a.region == "" {
		a.region = public
	}
	return a
}

// regions and accounts as ARNs have them.
var regions = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`)

// ownerOf reports whether an account part is well formed: twelve digits, "aws" for AWS's own policies,
// or nothing for AWS's public parameters and documents.
func ownerOf(account string) bool {
	return account == "" || account == "aws" || isAccount(account)
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}
