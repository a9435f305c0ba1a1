package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"path"
	"path/filepath"
	"strings"
)

// sarifMessageLimit is how many characters of a message are written, so that names cannot fill the file.
const sarifMessageLimit = 1000

// message is plain text that may hold names. "](" would make it a link.
func message(s string) sarifText {
	return sarifText{Text: cut(s, sarifMessageLimit, func(s string) string { return strings.ReplaceAll(s, "](", "] (") })}
}

// few joins the first words of a list, so that the message has room for what comes behind it.
func few(words []string) string {
	const most = 20
	if len(words) <= most {
		return strings.Join(words, " ")
	}
	return strings.Join(words[:most], " ") + fmt.Sprintf(" and %d more", len(words)-most)
}

// newSarifRule describes a rule. Help is more than one paragraph where details are given.
func newSarifRule(id, title, help, level, severity string, details ...string) sarifRule {
	return sarifRule{
		ID: id, Short: sarifText{Text: title}, Full: sarifText{Text: help},
		Help: sarifText{
			Text:     strings.Join(append([]string{help}, details...), "\n\n"),
			Markdown: strings.Join(append([]string{"**" + title + "**", help}, details...), "\n\n"),
		},
		Configuration: sarifLevel{level},
		Properties:    sarifProperties{Tags: []string{"security", "iam", "aws"}, Severity: severity},
	}
}

// fingerprint is a hash of what a result is about.
func fingerprint(parts ...string) sarifFingerprints {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return sarifFingerprints{Line: hex.EncodeToString(h.Sum(nil)[:16])}
}

// place is a result's location. Where the input names no file, the principal's name stands for it, as
// every result must have a place. logical is what the result is about: role, policy, statement.
func place(at *Location, name string, logical ...string) []sarifLocation {
	if at == nil || at.File == "" {
		at = &Location{File: name}
	}
	out := sarifLocation{Physical: sarifPhysical{Artifact: sarifArtifact{URI: fileURI(at.File)}}}
	if at.Line > 0 {
		out.Physical.Region = &sarifRegion{StartLine: at.Line, StartColumn: at.Column}
	}
	if l := qualified(logical); l != "" {
		out.Logical = []sarifLogical{{Name: l, Kind: "resource"}}
	}
	return []sarifLocation{out}
}

func qualified(names []string) string {
	var out []string
	for _, n := range names {
		if n != "" {
			out = append(out, message(n).Text)
		}
	}
	return strings.Join(out, "/")
}

// fileURI is a path as a URI reference: relative where the path is, with forward slashes.
func fileURI(file string) string {
	if file == "" {
		return "unknown"
	}
	slashed := filepath.ToSlash(file)
	if filepath.IsAbs(file) {
		if !strings.HasPrefix(slashed, "/") {
			slashed = "/" + slashed // C:/x
		}
		return (&url.URL{Scheme: "file", Path: path.Clean(slashed)}).String()
	}
	return (&url.URL{Path: path.Clean(slashed)}).String()
}
