package iamapi_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/iamapi"
)

func status(s, more string) string {
	return element("JobStatus", s) + element("JobCreationDate", "2026-09-01T00:00:00Z") + more
}

func service(prefix, last, actions string) string {
	s := element("ServiceName", "x") + element("ServiceNamespace", prefix)
	if last != "" {
		s += element("LastAuthenticated", last)
	}
	return member(s + actions)
}

func tracked(name, last string) string {
	s := element("ActionName", name)
	if last != "" {
		s += element("LastAccessedTime", last)
	}
	return member(s)
}

const role = "arn:aws:iam::111122223333:role/r"

// TestAccessed reads answers in the format of
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetServiceLastAccessedDetails.html.
func TestAccessed(t *testing.T) {
	first := service("s3", "2026-08-03T00:00:00Z", "<TrackedActionsLastAccessed>"+tracked("PutObject", "2026-08-01T00:00:00Z")+
		tracked("DeleteBucket", "")+tracked("s3:CreateBucket", "2026-08-02T00:00:00Z")+"</TrackedActionsLastAccessed>") + service("sqs", "2026-07-01T00:00:00Z", "")
	second := service("dynamodb", "", "") + service("iam", "2026-07-02T00:00:00Z", "<TrackedActionsLastAccessed>"+tracked("GetRole", "")+"</TrackedActionsLastAccessed>") +
		service("athena", "2026-06-01T00:00:00Z", "<TrackedActionsLastAccessed/>")
	f := &fake{services: []string{
		status("IN_PROGRESS", ""), status("IN_PROGRESS", ""), status("IN_PROGRESS", ""), status("IN_PROGRESS", ""), status("IN_PROGRESS", ""),
		status("COMPLETED", "<ServicesLastAccessed>"+first+"</ServicesLastAccessed><IsTruncated>true</IsTruncated><Marker>m</Marker>"),
		status("COMPLETED", "<ServicesLastAccessed>"+second+"</ServicesLastAccessed><IsTruncated>false</IsTruncated>"),
	}}
	var pauses []time.Duration
	got, err := iamapi.Accessed(t.Context(), f.client(), role, func(_ context.Context, d time.Duration) error {
		pauses = append(pauses, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	day := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, time.UTC) }
	want := []current.Access{
		{Action: "athena:*", Last: day(6, 1)}, {Action: "s3:CreateBucket", Last: day(8, 2)},
		{Action: "s3:PutObject", Last: day(8, 1)}, {Action: "sqs:*", Last: day(7, 1)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := fmt.Sprint(pauses); got != "[1s 2s 4s 8s 10s]" {
		t.Errorf("pauses %s", got)
	}
}

func TestAccessedFails(t *testing.T) {
	stopped := errors.New("stopped")
	var busy []string
	for range 100 {
		busy = append(busy, status("IN_PROGRESS", ""))
	}
	const about = "last accessed information of " + role + ": job job-1: "
	tests := []struct {
		services []string
		sleep    error
		want     string
	}{
		{[]string{status("FAILED", "<Error><Message>too busy</Message><Code>INTERNAL</Code></Error>")}, nil, about + "IAM says FAILED: INTERNAL: too busy"},
		{[]string{status("FAILED", "")}, nil, about + "IAM says FAILED: without a reason"},
		{busy, nil, about + "IAM has not finished it in time"},
		{busy, stopped, about + "stopped"},
		{[]string{status("COMPLETED", "<IsTruncated>true</IsTruncated>")}, nil, about + "IAM says that there is more, and not how to get it"},
	}
	for _, tt := range tests {
		got, err := iamapi.Accessed(t.Context(), (&fake{services: tt.services}).client(), role, func(context.Context, time.Duration) error { return tt.sleep })
		if fmt.Sprint(err) != tt.want || len(got) > 0 {
			t.Errorf("got %v and error %v, want %s", got, err, tt.want)
		}
	}
	f := failing(&fake{}, "AccessDenied", action("GenerateServiceLastAccessedDetails"))
	if _, err := iamapi.Accessed(t.Context(), f.client(), role, func(context.Context, time.Duration) error { return nil }); err == nil {
		t.Error("no error where IAM denies the report")
	}
}
