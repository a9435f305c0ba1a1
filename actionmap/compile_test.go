package actionmap

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/whittle-iam/whittle/actionmap/overrides"
)

func TestCompileErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"service x = nosuch\n", `overrides: service x.amazonaws.com: no prefix "nosuch"`},
		{"service s3 = s3\nevent E\n  s3:Nosuch\n", "overrides/f.txt:3: the reference has no action s3:Nosuch"},
		{"service s3 = s3\nevent Nosuch\n  same\n", "overrides/f.txt:3: the reference has no action s3:Nosuch"},
		{"service s3 = s3\nevent E\n  s3:getobject\n", "overrides/f.txt:3: s3:getobject is spelt s3:GetObject"},
		{"service s3 = s3\nevent E\n  s3:GetObject on nosuch(a)\n", `overrides/f.txt:3: s3 has no resource type "nosuch"`},
		{"service s3 = s3\nevent E\n  s3:GetObject on object\n", `overrides/f.txt:3: type "object" is not declared and has no arguments`},
		{"service s3 = s3\nevent E\n  s3:GetObject on object(a, b, c)\n", "overrides/f.txt:3: object has fewer variables than the 3 arguments"},
		{"service s3 = s3\nevent E\n  s3:GetObject on object(a as nosuch, b)\n", `overrides/f.txt:3: unknown form "nosuch"`},
		{"service s3 = s3\nevent E\n  s3:ListAllMyBuckets on bucket(a)\n", "overrides/f.txt:3: s3:ListAllMyBuckets takes no resource"},
		{"service s3 = s3\nevent E\n  s3:GetObject with iam:PassedToService = x\n", "overrides/f.txt:3: s3 has no condition key iam:PassedToService"},
		{"service s3 = s3\nevent E\n  s3:GetObject on object(a..., b...)\n", `overrides/f.txt:2: more than one path of names without number: ["a" "b"]`},
		{"service s3 = s3\ntype nosuch = (a)\n", `overrides/f.txt:2: s3 has no resource type "nosuch"`},
		{"service s3 = s3\ntype Object = (a, b)\n", `overrides/f.txt:2: s3 has no resource type "Object"`},
		{"service s3 = s3\ntype object = (a as nosuch, b)\n", `overrides/f.txt:2: unknown form "nosuch"`},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			table, err := overrides.Parse(fstest.MapFS{"f.txt": {Data: []byte(tt.text)}})
			if err != nil {
				t.Fatal(err)
			}
			if err := (&Mapper{table: table}).check(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}
