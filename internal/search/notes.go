package search

import (
	"fmt"
	"strconv"
	"strings"
)

// relaxed says that words were left out of n, of which full papers have all.
func (r *run) relaxed(n *node, full int, most bool) string {
	level := "some"
	if most {
		level = "most"
	}
	var missing []string
	for _, k := range n.kids {
		if k.kind == word && !k.stop && !r.exists(k) {
			missing = append(missing, strconv.Quote(k.text))
		}
	}
	switch {
	case len(missing) > 0:
		return fmt.Sprintf("No paper has %s; showing papers with %s of the words.", strings.Join(missing, " or "), level)
	case full == 0:
		return fmt.Sprintf("No paper has all of these words; showing papers with %s of them.", level)
	case full == 1:
		return fmt.Sprintf("Only one paper has all of these words; papers with %s of them follow.", level)
	}
	return fmt.Sprintf("Only %d papers have all of these words; papers with %s of them follow.", full, level)
}

// exists reports whether any paper satisfies n.
func (r *run) exists(n *node) bool {
	for i := range r.parts {
		s := r.stream(i, n)
		for doc := s.doc(); doc != end; doc = s.seek(doc + 1) {
			if _, ok := s.settle(); ok && !r.parts[i].dead.has(doc) {
				return true
			}
		}
	}
	return false
}
