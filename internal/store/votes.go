package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

const (
	// An event that is not newer than what is known of the same mark is a
	// repetition or came late; it changes nothing.
	sqlVote = `
		INSERT INTO votes (team, paper, platform, by_space, by_id, space, channel, post, mark, at, withdrawn)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (paper, platform, by_space, by_id, space, channel, post, mark) DO UPDATE SET
			team      = excluded.team,
			at        = excluded.at,
			withdrawn = excluded.withdrawn
		WHERE votes.at < excluded.at`

	sqlVotes = `
		SELECT once.paper, COUNT(*)
		FROM (
			SELECT DISTINCT paper, platform, by_space, by_id
			FROM votes
			WHERE team = $1 AND NOT withdrawn AND paper IN ($keys)
		) once
		GROUP BY once.paper`

	sqlAllVotes = `
		SELECT once.paper, COUNT(*)
		FROM (
			SELECT DISTINCT paper, platform, by_space, by_id
			FROM votes
			WHERE team = $1 AND NOT withdrawn
		) once
		GROUP BY once.paper`

	sqlHasVoted = `
		SELECT COUNT(*)
		FROM votes
		WHERE paper = $1 AND platform = $2 AND by_space = $3 AND by_id = $4 AND NOT withdrawn`

	sqlTop = `
		SELECT v.paper
		FROM (
			SELECT paper, platform, by_space, by_id, MIN(at) AS at
			FROM votes
			WHERE team = $1 AND NOT withdrawn
			GROUP BY paper, platform, by_space, by_id
		) v
		JOIN papers p ON p.id = v.paper -- people also mark what is still being looked up
		WHERE v.at >= $2
		GROUP BY v.paper
		ORDER BY COUNT(*) DESC, MAX(v.at) DESC, v.paper DESC
		LIMIT $3 OFFSET $4`

	sqlCountTop = `
		SELECT COUNT(DISTINCT v.paper)
		FROM (
			SELECT paper, MIN(at) AS at
			FROM votes
			WHERE team = $1 AND NOT withdrawn
			GROUP BY paper, platform, by_space, by_id
		) v
		JOIN papers p ON p.id = v.paper
		WHERE v.at >= $2`
)

// Vote records a mark or its withdrawal and reports whether that changed anything.
func (s *Store) Vote(ctx context.Context, v team.Vote) (changed bool, err error) {
	n, err := s.exec(ctx, sqlVote, string(v.Team), string(v.Paper), v.By.Platform, v.By.Space, v.By.ID,
		v.On.Space, v.On.Channel, v.On.ID, v.Mark, micros(v.At), v.Withdrawn)
	if err != nil {
		return false, fmt.Errorf("vote: %w", err)
	}
	return n > 0, nil
}

// HasVoted reports whether any mark of the person on the paper stands.
func (s *Store) HasVoted(ctx context.Context, by chat.Person, id paper.ID) (bool, error) {
	var n int
	err := s.queryRow(ctx, sqlHasVoted, string(id), by.Platform, by.Space, by.ID).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look up a vote: %w", err)
	}
	return n > 0, nil
}

// Votes counts the people of a team who voted for each of ids.
func (s *Store) Votes(ctx context.Context, by team.ID, ids []paper.ID) (map[paper.ID]int, error) {
	votes := make(map[paper.ID]int)
	for some := range slices.Chunk(ids, lookUpAtOnce) {
		rows, err := s.query(ctx, listed(sqlVotes, 2, len(some)), anys(some, any(string(by)))...)
		if err := countVotes(rows, err, votes); err != nil {
			return nil, err
		}
	}
	return votes, nil
}

// AllVotes counts the people of a team who voted, for every paper with a vote.
func (s *Store) AllVotes(ctx context.Context, by team.ID) (map[paper.ID]int, error) {
	votes := make(map[paper.ID]int)
	rows, err := s.query(ctx, sqlAllVotes, string(by))
	return votes, countVotes(rows, err, votes)
}

func countVotes(rows *sql.Rows, err error, into map[paper.ID]int) error {
	err = each(rows, err, func(rows *sql.Rows) error {
		var id paper.ID
		var n int
		err := rows.Scan(&id, &n)
		into[id] = n
		return err
	})
	if err != nil {
		return fmt.Errorf("count votes: %w", err)
	}
	return nil
}

// Top returns what a team has voted for since then, the most voted first. A
// person's vote is as old as the first of their marks that still stands.
func (s *Store) Top(ctx context.Context, by team.ID, since time.Time, page Page) (Listing, error) {
	var l Listing
	err := s.queryRow(ctx, sqlCountTop, string(by), micros(since)).Scan(&l.Total)
	if err == nil {
		l.Papers, err = s.ids(ctx, sqlTop, string(by), micros(since), page.Limit, page.Offset)
	}
	if err != nil {
		return Listing{}, fmt.Errorf("list the top papers: %w", err)
	}
	return l, nil
}
