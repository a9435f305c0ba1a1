// Package awsfake is a server for tests that speaks the AWS JSON 1.1 protocol
// (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html), as CloudTrail, Athena, AWS Config,
// CloudWatch Logs and Organizations do. It keeps nothing: a test says what each operation answers.
package awsfake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// A Handler answers one operation. The answer is encoded as JSON; an *Error becomes an error answer.
type Handler func(r *Request) (any, error)

// A Request is one call of an operation.
type Request struct {
	// Operation is the name behind the dot of X-Amz-Target, for example "LookupEvents".
	Operation string
	// Region is the one that the request is signed for.
	Region string
	// Body is the JSON input.
	Body json.RawMessage
	HTTP *http.Request
	// Writer may be used by a Handler that breaks the protocol on purpose; it then returns ErrWritten.
	Writer http.ResponseWriter
}

// Decode reads the input into v.
func (r *Request) Decode(v any) error { return json.Unmarshal(r.Body, v) }

// An Error is an error answer.
type Error struct {
	// Status is the HTTP status, 400 if it is 0.
	Status int
	// Code and Message are as an SDK sees them, for example "ThrottlingException".
	Code, Message string
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// ErrWritten says that a Handler has written the answer itself.
var ErrWritten = &Error{Code: "written"}

// A Server answers operations.
type Server struct {
	URL string

	mu       sync.Mutex
	handlers map[string]Handler
	calls    []string
}

// New starts a server that stops with the test. The keys of handlers are operation names.
func New(tb testing.TB, handlers map[string]Handler) *Server {
	s := &Server{handlers: handlers}
	h := httptest.NewServer(http.HandlerFunc(s.serve))
	tb.Cleanup(h.Close)
	s.URL = h.URL
	return s
}

// Calls are the operations called so far, in order.
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Config is a configuration for clients of the server, in one Region, that retries at once.
func (s *Server) Config(region string) aws.Config { return Config(s.URL, region) }

// Config is a configuration for clients of a server at a URL, in one Region, that retries without delay.
func Config(url, region string) aws.Config {
	return aws.Config{
		Region:       region,
		BaseEndpoint: aws.String(url),
		Credentials:  credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		HTTPClient:   client{http.DefaultClient},
		Retryer: func() aws.Retryer {
			return retry.NewStandard(func(o *retry.StandardOptions) {
				o.MaxAttempts = 4
				o.MaxBackoff = 1 // nanosecond
				o.RateLimiter = noLimit{}
			})
		},
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	body, err := io.ReadAll(io.LimitReader(r.Body, 16<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.calls = append(s.calls, operation)
	handler := s.handlers[operation]
	s.mu.Unlock()
	request := &Request{Operation: operation, Region: signedRegion(r), Body: body, HTTP: r, Writer: w}
	var answer any
	if handler == nil {
		err = &Error{Status: http.StatusNotFound, Code: "UnknownOperationException", Message: "the test has no handler for " + operation}
	} else {
		answer, err = handler(request)
	}
	if err == ErrWritten {
		return
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	if err != nil {
		e, ok := err.(*Error)
		if !ok {
			e = &Error{Status: http.StatusInternalServerError, Code: "InternalFailure", Message: err.Error()}
		}
		status := e.Status
		if status == 0 {
			status = http.StatusBadRequest
		}
		w.Header().Set("X-Amzn-Errortype", e.Code)
		w.WriteHeader(status)
		json.NewEncoder(w).Encode(map[string]string{"__type": e.Code, "message": e.Message})
		return
	}
	json.NewEncoder(w).Encode(answer)
}

// signedRegion reads the credential scope of Signature Version 4.
func signedRegion(r *http.Request) string {
	_, scope, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	parts := strings.Split(scope, "/")
	if len(parts) < 3 {
		return ""
	}
	return parts[2]
}
