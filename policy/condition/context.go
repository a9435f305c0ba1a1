package condition

// A Context is the condition keys that a request carries. Keys are compared without case; of two
// keys that differ only in case, which AWS calls unpredictable, the exact one is taken, else the
// first in byte order.
type Context map[string]Value

// A Value is what a request says for one condition key.
type Value struct {
	// Values are the key's values. A key that is present with an empty string has one value, "".
	Values []string
	// Multi marks a key that AWS defines as multivalued, such as aws:TagKeys. Operators without a
	// set qualifier never hold for it, negated or not, and no policy variable takes its value,
	// even when the request carries a single value.
	Multi bool
}

// One returns the value of a single-valued key.
func One(value string) Value { return Value{Values: []string{value}} }

// Many returns the value of a multivalued key.
func Many(values ...string) Value { return Value{Values: values, Multi: true} }

func (v Value) multivalued() bool { return v.Multi || len(v.Values) > 1 }

// Lookup returns the value of a key, and whether the request carries it.
func (c Context) Lookup(key string) (Value, bool) {
	if v, ok := c[key]; ok {
		return v, true
	}
	folded, found := fold(key), ""
	for k := range c {
		if fold(k) == folded && (found == "" || k < found) {
			found = k
		}
	}
	if found == "" {
		return Value{}, false
	}
	return c[found], true
}
