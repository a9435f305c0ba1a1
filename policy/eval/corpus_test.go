package eval

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/whittle-iam/whittle/policy/policytest"

	"github.com/google/go-cmp/cmp"

	"github.com/whittle-iam/whittle/policy"
	"github.com/whittle-iam/whittle/policy/condition"
)

// corpusFile holds AWS's own answers on conditions. It is no part of the repository.
const corpusFile = "../../../shared/corpus/condition-observations.jsonl"

// An observation is one line of the corpus.
type observation struct {
	Source  string
	Kind    string
	Context map[string][]string

	// Of kind "live": iam:TagUser, with the condition in a session policy. Each answer is an error
	// code, empty where the call was not made.
	Condition        map[string]map[string]list[string]
	Allow, Deny      string
	AllowBesideAllow string `json:"allow_beside_unconditional_allow"`
	Policy           *jsonPolicy
	ResourcePolicy   *jsonPolicy `json:"resource_policy"`
	Action, Resource string
	Decision, Code   string
}

// A list is a JSON array, or its only element.
type list[T any] []T

func (l *list[T]) UnmarshalJSON(b []byte) error {
	var one T
	if json.Unmarshal(b, &one) == nil {
		*l = list[T]{one}
		return nil
	}
	return json.Unmarshal(b, (*[]T)(l))
}

type jsonPolicy struct {
	Version   string
	Statement list[jsonStatement]
}

type jsonStatement struct {
	Sid, Effect                              string
	Action, NotAction, Resource, NotResource list[string]
	Condition                                map[string]map[string]list[string]
}

func (p jsonPolicy) document() policy.Document {
	d := policy.Document{Version: p.Version}
	for _, s := range p.Statement {
		d.Statements = append(d.Statements, policy.Statement{
			Sid: s.Sid, Effect: policy.Effect(s.Effect), Actions: s.Action, NotActions: s.NotAction,
			Resources: s.Resource, NotResources: s.NotResource, Conditions: conditions(s.Condition),
		})
	}
	return d
}

func conditions(block map[string]map[string]list[string]) []policy.Condition {
	var all []policy.Condition
	for op, keys := range block {
		for key, values := range keys {
			all = append(all, policy.Condition{Operator: op, Key: key, Values: values})
		}
	}
	slices.SortFunc(all, func(a, b policy.Condition) int {
		return strings.Compare(a.Operator+"\x00"+a.Key, b.Operator+"\x00"+b.Key)
	})
	return all
}

func (o observation) context() condition.Context {
	ctx := condition.Context{}
	for key, values := range o.Context {
		ctx[key] = condition.Value{Values: values, Multi: strings.EqualFold(key, "aws:TagKeys")}
	}
	return ctx
}

func readCorpus(t *testing.T) []observation {
	f, err := os.Open(corpusFile)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the corpus is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []observation
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var o observation
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			t.Fatalf("line %d: %v", len(all)+1, err)
		}
		all = append(all, o)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestLiveAnswers replays what AWS itself answered to real calls.
func TestLiveAnswers(t *testing.T) {
	answers := 0
	for _, o := range readCorpus(t) {
		if o.Kind != "live" {
			continue
		}
		conditional := func(effect policy.Effect) policy.Statement {
			return policy.Statement{
				Effect: effect, Actions: []string{"iam:TagUser"}, Resources: []string{"*"},
				Conditions: conditions(o.Condition),
			}
		}
		allow := policy.Statement{Effect: policy.Allow, Actions: []string{"iam:TagUser"}, Resources: []string{"*"}}
		for _, c := range []struct {
			name, answer string
			statements   []policy.Statement
		}{
			{"allow", o.Allow, []policy.Statement{conditional(policy.Allow)}},
			{"deny", o.Deny, []policy.Statement{allow, conditional(policy.Deny)}},
			{"allow beside allow", o.AllowBesideAllow, []policy.Statement{allow, conditional(policy.Allow)}},
		} {
			if c.answer == "" {
				continue
			}
			answers++
			docs := []policy.Document{{Version: policy.Version2012, Statements: c.statements}}
			e := Compile(Policies{Identity: docs})
			got := e.Evaluate(Request{
				Action: "iam:TagUser", Resource: "arn:aws:iam::123456789012:user/someone", Context: o.context(),
			}).Outcome == Allowed
			switch c.answer {
			case "Success", "InvalidInput": // the latter is a refusal of the tags, not of the caller
				if !got {
					t.Errorf("%s: %s: denied, AWS allows", o.Source, c.name)
				}
			case "AccessDenied":
				if got {
					t.Errorf("%s: %s: allowed, AWS denies", o.Source, c.name)
				}
			case "AssumeRole:MalformedPolicyDocument":
				if e.Err() == nil {
					t.Errorf("%s: %s: no error, AWS refuses the policy", o.Source, c.name)
				}
			default:
				t.Errorf("%s: %s: unknown answer %q", o.Source, c.name, c.answer)
			}
		}
	}
	t.Logf("%d live answers", answers)
	if answers == 0 {
		t.Error("no live answers")
	}
}

// The ways in which AWS's policy simulator differs from AWS, each shown by a live answer.
const (
	// Live: NotIpAddress 192.0.2.0/33 holds for 192.0.2.1, and DateNotEquals not-a-date for any
	// date. To the simulator neither an operator nor its negation holds then.
	malformedNetwork = "a malformed network in the policy matches nothing, so its negation holds"
	// Live: IpAddress [2001:db8::5/64, 2001:db8::/64] holds for 2001:db8::1.
	malformedFirst = "a malformed network does not hide the sound one after it"
	// Live: NumericNotEquals 1 holds for no-number.
	malformedNumber = "a malformed number in the request is unequal to every number"
)

// simulatorErrors are the simulator's answers that live ones overrule, each with its reason. The
// numbers in pairs are one question with the key typed as a string and as an address.
var simulatorErrors = map[string]string{
	"condition_values.json#simulation[2] s3:GetObject": malformedNumber,
	"condition_ip.json#simulation[40] s3:PutObject":    malformedNetwork, // ::ffff:192.0.2.0/120
	"condition_ip.json#simulation[41] s3:PutObject":    malformedNetwork,
	"condition_ip.json#simulation[42] s3:PutObject":    malformedNetwork,
	"condition_ip.json#simulation[43] s3:PutObject":    malformedNetwork,
	"condition_ip.json#simulation[76] s3:PutObject":    malformedNetwork, // 192.0.2.0/33
	"condition_ip.json#simulation[77] s3:PutObject":    malformedNetwork,
	"condition_ip.json#simulation[98] s3:PutObject":    malformedNetwork, // 2001:db8::1/0
	"condition_ip.json#simulation[99] s3:PutObject":    malformedNetwork,
	"condition_ip.json#simulation[106] s3:PutObject":   malformedNetwork, // not-an-ip beside 192.0.2.0/24
	"condition_ip.json#simulation[107] s3:PutObject":   malformedNetwork,
	"condition_ip.json#simulation[108] s3:GetObject":   malformedFirst,
	"condition_ip.json#simulation[109] s3:GetObject":   malformedFirst,
	"condition_ip.json#simulation[142] s3:PutObject":   malformedNetwork, // not-an-ip
	"condition_ip.json#simulation[143] s3:PutObject":   malformedNetwork, // 2001:db8::5/64
}

// TestSimulatorAnswers replays what AWS's policy simulator answered.
func TestSimulatorAnswers(t *testing.T) {
	answers, refused := 0, 0
	used := map[string]string{}
	for _, o := range readCorpus(t) {
		if o.Kind != "simulator" {
			continue
		}
		if o.Code == "InvalidInput" { // the simulator refused the context value
			refused++
			continue
		}
		answers++
		docs := []policy.Document{o.Policy.document()}
		if o.ResourcePolicy != nil {
			// In the caller's account, a resource policy that names the caller grants like its own.
			docs = append(docs, o.ResourcePolicy.document())
		}
		d := Evaluate(Request{Action: o.Action, Resource: o.Resource, Context: o.context()}, Policies{Identity: docs})
		got := map[Outcome]string{Allowed: "allowed", ExplicitDeny: "explicitDeny", ImplicitDeny: "implicitDeny"}[d.Outcome]
		if got == o.Decision {
			continue
		}
		name := o.Source[strings.LastIndex(o.Source, "/condition_")+1:] + " " + o.Action
		if _, known := simulatorErrors[name]; !known {
			t.Errorf("%s: got %s, the simulator says %s", name, got, o.Decision)
			continue
		}
		used[name] = simulatorErrors[name]
	}
	t.Logf("%d simulator answers, %d of them overruled, %d refused inputs", answers, len(used), refused)
	if diff := cmp.Diff(simulatorErrors, used); diff != "" {
		t.Errorf("overruled answers (-listed +met):\n%s", diff)
	}
	if answers == 0 {
		t.Error("no simulator answers")
	}
}

// TestManagedPolicies: of what AWS itself writes, everything is decided but a variable that stands
// where its documentation says that none can.
func TestManagedPolicies(t *testing.T) {
	all := policytest.Managed(t)
	statements := 0
	for _, m := range all {
		doc, err := policy.Parse(m.Text)
		if err != nil {
			t.Errorf("%s: %v", m.Name, err)
			continue
		}
		statements += len(doc.Statements)
		err = Compile(Policies{Identity: []policy.Document{*doc}}).Err()
		if err != nil && !errors.Is(err, errVariablePlace) {
			t.Errorf("%s: %v", m.Name, err)
		} else if err != nil {
			t.Logf("%s: %v", m.Name, err)
		}
	}
	t.Logf("%d policies, %d statements", len(all), statements)
}
