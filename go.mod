module github.com/whittle-iam/whittle

go 1.26.0

// The program.
//
//	cobra, pflag      commands, flags, help and shell completion
//	mpb               progress on a terminal, safe for concurrent updates
//	x/term            tells whether standard error is a terminal
//	klauspost/compress  gzip faster than the standard library's, and zstd, which it lacks
//	goccy/go-yaml     policies as YAML with their members in order
require (
	github.com/goccy/go-yaml v1.19.2
	github.com/klauspost/compress v1.20.3
	github.com/spf13/cobra v1.10.2
	github.com/spf13/pflag v1.0.9
	github.com/vbauerster/mpb/v8 v8.16.2
	golang.org/x/term v0.47.0
)

// Tests only.
//
//	go-cmp            differences of whole values
//	go-internal       testscript: the command line as transcripts
//	jsonschema        reports are what docs/report.schema.json says
//	rapid             property tests with shrinking
require (
	github.com/google/go-cmp v0.7.0
	github.com/rogpeppe/go-internal v1.16.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	pgregory.net/rapid v1.3.0
)

require (
	github.com/VividCortex/ewma v1.2.0 // indirect
	github.com/acarl005/stripansi v0.0.0-20180116102854-5a71ef0e047d // indirect
	github.com/clipperhouse/uax29/v2 v2.7.0 // indirect
	github.com/inconshreveable/mousetrap v1.1.0 // indirect
	github.com/mattn/go-runewidth v0.0.30 // indirect
	github.com/vbauerster/cupwriter v0.0.5 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.22.0 // indirect
	golang.org/x/tools v0.32.0 // indirect
)
