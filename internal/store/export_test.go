package store

import (
	"context"
	"regexp"
	"strconv"
	"strings"
)

var parameter = regexp.MustCompile(`\$(\d+)`)

// Prepare lets a test ask the database whether it understands a statement.
func (s *Store) Prepare(ctx context.Context, query string) error {
	highest := 0
	for _, m := range parameter.FindAllStringSubmatch(query, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return err
		}
		highest = max(highest, n)
	}
	query = listed(query, highest+1, 3)
	list, _, _ := strings.Cut(query, ")") // the columns, of which there may be several lines
	query = valued(query, 2, strings.Count(list[strings.IndexByte(list, '(')+1:], ",")+1)
	stmt, err := s.write.PrepareContext(ctx, s.engine.text(s.engine.locked(query)))
	if err != nil {
		return err
	}
	return stmt.Close()
}
