package athena

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Scheme begins the URL of a table.
const Scheme = "athena"

// A Spec names a table and says how to query it. As a URL it is
//
//	athena://database/table?workgroup=NAME&output=s3://bucket/prefix/&catalog=NAME&max-rows=N
//
// where everything behind the table may be left out.
type Spec struct {
	// Catalog is the data source, AwsDataCatalog by default.
	Catalog         string
	Database, Table string
	// Workgroup is "primary" by default.
	Workgroup string
	// Output is where Athena puts results, as s3://bucket/prefix/; empty for the workgroup's place.
	Output string
	// MaxRows is how many rows a result may have; a query whose result has more fails.
	MaxRows int64
}

// What a URL that does not say otherwise means.
const (
	DefaultCatalog   = "AwsDataCatalog"
	DefaultWorkgroup = "primary"
	DefaultMaxRows   = 1_000_000
)

var (
	// https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html: hyphens are there for
	// databases that the Glue Data Catalog has them for. Upper-case letters are lower-case ones to Athena.
	nameForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]{0,254}$`)
	// https://docs.aws.amazon.com/athena/latest/APIReference/API_GetDataCatalog.html, without what is no character.
	catalogForm = regexp.MustCompile(`^[^\x00-\x1f\x7f]{1,256}$`)
	// https://docs.aws.amazon.com/athena/latest/APIReference/API_GetWorkGroup.html
	workgroupForm = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,128}$`)
)

// ParseSpec reads the URL of a table. What it does not know is an error.
func ParseSpec(raw string) (Spec, error) {
	spec := Spec{Catalog: DefaultCatalog, Workgroup: DefaultWorkgroup, MaxRows: DefaultMaxRows}
	rest, ok := strings.CutPrefix(raw, Scheme+"://")
	if !ok {
		return spec, errors.New("not an athena:// URL")
	}
	// A host would be checked as one by net/url, and a database's name is none.
	path, query, _ := strings.Cut(rest, "?")
	parts := strings.Split(path, "/")
	if len(parts) != 2 {
		return spec, errors.New("write athena://DATABASE/TABLE, and parameters behind a question mark")
	}
	for i, name := range []*string{&spec.Database, &spec.Table} {
		if !nameForm.MatchString(parts[i]) {
			return spec, fmt.Errorf("%s %q: a name has letters, digits, underscores and hyphens only", [...]string{"database", "table"}[i], parts[i])
		}
		*name = strings.ToLower(parts[i])
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return spec, err
	}
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if len(values[key]) > 1 {
			return spec, fmt.Errorf("parameter %q is there %d times", key, len(values[key]))
		}
		if err := spec.set(key, values[key][0]); err != nil {
			return spec, err
		}
	}
	return spec, nil
}

func (s *Spec) set(key, value string) error {
	switch key {
	case "workgroup":
		s.Workgroup = value
		if !workgroupForm.MatchString(value) {
			return fmt.Errorf("workgroup %q: a name has letters, digits, dots, hyphens and underscores only", value)
		}
	case "output":
		s.Output = value
		if _, _, err := splitS3(value); err != nil {
			return fmt.Errorf("output: %w", err)
		}
	case "catalog":
		s.Catalog = value
		if !catalogForm.MatchString(value) {
			return fmt.Errorf("catalog %q is not a name of a data source", value)
		}
	case "max-rows":
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < 1 {
			return fmt.Errorf("max-rows %q: write a number from 1 on", value)
		}
		s.MaxRows = n
	default:
		return fmt.Errorf("parameter %q is unknown: there are workgroup, output, catalog and max-rows", key)
	}
	return nil
}

// String is the shortest URL of s.
func (s Spec) String() string {
	values := url.Values{}
	for _, p := range []struct{ key, value, usual string }{
		{"catalog", s.Catalog, DefaultCatalog},
		{"max-rows", strconv.FormatInt(s.MaxRows, 10), strconv.Itoa(DefaultMaxRows)},
		{"output", s.Output, ""},
		{"workgroup", s.Workgroup, DefaultWorkgroup},
	} {
		if p.value != p.usual {
			values.Set(p.key, p.value)
		}
	}
	out := Scheme + "://" + s.Database + "/" + s.Table
	if len(values) > 0 {
		out += "?" + values.Encode()
	}
	return out
}

var bucketForm = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9._-]{1,254}$`)

// splitS3 takes s3://bucket/key apart.
func splitS3(location string) (bucket, key string, err error) {
	rest, ok := strings.CutPrefix(location, "s3://")
	if !ok {
		return "", "", fmt.Errorf("%q is not an s3:// URL", location)
	}
	bucket, key, _ = strings.Cut(rest, "/")
	if !bucketForm.MatchString(bucket) {
		return "", "", fmt.Errorf("%q names no bucket", location)
	}
	return bucket, key, nil
}
