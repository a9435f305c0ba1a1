package trailtest

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
)

// TestSource is what every trail.Source has to pass. It calls open with records and expects the source
// that open returns to yield the Usage of those records, whatever the form in which it stores them.
//
// A source joins in a few lines:
//
//	func TestSource(t *testing.T) {
//		trailtest.TestSource(t, func(t *testing.T, records []json.RawMessage) trail.Source {
//			return mySource(storeWhereMySourceReads(t, records))
//		})
//	}
func TestSource(t *testing.T, open func(t *testing.T, records []json.RawMessage) trail.Source) {
	suite := suite{open: open, records: SuiteRecords()}
	t.Run("usage", suite.usage)
	t.Run("query", suite.query)
	t.Run("duplicates", suite.duplicates)
	t.Run("malformed", suite.malformed)
	t.Run("cancelled", suite.cancelled)
	t.Run("stopped", suite.stopped)
}

// suiteStart is when the suite's records begin.
var suiteStart = time.Date(2026, 9, 1, 22, 0, 0, 0, time.UTC)

// SuiteRecords returns records of all the sorts that a source meets, valid ones only: calls by a function, by
// Lambda itself and by others; authorised, denied and inconclusive; over two days.
func SuiteRecords() []json.RawMessage {
	g := New(1, "111122223333", "eu-west-1")
	role := g.Role("service-role/orders-role")
	fn := g.FunctionSession(role, "orders", suiteStart)
	own := g.LambdaSession(role, suiteStart)
	at := func(minutes int) time.Time { return suiteStart.Add(time.Duration(minutes) * time.Minute) }
	endpoint := g.Read(fn, at(9), "secretsmanager.amazonaws.com", "GetSecretValue").
		Params(map[string]any{"secretId": "orders/db"}).Through("vpce-0123456789abcdef0", "10.0.0.7")
	user := g.User("alice")
	records := []*Record{
		g.AssumeByLambda(role, "orders", fn, at(0)),
		g.Object(fn, at(1), "GetObject", "111122223333", "orders-in", "2026/09/a.json"),
		g.Object(fn, at(150), "GetObject", "111122223333", "orders-in", "2026/09/a.json"),
		g.Object(fn, at(2), "GetObject", "111122223333", "orders-in", "2026/09/*?${aws:username}\u2028"),
		g.Object(fn, at(3), "GetObject", "111122223333", "orders-in", "gone.json").Fails("NoSuchKey", "The specified key does not exist."),
		g.Object(fn, at(4), "PutObject", "444455556666", "elsewhere", "x").
			Denied("AccessDenied", "s3:PutObject", "arn:aws:s3:::elsewhere/x"),
		g.Item(fn, at(5), "BatchGetItem", "orders", "customers"),
		g.Item(fn, at(6), "PutItem", "orders").Fails("ThrottlingException", "Rate exceeded"),
		g.Message(own, at(7), "ReceiveMessage", "orders-queue", nil),
		g.Key(fn, at(8), "Decrypt", "1234abcd-12ab-34cd-56ef-1234567890ab", nil).Forwarded("secretsmanager.amazonaws.com"),
		endpoint,
		g.Call(user, at(10), "iam.amazonaws.com", "CreateUser").Params(map[string]any{"userName": "bob"}),
		g.Call(g.Session(g.Role("Admin"), "alice@example.com", at(0)), at(11), "ec2.amazonaws.com", "RunInstances"),
		g.Read(Service("cloudtrail.amazonaws.com"), at(12), "s3.amazonaws.com", "GetBucketAcl"),
	}
	raw := make([]json.RawMessage, len(records))
	for i, r := range records {
		raw[i] = r.JSON()
	}
	return raw
}

// suiteFields asks for something of every starting point.
func suiteFields(eventSource, _ string) trail.Fields {
	switch eventSource {
	case "s3.amazonaws.com":
		return trail.Fields{Paths: []string{"bucketName", "key", "?key", "resources:AWS::S3::Bucket"}, Wide: "key"}
	case "dynamodb.amazonaws.com":
		return trail.Fields{Paths: []string{"requestItems{}", "tableName", "resourceAccounts:"}}
	case "kms.amazonaws.com":
		return trail.Fields{Paths: []string{"resources:AWS::KMS::Key", "encryptionContext{}"}}
	}
	return trail.Fields{Paths: []string{"secretId", "queueUrl"}}
}

type suite struct {
	open    func(t *testing.T, records []json.RawMessage) trail.Source
	records []json.RawMessage
}

// expect returns what the records say, read one after the other.
func (s *suite) expect(q trail.Query, records []json.RawMessage) ([]trail.Usage, trail.Stats) {
	observer, aggregator := trail.NewObserver(q), trail.NewAggregator()
	for _, raw := range records {
		o := observer.Observe(raw)
		aggregator.Add(&o)
	}
	return aggregator.Usages(), aggregator.Stats()
}

// check reads the records through the source and compares.
func (s *suite) check(t *testing.T, q trail.Query, records []json.RawMessage) {
	t.Helper()
	want, wantStats := s.expect(q, records)
	for _, again := range []string{"", "second reading: "} {
		var stats trail.Stats
		q.Stats = &stats
		got, err := collect(s.open(t, records).Usage(t.Context(), q))
		if err != nil {
			t.Fatalf("%s%v", again, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%susage (-want +got):\n%s", again, diff)
		}
		stats.Files, stats.SkippedFiles = 0, nil // the source's own affair
		if stats.Used > 0 && len(stats.Coverage) == 0 {
			t.Errorf("%sthe source does not say what its records cover", again)
		}
		if diff := cmp.Diff(wantStats, stats); diff != "" {
			t.Errorf("%sstats (-want +got):\n%s", again, diff)
		}
		checkSum(t, stats)
	}
}

func checkSum(t *testing.T, stats trail.Stats) {
	t.Helper()
	sum := stats.Used
	for _, n := range stats.Skipped {
		sum += n
	}
	if sum != stats.Records {
		t.Errorf("%d records, but %d used or skipped: %+v", stats.Records, sum, stats)
	}
}

func collect(seq func(func(trail.Usage, error) bool)) ([]trail.Usage, error) {
	usages := []trail.Usage{}
	var err error
	for usage, e := range seq {
		if err != nil {
			return usages, errors.New("an item follows the error")
		}
		if err = e; e == nil {
			usages = append(usages, usage)
		}
	}
	return usages, err
}

func (s *suite) usage(t *testing.T) {
	s.check(t, trail.Query{Fields: suiteFields}, s.records)
	s.check(t, trail.Query{}, s.records)
	s.check(t, trail.Query{Fields: suiteFields}, s.records[:1])
}

func (s *suite) query(t *testing.T) {
	middle := suiteStart.Add(5 * time.Minute)
	for name, q := range map[string]trail.Query{
		"since":         {Since: middle},
		"until":         {Until: middle},
		"window":        {Since: middle, Until: suiteStart.Add(2 * time.Hour)},
		"account":       {Accounts: []string{"111122223333"}},
		"other account": {Accounts: []string{"999999999999"}},
		"region":        {Regions: []string{"us-east-1", "eu-west-1"}},
		"other region":  {Regions: []string{"us-east-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			q.Fields = suiteFields
			s.check(t, q, s.records)
		})
	}
}

func (s *suite) duplicates(t *testing.T) {
	twice := append(append([]json.RawMessage{}, s.records...), s.records...)
	s.check(t, trail.Query{Fields: suiteFields}, twice)
}

// malformed puts a record with a member of the wrong type among the others: it is skipped, counted and
// reported with its place, and nothing else is lost.
func (s *suite) malformed(t *testing.T) {
	var bad map[string]any
	if err := json.Unmarshal(s.records[2], &bad); err != nil {
		t.Fatal(err)
	}
	bad["eventName"] = 7
	raw, err := json.Marshal(bad)
	if err != nil {
		t.Fatal(err)
	}
	records := append(append(append([]json.RawMessage{}, s.records[:3]...), raw), s.records[3:]...)
	s.check(t, trail.Query{Fields: suiteFields}, records)

	var skips []trail.Skip
	q := trail.Query{OnSkip: func(skip trail.Skip) { skips = append(skips, skip) }}
	if _, err := collect(s.open(t, records).Usage(t.Context(), q)); err != nil {
		t.Fatal(err)
	}
	if len(skips) != 1 || skips[0].Reason != trail.SkipMalformed || skips[0].File == "" || skips[0].Err == nil {
		t.Errorf("skips: %+v", skips)
	}
}

func (s *suite) cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := collect(s.open(t, s.records).Usage(ctx, trail.Query{})); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

// stopped leaves the loop early: the source may not call back.
func (s *suite) stopped(t *testing.T) {
	n := 0
	for range s.open(t, s.records).Usage(t.Context(), trail.Query{}) {
		n++
		break
	}
	if n != 1 {
		t.Errorf("%d items, want 1", n)
	}
}
