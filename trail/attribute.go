package trail

import (
	"slices"
	"strings"
)

// Attribute fills in what only several rows together tell, and joins the rows that become alike:
//
//   - a role known without its path, because its records name no session issuer, becomes the role of
//     that name with its path, as role names are unique in an account;
//   - a session that an Assumption row or another row of the role shows to be a function gets that
//     Function, unless normalising made the sessions of several functions one;
//   - from roles that are in doubt (see RolesInDoubt), the hints are taken back: bare function names, which
//     may be any session's, and ByLambda;
//   - a function's bare name becomes its ARN, where one ARN of the role (and, failing that, of the
//     row's Region) fits.
//
// Call it once, on everything that is to be looked at together; the result is for reading, while a
// profile keeps what was seen.
func Attribute(usages []Usage) []Usage {
	rows, functions := learn(usages)
	signs := signsOf(rows, functions)
	for i := range rows {
		u := &rows[i]
		if u.Kind != Call {
			continue
		}
		if !signs[u.Role].forLambda() {
			if u.Function != "" {
				u.Function, u.Session = "", NormalizeSession(u.Function)
			}
			u.ByLambda = false
			continue
		}
		known := functions[u.Role]
		if names := known.sessions[u.Session]; u.Function == "" && u.Session != "" && len(names) == 1 {
			u.Function, u.Session = names[0], ""
		}
		u.Function = known.arn(u.Function, u.Region)
	}
	return Merge(rows)
}

// learn returns a copy of the rows in which roles have their paths, and the functions of each role.
func learn(usages []Usage) ([]Usage, map[string]*functionNames) {
	rows := slices.Clone(usages)
	paths := rolePaths(rows)
	functions := map[string]*functionNames{}
	for i := range rows {
		u := &rows[i]
		if full, ok := paths[u.Role]; ok {
			u.Role = full
		}
		if functions[u.Role] == nil {
			functions[u.Role] = &functionNames{arns: map[string][]string{}, sessions: map[string][]string{}}
		}
		functions[u.Role].learn(u)
	}
	return rows, functions
}

// rolePaths maps role ARNs without a path to the only one with a path and the same name.
func rolePaths(rows []Usage) map[string]string {
	full := map[string][]string{}
	for i := range rows {
		role := rows[i].Role
		before, name, ok := strings.Cut(role, ":role/")
		if slash := strings.LastIndexByte(name, '/'); ok && slash >= 0 {
			bare := before + ":role/" + name[slash+1:]
			if !slices.Contains(full[bare], role) {
				full[bare] = append(full[bare], role)
			}
		}
	}
	paths := map[string]string{}
	for bare, roles := range full {
		if len(roles) == 1 {
			paths[bare] = roles[0]
		}
	}
	return paths
}

// functionNames are the functions that used one role.
type functionNames struct {
	arns     map[string][]string // bare name to ARNs
	sessions map[string][]string // normalised session to bare names
}

func (f *functionNames) learn(u *Usage) {
	name := FunctionName(u.Function)
	if u.Kind == Assumption && u.Outcome == Authorised && !u.ByLambda {
		name = u.Session
	}
	if !functionName.MatchString(name) {
		return
	}
	if name != u.Function && u.Function != "" && !slices.Contains(f.arns[name], u.Function) {
		f.arns[name] = append(f.arns[name], u.Function)
	}
	session := NormalizeSession(name)
	if !slices.Contains(f.sessions[session], name) {
		f.sessions[session] = append(f.sessions[session], name)
	}
}

// arn returns the ARN for a bare name, or what it was given.
func (f *functionNames) arn(function, region string) string {
	arns := f.arns[function]
	if len(arns) == 1 {
		return arns[0]
	}
	var here []string
	for _, arn := range arns {
		if part := strings.Split(arn, ":"); part[3] == region {
			here = append(here, arn)
		}
	}
	if len(here) == 1 {
		return here[0]
	}
	return function
}
