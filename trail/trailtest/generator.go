// Package trailtest makes CloudTrail records, and the tree of files that a trail delivers, for tests
// and examples. What it makes is a function of the seed and the calls: no clock, no global state.
//
// The records have the members, the odd capitals and the values that AWS writes. They are written from
// AWS's documentation and not copied from any log.
package trailtest

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// A Generator makes records of one account and Region. It is not safe for concurrent use.
type Generator struct {
	Account, Region string
	random          *rand.Rand
}

// New returns a generator. Equal arguments give equal records for equal calls.
func New(seed uint64, account, region string) *Generator {
	return &Generator{Account: account, Region: region, random: rand.New(rand.NewPCG(seed, 0))}
}

// Call returns the record of a successful management call that changes something.
func (g *Generator) Call(who Identity, at time.Time, eventSource, eventName string) *Record {
	host := strings.TrimSuffix(eventSource, ".amazonaws.com") + "." + g.Region + ".amazonaws.com"
	return &Record{
		EventVersion:       "1.11",
		UserIdentity:       who,
		EventTime:          stamp(at),
		EventSource:        eventSource,
		EventName:          eventName,
		AWSRegion:          g.Region,
		SourceIPAddress:    "203.0.113.24",
		UserAgent:          "Boto3/1.42.97 md/Botocore#1.42.97 os/linux md/arch#x86_64 lang/python#3.14.0 exec-env/AWS_Lambda_python3.14 Botocore/1.42.97",
		RequestID:          g.UUID(),
		EventID:            g.UUID(),
		EventType:          "AwsApiCall",
		ManagementEvent:    true,
		RecipientAccountID: g.Account,
		EventCategory:      "Management",
		TLSDetails:         &TLSDetails{"TLSv1.3", "TLS_AES_128_GCM_SHA256", host},
	}
}

// Read is Call for a call that changes nothing.
func (g *Generator) Read(who Identity, at time.Time, eventSource, eventName string) *Record {
	r := g.Call(who, at, eventSource, eventName)
	r.ReadOnly = true
	return r
}

// UUID returns a random UUID of version 4.
func (g *Generator) UUID() string {
	b := g.bytes(16)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Hex returns n random hexadecimal digits.
func (g *Generator) Hex(n int) string { return hex.EncodeToString(g.bytes((n + 1) / 2))[:n] }

// Int returns a random number of 0 to n-1.
func (g *Generator) Int(n int) int { return g.random.IntN(n) }

func (g *Generator) upper(n int) string  { return g.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", n) }
func (g *Generator) digits(n int) string { return g.from("0123456789", n) }

func (g *Generator) from(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[g.random.IntN(len(alphabet))]
	}
	return string(b)
}

func (g *Generator) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(g.random.Uint32())
	}
	return b
}

// arn returns an ARN of the generator's account and Region.
func (g *Generator) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + g.Region + ":" + g.Account + ":" + resource
}

// stamp writes a time as CloudTrail does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// Shuffle puts records in random order: CloudTrail delivers them in none.
func (g *Generator) Shuffle(records []*Record) {
	g.random.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
}
