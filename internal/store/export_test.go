package store

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"paperboy/internal/chat"
	"paperboy/internal/team"
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

// AddChannels adds channels of one space that are due at a slot, many at a time.
func AddChannels(t testing.TB, s *Store, n int, due team.Slot) {
	t.Helper()
	prefs, err := json.Marshal(team.Default())
	if err != nil {
		t.Fatal(err)
	}
	rows := make([][]any, n)
	for i := range rows {
		place := chat.Place{Platform: "slack", Space: "T1", Channel: fmt.Sprint("many ", i)}
		rows[i] = []any{channelID(place), place.Platform, place.Space, place.Channel, string(prefs), "", "", "", due.Day.String(), micros(due.At), "", 0, "", 0, 0}
	}
	err = s.in(t.Context(), func(tx *tx) error {
		return tx.insert(t.Context(), `
			INSERT INTO channels (id, platform, space, channel, prefs, by_platform, by_space, by_id,
			                      next_day, next_at, last_day, last_at, gone, gone_at, edition)
			VALUES $rows`, rows)
	})
	if err != nil {
		t.Fatal(err)
	}
}
