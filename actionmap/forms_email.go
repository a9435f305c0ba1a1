package actionmap

import (
	"net/mail"
	"strings"
)

// sender reads who sends a message, "a@example.com" or "Name <a@example.com>". SES authorises the
// identity that was verified, the address or its domain, and the log does not say which; a label,
// as in a+label@example.com, is no part of an identity.
// https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
func sender(text string) ([]value, reading) {
	address, err := mail.ParseAddress(text)
	if err != nil {
		return nil, unreadable
	}
	user, domain, ok := cutLast(address.Address, "@")
	if !ok {
		return nil, unreadable
	}
	user, _, _ = strings.Cut(user, "+")
	const assumed = "the event does not show which identity is verified, the sender's address or its domain, so both are named"
	return []value{
		{parts: []string{user + "@" + domain}, assumed: assumed},
		{parts: []string{domain}, assumed: assumed},
	}, reads
}
