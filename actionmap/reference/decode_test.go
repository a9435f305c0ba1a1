package reference

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const sample = "K\tString\taws:RequestTag/${TagKey}\n" +
	"K\tArrayOfARN\tx:Owners\n" +
	"S\t0\t1\n" +
	"S\t1\n" +
	"R\tbox\t1\tarn:${Partition}:x:::${Box}\n" +
	"R\tlid\t\tarn:${Partition}:x:::${Box}/lid\tarn:${Partition}:x:::lid/${Lid}\n" +
	"A\tList\tList\t\tGrants permission to list\n" +
	"A\tOpen\tWrite\t0\tGrants permission to open\t0!:1\t1\n"

func TestDecode(t *testing.T) {
	tag, owners := "aws:RequestTag/${TagKey}", "x:Owners"
	want := &Service{
		Prefix: "x", Name: "Example",
		conditionKeys: []*ConditionKey{{tag, StringType, false}, {owners, ARNType, true}},
		resourceTypes: []*ResourceType{
			{Name: "box", ARNs: []string{"arn:${Partition}:x:::${Box}"}, ConditionKeys: []string{owners}},
			{Name: "lid", ARNs: []string{"arn:${Partition}:x:::${Box}/lid", "arn:${Partition}:x:::lid/${Lid}"}},
		},
		actions: []*Action{
			{Service: "x", Name: "List", AccessLevel: List, Description: "Grants permission to list"},
			{
				Service: "x", Name: "Open", AccessLevel: Write, Description: "Grants permission to open",
				ConditionKeys: []string{tag, owners},
				Resources: []ActionResource{
					{Type: "box", Required: true, ConditionKeys: []string{owners}}, {Type: "lid"},
				},
			},
		},
	}
	got, err := decode("x", "Example", sample)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Service{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestDecodeErrors(t *testing.T) {
	tests := []struct{ reason, text, want string }{
		{"unknown record", "X\ta\n", `line 1: record "X" with 1 fields`},
		{"empty line", "K\tString\ta\n\n", `line 2: record "" with 0 fields`},
		{"too few fields", "K\tString\n", `line 1: record "K" with 1 fields`},
		{"key that is not there", "S\t0\n", `line 1: no element "0" of 0`},
		{"set that is not there", "R\tbox\t0\tarn\n", `line 1: no element "0" of 0`},
		{"negative number", "K\tString\ta\nS\t-1\n", `line 2: no element "-1" of 1`},
		{"resource type that is not there", "A\tOpen\tWrite\t\tOpens\t0!\n", `line 1: no element "0" of 0`},
		{"action's set is not there", "A\tOpen\tWrite\t7\tOpens\n", `line 1: no element "7" of 0`},
		{"use's set is not there", "R\tb\t\tarn\nA\tOpen\tWrite\t\tOpens\t0:\u0664\n", "line 2: no element \"\u0664\" of 0"},
	}
	for _, tt := range tests {
		if _, err := decode("x", "Example", tt.text); err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", tt.reason, err, tt.want)
		}
	}
}

// TestDecodeLosesNothing writes every decoded service back and compares with the embedded text.
func TestDecodeLosesNothing(t *testing.T) {
	for i, s := range table {
		text, err := s.text()
		if err != nil {
			t.Fatalf("%s: %v", s.prefix, err)
		}
		want := strings.SplitAfter(text, "\n")
		if diff := cmp.Diff(want, strings.SplitAfter(encode(load(i)), "\n")); diff != "" {
			t.Errorf("%s (-embedded +decoded):\n%s", s.prefix, diff)
		}
	}
}

// encode is the inverse of decode. It numbers the sets in the order of their first use.
func encode(s *Service) string {
	var head, body strings.Builder
	var sets [][]string
	number := func(keys []string) string {
		if len(keys) == 0 {
			return ""
		}
		i := slices.IndexFunc(sets, func(set []string) bool { return slices.Equal(set, keys) })
		if i < 0 {
			i = len(sets)
			sets = append(sets, keys)
			head.WriteString("S")
			for _, key := range keys {
				k := slices.IndexFunc(s.conditionKeys, func(k *ConditionKey) bool { return k.Name == key })
				fmt.Fprintf(&head, "\t%d", k)
			}
			head.WriteString("\n")
		}
		return fmt.Sprint(i)
	}
	for _, k := range s.conditionKeys {
		multi := ""
		if k.MultiValued {
			multi = "ArrayOf"
		}
		fmt.Fprintf(&head, "K\t%s%s\t%s\n", multi, k.Type, k.Name)
	}
	for _, r := range s.resourceTypes {
		fmt.Fprintf(&body, "R\t%s\t%s\t%s\n", r.Name, number(r.ConditionKeys), strings.Join(r.ARNs, "\t"))
	}
	for _, a := range s.actions {
		fmt.Fprintf(&body, "A\t%s\t%s\t%s\t%s", a.Name, a.AccessLevel, number(a.ConditionKeys), a.Description)
		for _, u := range a.Resources {
			i := slices.IndexFunc(s.resourceTypes, func(r *ResourceType) bool { return r.Name == u.Type })
			fmt.Fprintf(&body, "\t%d", i)
			if u.Required {
				body.WriteString("!")
			}
			if len(u.ConditionKeys) > 0 {
				body.WriteString(":" + number(u.ConditionKeys))
			}
		}
		body.WriteString("\n")
	}
	return head.String() + body.String()
}

func FuzzDecode(f *testing.F) {
	f.Add(sample)
	f.Add("A\t\t\t\t\t:0\n")
	f.Fuzz(func(t *testing.T, text string) {
		service, err := decode("x", "Example", text)
		if err != nil {
			return
		}
		for _, a := range service.Actions() {
			for _, u := range a.Resources {
				if !strings.Contains(text, u.Type) {
					t.Errorf("%s takes %q, which is not in the text", a.Name, u.Type)
				}
			}
		}
	})
}
