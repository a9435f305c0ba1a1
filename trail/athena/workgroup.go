package athena

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"
)

// A workgroup is what the settings of one mean for a query
// (https://docs.aws.amazon.com/athena/latest/ug/workgroups-settings-override.html).
type workgroup struct {
	// output is the place for results that a query asks for, "" to leave it to the workgroup.
	output string
	// managed says that Athena keeps the results itself, where no file is to be had
	// (https://docs.aws.amazon.com/athena/latest/ug/managed-results.html).
	managed bool
	// cutoff is the number of bytes after which Athena stops a query, 0 for none.
	cutoff int64
	// notes say what of the Spec the workgroup overrides.
	notes []string
}

var engineForm = regexp.MustCompile(`^Athena engine version (\d+)$`)

// minEngine is the first version whose SQL the queries are written in.
const minEngine = 3

func (s *Source) workgroup(ctx context.Context) (workgroup, error) {
	name := s.spec.Workgroup
	answer, err := s.api.Athena.GetWorkGroup(ctx, &athena.GetWorkGroupInput{WorkGroup: &name})
	if err == nil && answer.WorkGroup == nil {
		err = &types.InvalidRequestException{Message: aws.String("there is no such workgroup")}
	}
	if err != nil {
		var invalid *types.InvalidRequestException
		if errors.As(err, &invalid) {
			return workgroup{}, fmt.Errorf("workgroup %s: %w; \"aws athena list-work-groups\" shows those that there are in the Region", name, err)
		}
		return workgroup{}, fmt.Errorf("workgroup %s: %w", name, err)
	}
	w, err := s.settings(answer.WorkGroup)
	if err != nil {
		return w, fmt.Errorf("workgroup %s %w", name, err)
	}
	return w, nil
}

func (s *Source) settings(group *types.WorkGroup) (workgroup, error) {
	w := workgroup{output: s.spec.Output}
	if group.State == types.WorkGroupStateDisabled {
		return w, errors.New("is disabled: have it enabled, or name another one with workgroup=")
	}
	config := group.Configuration
	if config == nil {
		config = &types.WorkGroupConfiguration{}
	}
	if err := checkEngine(config.EngineVersion); err != nil {
		return w, err
	}
	w.cutoff = aws.ToInt64(config.BytesScannedCutoffPerQuery)
	w.managed = config.ManagedQueryResultsConfiguration != nil && config.ManagedQueryResultsConfiguration.Enabled
	has := ""
	if config.ResultConfiguration != nil {
		has = aws.ToString(config.ResultConfiguration.OutputLocation)
	}
	why := ""
	switch {
	case w.managed:
		why = "keeps results in Athena's own storage"
	case aws.ToBool(config.EnforceWorkGroupConfiguration) && has != "":
		why = "puts results where it is set to: " + has
	case aws.ToBool(config.EnforceWorkGroupConfiguration):
		return w, errors.New("overrides what a query asks for, and has no place for results: set one there, or name another workgroup with workgroup=")
	case has == "" && w.output == "":
		return w, errors.New("has no place for results: name one with output=s3://BUCKET/PREFIX/")
	}
	if why != "" && w.output != "" {
		w.notes = append(w.notes, fmt.Sprintf("output=%s is not used: workgroup %s %s", w.output, s.spec.Workgroup, why))
	}
	if why != "" {
		w.output = ""
	}
	return w, nil
}

// checkEngine refuses what does not run SQL as the queries are written. A version that it cannot read
// may well do so.
func checkEngine(v *types.EngineVersion) error {
	if v == nil {
		return nil
	}
	name := aws.ToString(v.EffectiveEngineVersion)
	if strings.Contains(name, "Spark") {
		return fmt.Errorf("is for Spark (%s): name one for SQL with workgroup=", name)
	}
	part := engineForm.FindStringSubmatch(name)
	if part == nil {
		return nil
	}
	if n, err := strconv.Atoi(part[1]); err == nil && n < minEngine {
		return fmt.Errorf("has %s, and the queries are for version %d: have it upgraded, or name another one with workgroup=", name, minEngine)
	}
	return nil
}
