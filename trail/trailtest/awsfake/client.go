package awsfake

import (
	"bytes"
	"io"
	"net/http"
)

// client is the HTTP client of the SDK's clients in tests. The SDK closes a request's body as soon as it has
// the response's head, which breaks the connection if the transport has not come round to seeing the body's
// end; and a server on the same machine can be that fast. Here the transport has a copy of the body.
type client struct{ http *http.Client }

// Do implements aws.HTTPClient.
func (c client) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return c.http.Do(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(body))
	return c.http.Do(r)
}
