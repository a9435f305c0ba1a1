package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/whittle-iam/whittle/actionmap/reference"
)

// version is set by release builds with -ldflags "-X …/cli.version=v1.2.3".
var version = ""

// toolVersion names the program in reports: the release, else the module version that "go install"
// recorded, else "devel".
func toolVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}

func newVersion(env Env) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the versions of whittle and of its reference data",
		Example: "  whittle version",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(env.Stdout, "whittle %s\nservice authorization reference: %s\n%s %s/%s\n",
				toolVersion(), reference.Version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
