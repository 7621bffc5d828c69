package store

import (
	"context"
	"database/sql"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

const (
	sqlSharedLately = `
		SELECT paper
		FROM shares
		WHERE platform = $1 AND space = $2 AND channel = $3 AND post <> $4 AND post <> '' AND at > $5 AND paper IN ($keys)`

	sqlPickedLately = `
		SELECT s.paper
		FROM shown_in s
		JOIN deliveries d ON d.key = s.key
		WHERE d.platform = $1 AND d.space = $2 AND d.post_channel = $3 AND d.post <> $4 AND d.state = 'sent' AND d.settled_at > $5
		  AND s.paper IN ($keys)`

	sqlChannelsOf = `
		SELECT id, platform, space, channel, prefs, by_platform, by_space, by_id,
		       next_day, next_at, last_day, last_at, gone, gone_at, edition
		FROM channels
		WHERE platform = $1 AND space = $2 AND prefs <> '' AND next_at > 0
		ORDER BY next_at, id
		LIMIT $3`
)

// ShownLately tells which of some papers have been shown in a post's place since
// then, by other posts than that.
func (s *Store) ShownLately(ctx context.Context, but chat.Post, papers []paper.ID, since time.Time) (map[paper.ID]bool, error) {
	shown := map[paper.ID]bool{}
	if len(papers) == 0 {
		return shown, nil
	}
	args := anys(papers, but.Platform, but.Space, but.Channel, but.ID, micros(since))
	for _, query := range []string{sqlSharedLately, sqlPickedLately} {
		ids, err := s.ids(ctx, listed(query, 6, len(papers)), args...)
		if err != nil {
			return nil, wrap("look for what was shown lately", err)
		}
		for _, id := range ids {
			shown[id] = true
		}
	}
	return shown, nil
}

// ChannelsOf returns channels of a space that picks are posted in, the next one
// first.
func (s *Store) ChannelsOf(ctx context.Context, platform, space string, limit int) (all []team.Channel, err error) {
	rows, err := s.query(ctx, sqlChannelsOf, platform, space, limit)
	err = each(rows, err, func(rows *sql.Rows) error {
		c, err := scanChannel(rows)
		all = append(all, c)
		return err
	})
	return all, wrap("list channels", err)
}
