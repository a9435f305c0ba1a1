package trail

// Join returns the evidence of both e and o, which stay as they are. It is commutative and
// associative, and the zero Evidence changes nothing.
func (e Evidence) Join(o Evidence) Evidence {
	if e.Count == 0 {
		return o.clone()
	}
	joined := e.clone()
	if o.Count > 0 {
		joined.merge(&o)
	}
	return joined
}
