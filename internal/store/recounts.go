package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/team"
)

const (
	sqlRecounts = `
		SELECT team, paper
		FROM recounts
		ORDER BY team, paper -- so that processes that do this together wait for each other in turn
		LIMIT 500`

	sqlMarkStale = `
		UPDATE deliveries
		SET stale = TRUE
		WHERE key IN (SELECT key FROM shown_in WHERE paper = $2)
		  AND team = $1 AND state = 'sent' AND NOT stale AND settled_at >= $3`

	sqlDropRecount = `DELETE FROM recounts WHERE team = $1 AND paper = $2`

	sqlTakeStale = `
		WITH old AS MATERIALIZED (
			SELECT d.key
			FROM deliveries d
			WHERE d.stale AND d.platform = $1 AND d.refreshed_at <= $2
			ORDER BY d.refreshed_at
			LIMIT $4
			/* FOR UPDATE OF d SKIP LOCKED */
		)
		UPDATE deliveries
		SET stale = FALSE, refreshed_at = $3
		WHERE key IN (SELECT key FROM old)
		RETURNING key, platform, space, post_channel, post, team, message`

	// What was marked stale meanwhile stays so.
	sqlStillStale = `
		UPDATE deliveries
		SET stale = stale OR $2, message = $3
		WHERE key = $1`
)

// Shown is a post whose counts are to be looked at again.
type Shown struct {
	Post    chat.Post
	Team    team.ID
	Message chat.Message // as it was last shown
}

// SpreadRecounts finds the posts since then that show papers whose votes have
// changed, so that TakeStale gives them.
func (s *Store) SpreadRecounts(ctx context.Context, since time.Time) error {
	var changed [][2]string
	rows, err := s.query(ctx, sqlRecounts)
	err = each(rows, err, func(rows *sql.Rows) error {
		var c [2]string
		err := rows.Scan(&c[0], &c[1])
		changed = append(changed, c)
		return err
	})
	if err != nil || len(changed) == 0 {
		return wrap("look for changed votes", err)
	}
	err = s.in(ctx, func(t *tx) error {
		for _, c := range changed {
			if _, err := t.exec(ctx, sqlDropRecount, c[0], c[1]); err != nil {
				return err
			}
			if _, err := t.exec(ctx, sqlMarkStale, c[0], c[1], micros(since)); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap("spread changed votes", err)
}

// TakeStale takes up to n posts of a platform whose counts may be wrong and that
// were not looked at after before.
func (s *Store) TakeStale(ctx context.Context, platform string, before, now time.Time, n int) (stale []Shown, err error) {
	err = s.soon(ctx, func(ctx context.Context, t *tx) error {
		stale = nil
		rows, err := t.query(ctx, t.engine.locked(sqlTakeStale), platform, micros(before), micros(now), n)
		return each(rows, err, func(rows *sql.Rows) error {
			var h Shown
			var message string
			err := rows.Scan(&h.Message.Key, &h.Post.Platform, &h.Post.Space, &h.Post.Channel, &h.Post.ID, &h.Team, &message)
			if err != nil {
				return err
			}
			stale = append(stale, h)
			return json.Unmarshal([]byte(message), &stale[len(stale)-1].Message)
		})
	})
	return stale, wrap("take posts to refresh", err)
}

// Refreshed keeps what a post shows now, or that it is still to be refreshed.
func (s *Store) Refreshed(ctx context.Context, m chat.Message, again bool) error {
	body, err := json.Marshal(m)
	if err != nil {
		return wrap("keep a refreshed post", err)
	}
	err = s.soon(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, sqlStillStale, m.Key, again, string(body))
		return err
	})
	return wrap("keep a refreshed post", err)
}
