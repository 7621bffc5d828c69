package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"paperboy/internal/paper"
)

// Saved counts what became of the papers of one call.
type Saved struct{ Added, Changed, Same int }

// Add adds up two counts.
func (s Saved) Add(t Saved) Saved {
	return Saved{s.Added + t.Added, s.Changed + t.Changed, s.Same + t.Same}
}

const (
	sqlTakeTurn = `
		UPDATE changes SET last = last + $1
		RETURNING last`

	sqlUpsertPaper = `
		INSERT INTO papers (id, change, version, title, abstract, summary,
		                    authors, author_count, categories, keywords,
		                    published, updated, doi, venue, comment, link,
		                    code, stars, project, organization)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
		ON CONFLICT (id) DO UPDATE SET
			change       = excluded.change,
			version      = excluded.version,
			title        = excluded.title,
			abstract     = excluded.abstract,
			summary      = excluded.summary,
			authors      = excluded.authors,
			author_count = excluded.author_count,
			categories   = excluded.categories,
			keywords     = excluded.keywords,
			published    = excluded.published,
			updated      = excluded.updated,
			doi          = excluded.doi,
			venue        = excluded.venue,
			comment      = excluded.comment,
			link         = excluded.link,
			code         = excluded.code,
			stars        = excluded.stars,
			project      = excluded.project,
			organization = excluded.organization`

	sqlUpsertSighting = `
		INSERT INTO sightings (paper, source, kind, day, votes, comments, brought_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (paper, source, kind) DO UPDATE SET
			day        = excluded.day,
			votes      = excluded.votes,
			comments   = excluded.comments,
			brought_by = excluded.brought_by`

	sqlPapers = `
		SELECT id, change, version, title, abstract, summary,
		       authors, author_count, categories, keywords,
		       published, updated, doi, venue, comment, link,
		       code, stars, project, organization
		FROM papers
		WHERE id IN ($keys)`

	sqlChangedPapers = `
		SELECT id, change, version, title, abstract, summary,
		       authors, author_count, categories, keywords,
		       published, updated, doi, venue, comment, link,
		       code, stars, project, organization
		FROM papers
		WHERE change > $1
		ORDER BY change
		LIMIT $2`

	sqlSightings = `
		SELECT paper, source, kind, day, votes, comments, brought_by
		FROM sightings
		WHERE paper IN ($keys)
		ORDER BY paper, source, kind`

	// The counter of changes may be ahead: saving what is known takes numbers
	// and leaves them unused.
	sqlLastChange  = `SELECT COALESCE(MAX(change), 0) FROM papers`
	sqlFeed        = `SELECT feed FROM changes`
	sqlCountPapers = `SELECT COUNT(*) FROM papers`
)

// SavePapers merges papers into the feed. Papers that tell nothing new are left
// untouched. Those without an ID or title are refused, all of them with it:
// they should not have come this far.
func (s *Store) SavePapers(ctx context.Context, papers []paper.Paper) (saved Saved, err error) {
	err = s.in(ctx, func(t *tx) error {
		saved, err = t.savePapers(ctx, papers)
		return err
	})
	if err != nil {
		return Saved{}, fmt.Errorf("save papers: %w", err)
	}
	return saved, nil
}

// lookUpAtOnce is how many papers one SELECT asks for: well below both engines'
// limits on parameters, large enough that the round trips don't count.
const lookUpAtOnce = 500

func (t *tx) savePapers(ctx context.Context, papers []paper.Paper) (saved Saved, err error) {
	if len(papers) == 0 {
		return saved, nil
	}
	incoming, ids, err := distinct(papers)
	if err != nil {
		return saved, err
	}
	// Taking our number first makes writers take turns, so that reading,
	// merging and writing below see no other writer's half.
	var change int64
	if err := t.queryRow(ctx, sqlTakeTurn, len(ids)).Scan(&change); err != nil {
		return saved, err
	}
	change -= int64(len(ids))
	known, err := t.papers(ctx, ids)
	if err != nil {
		return saved, err
	}
	write, err := t.paperWriter(ctx)
	if err != nil {
		return saved, err
	}
	for _, id := range ids {
		p := incoming[id]
		old, exists := known[id]
		if exists {
			p = paper.Merge(old, p)
		}
		switch {
		case exists && reflect.DeepEqual(old, p):
			saved.Same++
			continue
		case exists:
			saved.Changed++
		default:
			saved.Added++
		}
		change++
		if err := write(change, p, old); err != nil {
			return saved, err
		}
	}
	// Numbers that no paper took are given back: who follows the feed tells from
	// them how much is waiting.
	return saved, t.queryRow(ctx, sqlTakeTurn, -saved.Same).Scan(&change)
}

// distinct cleans papers and merges those that are listed twice, keeping the order.
func distinct(papers []paper.Paper) (map[paper.ID]paper.Paper, []paper.ID, error) {
	merged := make(map[paper.ID]paper.Paper, len(papers))
	ids := make([]paper.ID, 0, len(papers))
	for _, p := range papers {
		p = paper.Clean(p)
		if p.ID == "" || p.Title == "" {
			return nil, nil, fmt.Errorf("a paper has no ID or no title (ID %q, title %q)", p.ID, p.Title)
		}
		if before, twice := merged[p.ID]; twice {
			p = paper.Merge(before, p)
		} else {
			ids = append(ids, p.ID)
		}
		merged[p.ID] = p
	}
	return merged, ids, nil
}

// paperWriter prepares the statements that write one paper and those of its
// sightings that old does not have.
func (t *tx) paperWriter(ctx context.Context) (func(change int64, p, old paper.Paper) error, error) {
	upsertPaper, err := t.PrepareContext(ctx, t.engine.text(sqlUpsertPaper))
	if err != nil {
		return nil, err
	}
	upsertSighting, err := t.PrepareContext(ctx, t.engine.text(sqlUpsertSighting))
	if err != nil {
		return nil, err
	}
	return func(change int64, p, old paper.Paper) error {
		_, err := upsertPaper.ExecContext(ctx, string(p.ID), change, p.Version, p.Title, p.Abstract, p.Summary,
			list(p.Authors), p.AuthorCount, list(p.Categories), list(p.Keywords),
			micros(p.Published), micros(p.Updated), p.DOI, p.Venue, p.Comment, p.Link,
			p.Code, p.Stars, p.Project, p.Organization)
		if err != nil {
			return fmt.Errorf("%s: %w", p.ID, err)
		}
		for _, g := range p.Sightings {
			if slices.Contains(old.Sightings, g) {
				continue
			}
			_, err := upsertSighting.ExecContext(ctx, string(p.ID), g.Source, string(g.Kind), g.Day.String(), g.Votes, g.Comments, g.By)
			if err != nil {
				return fmt.Errorf("%s at %s: %w", p.ID, g.Source, err)
			}
		}
		return nil
	}, nil
}

// querier is what reading needs: a transaction or the store itself.
type querier interface {
	query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// papers reads those of ids that the transaction can see.
func (t *tx) papers(ctx context.Context, ids []paper.ID) (map[paper.ID]paper.Paper, error) {
	return readPapers(ctx, t, ids)
}

// Papers returns those of ids that the feed has, in the order of ids.
func (s *Store) Papers(ctx context.Context, ids []paper.ID) ([]paper.Paper, error) {
	known, err := readPapers(ctx, s, ids)
	if err != nil {
		return nil, fmt.Errorf("read papers: %w", err)
	}
	found := make([]paper.Paper, 0, len(known))
	for _, id := range ids {
		if p, ok := known[id]; ok {
			found = append(found, p)
			delete(known, id)
		}
	}
	return found, nil
}

// Paper returns one paper of the feed, if it is there.
func (s *Store) Paper(ctx context.Context, id paper.ID) (paper.Paper, bool, error) {
	found, err := s.Papers(ctx, []paper.ID{id})
	if err != nil || len(found) == 0 {
		return paper.Paper{}, false, err
	}
	return found[0], true, nil
}

func readPapers(ctx context.Context, from querier, ids []paper.ID) (map[paper.ID]paper.Paper, error) {
	found := make(map[paper.ID]paper.Paper)
	for some := range slices.Chunk(ids, lookUpAtOnce) {
		rows, err := from.query(ctx, listed(sqlPapers, 1, len(some)), anys(some)...)
		err = each(rows, err, func(rows *sql.Rows) error {
			p, _, err := scanPaper(rows)
			found[p.ID] = p
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return found, addSightings(ctx, from, found)
}

// addSightings completes papers, which were read without theirs.
func addSightings(ctx context.Context, from querier, papers map[paper.ID]paper.Paper) error {
	ids := make([]paper.ID, 0, len(papers))
	for id := range papers {
		ids = append(ids, id)
	}
	for some := range slices.Chunk(ids, lookUpAtOnce) {
		rows, err := from.query(ctx, listed(sqlSightings, 1, len(some)), anys(some)...)
		if err := readSightings(rows, err, papers); err != nil {
			return err
		}
	}
	return nil
}

// readSightings adds sightings to their papers. One of a paper that came into
// the feed since the papers were read is left out.
func readSightings(rows *sql.Rows, err error, papers map[paper.ID]paper.Paper) error {
	return each(rows, err, func(rows *sql.Rows) error {
		var id paper.ID
		var day string
		var g paper.Sighting
		if err := rows.Scan(&id, &g.Source, &g.Kind, &day, &g.Votes, &g.Comments, &g.By); err != nil {
			return err
		}
		if err := g.Day.UnmarshalText([]byte(day)); err != nil {
			return err
		}
		if p, ok := papers[id]; ok {
			p.Sightings = append(p.Sightings, g)
			papers[id] = p
		}
		return nil
	})
}

// scanPaper reads a row of sqlPapers or sqlChangedPapers and its change number.
func scanPaper(rows *sql.Rows) (p paper.Paper, change int64, err error) {
	var authors, categories, keywords string
	var published, updated int64
	err = rows.Scan(&p.ID, &change, &p.Version, &p.Title, &p.Abstract, &p.Summary,
		&authors, &p.AuthorCount, &categories, &keywords,
		&published, &updated, &p.DOI, &p.Venue, &p.Comment, &p.Link,
		&p.Code, &p.Stars, &p.Project, &p.Organization)
	if err != nil {
		return p, 0, err
	}
	p.Published, p.Updated = moment(published), moment(updated)
	p.Authors, p.Categories, p.Keywords = unlist(authors), unlist(categories), unlist(keywords)
	return p, change, nil
}

// Changes returns up to limit papers that changed after change number after,
// in the order of their changes, and the number reached. Whoever follows the
// feed asks again from there; nothing is missed in between.
func (s *Store) Changes(ctx context.Context, after int64, limit int) ([]paper.Paper, int64, error) {
	last := after
	found := make(map[paper.ID]paper.Paper)
	var order []paper.ID
	rows, err := s.query(ctx, sqlChangedPapers, after, limit)
	err = each(rows, err, func(rows *sql.Rows) error {
		p, change, err := scanPaper(rows)
		found[p.ID], last = p, change
		order = append(order, p.ID)
		return err
	})
	if err == nil {
		err = addSightings(ctx, s, found)
	}
	if err != nil {
		return nil, after, fmt.Errorf("read changes: %w", err)
	}
	papers := make([]paper.Paper, len(order))
	for i, id := range order {
		papers[i] = found[id]
	}
	return papers, last, nil
}

// LastChange is the number of the newest change to a paper, which whoever
// follows Changes to their end has reached.
func (s *Store) LastChange(ctx context.Context) (n int64, err error) {
	if err := s.queryRow(ctx, sqlLastChange).Scan(&n); err != nil {
		return 0, fmt.Errorf("read the last change: %w", err)
	}
	return n, nil
}

// Feed is a name that only this feed has. Copies of the database share it.
func (s *Store) Feed(ctx context.Context) (name string, err error) {
	if err := s.queryRow(ctx, sqlFeed).Scan(&name); err != nil {
		return "", fmt.Errorf("read the feed's name: %w", err)
	}
	return name, nil
}

// CountPapers is the size of the feed.
func (s *Store) CountPapers(ctx context.Context) (n int, err error) {
	if err := s.queryRow(ctx, sqlCountPapers).Scan(&n); err != nil {
		return 0, fmt.Errorf("count papers: %w", err)
	}
	return n, nil
}

// list is how a list is stored. Papers are clean, so marshalling cannot fail.
func list(l []string) string {
	if len(l) == 0 {
		return "[]"
	}
	b, err := json.Marshal(l)
	if err != nil {
		panic("store: a list of strings did not marshal: " + err.Error())
	}
	return string(b)
}

// unlist reads what list wrote.
func unlist(s string) (l []string) {
	if s == "[]" || json.Unmarshal([]byte(s), &l) != nil {
		return nil
	}
	return l
}
