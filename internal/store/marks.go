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
	sqlMark = `
		INSERT INTO marks (team, paper, platform, by_space, by_id, space, channel, post, sign, kind, at, withdrawn)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (paper, platform, by_space, by_id, space, channel, post, sign) DO UPDATE SET
			team      = excluded.team,
			kind      = excluded.kind,
			at        = excluded.at,
			withdrawn = excluded.withdrawn
		WHERE marks.at < excluded.at`

	// Only what a message's reactions said: a vote by hand has no post.
	sqlClearMarks = `
		UPDATE marks SET withdrawn = TRUE, at = $7
		WHERE paper = $1 AND platform = $2 AND space = $3 AND channel = $4 AND post = $5 AND post <> ''
			AND (sign = $6 OR $6 = '') AND NOT withdrawn AND at < $7`

	// A row that is there is locked, so that it can't be taken away before this
	// vote is committed and counted.
	sqlRecount = `
		INSERT INTO recounts (team, paper)
		VALUES ($1, $2)
		ON CONFLICT (team, paper) DO UPDATE SET paper = excluded.paper`

	sqlVotes = `
		SELECT once.paper, COUNT(*)
		FROM (
			SELECT DISTINCT paper, platform, by_space, by_id
			FROM marks
			WHERE team = $1 AND kind = 'up' AND NOT withdrawn AND paper IN ($keys)
		) once
		GROUP BY once.paper`

	sqlAllVotes = `
		SELECT once.paper, COUNT(*)
		FROM (
			SELECT DISTINCT paper, platform, by_space, by_id
			FROM marks
			WHERE team = $1 AND kind = 'up' AND NOT withdrawn
		) once
		GROUP BY once.paper`

	sqlHasMarked = `
		SELECT COUNT(*)
		FROM marks
		WHERE paper = $1 AND platform = $2 AND by_space = $3 AND by_id = $4 AND kind = $5 AND NOT withdrawn`

	sqlTop = `
		SELECT v.paper
		FROM (
			SELECT paper, platform, by_space, by_id, MIN(at) AS at
			FROM marks
			WHERE team = $1 AND kind = 'up' AND NOT withdrawn
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
			FROM marks
			WHERE team = $1 AND kind = 'up' AND NOT withdrawn
			GROUP BY paper, platform, by_space, by_id
		) v
		JOIN papers p ON p.id = v.paper
		WHERE v.at >= $2`

	sqlVoters = `
		SELECT platform, by_space, by_id
		FROM marks
		WHERE team = $1 AND paper = $2 AND kind = 'up' AND NOT withdrawn
		GROUP BY platform, by_space, by_id
		ORDER BY MIN(at), platform, by_space, by_id`

	sqlTaste = `
		SELECT DISTINCT m.platform, m.by_space, m.by_id, m.paper, p.authors
		FROM marks m
		JOIN papers p ON p.id = m.paper
		WHERE m.team = $1 AND m.kind = 'up' AND NOT m.withdrawn AND m.at >= $2`

	sqlUnsave = `
		UPDATE marks SET withdrawn = TRUE, at = $5
		WHERE paper = $1 AND platform = $2 AND by_space = $3 AND by_id = $4 AND kind = 'save' AND NOT withdrawn AND at <= $5`

	sqlSaved = `
		SELECT paper
		FROM marks
		WHERE platform = $1 AND by_space = $2 AND by_id = $3 AND kind = 'save' AND NOT withdrawn
		GROUP BY paper
		ORDER BY MAX(at) DESC, paper
		LIMIT $4 OFFSET $5`

	sqlCountSaved = `
		SELECT COUNT(DISTINCT paper)
		FROM marks
		WHERE platform = $1 AND by_space = $2 AND by_id = $3 AND kind = 'save' AND NOT withdrawn`
)

// Mark records a mark or its withdrawal and reports whether that changed
// anything. Marks that come at the same time share a commit, and each is on the
// disk when its call returns.
func (s *Store) Mark(ctx context.Context, m team.Mark) (changed bool, err error) {
	err = s.soon(ctx, func(ctx context.Context, t *tx) error {
		changed, err = t.mark(ctx, m)
		return err
	})
	return changed, wrap("mark", err)
}

func (t *tx) mark(ctx context.Context, m team.Mark) (changed bool, err error) {
	if late, err := t.isErased(ctx, m.By, m.Since()); err != nil || late {
		return false, err
	}
	n, err := t.exec(ctx, sqlMark, string(m.Team), string(m.Paper), m.By.Platform, m.By.Space, m.By.ID,
		m.On.Space, m.On.Channel, m.On.ID, m.Sign, string(m.Kind), micros(m.At), m.Withdrawn)
	if err == nil && n > 0 && m.Kind == team.Up {
		_, err = t.exec(ctx, sqlRecount, string(m.Team), string(m.Paper))
	}
	return n > 0, err
}

// ClearMarks withdraws what everybody's reactions to a post say of a paper: those
// of one sign, or all if it is "". It returns how many they were.
func (s *Store) ClearMarks(ctx context.Context, of team.ID, post chat.Post, id paper.ID, sign string, at time.Time) (n int64, err error) {
	err = s.soon(ctx, func(ctx context.Context, t *tx) error {
		var err error
		n, err = t.exec(ctx, sqlClearMarks, string(id), post.Platform, post.Space, post.Channel, post.ID, sign, micros(at))
		if err == nil && n > 0 {
			_, err = t.exec(ctx, sqlRecount, string(of), string(id))
		}
		return err
	})
	return n, wrap("clear marks", err)
}

// HasVoted reports whether any upvote of the person on the paper stands.
func (s *Store) HasVoted(ctx context.Context, by chat.Person, id paper.ID) (bool, error) {
	var n int
	err := s.queryRow(ctx, sqlHasMarked, string(id), by.Platform, by.Space, by.ID, string(team.Up)).Scan(&n)
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

// Voters are the people of a team whose vote for a paper stands, the first first.
func (s *Store) Voters(ctx context.Context, of team.ID, id paper.ID) (people []chat.Person, err error) {
	rows, err := s.query(ctx, sqlVoters, string(of), string(id))
	err = each(rows, err, func(rows *sql.Rows) error {
		var p chat.Person
		err := rows.Scan(&p.Platform, &p.Space, &p.ID)
		people = append(people, p)
		return err
	})
	return people, wrap("list voters", err)
}

// Liking is one person's vote for a paper, with those who wrote it.
type Liking struct {
	By      chat.Person
	Paper   paper.ID
	Authors []string
}

// Taste returns what a team has voted for since then, person by person.
func (s *Store) Taste(ctx context.Context, of team.ID, since time.Time) (all []Liking, err error) {
	rows, err := s.query(ctx, sqlTaste, string(of), micros(since))
	err = each(rows, err, func(rows *sql.Rows) error {
		var l Liking
		var authors string
		err := rows.Scan(&l.By.Platform, &l.By.Space, &l.By.ID, &l.Paper, &authors)
		l.Authors = unlist(authors)
		all = append(all, l)
		return err
	})
	return all, wrap("read a team's votes", err)
}

// Unsave takes a paper off a person's list, whatever put it there before then, and
// reports whether anything had.
func (s *Store) Unsave(ctx context.Context, by chat.Person, id paper.ID, at time.Time) (was bool, err error) {
	err = s.soon(ctx, func(ctx context.Context, t *tx) error {
		n, err := t.exec(ctx, sqlUnsave, string(id), by.Platform, by.Space, by.ID, micros(at))
		was = n > 0
		return err
	})
	return was, wrap("unsave for a person", err)
}

// Saved returns a person's list, the latest first.
func (s *Store) Saved(ctx context.Context, by chat.Person, page Page) (Listing, error) {
	var l Listing
	err := s.queryRow(ctx, sqlCountSaved, by.Platform, by.Space, by.ID).Scan(&l.Total)
	if err == nil {
		l.Papers, err = s.ids(ctx, sqlSaved, by.Platform, by.Space, by.ID, page.Limit, page.Offset)
	}
	if err != nil {
		return Listing{}, fmt.Errorf("list what a person saved: %w", err)
	}
	return l, nil
}
