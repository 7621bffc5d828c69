package store

import (
	"context"
	"database/sql"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

const (
	sqlExpectsPost = `
		SELECT COUNT(*)
		FROM (SELECT 1 FROM deliveries WHERE open AND platform = $1 AND space = $2 AND first_at > 0 LIMIT 1) unsettled`

	sqlMarkStray = `
		INSERT INTO strays (team, platform, by_space, by_id, space, channel, post, sign, kind, number, at, withdrawn)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (platform, space, channel, post, by_space, by_id, sign) DO UPDATE SET
			at        = excluded.at,
			withdrawn = excluded.withdrawn
		WHERE strays.at < excluded.at`

	sqlTakeStrays = `
		DELETE FROM strays
		WHERE platform = $1 AND space = $2 AND channel = $3 AND post = $4
		RETURNING team, by_space, by_id, sign, kind, number, at, withdrawn`

	sqlPruneStrays = `DELETE FROM strays WHERE at < $1`
)

// MarkStray keeps a mark on a post that is not known, if it may turn out to be a
// delivery whose sending is not settled yet; otherwise it is none of ours and is
// forgotten. number tells the paper among those of the post.
func (s *Store) MarkStray(ctx context.Context, m team.Mark, number int) error {
	var expected int
	err := s.queryRow(ctx, sqlExpectsPost, m.On.Platform, m.On.Space).Scan(&expected)
	if err != nil || expected == 0 {
		return wrap("look for unsettled deliveries", err)
	}
	err = s.soon(ctx, func(ctx context.Context, t *tx) error {
		if late, err := t.isErased(ctx, m.By, m.Since()); err != nil || late {
			return err
		}
		_, err := t.exec(ctx, sqlMarkStray, string(m.Team), m.On.Platform, m.By.Space, m.By.ID, m.On.Space, m.On.Channel, m.On.ID,
			m.Sign, string(m.Kind), number, micros(m.At), m.Withdrawn)
		if err != nil {
			return err
		}
		papers, err := t.postPapers(ctx, m.On) // it may have been settled this moment
		if err != nil || len(papers) == 0 {
			return err
		}
		return t.adopt(ctx, m.On, papers)
	})
	return wrap("keep a mark on an unknown post", err)
}

func (t *tx) postPapers(ctx context.Context, post chat.Post) (papers []paper.ID, err error) {
	rows, err := t.query(ctx, sqlPostPapers, post.Platform, post.Space, post.Channel, post.ID)
	err = each(rows, err, func(rows *sql.Rows) error {
		var id paper.ID
		err := rows.Scan(&id)
		papers = append(papers, id)
		return err
	})
	return papers, err
}

// adopt records the marks on a post that came before it was known what it shows.
func (t *tx) adopt(ctx context.Context, post chat.Post, papers []paper.ID) error {
	type stray struct {
		team.Mark
		number int
	}
	var strays []stray
	rows, err := t.query(ctx, sqlTakeStrays, post.Platform, post.Space, post.Channel, post.ID)
	err = each(rows, err, func(rows *sql.Rows) error {
		m := stray{Mark: team.Mark{On: post}}
		var at int64
		err := rows.Scan(&m.Team, &m.By.Space, &m.By.ID, &m.Sign, &m.Kind, &m.number, &at, &m.Withdrawn)
		m.By.Platform, m.At = post.Platform, moment(at)
		strays = append(strays, m)
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range strays {
		var ok bool
		if m.Paper, ok = team.Meant(papers, m.number); !ok {
			continue
		}
		if _, err := t.mark(ctx, m.Mark); err != nil {
			return err
		}
	}
	return nil
}
