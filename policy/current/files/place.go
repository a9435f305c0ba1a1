package files

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/policy/current"
)

// A neighbourhood is what the files of one folder say of roles.
type neighbourhood struct {
	roles map[string]part // by lower-case name: the part that names it, one with an ARN if there is one
	// listed says that attached policies are listed there, by which managed policies find their roles.
	listed bool
}

// place finds the role of each part that does not name it, by the file's folder and name. It returns
// what the files of each folder say, and what all do.
func (c *collector) place() (folders map[string]*neighbourhood, all neighbourhood, err error) {
	all = neighbourhood{roles: map[string]part{}}
	folders = map[string]*neighbourhood{}
	for _, p := range c.parts {
		n := folders[filepath.Dir(p.file.path)]
		if n == nil {
			n = &neighbourhood{roles: map[string]part{}}
			folders[filepath.Dir(p.file.path)] = n
		}
		n.listed = n.listed || p.listed || p.complete
		n.add(p)
		all.add(p)
	}
	for i := range c.parts {
		p := &c.parts[i]
		if p.name != "" {
			continue
		}
		near := folders[filepath.Dir(p.file.path)]
		if p.file.role == "" {
			near = &all // files that were named have no folder in common but the command line
		}
		if p.arn, p.name, err = near.owner(*p, all); err != nil {
			return nil, all, err
		}
	}
	return folders, all, nil
}

// add adds a role that a part names.
func (n neighbourhood) add(p part) {
	lower := strings.ToLower(p.name)
	if known, ok := n.roles[lower]; p.name != "" && (!ok || known.arn == "") {
		n.roles[lower] = p
	}
}

// owner returns the role of a part that does not name it.
func (n neighbourhood) owner(p part, all neighbourhood) (arn, name string, err error) {
	f := p.file
	_, known := all.roles[strings.ToLower(f.role)]
	switch {
	case f.role != "" && !f.folder && (!p.listed || known):
		return "", f.role, nil // the file is named after the role
	case len(n.roles) == 1:
		for _, r := range n.roles {
			return r.arn, r.name, nil
		}
	case len(n.roles) == 0 && f.role != "":
		return "", f.role, nil
	case len(n.roles) == 0:
		return "", "", fmt.Errorf("%s: this does not say whose policies they are: put it in a folder, in a file with the role's name", p.where)
	}
	var names []string
	for _, lower := range slices.Sorted(maps.Keys(n.roles)) {
		names = append(names, fmt.Sprintf("%q", n.roles[lower].name))
	}
	return "", "", fmt.Errorf("%s: this does not say whose policies they are: those of %s?", p.where, shorten(names))
}

// ofFolder returns the role that the other files in the version's sub-folder belong to, if those do not
// list its attached policies, which find managed policies by name.
func (n *neighbourhood) ofFolder(v version, all neighbourhood) (part, bool) {
	if !v.file.folder || n == nil || n.listed || len(n.roles) > 1 || all.roles[strings.ToLower(v.file.role)].complete {
		return part{}, false
	}
	p := part{file: v.file, where: v.where, role: current.Role{Policies: []current.Policy{v.policy}}}
	var err error
	p.arn, p.name, err = n.owner(p, all)
	return p, err == nil
}
