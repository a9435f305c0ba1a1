package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/policy/report"
	"github.com/whittle-iam/whittle/trail/doctor"
)

type doctorOptions struct {
	regions   []string
	dataTypes []string
	format    string
	policy    bool
	fill      policyValues
}

func newDoctor(env Env) *cobra.Command {
	var opt doctorOptions
	cmd := &cobra.Command{
		Use:   "doctor [--policy [FEATURE|SOURCE]...]",
		Short: "Find what the account's trails do not record, and the permissions that whittle needs",
		Long: `Doctor reads the account's CloudTrail trails and says what each setting hides from whittle: trails that
do not log or deliver, Regions and global services without a trail, management events that are left
out, kinds of data events that are not recorded or only for some resources. With each finding come the
cheapest change that shows it, and a command for it that keeps what the trail has. It changes nothing.

Where a trail lacks several things, each of its commands holds the changes of those before it: run them in
order, or the last one only.

With --policy it prints the least-privilege policy that whittle itself needs instead, and calls nothing:
for everything, or for the features and sources named. Words in capitals in it are to be replaced.

Features: ` + strings.Join(featureNames(), ", ") + `.

Exit status 1 if something is hidden.`,
		Example: `  whittle doctor --regions eu-west-1,us-east-1
  whittle doctor --data-types AWS::S3::Object,AWS::SQS::Queue
  whittle doctor --policy s3://my-trail-bucket/logs current-aws functions --account 111122223333 --region eu-west-1`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if opt.policy {
				opt.fill.region = cmd.Flag("region").Value.String()
				return runDoctorPolicy(env, args, opt.fill)
			}
			if len(args) > 0 {
				return usagef("%q: features and sources are named with --policy only", args[0])
			}
			return runDoctor(cmd.Context(), env, opt)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&opt.regions, "regions", nil, "examine these `REGIONS` (default: the configured one)")
	f.StringSliceVar(&opt.dataTypes, "data-types", doctor.DataTypes(), "the kinds of data events that matter, by their `resources.type`")
	f.StringVar(&opt.format, "format", "text", "write the result as `text or json`")
	f.BoolVar(&opt.policy, "policy", false, "print the policy that whittle needs instead")
	f.StringVar(&opt.fill.bucket, "bucket", "", "with --policy: the `NAME` of the bucket that the trail delivers to")
	f.StringVar(&opt.fill.account, "account", "", "with --policy: the account's twelve `DIGITS`")
	complete(cmd, "format", "text", "json")
	complete(cmd, "data-types", doctor.DataTypes()...)
	return cmd
}

func (o *doctorOptions) check() error {
	if o.format != "text" && o.format != "json" {
		return usagef("--format %q: use text or json", o.format)
	}
	if o.fill != (policyValues{}) {
		return usagef("--bucket and --account belong to --policy")
	}
	for _, t := range o.dataTypes {
		if strings.Count(t, "::") != 2 || !strings.HasPrefix(t, "AWS::") {
			return usagef("--data-types %q: a type reads as AWS::S3::Object", t)
		}
	}
	return nil
}

// A doctorReport is the JSON form of an examination.
type doctorReport struct {
	Tool string `json:"tool"`
	// Incomplete says that some trails could not be read, which the messages name.
	Incomplete bool `json:"incomplete,omitempty"`
	doctor.Report
}

func runDoctor(ctx context.Context, env Env, opt doctorOptions) error {
	if err := opt.check(); err != nil {
		return err
	}
	settings, err := doctorSettings(ctx, env, opt)
	if err != nil {
		return err
	}
	clients := doctor.Clients{
		CloudTrail: func(ctx context.Context, region string) (doctor.API, error) { return env.cloud.CloudTrail(ctx, region) },
		S3:         func(ctx context.Context, region string) (doctor.S3API, error) { return env.cloud.S3(ctx, region) },
	}
	found, examineErr := doctor.Examine(ctx, clients, settings)
	if examineErr != nil && len(found.Trails) == 0 {
		return examineErr
	}
	if opt.format == "json" {
		encoder := json.NewEncoder(env.Stdout)
		encoder.SetIndent("", "  ")
		err = encoder.Encode(doctorReport{"whittle " + toolVersion(), examineErr != nil, found})
	} else {
		err = writeDoctor(env.Stdout, found, examineErr != nil)
	}
	if err := cmp.Or(err, examineErr); err != nil {
		return err
	}
	if n := found.Hidden(); n > 0 {
		return &findingsError{report.Plural(int64(n), "finding") + " about what the trails do not record"}
	}
	return nil
}

// doctorSettings asks for the caller's account and the configured Region.
func doctorSettings(ctx context.Context, env Env, opt doctorOptions) (doctor.Settings, error) {
	s := doctor.Settings{Regions: slices.Clone(opt.regions), DataTypes: opt.dataTypes}
	if len(s.Regions) == 0 {
		cfg, err := env.cloud.Config(ctx, "")
		if err != nil {
			return s, err
		}
		s.Regions = []string{cfg.Region}
	}
	client, err := env.cloud.STS(ctx)
	if err != nil {
		return s, err
	}
	identity, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return s, fmt.Errorf("the caller's account: %w", err)
	}
	s.Account = aws.ToString(identity.Account)
	return s, nil
}
