package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// Order is how a list of papers is sorted.
type Order string

// The orders. Papers with equal votes are sorted by ByVotes, then the newest first.
const (
	ByVotes  Order = "votes"  // at the source and of the team together
	ByTeam   Order = "team"   // of the team
	BySource Order = "source" // at the source that has most
	ByNewest Order = "new"    // the day of the list, then the day they came out
)

const (
	// Replacements are later versions of papers listed before, no news of a day.
	// Votes count wherever they were given: arXiv lists a paper some days before
	// Hugging Face does.
	sqlListedBy = `
		SELECT s.paper
		FROM (
			SELECT paper, MAX(day) AS day
			FROM sightings
			WHERE day >= $2 AND day <= $3 AND kind <> 'replace'
			GROUP BY paper
		) s
		JOIN sightings anywhere ON anywhere.paper = s.paper
		LEFT JOIN (
			SELECT once.paper, COUNT(*) AS votes
			FROM (
				SELECT DISTINCT paper, platform, by_space, by_id
				FROM marks
				WHERE team = $1 AND kind = 'up' AND NOT withdrawn
			) once
			GROUP BY once.paper
		) v ON v.paper = s.paper
		GROUP BY s.paper
		ORDER BY CASE $6 WHEN 'team' THEN COALESCE(MAX(v.votes), 0) WHEN 'source' THEN MAX(anywhere.votes) ELSE 0 END DESC,
		         MAX(anywhere.votes) + COALESCE(MAX(v.votes), 0) DESC, MAX(s.day) DESC, s.paper DESC
		LIMIT $4 OFFSET $5`

	sqlNewest = `
		SELECT s.paper
		FROM (
			SELECT paper, MAX(day) AS day
			FROM sightings
			WHERE day >= $1 AND day <= $2 AND kind <> 'replace'
			GROUP BY paper
		) s
		JOIN papers p ON p.id = s.paper
		ORDER BY s.day DESC, p.published DESC, s.paper DESC
		LIMIT $3 OFFSET $4`

	sqlNextDay = `
		SELECT COALESCE(MIN(day), '')
		FROM sightings
		WHERE day > $1 AND kind <> 'replace'`

	sqlMarksOf = `
		SELECT DISTINCT paper, kind
		FROM marks
		WHERE platform = $1 AND by_space = $2 AND by_id = $3 AND NOT withdrawn AND paper IN ($keys)`

	sqlSharesOf = `
		SELECT team, paper, platform, by_space, by_id, space, channel, post, at
		FROM shares
		WHERE team = $1 AND paper IN ($keys)
		ORDER BY at, post`

	sqlPickedFor = `
		SELECT k.paper, k.day, k.number, k.why, c.id, c.platform, c.space, c.channel
		FROM picks k
		JOIN channels c ON c.id = k.channel
		WHERE k.paper IN ($keys)
		ORDER BY k.day, c.id`

	sqlVoteTimes = `
		SELECT MIN(at) AS first
		FROM marks
		WHERE team = $1 AND paper = $2 AND kind = 'up' AND NOT withdrawn
		GROUP BY platform, by_space, by_id
		ORDER BY first`

	sqlPostedIn = `
		SELECT d.platform, d.space, d.channel, d.post_channel, d.post
		FROM shown_in s
		JOIN deliveries d ON d.key = s.key
		WHERE s.paper = $1 AND d.state = 'sent' AND d.post <> ''
		ORDER BY d.settled_at`

	sqlSubjects = `
		SELECT p.categories, p.keywords
		FROM (
			SELECT DISTINCT paper
			FROM sightings
			WHERE day >= $1 AND day <= $2 AND kind <> 'replace'
		) s
		JOIN papers p ON p.id = s.paper`

	sqlChannelsOn = `
		SELECT id, platform, space, channel, prefs, by_platform, by_space, by_id,
		       next_day, next_at, last_day, last_at, gone, gone_at, edition
		FROM channels
		WHERE platform = $1 AND prefs <> ''
		ORDER BY space, channel
		LIMIT $2`
)

// ListedBy is Listed in an order of the reader's choice.
func (s *Store) ListedBy(ctx context.Context, of team.ID, from, to date.Date, by Order, page Page) (Listing, error) {
	var l Listing
	err := s.queryRow(ctx, sqlCountListed, from.String(), to.String()).Scan(&l.Total)
	switch {
	case err != nil:
	case by == ByNewest:
		l.Papers, err = s.ids(ctx, sqlNewest, from.String(), to.String(), page.Limit, page.Offset)
	default:
		l.Papers, err = s.ids(ctx, sqlListedBy, string(of), from.String(), to.String(), page.Limit, page.Offset, string(by))
	}
	if err != nil {
		return Listing{}, fmt.Errorf("list papers of %s to %s: %w", from, to, err)
	}
	return l, nil
}

// NextDay is the first day after the given one on which a source listed
// something; the zero Date if there is none.
func (s *Store) NextDay(ctx context.Context, after date.Date) (day date.Date, err error) {
	var text string
	if err = s.queryRow(ctx, sqlNextDay, after.String()).Scan(&text); err == nil {
		err = day.UnmarshalText([]byte(text))
	}
	return day, wrap("find the next day", err)
}

// MarksOf tells which kinds of marks of a person stand on some papers.
func (s *Store) MarksOf(ctx context.Context, by chat.Person, ids []paper.ID) (map[paper.ID]map[team.Kind]bool, error) {
	marks := map[paper.ID]map[team.Kind]bool{}
	if len(ids) == 0 {
		return marks, nil
	}
	rows, err := s.query(ctx, listed(sqlMarksOf, 4, len(ids)), anys(ids, by.Platform, by.Space, by.ID)...)
	err = each(rows, err, func(rows *sql.Rows) error {
		var id paper.ID
		var kind team.Kind
		if err := rows.Scan(&id, &kind); err != nil {
			return err
		}
		if marks[id] == nil {
			marks[id] = map[team.Kind]bool{}
		}
		marks[id][kind] = true
		return nil
	})
	return marks, wrap("look up marks", err)
}

// SharesOf tells who in a team brought some papers, the first one first.
func (s *Store) SharesOf(ctx context.Context, of team.ID, ids []paper.ID) (map[paper.ID][]team.Share, error) {
	shares := map[paper.ID][]team.Share{}
	if len(ids) == 0 {
		return shares, nil
	}
	rows, err := s.query(ctx, listed(sqlSharesOf, 2, len(ids)), anys(ids, any(string(of)))...)
	err = each(rows, err, func(rows *sql.Rows) error {
		h, err := scanShare(rows)
		shares[h.Paper] = append(shares[h.Paper], h)
		return err
	})
	return shares, wrap("list shares", err)
}

// PickedFor is a paper as it was picked for a channel.
type PickedFor struct {
	Channel string // its ID
	Place   chat.Place
	Picked
}

// PickedFor tells for which channels some papers were picked, the first one first.
func (s *Store) PickedFor(ctx context.Context, ids []paper.ID) (map[paper.ID][]PickedFor, error) {
	picked := map[paper.ID][]PickedFor{}
	if len(ids) == 0 {
		return picked, nil
	}
	rows, err := s.query(ctx, listed(sqlPickedFor, 1, len(ids)), anys(ids)...)
	err = each(rows, err, func(rows *sql.Rows) error {
		var id paper.ID
		var day string
		var p PickedFor
		if err := rows.Scan(&id, &day, &p.Number, &p.Why, &p.Channel, &p.Place.Platform, &p.Place.Space, &p.Place.Channel); err != nil {
			return err
		}
		err := p.Day.UnmarshalText([]byte(day))
		picked[id] = append(picked[id], p)
		return err
	})
	return picked, wrap("list picks of papers", err)
}

// VoteTimes are the moments at which people of a team voted for a paper, of those
// whose vote stands.
func (s *Store) VoteTimes(ctx context.Context, of team.ID, id paper.ID) (times []time.Time, err error) {
	rows, err := s.query(ctx, sqlVoteTimes, string(of), string(id))
	err = each(rows, err, func(rows *sql.Rows) error {
		var at int64
		err := rows.Scan(&at)
		times = append(times, moment(at))
		return err
	})
	return times, wrap("read when people voted", err)
}

// Posted is a post of ours that shows a paper, and the place it was meant for.
type Posted struct {
	For  chat.Place
	Post chat.Post
}

// PostedIn are the posts of picks that show a paper, the first one first.
func (s *Store) PostedIn(ctx context.Context, id paper.ID) (posts []Posted, err error) {
	rows, err := s.query(ctx, sqlPostedIn, string(id))
	err = each(rows, err, func(rows *sql.Rows) error {
		var p Posted
		err := rows.Scan(&p.For.Platform, &p.For.Space, &p.For.Channel, &p.Post.Channel, &p.Post.ID)
		p.Post.Platform, p.Post.Space = p.For.Platform, p.For.Space
		posts = append(posts, p)
		return err
	})
	return posts, wrap("list posts of a paper", err)
}

// Subjects calls use with the categories and keywords of each paper that sources
// listed from one day to another.
func (s *Store) Subjects(ctx context.Context, from, to date.Date, use func(categories, keywords []string)) error {
	rows, err := s.query(ctx, sqlSubjects, from.String(), to.String())
	err = each(rows, err, func(rows *sql.Rows) error {
		var categories, keywords string
		err := rows.Scan(&categories, &keywords)
		use(unlist(categories), unlist(keywords))
		return err
	})
	return wrap("read what papers are about", err)
}

// ChannelWith is the channel with an ID, if somebody has changed it before.
func (s *Store) ChannelWith(ctx context.Context, id string) (c team.Channel, ok bool, err error) {
	c, err = scanChannel(s.queryRow(ctx, sqlChannel, id))
	if errors.Is(err, sql.ErrNoRows) {
		return team.Channel{}, false, nil
	}
	return c, err == nil, wrap("read a channel", err)
}

// ChannelsOn are the channels of a platform with preferences of their own.
func (s *Store) ChannelsOn(ctx context.Context, platform string, limit int) (all []team.Channel, err error) {
	rows, err := s.query(ctx, sqlChannelsOn, platform, limit)
	err = each(rows, err, func(rows *sql.Rows) error {
		c, err := scanChannel(rows)
		all = append(all, c)
		return err
	})
	return all, wrap("list channels", err)
}
