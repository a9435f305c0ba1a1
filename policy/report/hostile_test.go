package report

import "reflect"

// replaceStrings gives each string of a report a new value, but for those that the program chooses from
// a fixed set: kinds, severities, statuses, versions.
func replaceStrings(r *Report, next func() string) {
	replaceIn(reflect.ValueOf(r).Elem(), next)
}

var chosen = map[string]bool{
	"Change.Kind": true, "LintFinding.Severity": true, "LintRule.Severity": true, "GrantedPermission.Status": true, "ChangeUsage.Status": true,
	"Denied.By": true, "LintRule.ID": true, "LintFinding.Rule": true, "LintRule.Title": true, "LintRule.Help": true, "Report.Tool": true, "Report.Reference": true, "Count.Reason": true,
}

func replaceIn(v reflect.Value, next func() string) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type().PkgPath() != reflect.TypeFor[Report]().PkgPath() {
			return
		}
		for i := range v.NumField() {
			if !chosen[v.Type().Name()+"."+v.Type().Field(i).Name] {
				replaceIn(v.Field(i), next)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			replaceIn(v.Index(i), next)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			replaceIn(v.Elem(), next)
		}
	case reflect.String:
		v.SetString(next())
	}
}
