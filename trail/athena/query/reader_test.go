package query_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/trail"
	"github.com/whittle-iam/whittle/trail/athena/query"
)

// aRow is a row for two reads of objects, with parts of its record replaced.
func aRow(t testing.TB, change map[int]string) []string {
	t.Helper()
	record := make([]string, 28)
	for i, part := range map[int]string{
		0: "p", 2: "s3.amazonaws.com", 3: "GetObject", 6: "eu-west-1", 7: "111122223333", 15: "true", 16: "false", 17: "AssumedRole",
		18: "arn:aws:iam::111122223333:role/r", 22: `{"bucketName":"b","key":"in/\u0000"}`, 25: `[["AWS::S3::Object","","",""]]`, 27: "key",
	} {
		record[i] = part
	}
	for i, part := range change {
		record[i] = part
	}
	encoded, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	return []string{string(encoded), "", "3", "2", "1790856000", "1790942400", "0,1", `["251611357399b","251611443799a"]`}
}

func TestReader(t *testing.T) {
	var skips []trail.Skip
	q := trail.Query{Fields: fields, OnSkip: func(s trail.Skip) { skips = append(skips, s) }}
	r := query.NewReader(q, "athena://d/t")
	exact := aRow(t, nil)
	exact[1] = `"in/2027"`
	for _, row := range [][]string{
		aRow(t, nil),
		aRow(t, map[int]string{0: "u", 3: "TransactWriteItems"}),
		aRow(t, map[int]string{3: "7"}),
		exact,
	} {
		if err := r.Add(row); err != nil {
			t.Fatal(err)
		}
	}
	want := []query.Kind{{"s3.amazonaws.com", "TransactWriteItems"}}
	if diff := cmp.Diff(want, r.Unprojected()); diff != "" {
		t.Errorf("unprojected (-want +got):\n%s", diff)
	}
	usages, stats := r.Result()
	// The exact name is one of those that the other row stands for.
	if len(usages) != 1 || usages[0].Count != 4 || !usages[0].Params[1].Gaps || !slices.Equal(usages[0].EventIDs, []string{"b", "a"}) {
		t.Errorf("usages %+v", usages)
	}
	if stats.Records != 9 || stats.Used != 4 || stats.Skipped[trail.SkipDuplicate] != 2 || stats.Skipped[trail.SkipMalformed] != 3 || stats.DataEvents != 6 ||
		!stats.First.Equal(time.Unix(1790856000, 0)) || len(stats.Coverage) != 1 || len(stats.Coverage[0].Days) != 2 {
		t.Errorf("stats %+v", stats)
	}
	if len(stats.Gaps) != 1 || stats.Gaps[0].Kind != trail.GapPartial || stats.Gaps[0].Source != "athena://d/t" {
		t.Errorf("gaps %+v", stats.Gaps)
	}
	if len(skips) != 1 || skips[0].File != "athena://d/t" || skips[0].Err == nil {
		t.Errorf("skips %+v", skips)
	}

	// The second statement brings what was held back.
	if err := r.Add(aRow(t, map[int]string{3: "TransactWriteItems", 22: `{"requestItems":{"t":true}}`, 27: ""})); err != nil {
		t.Fatal(err)
	}
	usages, stats = r.Result()
	if len(usages) != 2 || len(r.Unprojected()) != 0 || len(stats.Gaps) != 0 || stats.Records != 12 {
		t.Errorf("after the second: %+v, %+v", usages, stats)
	}
}

func TestReaderRefuses(t *testing.T) {
	good := aRow(t, nil)
	for column, values := range map[int][]string{
		0: {"", "[]", `{"a":1}`, `["p"]`}, 1: {`"`, "x"}, 2: {"", "0", "-1", "x"}, 3: {"", "-1", "4"},
		4: {"x", "-1", "1790942401"}, 5: {"", "x"}, 6: {"", "x", "-1", "1,0", "0,9"}, 7: {"", "{}", `["short"]`, `["99999999999999x"]`, `["-00000000001x"]`},
	} {
		for _, value := range values {
			row := slices.Clone(good)
			row[column] = value
			if err := query.NewReader(trail.Query{}, "").Add(row); err == nil {
				t.Errorf("column %d: %q is taken", column, value)
			}
		}
	}
	if err := query.NewReader(trail.Query{}, "").Add(good[:7]); err == nil {
		t.Error("seven columns are taken")
	}
	var syntax *json.SyntaxError
	good[0] = "["
	if err := query.NewReader(trail.Query{}, "").Add(good); !errors.As(err, &syntax) {
		t.Errorf("error %v does not wrap its cause", err)
	}
}

func FuzzReader(f *testing.F) {
	row := aRow(f, nil)
	f.Add(row[0], row[1], row[6], row[7])
	f.Add(`["p"]`, `"x"`, "", "[]")
	f.Fuzz(func(t *testing.T, record, name, days, ids string) {
		r := query.NewReader(trail.Query{Fields: fields}, "f")
		if r.Add([]string{record, name, row[2], row[3], row[4], row[5], days, ids}) != nil {
			return
		}
		if _, stats := r.Result(); stats.Records != 3 && len(r.Unprojected()) == 0 {
			t.Errorf("%d records of 3", stats.Records)
		}
	})
}
