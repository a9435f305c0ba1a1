package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compile(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	schema, err := compiler.Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// validate writes a report in JSON and checks it against the schema.
func validate(t *testing.T, schema *jsonschema.Schema, r Report) any {
	t.Helper()
	var b bytes.Buffer
	if err := JSON(&b, r); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(doc); err != nil {
		t.Error(err)
	}
	return doc
}

// TestSchema: what JSON writes is what docs/report.schema.json says, and the schema knows every member.
func TestSchema(t *testing.T) {
	schema := compile(t, "../../docs/report.schema.json")
	for _, section := range sections {
		t.Run(section.name, func(t *testing.T) { validate(t, schema, section.report()) })
	}
	doc := validate(t, schema, full())
	doc.(map[string]any)["schemaVersion"] = json.Number("2")
	if schema.Validate(doc) == nil {
		t.Error("the schema takes a version that it does not describe")
	}
	if schema.Validate(map[string]any{"schemaVersion": json.Number("1"), "tool": "", "reference": "", "x": true}) == nil {
		t.Error("the schema takes a member that it does not describe")
	}
}

// TestSchemaMinimal: required members are written even when they are empty.
func TestSchemaMinimal(t *testing.T) {
	schema := compile(t, "../../docs/report.schema.json")
	for name, fill := range map[string]func(*Report){
		"empty": func(*Report) {},
		"input": func(r *Report) { r.Input.Files = 1 },
		"role":  func(r *Report) { r.Roles = []Role{{Permissions: []Permission{{Suggested: []Suggestion{{}}}}}} },
		"diff":  func(r *Report) { r.Comparisons = []Comparison{{}} },
		"change": func(r *Report) {
			r.Comparisons = []Comparison{{Changes: []Change{{Kind: "removed", Gained: &Witness{Context: []ContextValue{{}}}}}}}
		},
		"condition": func(r *Report) {
			r.Comparisons = []Comparison{{Changes: []Change{{Kind: "granted", NewAccess: &Access{When: [][]Condition{nil, {{}}}}, OldAccess: &Access{}}}}}
		},
		"lint":   func(r *Report) { r.Lint = &Lint{} },
		"unused": func(r *Report) { r.Unused = []UnusedRole{{}} },
		"granted": func(r *Report) {
			r.Unused = []UnusedRole{{Granted: []GrantedPermission{{Status: Unused}}, Wildcards: []WildcardUse{{}}, Removes: []Change{{Kind: "removed"}}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := base()
			fill(&r)
			validate(t, schema, r)
		})
	}
}

// TestFixturesAreFull: each member of each type is set somewhere, so that the other tests see it.
func TestFixturesAreFull(t *testing.T) {
	set := map[string]bool{}
	for _, section := range sections {
		visit(reflect.ValueOf(section.report()), set)
	}
	if len(set) == 0 {
		t.Fatal("no members found")
	}
	for name, ok := range set {
		if !ok {
			t.Errorf("%s is zero in all fixtures", name)
		}
	}
}

func visit(v reflect.Value, set map[string]bool) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type().PkgPath() != reflect.TypeFor[Report]().PkgPath() {
			return
		}
		for i := range v.NumField() {
			name := v.Type().Name() + "." + v.Type().Field(i).Name
			set[name] = set[name] || !v.Field(i).IsZero()
			visit(v.Field(i), set)
		}
	case reflect.Slice:
		for i := range v.Len() {
			visit(v.Index(i), set)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			visit(v.Elem(), set)
		}
	}
}

// TestJSONChangesNothing: the caller's report is as it was, with its nil lists.
func TestJSONChangesNothing(t *testing.T) {
	r := base()
	r.Comparisons = []Comparison{{Changes: []Change{{OldAccess: &Access{When: [][]Condition{nil}}}}}}
	r.Lint = &Lint{}
	want := base()
	want.Comparisons = []Comparison{{Changes: []Change{{OldAccess: &Access{When: [][]Condition{nil}}}}}}
	want.Lint = &Lint{}
	if err := JSON(&bytes.Buffer{}, r); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, r); d != "" {
		t.Error(d)
	}
}
