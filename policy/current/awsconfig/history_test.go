package awsconfig_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/configservice"
	"github.com/aws/aws-sdk-go-v2/service/configservice/types"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/awsconfig"
	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

const historyRole = "arn:aws:iam::" + accountID + ":role/r"

// A state is what AWS Config recorded of a role on one day of a year; nil policies are a record without
// configuration.
type state struct {
	day      int
	inline   map[string]string
	attached []string
	status   string
}

func (s state) time() time.Time { return time.Date(2026, 1, s.day, 0, 0, 0, 0, time.UTC) }

// record is the state in the format of
// https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html.
func (s state) record() object {
	item := object{
		"version": "1.3", "accountId": accountID, "arn": historyRole, "resourceId": "AROAR", "resourceName": "r", "resourceType": "AWS::IAM::Role",
		"awsRegion": "global", "availabilityZone": "Not Applicable", "configurationItemCaptureTime": float64(s.time().Unix()),
		"configurationItemStatus": s.status, "configurationStateId": fmt.Sprint(s.time().UnixMilli()), "relatedEvents": []any{}, "relationships": []any{},
		"supplementaryConfiguration": object{}, "tags": object{}, "resourceCreationTime": 1706933106.0,
	}
	if s.inline != nil {
		text, err := json.Marshal(roleOf(historyRole, s.inline, s.attached...).configuration)
		if err != nil {
			panic(err)
		}
		item["configuration"] = string(text)
	}
	return item
}

// historyOf answers from states, the oldest first, by pages with an empty one between each two, as AWS
// Config has them.
func historyOf(states []state, pageSize int) awsfake.Handler {
	return func(q *awsfake.Request) (any, error) {
		var in struct {
			ResourceType, ResourceID, ChronologicalOrder, NextToken string
			Limit                                                   int
		}
		if err := q.Decode(&in); err != nil {
			return nil, err
		}
		if in.ResourceType != "AWS::IAM::Role" || in.ResourceID != "AROAR" || in.ChronologicalOrder != "Reverse" || in.Limit > 100 {
			return nil, &awsfake.Error{Code: "ValidationException", Message: string(q.Body)}
		}
		var records []object
		for _, s := range slices.Backward(states) {
			records = append(records, s.record())
		}
		start := 0
		if in.NextToken != "" {
			if before, empty := strings.CutSuffix(in.NextToken, "-"); empty {
				return object{"configurationItems": []object{}, "nextToken": before}, nil
			}
			fmt.Sscan(in.NextToken, &start)
		}
		end := min(start+pageSize, len(records))
		answer := object{"configurationItems": records[start:end]}
		if end < len(records) {
			answer["nextToken"] = fmt.Sprintf("%d-", end)
		}
		return answer, nil
	}
}

// now is the recorder with the last of the states as what the role is.
func now(states []state, pageSize int) *recorder {
	last := states[len(states)-1]
	r := roleOf(historyRole, last.inline, last.attached...)
	r.captured = last.time().Format(time.RFC3339)
	return &recorder{
		resources: []resource{r, policyOf(queues, encode(allow("sqs:*")))},
		handlers:  map[string]awsfake.Handler{"GetResourceConfigHistory": historyOf(states, pageSize)},
	}
}

// created is when the policies of the only role were granted, by name.
func created(t *testing.T, r *recorder, since time.Time) (map[string]string, []string, []string) {
	t.Helper()
	client, server := r.client(t)
	set, err := awsconfig.Read(t.Context(), client, awsconfig.Options{
		Library: library, Since: since,
		History: func(_ context.Context, account string) (awsconfig.HistoryAPI, error) {
			if account != accountID {
				return nil, fmt.Errorf("another account: %s", account)
			}
			return client, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, p := range set.Roles[0].Policies {
		out[p.Name] = p.Created.Format("0102")
		if p.Created.Year() != 2026 {
			out[p.Name] = p.Created.Format(time.DateOnly)
		}
	}
	return out, set.Notes, server.Calls()
}

func library(arn string) (current.Policy, bool) {
	p := current.FromAPI(current.Managed, "AWSLambdaBasicExecutionRole", allow("logs:PutLogEvents"), "library")
	p.ARN, p.Created = arn, time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	return p, arn == basic
}

func TestHistory(t *testing.T) {
	a, spaced, b := encode(allow("s3:A")), strings.ReplaceAll(allow("s3:A"), ",", ",\n "), encode(allow("s3:B"))
	tests := []struct {
		name   string
		states []state
		since  time.Time
		want   map[string]string
		reason string
	}{
		{
			name: "there since the oldest record", want: map[string]string{"p": "0102"},
			states: []state{{day: 2, inline: map[string]string{"p": a}}, {day: 7, inline: map[string]string{"p": a}}},
			reason: "an upper bound, so that nothing granted lately is taken for old",
		},
		{
			name: "changed, and written otherwise since", want: map[string]string{"p": "0104"},
			states: []state{{day: 2, inline: map[string]string{"p": b}}, {day: 4, inline: map[string]string{"p": a}}, {day: 6, inline: map[string]string{"p": spaced}}, {day: 8, inline: map[string]string{"p": a}}},
		},
		{
			name: "changed and changed back", want: map[string]string{"p": "0106"},
			states: []state{{day: 2, inline: map[string]string{"p": a}}, {day: 4, inline: map[string]string{"p": b}}, {day: 6, inline: map[string]string{"p": a}}},
		},
		{
			name: "taken away and given back", want: map[string]string{"p": "0102", "q": "0106"},
			states: []state{{day: 2, inline: map[string]string{"p": a, "q": b}}, {day: 4, inline: map[string]string{"p": a}}, {day: 6, inline: map[string]string{"p": a, "q": b}}},
		},
		{
			name: "not recorded for a time", want: map[string]string{"p": "0106"},
			states: []state{{day: 2, inline: map[string]string{"p": a}}, {day: 4, status: "ResourceNotRecorded", inline: map[string]string{"p": a}}, {day: 6, inline: map[string]string{"p": a}}},
		},
		{
			name: "deleted and made again", want: map[string]string{"p": "0106"},
			states: []state{{day: 2, inline: map[string]string{"p": a}}, {day: 4, status: "ResourceDeleted"}, {day: 6, inline: map[string]string{"p": a}}},
		},
		{
			name: "attached", want: map[string]string{"queues": "0103", "AWSLambdaBasicExecutionRole": "0105"},
			states: []state{
				{day: 1, inline: map[string]string{}, attached: []string{basic}}, {day: 3, inline: map[string]string{}, attached: []string{basic, queues}},
				{day: 8, inline: map[string]string{}, attached: []string{queues, basic}},
			},
			reason: "the version of 5 January was made when the policy was attached already, and the one of queues before",
		},
		{
			name: "as far as asked", want: map[string]string{"p": "0104"}, since: state{day: 5}.time(),
			states: []state{{day: 2, inline: map[string]string{"p": a}}, {day: 4, inline: map[string]string{"p": a}}, {day: 6, inline: map[string]string{"p": a}}},
			reason: "the record of 4 January shows that it was there before the 5th, which is all that was asked",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, pageSize := range []int{1, 100} {
				got, _, _ := created(t, now(tt.states, pageSize), tt.since)
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tt.reason, diff)
				}
			}
		})
	}
}

// TestHistoryStops: no page is read that could not tell more.
func TestHistoryStops(t *testing.T) {
	a, b := map[string]string{"p": encode(allow("s3:A"))}, map[string]string{"p": encode(allow("s3:B"))}
	states := []state{{day: 2, inline: a}, {day: 4, inline: a}, {day: 6, inline: b}, {day: 8, inline: a}}
	_, _, calls := created(t, now(states, 1), time.Time{})
	if n := strings.Count(runs(calls), "GetResourceConfigHistory×3"); n != 1 {
		t.Errorf("calls %s: want three of the history, one of them without records", runs(calls))
	}
}

// TestHistoryLater: records that are newer than what was read of the role do not count.
func TestHistoryLater(t *testing.T) {
	a, b := map[string]string{"p": encode(allow("s3:A"))}, map[string]string{"p": encode(allow("s3:B"))}
	r := now([]state{{day: 2, inline: a}, {day: 4, inline: a}}, 1)
	r.handlers["GetResourceConfigHistory"] = historyOf([]state{{day: 2, inline: a}, {day: 4, inline: a}, {day: 6, inline: b}}, 1)
	if got, _, _ := created(t, r, time.Time{}); got["p"] != "0102" {
		t.Errorf("got %v", got)
	}
}

func TestNoHistory(t *testing.T) {
	a := map[string]string{"p": encode(allow("s3:A"))}
	unknown := now([]state{{day: 4, inline: a}}, 1)
	unknown.handlers["GetResourceConfigHistory"] = func(*awsfake.Request) (any, error) {
		return nil, &awsfake.Error{Code: "ResourceNotDiscoveredException"}
	}
	got, notes, _ := created(t, unknown, time.Time{})
	if want := []string{"AWS Config has no history of " + historyRole + "."}; got["p"] != "0104" || !slices.Equal(notes, want) {
		t.Errorf("got %v, notes %q", got, notes)
	}

	denied := now([]state{{day: 4, inline: a}}, 1)
	denied.handlers["GetResourceConfigHistory"] = func(*awsfake.Request) (any, error) {
		return nil, &awsfake.Error{Code: "AccessDeniedException"}
	}
	broken := now([]state{{day: 4, inline: a}}, 1)
	broken.handlers["GetResourceConfigHistory"] = func(*awsfake.Request) (any, error) {
		item := state{day: 4, inline: a}.record()
		item["configuration"] = "{"
		return object{"configurationItems": []object{item}}, nil
	}
	noClient := errors.New("no client")
	for _, tt := range []struct {
		r      *recorder
		failed error
		want   string
	}{
		{denied, nil, "AccessDeniedException"}, {broken, nil, "the record of 2026-01-04T00:00:00Z: unexpected end of JSON input"}, {denied, noClient, "no client"},
	} {
		client, _ := tt.r.client(t)
		set, err := awsconfig.Read(t.Context(), client, awsconfig.Options{History: func(context.Context, string) (awsconfig.HistoryAPI, error) { return client, tt.failed }})
		if err == nil || !strings.HasPrefix(err.Error(), "AWS Config's history of "+historyRole+": ") || !strings.Contains(err.Error(), tt.want) || len(set.Roles) > 0 {
			t.Errorf("got error %v, want %s", err, tt.want)
		}
	}
}

// inProcess answers the calls for the one role of states.
type inProcess struct {
	awsconfig.API
	states   []state
	pageSize int
}

func (p inProcess) SelectResourceConfig(_ context.Context, in *configservice.SelectResourceConfigInput, _ ...func(*configservice.Options)) (*configservice.SelectResourceConfigOutput, error) {
	r := now(p.states, 1)
	x := r.resources[slices.IndexFunc(r.resources, func(x resource) bool { return strings.Contains(*in.Expression, "'"+x.kind+"'") })]
	return &configservice.SelectResourceConfigOutput{Results: []string{x.row()}}, nil
}

func (p inProcess) GetResourceConfigHistory(_ context.Context, in *configservice.GetResourceConfigHistoryInput, _ ...func(*configservice.Options)) (*configservice.GetResourceConfigHistoryOutput, error) {
	start := 0
	fmt.Sscan(aws.ToString(in.NextToken), &start)
	end := min(start+p.pageSize, len(p.states))
	out := &configservice.GetResourceConfigHistoryOutput{}
	for i := start; i < end; i++ {
		s := p.states[len(p.states)-1-i]
		item := types.ConfigurationItem{
			Arn: aws.String(historyRole), ResourceName: aws.String("r"),
			ConfigurationItemStatus: types.ConfigurationItemStatus(s.status), ConfigurationItemCaptureTime: aws.Time(s.time()),
		}
		if text, ok := s.record()["configuration"].(string); ok {
			item.Configuration = &text
		}
		out.ConfigurationItems = append(out.ConfigurationItems, item)
	}
	if end < len(p.states) {
		out.NextToken = aws.String(fmt.Sprint(end))
	}
	return out, nil
}

// oracle goes through the states from the oldest on and keeps since when each grant is there.
func oracle(states []state) map[string]time.Time {
	since := map[string]time.Time{}
	for _, s := range states {
		has := map[string]bool{}
		if s.status == "" {
			for name, text := range s.inline {
				has[name+" "+text] = true
			}
			for _, arn := range s.attached {
				has[arn] = true
			}
		}
		maps.DeleteFunc(since, func(grant string, _ time.Time) bool { return !has[grant] })
		for grant := range has {
			if _, ok := since[grant]; !ok {
				since[grant] = s.time()
			}
		}
	}
	return since
}

func TestHistoryProperty(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var states []state
		n := rapid.IntRange(1, 12).Draw(rt, "records")
		for i := range n {
			s := state{day: i + 1, inline: map[string]string{}}
			for _, name := range []string{"p", "q"} {
				if text := rapid.SampledFrom([]string{"", allow("s3:A"), allow("s3:B"), "{"}).Draw(rt, name); text != "" {
					s.inline[name] = text
				}
			}
			if rapid.Bool().Draw(rt, "attached") {
				s.attached = []string{queues}
			}
			if i < n-1 {
				s.status = rapid.SampledFrom([]string{"", "", "", "", "ResourceDeleted", "ResourceNotRecorded"}).Draw(rt, "status")
			}
			states = append(states, s)
		}
		api := inProcess{states: states, pageSize: rapid.IntRange(1, 5).Draw(rt, "page size")}
		set, err := awsconfig.Read(context.Background(), api, awsconfig.Options{
			History: func(context.Context, string) (awsconfig.HistoryAPI, error) { return api, nil },
		})
		if err != nil {
			rt.Fatal(err)
		}
		got := map[string]time.Time{}
		for _, p := range set.Roles[0].Policies {
			if p.Kind == current.Inline {
				got[p.Name+" "+string(p.Text)] = p.Created
			} else {
				got[p.ARN] = p.Created
			}
		}
		if diff := cmp.Diff(oracle(states), got); diff != "" {
			rt.Errorf("from the oldest on (-), read (+):\n%s", diff)
		}
	})
}
