package store

import (
	"context"
	"strings"
)

// Prepare lets a test ask the database whether it understands a statement.
func (s *Store) Prepare(ctx context.Context, query string) error {
	before, _, _ := strings.Cut(query, manyKeys)
	query = listed(query, strings.Count(before, "$")+1, 3)
	stmt, err := s.write.PrepareContext(ctx, s.engine.text(query))
	if err != nil {
		return err
	}
	return stmt.Close()
}
