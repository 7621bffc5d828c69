package search

import (
	"errors"
	"fmt"
	"runtime"

	"paperboy/internal/paper"
)

// ErrOtherFeed says that an index is of another feed.
var ErrOtherFeed = errors.New("the search index is of another feed")

// Peek opens an index that is kept in a folder to look at it: nothing there is
// changed, and another process may keep it meanwhile. The error is ErrOtherFeed,
// ErrDamaged, or of the file system.
func Peek(dir, feed string) (*Index, error) {
	for again := 3; ; again-- {
		m, err := readManifest(dir)
		if err != nil {
			return nil, fmt.Errorf("look at the search index: %w", err)
		}
		if m.feed != feed {
			return nil, ErrOtherFeed
		}
		parts, problem := m.open(dir)
		if problem == nil {
			ix := New()
			ix.feed = feed
			ix.now.Store(newSnapshot(parts, m.upto))
			return ix, nil
		}
		if again == 0 { // else files may have been merged meanwhile
			return nil, fmt.Errorf("look at the search index: %w", problem)
		}
	}
}

// Missing are those of ids that the index does not have.
func (ix *Index) Missing(ids []paper.ID) (missing []paper.ID) {
	s := ix.now.Load()
	for _, id := range ids {
		if !s.has(id) {
			missing = append(missing, id)
		}
	}
	runtime.KeepAlive(s) // the segments stay mapped
	return missing
}

func (s *snapshot) has(id paper.ID) bool {
	for i := range s.parts {
		if doc, ok := s.parts[i].lookup(id); ok && !s.parts[i].dead.has(doc) {
			return true
		}
	}
	return false
}
