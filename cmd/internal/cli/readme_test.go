package cli

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/trail/trailtest/awsfake"
)

// TestReadmeSources: the commands that README.md shows for Event history, CloudWatch Logs and CloudTrail Lake work,
// for a log of these days. Those for S3, IAM and Lambda run against a server, see cmd/whittle.
func TestReadmeSources(t *testing.T) {
	text, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	records := recent(t, all)
	management := recent(t, func(r object) bool { return r["managementEvent"] == true })
	for scheme, fake := range map[string]func() map[string]awsfake.Handler{
		"lookup": func() map[string]awsfake.Handler { return eventHistory(management) },
		"logs":   func() map[string]awsfake.Handler { return logGroup(records) },
		"lake":   func() map[string]awsfake.Handler { return eventDataStore(records) },
	} {
		commands := regexp.MustCompile(`(?m)^whittle (.*\b`+scheme+`://.*)$`).FindAllStringSubmatch(string(text), -1)
		if len(commands) == 0 {
			t.Errorf("README.md shows no command for %s://", scheme)
		}
		for _, c := range commands {
			inCloud(t, fake())
			window := regexp.MustCompile(` --(since|until) \S+`)
			args := strings.Fields(window.ReplaceAllString(c[1], ""))
			code, out, stderr := runMain(t, append(args, "--role", "orders-role")...)
			if code != ExitOK || !json.Valid([]byte(out)) {
				t.Errorf("whittle %s: exit %d\n%s%s", c[1], code, out, stderr)
			}
		}
	}
}
