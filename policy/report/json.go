package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"unicode/utf16"
)

// JSON writes r as indented JSON, see docs/report.schema.json.
func JSON(w io.Writer, r Report) error {
	return Encode(w, withLists(reflect.ValueOf(r)).Interface())
}

// Encode writes a value as indented JSON. Characters that a terminal might obey or that change the
// direction of text are written as escapes, as Clean does for text.
func Encode(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	var out bytes.Buffer
	for _, r := range b.String() {
		switch {
		case r == '\n' || !unprintable(r):
			out.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&out, "\\u%04x\\u%04x", high, low)
		default:
			fmt.Fprintf(&out, "\\u%04x", r)
		}
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

// withLists returns a copy of a value in which each slice that JSON has to show and that is nil is
// empty, so that a required list is [] and never null.
func withLists(v reflect.Value) reflect.Value {
	if v.Type().Implements(marshaler) {
		return v
	}
	switch v.Kind() {
	case reflect.Struct:
		out := reflect.New(v.Type()).Elem()
		out.Set(v)
		for i := range v.NumField() {
			if v.Field(i).Kind() == reflect.Slice && v.Field(i).Len() == 0 && strings.Contains(v.Type().Field(i).Tag.Get("json"), ",omit") {
				continue
			}
			out.Field(i).Set(withLists(v.Field(i)))
		}
		return out
	case reflect.Slice:
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			out.Index(i).Set(withLists(v.Index(i)))
		}
		return out
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		out := reflect.New(v.Type().Elem())
		out.Elem().Set(withLists(v.Elem()))
		return out
	}
	return v
}

var marshaler = reflect.TypeFor[json.Marshaler]()
