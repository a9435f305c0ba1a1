package query

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// literal returns the SQL string that holds text. In Trino's SQL, nothing but the quote is special between
// quotes (https://trino.io/docs/current/language/types.html#varchar). Text that is no UTF-8 becomes what
// every reader of JSON makes of it.
func literal(text string) string {
	return "'" + strings.ReplaceAll(strings.ToValidUTF8(text, string(utf8.RuneError)), "'", "''") + "'"
}

// identifier returns the SQL name of a column or table. Every name is quoted, as some are key words
// (timestamp, day).
func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// list returns literals between commas.
func list(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = literal(text)
	}
	return strings.Join(quoted, ", ")
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// names are those of databases, tables and columns that can be given to Athena without surprise:
// https://docs.aws.amazon.com/athena/latest/ug/tables-databases-columns-names.html
var names = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]{0,254}$`)

func checkName(what, name string) error {
	if !names.MatchString(name) {
		return fmt.Errorf("%s %q: not a name of letters, digits, _ and -", what, name)
	}
	return nil
}

// check refuses tables that no SELECT can be written for.
func (t *Table) check() error {
	if err := checkName("database", t.Database); err != nil {
		return err
	}
	if err := checkName("table", t.Name); err != nil {
		return err
	}
	if len(t.Columns) == 0 {
		return errors.New("the table has no columns")
	}
	for _, c := range t.Columns {
		// The SELECT names those columns alone that it knows.
		if err := checkName("column", c.Name); err != nil {
			return err
		}
	}
	for _, c := range t.Partitions {
		if err := checkName("partition key", c.Name); err != nil {
			return err
		}
	}
	return nil
}
