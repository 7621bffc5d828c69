package store

import (
	"context"
	"database/sql"
	"fmt"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

const (
	sqlShare = `
		INSERT INTO shares (team, paper, platform, by_space, by_id, space, channel, post, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (paper, platform, space, channel, post, by_space, by_id) DO NOTHING`

	sqlShares = `
		SELECT team, paper, platform, by_space, by_id, space, channel, post, at
		FROM shares
		WHERE team = $1 AND paper = $2
		ORDER BY at, post`

	sqlRecordPost = `
		INSERT INTO posts (platform, space, channel, post, number, paper)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (platform, space, channel, post, number) DO NOTHING`

	sqlLatestPosts = `
		SELECT DISTINCT space, channel, post
		FROM posts
		WHERE platform = $1 AND post >= $2
		ORDER BY post DESC
		LIMIT $3`

	sqlPostPapers = `
		SELECT paper
		FROM posts
		WHERE platform = $1 AND space = $2 AND channel = $3 AND post = $4
		ORDER BY number`
)

// Share records who brought a paper into a channel; repeating it does no harm.
func (s *Store) Share(ctx context.Context, share team.Share) error {
	post := share.Post
	err := s.in(ctx, func(t *tx) error {
		if late, err := t.isErased(ctx, share.By, share.At); err != nil || late {
			return err
		}
		_, err := t.exec(ctx, sqlShare, string(share.Team), string(share.Paper), post.Platform, share.By.Space, share.By.ID,
			post.Space, post.Channel, post.ID, micros(share.At))
		return err
	})
	return wrap("share", err)
}

// Shares tells who in a team brought a paper, the first one first.
func (s *Store) Shares(ctx context.Context, of team.ID, id paper.ID) (shares []team.Share, err error) {
	rows, err := s.query(ctx, sqlShares, string(of), string(id))
	err = each(rows, err, func(rows *sql.Rows) error {
		h, err := scanShare(rows)
		shares = append(shares, h)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list shares: %w", err)
	}
	return shares, nil
}

func scanShare(row scanner) (h team.Share, err error) {
	var at int64
	err = row.Scan(&h.Team, &h.Paper, &h.Post.Platform, &h.By.Space, &h.By.ID, &h.Post.Space, &h.Post.Channel, &h.Post.ID, &at)
	h.By.Platform, h.At = h.Post.Platform, moment(at)
	return h, err
}

// RecordPost remembers which papers a message is about, in the order it shows
// them. What is already known of the message stays.
func (s *Store) RecordPost(ctx context.Context, post chat.Post, papers []paper.ID) error {
	err := s.in(ctx, func(t *tx) error {
		for i, id := range papers {
			_, err := t.exec(ctx, sqlRecordPost, post.Platform, post.Space, post.Channel, post.ID, i+1, string(id))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("record a post: %w", err)
	}
	return nil
}

// PostPapers returns the papers a message is about, in the order it shows them.
func (s *Store) PostPapers(ctx context.Context, post chat.Post) ([]paper.ID, error) {
	ids, err := s.ids(ctx, sqlPostPapers, post.Platform, post.Space, post.Channel, post.ID)
	if err != nil {
		return nil, fmt.Errorf("look up a post: %w", err)
	}
	return ids, nil
}

// LatestPosts are up to n messages about papers on a platform, those with the
// highest IDs first and none below from.
func (s *Store) LatestPosts(ctx context.Context, platform, from string, n int) (posts []chat.Post, err error) {
	rows, err := s.query(ctx, sqlLatestPosts, platform, from, n)
	err = each(rows, err, func(rows *sql.Rows) error {
		p := chat.Post{Place: chat.Place{Platform: platform}}
		err := rows.Scan(&p.Space, &p.Channel, &p.ID)
		posts = append(posts, p)
		return err
	})
	return posts, wrap("list the latest posts", err)
}
