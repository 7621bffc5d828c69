package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// FeedsEach is how many secret addresses a person or a channel may have.
const FeedsEach = 20

// ErrTooManyFeeds says that no more addresses can be made before one is revoked.
var ErrTooManyFeeds = errors.New("there are as many addresses as there may be")

const (
	// Those of a person's own feeds are counted, or those of a channel's; and what
	// ends by itself apart from what does not.
	sqlAddFeed = `
		INSERT INTO feeds (id, secret, platform, space, person, team, what, query, place_platform, place_space, place_channel, made_at, expires_at)
		SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT),
		       CAST($8 AS TEXT), CAST($9 AS TEXT), CAST($10 AS TEXT), CAST($11 AS TEXT), CAST($12 AS BIGINT), CAST($13 AS BIGINT)
		WHERE (
			SELECT COUNT(*)
			FROM feeds
			WHERE ($9 = '' AND platform = $3 AND space = $4 AND person = $5 AND place_platform = ''
			    OR $9 <> '' AND place_platform = $9 AND place_space = $10 AND place_channel = $11)
			  AND ($13 = 0 AND expires_at = 0 OR $13 > 0 AND expires_at > $12)
		) < CAST($14 AS BIGINT)`

	sqlFeedBySecret = `
		SELECT id, platform, space, person, team, what, query, place_platform, place_space, place_channel, made_at
		FROM feeds
		WHERE secret = $1 AND (expires_at = 0 OR expires_at > $2)`

	sqlFeedsOf = `
		SELECT id, platform, space, person, team, what, query, place_platform, place_space, place_channel, made_at
		FROM feeds
		WHERE platform = $1 AND space = $2 AND person = $3 AND place_platform = '' AND expires_at = 0
		ORDER BY made_at, id`

	sqlFeedsIn = `
		SELECT id, platform, space, person, team, what, query, place_platform, place_space, place_channel, made_at
		FROM feeds
		WHERE place_platform = $1 AND place_space = $2 AND place_channel = $3
		ORDER BY made_at, id`

	sqlRevokeFeedsOf = `
		DELETE FROM feeds
		WHERE platform = $1 AND space = $2 AND person = $3 AND place_platform = '' AND (id = $4 OR $4 = '')`

	sqlRevokeFeedsIn = `
		DELETE FROM feeds
		WHERE place_platform = $1 AND place_space = $2 AND place_channel = $3 AND (id = $4 OR $4 = '')`

	sqlPruneFeeds = `DELETE FROM feeds WHERE expires_at > 0 AND expires_at <= $1`

	sqlLatestPicks = `
		SELECT paper, day, number, why
		FROM picks
		WHERE channel = $1
		ORDER BY day DESC, number
		LIMIT $2`
)

// AddFeed keeps a secret address, which ends at expires if that is not zero.
func (s *Store) AddFeed(ctx context.Context, a team.Address, secret string, expires time.Time) error {
	if _, err := s.exec(ctx, sqlPruneFeeds, micros(a.MadeAt)); err != nil {
		return wrap("forget addresses that have ended", err)
	}
	f := a.Feed
	n, err := s.exec(ctx, sqlAddFeed, a.ID, hashed(secret), a.By.Platform, a.By.Space, a.By.ID, string(a.Team), string(f.What), f.Query,
		f.Place.Platform, f.Place.Space, f.Place.Channel, micros(a.MadeAt), micros(expires), FeedsEach)
	if err == nil && n == 0 {
		return ErrTooManyFeeds
	}
	return wrap("keep an address", err)
}

// FeedBySecret is the address that a secret belongs to, if it is one.
func (s *Store) FeedBySecret(ctx context.Context, secret string, now time.Time) (team.Address, bool, error) {
	a, err := scanFeed(s.queryRow(ctx, sqlFeedBySecret, hashed(secret), micros(now)))
	if errors.Is(err, sql.ErrNoRows) {
		return team.Address{}, false, nil
	}
	return a, err == nil, wrap("look an address up", err)
}

// FeedsOf are the secret addresses that a person has made for themselves.
func (s *Store) FeedsOf(ctx context.Context, by chat.Person) ([]team.Address, error) {
	return s.feeds(ctx, sqlFeedsOf, by.Platform, by.Space, by.ID)
}

// FeedsIn are the secret addresses of a channel's picks.
func (s *Store) FeedsIn(ctx context.Context, in chat.Place) ([]team.Address, error) {
	return s.feeds(ctx, sqlFeedsIn, in.Platform, in.Space, in.Channel)
}

func (s *Store) feeds(ctx context.Context, query string, args ...any) (all []team.Address, err error) {
	rows, err := s.query(ctx, query, args...)
	err = each(rows, err, func(rows *sql.Rows) error {
		a, err := scanFeed(rows)
		all = append(all, a)
		return err
	})
	return all, wrap("list addresses", err)
}

func scanFeed(row scanner) (a team.Address, err error) {
	var made int64
	p := &a.Feed.Place
	err = row.Scan(&a.ID, &a.By.Platform, &a.By.Space, &a.By.ID, &a.Team, &a.Feed.What, &a.Feed.Query, &p.Platform, &p.Space, &p.Channel, &made)
	a.MadeAt, a.Feed.Person = moment(made), a.By
	return a, err
}

// RevokeFeedsOf ends one of a person's own addresses, or all if id is "", and
// returns how many those were.
func (s *Store) RevokeFeedsOf(ctx context.Context, by chat.Person, id string) (int64, error) {
	n, err := s.exec(ctx, sqlRevokeFeedsOf, by.Platform, by.Space, by.ID, id)
	return n, wrap("revoke an address", err)
}

// RevokeFeedsIn ends one of a channel's addresses, or all if id is "".
func (s *Store) RevokeFeedsIn(ctx context.Context, in chat.Place, id string) (int64, error) {
	n, err := s.exec(ctx, sqlRevokeFeedsIn, in.Platform, in.Space, in.Channel, id)
	return n, wrap("revoke an address", err)
}

// PickedPaper is a paper that was picked for a channel.
type PickedPaper struct {
	Paper paper.ID
	Picked
}

// LatestPicks are the last papers that were picked for a place, the latest day
// first.
func (s *Store) LatestPicks(ctx context.Context, in chat.Place, limit int) (picks []PickedPaper, err error) {
	rows, err := s.query(ctx, sqlLatestPicks, channelID(in), limit)
	err = each(rows, err, func(rows *sql.Rows) error {
		var p PickedPaper
		var day string
		if err := rows.Scan(&p.Paper, &day, &p.Number, &p.Why); err != nil {
			return err
		}
		picks = append(picks, p)
		picks[len(picks)-1].Day, err = date.Parse(day)
		return err
	})
	return picks, wrap("list a channel's picks", err)
}
