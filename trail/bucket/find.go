package bucket

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"strings"

	"github.com/whittle-iam/whittle/trail/delivery"
)

// ahead is how many lists are made at once, so that objects are listed faster than they are read. A list
// waits with a page of a thousand keys until its turn.
const ahead = 16

// level is a prefix that names a level of the delivered layout: from AWSLogs/ down to a day.
var level = regexp.MustCompile(`^((?:.*/)?AWSLogs/)(?:(o-[a-z0-9]+/)?(?:(\d{12})/(?:CloudTrail/(?:([a-z0-9-]+)/(?:\d{4}/(?:\d{2}/(?:\d{2}/)?)?)?)?)?)?)?$`)

var (
	organizationFolder = regexp.MustCompile(`^o-[a-z0-9]+/$`)
	accountFolder      = regexp.MustCompile(`^\d{12}/$`)
)

// errEmpty says that a prefix leads nowhere.
var errEmpty = errors.New("no object has a key that begins so")

// A logs is the folder of an account's logs.
type logs struct {
	place  delivery.Place
	folder string // ends with CloudTrail/
}

// A leaf is a part of the bucket that is listed key by key.
type leaf struct {
	prefix string
	after  string           // keys up to this are not needed
	end    string           // nor those from this on; "" for no end
	prune  *delivery.Pruner // nil where the bounds do it
}

// objects yields what is to be read, in pages and in the order of keys.
func (l *lister) objects(ctx context.Context) iter.Seq2[[]object, error] {
	return ordered(ctx, ahead, l.leaves(ctx), l.leaf)
}

// leaf lists one leaf.
func (l *lister) leaf(ctx context.Context, f leaf) iter.Seq2[[]object, error] {
	return func(yield func([]object, error) bool) {
		for p, err := range l.pages(ctx, f.prefix, "", f.after) {
			if err != nil {
				yield(nil, err)
				return
			}
			wanted, ended := p.objects[:0], false
			for _, o := range p.objects {
				if ended = f.end != "" && o.key >= f.end; ended {
					break
				}
				if f.prune == nil || f.prune.Needless(delivery.PlaceOf(o.key)) == "" {
					wanted = append(wanted, o)
				}
			}
			if !yield(wanted, nil) || ended {
				return
			}
		}
	}
}

// leaves finds what the source's prefix names.
func (l *lister) leaves(ctx context.Context) iter.Seq2[leaf, error] {
	return func(yield func(leaf, error) bool) {
		folder := l.source.prefix
		if folder != "" && !strings.HasSuffix(folder, "/") {
			folder += "/"
		}
		var roots []string
		var plain string
		var err error
		if level.MatchString(folder) && !strings.HasSuffix("/"+folder, "/AWSLogs/") {
			roots, err = []string{folder}, l.exists(ctx, folder)
		} else {
			roots, plain, err = l.roots(ctx, folder)
		}
		switch {
		case err != nil:
			yield(leaf{}, err)
		case len(roots) == 0:
			yield(leaf{prefix: plain, prune: delivery.NewPruner(l.query, nil)}, nil)
		default:
			l.delivered(ctx, roots, yield)
		}
	}
}

func (l *lister) exists(ctx context.Context, prefix string) error {
	p, err := l.first(ctx, prefix, "/")
	if err == nil && len(p.objects)+len(p.folders) == 0 && !p.more {
		err = fmt.Errorf("%s: %w", l.source.url(prefix), errEmpty)
	}
	return err
}

// delivered yields the leaves below folders of the delivered layout.
func (l *lister) delivered(ctx context.Context, roots []string, yield func(leaf, error) bool) {
	var accounts []logs
	for _, root := range roots {
		found, err := l.accounts(ctx, root)
		if err != nil {
			yield(leaf{}, err)
			return
		}
		accounts = append(accounts, found...)
	}
	places := make([]*delivery.Place, len(accounts))
	for i := range accounts {
		places[i] = &accounts[i].place
	}
	prune := delivery.NewPruner(l.query, places)
	var needed []logs
	for _, a := range accounts {
		if prune.Needless(&a.place) == "" {
			needed = append(needed, a)
		}
	}
	found := len(needed) < len(accounts)
	for region, err := range ordered(ctx, ahead, without(needed), l.regions) {
		if err != nil {
			yield(leaf{}, err)
			return
		}
		found = true
		if prune.Needless(&region.place) == "" && !yield(region.leaf(prune), nil) {
			return
		}
	}
	if !found && ctx.Err() == nil {
		yield(leaf{}, fmt.Errorf("%s: no logs of CloudTrail are below it", l.source.url(l.source.prefix)))
	}
}

// accounts returns the folders of logs that are below one of the delivered layout, or around it.
func (l *lister) accounts(ctx context.Context, folder string) ([]logs, error) {
	part := level.FindStringSubmatch(folder)
	root, organization, account := part[1], part[2], part[3]
	if account != "" {
		in := root + organization + account + "/" + delivery.Logs + "/"
		return []logs{{delivery.Place{Organization: organization, Account: account, Kind: delivery.Logs}, in}}, nil
	}
	folders, err := l.folders(ctx, folder)
	if err != nil {
		return nil, err
	}
	var all []logs
	for _, f := range folders {
		name := strings.TrimPrefix(f, folder)
		switch {
		case accountFolder.MatchString(name):
			place := delivery.Place{Organization: organization, Account: strings.TrimSuffix(name, "/"), Kind: delivery.Logs}
			all = append(all, logs{place, f + delivery.Logs + "/"})
		case organization == "" && organizationFolder.MatchString(name):
			members, err := l.accounts(ctx, f)
			if err != nil {
				return nil, err
			}
			all = append(all, members...)
		case organization != "" && name == "AWSLogs/":
			l.missed(f)
		}
	}
	return all, nil
}

// A region is the folder of a Region in that of an account's logs.
type region struct {
	place  delivery.Place
	folder string
	prefix string // in the folder: the source's, if that names a Region or what is in it
}

// regions lists the Regions of an account.
func (l *lister) regions(ctx context.Context, in logs) iter.Seq2[region, error] {
	return func(yield func(region, error) bool) {
		add := func(folder, prefix string) bool {
			place := in.place
			place.Region = strings.TrimSuffix(strings.TrimPrefix(folder, in.folder), "/")
			return yield(region{place, folder, prefix}, nil)
		}
		prefix := strings.TrimSuffix(l.source.prefix, "/") + "/"
		if part := level.FindStringSubmatch(prefix); part != nil && part[4] != "" {
			add(in.folder+part[4]+"/", prefix)
			return
		}
		folders, err := l.folders(ctx, in.folder)
		if err == nil {
			err = l.around(ctx, strings.TrimSuffix(in.folder, delivery.Logs+"/"))
		}
		if err != nil {
			yield(region{}, err)
			return
		}
		for _, f := range folders {
			if !add(f, f) {
				return
			}
		}
	}
}

// leaf returns the days of a Region that are needed.
func (r *region) leaf(prune *delivery.Pruner) leaf {
	f := leaf{prefix: r.prefix}
	first, end := prune.Days()
	if first != "" {
		f.after = r.folder + first
	}
	if end != "" {
		f.end = r.folder + end
	}
	return f
}

// without returns items with no error.
func without[T any](items []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}
