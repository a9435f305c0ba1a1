package bucket

import (
	"context"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/whittle-iam/whittle/trail"
)

const (
	// searchedPages is how many pages of one folder's content are searched for AWSLogs/, one by one: ten thousand
	// names or so.
	searchedPages = 10
	// searchedFolders is how many folders are, those of trails not counted.
	searchedFolders = 2000
)

var (
	// partition is a folder of Hive's making, as flow logs and tables are kept in: no prefix of a trail.
	partition = regexp.MustCompile(`=[^/]*/$`)
	// dated are folders that may be days, months or years. A number of twelve digits is an account's.
	dated = regexp.MustCompile(`^(\d{1,4}|\d{8}|\d{4}-\d{2}(-\d{2})?)/$`)
)

// manyDates is how many dated folders one folder may have that are searched.
const manyDates = 20

// content is what a folder holds, as far as it was searched.
type content struct {
	folder  string
	folders []string
	empty   bool
	objects bool // beside the folders
	wide    bool // it has more folders than were seen
}

// roots finds AWSLogs/ in a folder and in those below it, as a trail may deliver below any prefix
// (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html). Without
// any it returns the prefix that is to be read as it is, which does not end with a slash if it names no folder
// but the start of a key. Where there is too much to search, folders that were not are kept in l.unsearched, or,
// if nothing was found before, every key is to be listed and tells itself whether it is needed.
func (l *lister) roots(ctx context.Context, folder string) (roots []string, plain string, err error) {
	if isRoot(folder) {
		roots = append(roots, folder)
	}
	searched := 0
	for next := []string{folder}; len(next) > 0; {
		level := l.within(next, searchedFolders-searched)
		next = nil
		for c, err := range ordered(ctx, ahead, without(level), l.content) {
			switch {
			case err != nil:
				return nil, "", err
			case c.folder == folder && c.empty:
				return nil, l.source.prefix, l.exists(ctx, l.source.prefix)
			case c.wide:
				l.missed(c.folder)
			}
			if c.objects {
				l.lies(c.folder)
			}
			if !isRoot(c.folder) {
				searched++
			}
			below := c.below()
			next = append(next, below...)
			roots = append(roots, slices.DeleteFunc(below, func(f string) bool { return !isRoot(f) })...)
		}
		if err := ctx.Err(); err != nil {
			return nil, "", err
		}
	}
	if len(roots) == 0 {
		l.unsearched, l.beside = nil, nil // all is read
	}
	slices.Sort(roots)
	return roots, folder, nil
}

func isRoot(folder string) bool { return strings.HasSuffix("/"+folder, "/AWSLogs/") }

// within are the folders to search if so many are left: those of trails are no search. The others are noted.
func (l *lister) within(folders []string, left int) []string {
	var out []string
	for _, f := range folders {
		switch {
		case isRoot(f):
		case left > 0:
			left--
		default:
			l.missed(f)
			continue
		}
		out = append(out, f)
	}
	return out
}

// below are the folders to search next. Those of accounts and organizations in AWSLogs/ are read as its layout.
func (c content) below() []string {
	dates := 0
	for _, f := range c.folders {
		if dated.MatchString(strings.TrimPrefix(f, c.folder)) {
			dates++
		}
	}
	var out []string
	for _, f := range c.folders {
		name := strings.TrimPrefix(f, c.folder)
		switch {
		case partition.MatchString(name), dates > manyDates && dated.MatchString(name):
		case isRoot(c.folder) && (accountFolder.MatchString(name) || organizationFolder.MatchString(name)):
		default:
			out = append(out, f)
		}
	}
	return out
}

// content lists a folder. Where objects without end stand in it, it goes on behind those that begin with the
// same character.
func (l *lister) content(ctx context.Context, folder string) iter.Seq2[content, error] {
	return func(yield func(content, error) bool) {
		c := content{folder: folder, empty: true}
		n, after := 0, ""
		for again := true; again; {
			again = false
			for p, err := range l.pages(ctx, folder, "/", after) {
				if err != nil {
					yield(c, err)
					return
				}
				c.folders = append(c.folders, p.folders...)
				c.empty = c.empty && len(p.folders)+len(p.objects) == 0
				c.objects = c.objects || p.holds()
				if n++; n < searchedPages || !p.more || len(p.folders)+len(p.objects) == 0 {
					continue
				}
				if c.wide = len(p.folders) > 0 || n > 10*searchedPages; c.wide {
					break
				}
				last := p.objects[len(p.objects)-1].key
				if _, size := utf8.DecodeRuneInString(last[len(folder):]); size > 0 {
					after, again = last[:len(folder)+size]+string(utf8.MaxRune), true
					break
				}
			}
		}
		yield(c, nil)
	}
}

// around looks at what lies beside the logs in an account's folder.
func (l *lister) around(ctx context.Context, account string) error {
	for c, err := range l.content(ctx, account) {
		if err != nil {
			return err
		}
		if c.objects {
			l.lies(account)
		}
		if slices.Contains(c.folders, account+"AWSLogs/") {
			l.missed(account + "AWSLogs/")
		}
	}
	return nil
}

// missed notes folders that may hold logs and are not read, lies those with objects that no trail delivered so.
func (l *lister) missed(folders ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unsearched = append(l.unsearched, folders...)
}

func (l *lister) lies(folder string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.beside = append(l.beside, folder)
}

// gaps say what of the prefix was not read.
func (l *lister) gaps() (gaps []trail.Gap) {
	source := l.source.url(l.source.prefix)
	if len(l.unsearched) > 0 {
		gaps = append(gaps, trail.Gap{Kind: trail.GapPartial, Source: source, Detail: fmt.Sprintf(
			"Logs that may be below %s were not searched for: name the folders that hold AWSLogs/.", l.names(l.unsearched))})
	}
	if len(l.beside) > 0 {
		gaps = append(gaps, trail.Gap{Kind: trail.GapPlaces, Source: source, Detail: fmt.Sprintf(
			"Objects that lie beside the folders of a trail were not read, in %s: to read them, name a prefix without AWSLogs/ below it.", l.names(l.beside))})
	}
	return gaps
}

// names lists folders, a few of them.
func (l *lister) names(folders []string) string {
	const most = 5
	var out []string
	for _, f := range slices.Compact(slices.Sorted(slices.Values(folders))) {
		out = append(out, l.source.url(f))
	}
	if len(out) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(out[:most], ", "), len(out)-most)
	}
	return strings.Join(out, ", ")
}
