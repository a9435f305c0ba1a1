package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/whittle-iam/whittle/cmd/internal/cloud"
	"github.com/whittle-iam/whittle/policy/current"
	"github.com/whittle-iam/whittle/policy/current/awsconfig"
	"github.com/whittle-iam/whittle/policy/current/files"
	"github.com/whittle-iam/whittle/policy/current/iamapi"
)

// isLive tells the words that stand for AWS from paths; a file of such a name is "./aws".
func isLive(path string) bool {
	return path == "aws" || path == "config" || strings.HasPrefix(path, "config:")
}

// read reads the policies from where the paths say. Managed policies in files serve roles from elsewhere
// that attach them.
func (q currentQuery) read(ctx context.Context, env Env) (current.Set, error) {
	live, paths := liveOnes(q.paths)
	var onDisk current.Set
	if len(paths) > 0 {
		var err error
		if onDisk, err = files.Read(paths, env.Stdin); err != nil || len(live) == 0 {
			return onDisk, err
		}
	}
	if len(live) > 1 {
		return current.Set{}, usagef("%s and %s: the current policies are in one of them", live[0], live[1])
	}
	lib := &library{onDisk: &onDisk}
	read := q.fromIAM
	if live[0] != "aws" {
		read = q.fromConfig
	}
	set, err := read(ctx, env, live[0], lib.policy)
	if err != nil {
		return set, err
	}
	if len(set.Roles) == 0 && len(q.patterns) > 0 {
		return set, fmt.Errorf("%s has no role %s", live[0], strings.Join(q.patterns, ", "))
	}
	set.Roles = append(set.Roles, onDisk.Roles...)
	set.Documents = append(set.Documents, onDisk.Documents...)
	set.Notes = append(set.Notes, onDisk.Notes...)
	set.Sort()
	return set, nil
}

// liveOnes parts the words that stand for AWS from paths.
func liveOnes(list []string) (live, paths []string) {
	for _, s := range list {
		if isLive(s) {
			live = append(live, s)
		} else {
			paths = append(paths, s)
		}
	}
	return live, paths
}

// A library has the managed policies in files, for roles from elsewhere that attach them.
type library struct{ onDisk *current.Set }

// policy finds a managed policy by its ARN, or, as an answer of get-policy-version does not tell that, by the
// file's name. Such a document is then no longer one of nobody.
func (l *library) policy(arn string) (current.Policy, bool) {
	if i := slices.IndexFunc(l.onDisk.Managed, func(p current.Policy) bool { return p.ARN == arn }); i >= 0 {
		return l.onDisk.Managed[i], true
	}
	i := slices.IndexFunc(l.onDisk.Documents, func(p current.Policy) bool { return p.Name == current.BaseName(arn) })
	if i < 0 {
		return current.Policy{}, false
	}
	p := l.onDisk.Documents[i]
	p.ARN, p.Kind = arn, current.Managed
	l.onDisk.Documents = slices.Delete(slices.Clone(l.onDisk.Documents), i, i+1)
	l.onDisk.Managed = append(l.onDisk.Managed, p)
	l.onDisk.Notes = append(l.onDisk.Notes, fmt.Sprintf("%s: taken for %s, by the file's name.", p.Origin.File, arn))
	return p, true
}

func (q currentQuery) fromIAM(ctx context.Context, env Env, _ string, _ func(string) (current.Policy, bool)) (current.Set, error) {
	if q.live.assumeRole == "" {
		client, err := env.cloud.IAM(ctx)
		if err != nil {
			return current.Set{}, err
		}
		return iamapi.Read(ctx, client, q.patterns)
	}
	accounts, as, note, err := q.live.targets(ctx, env, q.accounts)
	if err != nil {
		return current.Set{}, err
	}
	set, err := iamapi.Several{
		Accounts: accounts, Patterns: q.patterns,
		API: func(ctx context.Context, a iamapi.Account) (iamapi.API, error) { return as(a.ID).IAM(ctx) },
	}.Read(ctx)
	if note != "" {
		set.Notes = append(set.Notes, note)
	}
	return set, err
}

// fromConfig asks one recorder or aggregator; an aggregator has many accounts, so that none but its own is
// come to, except for histories, which only the account itself has.
func (q currentQuery) fromConfig(ctx context.Context, env Env, from string, library func(string) (current.Policy, bool)) (current.Set, error) {
	_, aggregator, named := strings.Cut(from, ":")
	if named && aggregator == "" {
		return current.Set{}, usagef("config: the name of the aggregator is missing; write config:NAME, or config for the account's own records")
	}
	as := func(string) *cloud.Cloud { return env.cloud }
	if q.live.assumeRole != "" {
		if aggregator == "" && strings.Contains(q.live.assumeRole, accountMark) {
			return current.Set{}, usagef("config reads one account, and --assume-role names many: use an aggregator, as config:NAME")
		}
		var err error
		if _, as, _, err = q.live.targets(ctx, env, q.accounts); err != nil {
			return current.Set{}, err
		}
	}
	main := env.cloud
	if aggregator == "" {
		main = as("")
	}
	client, err := main.AWSConfig(ctx, "")
	if err != nil {
		return current.Set{}, err
	}
	opt := awsconfig.Options{Aggregator: aggregator, Patterns: q.patterns, Library: library}
	if q.history {
		opt.History = func(ctx context.Context, account string) (awsconfig.HistoryAPI, error) {
			api, err := as(account).AWSConfig(ctx, "")
			if err != nil {
				return nil, fmt.Errorf("account %s: %w", account, err)
			}
			return api, nil
		}
	}
	return awsconfig.Read(ctx, client, opt)
}
