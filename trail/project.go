package trail

import (
	"bytes"
	"encoding/json"
	"slices"
)

// What one path keeps of one event is bounded, because a caller chooses the parameters. Beyond
// these the path has no Param, and Key.Missing is "omitted" as if CloudTrail had left it out: never
// a part of the values, which would look like the whole.
const (
	// maxValue is in bytes. The longest ARN has 2,048, the longest S3 key 1,024.
	maxValue = 2048
	// maxValues is what one DeleteObjects can name.
	maxValues = 1000
)

// project returns the Params of e and what is missing, see Key.
func (p *projection) project(e *Event) (params []Param, missing string) {
	request := lazyObject{raw: e.RequestParameters}
	response := lazyObject{raw: e.ResponseElements}
	additional := lazyObject{raw: e.AdditionalEventData}
	switch {
	case e.RequestParameters == nil:
		missing = "null"
	case omitted(e.RequestParameters):
		missing, request.raw = "omitted", nil
	}
	for i := range p.paths {
		path := &p.paths[i]
		c := collector{names: path.present}
		switch path.from {
		case "":
			c.walk(request.get(), path.steps)
		case "responseElements":
			c.walk(response.get(), path.steps)
		case "additionalEventData":
			c.walk(additional.get(), path.steps)
		default:
			c.resources(e.Resources, path)
		}
		switch {
		case c.overflow:
			missing = "omitted"
		case path.present && c.found:
			params = append(params, Param{Path: path.text, Values: []string{"true"}})
		case len(c.values) > 0:
			slices.Sort(c.values)
			values := slices.Clip(slices.Compact(c.values))
			params = append(params, Param{Path: path.text, Values: values, Wide: path.text == p.wide && len(values) == 1})
		}
	}
	return params, missing
}

// omitted recognises what CloudTrail writes in place of parameters that are too large:
// {"omitted":true,"originalSize":N,"reason":"…"}.
func omitted(raw json.RawMessage) bool {
	if len(raw) > 512 || !bytes.Contains(raw, []byte(`"omitted"`)) {
		return false
	}
	var marker struct {
		Omitted      bool        `json:"omitted"`
		OriginalSize json.Number `json:"originalSize"`
		Reason       string      `json:"reason"`
	}
	return json.Unmarshal(raw, &marker) == nil && marker.Omitted && (marker.Reason != "" || marker.OriginalSize != "")
}

// lazyObject is decoded when first asked for.
type lazyObject struct {
	raw   json.RawMessage
	value any
}

func (o *lazyObject) get() any {
	if o.value == nil && o.raw != nil {
		decoder := json.NewDecoder(bytes.NewReader(o.raw))
		decoder.UseNumber()
		if decoder.Decode(&o.value) != nil {
			o.raw = nil // Decode has validated it
		}
	}
	return o.value
}

// collector gathers what a path finds.
type collector struct {
	names    bool // only whether something is there
	found    bool
	values   []string
	overflow bool
}

func (c *collector) walk(value any, steps []step) {
	if value == nil || c.overflow {
		return
	}
	if len(steps) == 0 {
		c.add(value)
		return
	}
	switch s := steps[0]; s.over {
	case elements:
		list, _ := value.([]any)
		for _, element := range list {
			if s.chooses(element) {
				c.walk(element, steps[1:])
			}
		}
	case members:
		object, _ := value.(map[string]any)
		for name, under := range object { // values are sorted in the end
			if len(steps) == 1 {
				c.add(name)
			} else {
				c.walk(under, steps[1:])
			}
		}
	default:
		if object, ok := value.(map[string]any); ok {
			c.walk(object[s.name], steps[1:])
		}
	}
}

// chooses reports whether an element of an array is one that the step goes to.
func (s step) chooses(element any) bool {
	if s.where == "" {
		return true
	}
	object, ok := element.(map[string]any)
	if s.is == "" {
		return ok && (object[s.where] == nil || object[s.where] == any(""))
	}
	return object[s.where] == any(s.is)
}

func (c *collector) add(value any) {
	c.found = true
	if c.names {
		return
	}
	var text string
	switch v := value.(type) {
	case string:
		text = v
	case json.Number:
		text = v.String()
	case bool:
		text = "false"
		if v {
			text = "true"
		}
	default: // objects and arrays have no text
		return
	}
	c.text(text)
}

func (c *collector) text(text string) {
	if len(text) > maxValue || len(c.values) >= maxValues {
		c.overflow, c.values = true, nil
		return
	}
	c.values = append(c.values, text)
}

func (c *collector) resources(list []Resource, p *path) {
	for i := range list {
		r := &list[i]
		if p.kind != "" && r.Type != p.kind {
			continue
		}
		var text string
		switch p.from {
		case "resources":
			text = r.ARN
		case "resourcePrefixes":
			text = r.ARNPrefix
		case "resourceAccounts":
			text = r.AccountID
		}
		if text == "" || c.overflow {
			continue
		}
		c.found = true
		if !c.names {
			c.text(text)
		}
	}
}
