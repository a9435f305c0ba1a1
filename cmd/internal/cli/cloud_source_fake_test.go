package cli

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// eventHistory is CloudTrail with records of one Region, of which it gives five at a time, the newest first.
func eventHistory(records []json.RawMessage) map[string]awsfake.Handler {
	lookup := func(r *awsfake.Request) (any, error) {
		var in struct {
			StartTime, EndTime float64
			NextToken          string
		}
		if err := r.Decode(&in); err != nil {
			return nil, err
		}
		var found []json.RawMessage
		for _, raw := range records {
			if at := float64(eventTime(raw).Unix()); r.Region == "eu-west-1" && in.StartTime <= at && at <= in.EndTime {
				found = append(found, raw)
			}
		}
		slices.SortStableFunc(found, func(a, b json.RawMessage) int { return eventTime(b).Compare(eventTime(a)) })
		from := 0
		if in.NextToken != "" {
			fmt.Sscan(in.NextToken, &from)
		}
		to := min(from+5, len(found))
		events := []object{}
		for _, raw := range found[from:to] {
			events = append(events, object{"CloudTrailEvent": string(raw), "EventTime": eventTime(raw).Unix()})
		}
		out := object{"Events": events}
		if to < len(found) {
			out["NextToken"] = fmt.Sprint(to)
		}
		return out, nil
	}
	regions := func(r *awsfake.Request) (any, error) {
		if r.HTTP.URL.Path != "/listRegions" {
			return nil, &awsfake.Error{Code: "UnknownOperationException"}
		}
		return object{"Regions": []object{
			{"RegionName": "eu-west-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"}, {"RegionName": "us-east-1", "RegionOptStatus": "ENABLED_BY_DEFAULT"},
		}}, nil
	}
	return map[string]awsfake.Handler{"LookupEvents": lookup, "": regions}
}

// store is the ID of an event data store.
const store = "01234567-89ab-cdef-fedc-ba0987654321"

// eventDataStore is CloudTrail Lake with records in its one store.
func eventDataStore(records []json.RawMessage) map[string]awsfake.Handler {
	var results [][][]object
	start := func(r *awsfake.Request) (any, error) {
		var in struct{ QueryStatement string }
		if err := r.Decode(&in); err != nil {
			return nil, err
		}
		rows := [][]object{}
		if strings.HasPrefix(in.QueryStatement, "SELECT min(") {
			times := slices.SortedFunc(slices.Values(records), func(a, b json.RawMessage) int { return eventTime(a).Compare(eventTime(b)) })
			rows = append(rows, []object{
				{"earliest": eventTime(times[0]).Format(time.DateTime)}, {"latest": eventTime(times[len(times)-1]).Format(time.DateTime)},
			})
		} else {
			part := strings.Split(in.QueryStatement, "'")
			if len(part) != 5 || part[0] != "SELECT eventJson FROM "+store+" WHERE eventTime >= " {
				return nil, &awsfake.Error{Code: "InvalidQueryStatementException", Message: in.QueryStatement}
			}
			for _, raw := range records {
				if at := eventTime(raw).Format(time.DateTime); part[1] <= at && at < part[3] {
					rows = append(rows, []object{{"eventJson": string(raw)}})
				}
			}
		}
		results = append(results, rows)
		return object{"QueryId": fmt.Sprint(len(results) - 1)}, nil
	}
	result := func(r *awsfake.Request) (any, error) {
		var in struct {
			QueryId int `json:",string"`
		}
		if err := r.Decode(&in); err != nil || in.QueryId >= len(results) {
			return nil, &awsfake.Error{Code: "QueryIdNotFoundException"}
		}
		rows := results[in.QueryId]
		return object{"QueryStatus": "FINISHED", "QueryResultRows": rows, "QueryStatistics": object{"TotalResultsCount": len(rows)}}, nil
	}
	return map[string]awsfake.Handler{
		"StartQuery":      start,
		"DescribeQuery":   answers(object{"QueryStatus": "FINISHED", "QueryStatistics": object{"BytesScanned": 123456}}),
		"GetQueryResults": result,
	}
}

// logGroup is CloudWatch Logs with records in its one log group.
func logGroup(records []json.RawMessage) map[string]awsfake.Handler {
	var results [][][]object
	start := func(r *awsfake.Request) (any, error) {
		var in struct {
			LogGroupName       string
			StartTime, EndTime int64
			Limit              int
		}
		if err := r.Decode(&in); err != nil {
			return nil, err
		}
		if in.LogGroupName != "/aws/cloudtrail/org" {
			return nil, &awsfake.Error{Code: "ResourceNotFoundException", Message: "Log group '" + in.LogGroupName + "' does not exist"}
		}
		rows := [][]object{}
		for _, raw := range slices.SortedFunc(slices.Values(records), func(a, b json.RawMessage) int { return eventTime(a).Compare(eventTime(b)) }) {
			at := eventTime(raw)
			if in.StartTime <= at.Unix() && at.Unix() <= in.EndTime && len(rows) < in.Limit {
				rows = append(rows, []object{
					{"field": "@timestamp", "value": at.Format("2006-01-02 15:04:05.000")}, {"field": "@message", "value": string(raw)},
				})
			}
		}
		results = append(results, rows)
		return object{"queryId": fmt.Sprint(len(results) - 1)}, nil
	}
	result := func(r *awsfake.Request) (any, error) {
		var in struct {
			QueryId int `json:",string"`
		}
		if err := r.Decode(&in); err != nil || in.QueryId >= len(results) {
			return nil, &awsfake.Error{Code: "ResourceNotFoundException"}
		}
		rows := results[in.QueryId]
		return object{"status": "Complete", "results": rows, "statistics": object{"bytesScanned": 123456, "recordsMatched": len(rows)}}, nil
	}
	return map[string]awsfake.Handler{"StartQuery": start, "GetQueryResults": result}
}
