package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// Plan is what a channel gets for one slot, or that it gets nothing.
type Plan struct {
	Channel team.Channel // as it was read: that it was planned or changed since is told by its Next and Edition
	Team    team.ID
	Slot    team.Slot // zero where no slot is served and only Next moves on
	Next    team.Slot // the slot after it
	At      time.Time // now
	Note    string    // for people: why there are no picks, or fewer
	Picks   []Pick
	// Messages are posted in their order, or left out if they are not by Expires.
	// Those after the first go into its thread if Thread is set.
	Messages []chat.Message
	Thread   bool
	Expires  time.Time
}

// Pick is a paper picked for a channel, and why.
type Pick struct {
	Paper paper.ID
	Why   string
}

const (
	sqlMoveOn = `
		UPDATE channels
		SET next_day = $3, next_at = $4,
		    last_day = CASE WHEN CAST($6 AS BIGINT) > 0 THEN $5 ELSE last_day END,
		    last_at  = CASE WHEN CAST($6 AS BIGINT) > 0 THEN CAST($6 AS BIGINT) ELSE last_at END
		WHERE id = $1 AND next_at = $2 AND edition = $7`

	sqlAddPlans = `
		INSERT INTO plans (channel, slot_at, day, planned_at, papers, note)
		VALUES $rows`

	sqlAddPicks = `
		INSERT INTO picks (channel, paper, day, number, why)
		VALUES $rows`

	sqlAddDeliveries = `
		INSERT INTO deliveries (key, part, platform, space, channel, team, message, reply,
		                        planned_at, expires_at, state, open, unsure, tries, failures, due_at,
		                        first_at, settled_at, reason, post_channel, post, stale, refreshed_at)
		VALUES $rows`

	sqlRepeats = `
		SELECT channel, paper
		FROM picks
		WHERE (channel, paper) IN (VALUES $rows)`

	sqlShown = `
		SELECT channel, paper
		FROM picks
		WHERE day >= $1 AND channel IN ($keys)`

	sqlSharedIn = `
		SELECT c.id, s.paper
		FROM channels c
		JOIN shares s ON s.platform = c.platform AND s.space = c.space AND s.channel = c.channel
		WHERE c.id IN ($keys)`
)

// Outcome is what became of a Plan.
type Outcome struct {
	// Planned says that it was kept; otherwise somebody else was first, or changed
	// the channel meanwhile, and nothing of it is kept.
	Planned bool
	// Repeats are picks that the channel has been shown before. Then nothing of
	// the plan is kept either: choose again without them.
	Repeats []paper.ID
}

// Plan keeps plans in one transaction: all of a plan or nothing of it.
func (s *Store) Plan(ctx context.Context, plans []Plan) (outcomes []Outcome, err error) {
	// All planners lock channels in the same order, so that none waits for another
	// that waits for it.
	order := make([]int, len(plans))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(plans[a].Channel.ID, plans[b].Channel.ID) })
	err = s.in(ctx, func(t *tx) error {
		outcomes = make([]Outcome, len(plans))
		repeats, err := t.repeats(ctx, plans)
		if err != nil {
			return err
		}
		var kept []Plan
		for _, i := range order {
			if outcomes[i].Repeats = repeats[plans[i].Channel.ID]; outcomes[i].Repeats != nil {
				continue
			}
			if outcomes[i].Planned, err = t.moveOn(ctx, plans[i]); err != nil {
				return err
			}
			if outcomes[i].Planned && !plans[i].Slot.At.IsZero() {
				kept = append(kept, plans[i])
			}
		}
		return t.addPlans(ctx, kept)
	})
	return outcomes, wrap("plan", err)
}

// moveOn gives a channel its next slot, unless it is no longer the one that the
// plan was made for.
func (t *tx) moveOn(ctx context.Context, p Plan) (bool, error) {
	n, err := t.exec(ctx, sqlMoveOn, p.Channel.ID, micros(p.Channel.Next.At),
		p.Next.Day.String(), micros(p.Next.At), p.Slot.Day.String(), micros(p.Slot.At), p.Channel.Edition)
	return n > 0, err
}

// repeats are those picks of plans that their channels have been shown before.
func (t *tx) repeats(ctx context.Context, plans []Plan) (map[string][]paper.ID, error) {
	found := make(map[string][]paper.ID)
	var pairs [][]any
	for _, p := range plans {
		for _, pick := range p.Picks {
			pairs = append(pairs, []any{p.Channel.ID, string(pick.Paper)})
		}
	}
	err := inChunks(pairs, func(query func(string) string, args []any) error {
		rows, err := t.query(ctx, query(sqlRepeats), args...)
		return collect(rows, err, found)
	})
	return found, err
}

// collect reads rows of a channel and a paper.
func collect(rows *sql.Rows, err error, into map[string][]paper.ID) error {
	return each(rows, err, func(rows *sql.Rows) error {
		var channel string
		var id paper.ID
		err := rows.Scan(&channel, &id)
		into[channel] = append(into[channel], id)
		return err
	})
}

func (t *tx) addPlans(ctx context.Context, plans []Plan) error {
	var days, picks, deliveries [][]any
	for _, p := range plans {
		days = append(days, []any{p.Channel.ID, micros(p.Slot.At), p.Slot.Day.String(), micros(p.At), len(p.Picks), p.Note})
		for i, pick := range p.Picks {
			picks = append(picks, []any{p.Channel.ID, string(pick.Paper), p.Slot.Day.String(), i + 1, pick.Why})
		}
		rows, err := deliveryRows(p)
		if err != nil {
			return err
		}
		deliveries = append(deliveries, rows...)
	}
	if err := t.insert(ctx, sqlAddPlans, days); err != nil {
		return err
	}
	if err := t.insert(ctx, sqlAddPicks, picks); err != nil {
		return err
	}
	return t.insert(ctx, sqlAddDeliveries, deliveries)
}

func deliveryRows(p Plan) (rows [][]any, err error) {
	for i, m := range p.Messages {
		row, err := deliveryRow(delivering{
			place: p.Channel.Place, team: p.Team, message: m, part: i, reply: p.Thread && i > 0, at: p.At, expires: p.Expires,
		})
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// delivering is a message that is to be posted.
type delivering struct {
	place       chat.Place
	team        team.ID
	message     chat.Message
	part        int
	reply       bool
	at, expires time.Time
}

// deliveryRow is a new row for sqlAddDeliveries.
func deliveryRow(d delivering) ([]any, error) {
	if len(d.message.Key) > chat.MaxKey || d.message.Key == "" {
		return nil, fmt.Errorf("a planned message needs a key of at most %d bytes, not %q", chat.MaxKey, d.message.Key)
	}
	body, err := json.Marshal(d.message)
	if err != nil {
		return nil, err
	}
	return []any{d.message.Key, d.part, d.place.Platform, d.place.Space, d.place.Channel, string(d.team), string(body), d.reply,
		micros(d.at), micros(d.expires), stateDue, true, false, 0, 0, micros(d.at), 0, 0, "", "", "", false, 0}, nil
}

// insert adds rows of equal length by a statement with $rows in it.
func (t *tx) insert(ctx context.Context, query string, rows [][]any) error {
	return inChunks(rows, func(write func(string) string, args []any) error {
		_, err := t.exec(ctx, write(query), args...)
		return err
	})
}

// manyRows is where a statement takes rows of values.
const manyRows = "$rows"

// maxArgs is how many parameters a statement may have. Both engines take some ten
// thousand, but SQLite's driver looks each up by its number among all of them.
const maxArgs = 250

// inChunks calls do for some rows after the others, with what writes their
// placeholders into a statement and their values.
func inChunks(rows [][]any, do func(write func(string) string, args []any) error) error {
	if len(rows) == 0 {
		return nil
	}
	for some := range slices.Chunk(rows, maxArgs/len(rows[0])) {
		write := func(query string) string { return valued(query, len(some), len(some[0])) }
		if err := do(write, slices.Concat(some...)); err != nil {
			return err
		}
	}
	return nil
}

// valued writes ($1, $2), ($3, $4), … in the place of manyRows.
func valued(query string, rows, columns int) string {
	var b strings.Builder
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		for j := range columns {
			b.WriteByte("(,"[min(j, 1)])
			fmt.Fprintf(&b, "$%d", i*columns+j+1)
		}
		b.WriteByte(')')
	}
	return strings.Replace(query, manyRows, b.String(), 1)
}

// Shown returns what channels have been shown: their picks of a day or later,
// and what people shared there.
func (s *Store) Shown(ctx context.Context, channels []string, since date.Date) (shown map[string][]paper.ID, err error) {
	shown = make(map[string][]paper.ID)
	for some := range slices.Chunk(channels, lookUpAtOnce) {
		rows, err := s.query(ctx, listed(sqlShown, 2, len(some)), anys(some, any(since.String()))...)
		if err := collect(rows, err, shown); err != nil {
			return nil, wrap("list picks", err)
		}
		rows, err = s.query(ctx, listed(sqlSharedIn, 1, len(some)), anys(some)...)
		if err := collect(rows, err, shown); err != nil {
			return nil, wrap("list what was shared", err)
		}
	}
	return shown, nil
}

const (
	sqlRecentPapers = `
		SELECT id, title, authors, author_count, categories, keywords, published, doi
		FROM papers
		WHERE id IN (SELECT paper FROM sightings WHERE day >= $1 AND day <= $2)`

	sqlRecentSightings = `
		SELECT paper, source, kind, day, votes, comments, brought_by
		FROM sightings
		WHERE paper IN (SELECT paper FROM sightings WHERE day >= $1 AND day <= $2)
		ORDER BY paper, source, kind`
)

// RecentPapers returns the papers that any source listed from one day to
// another, both included, without their texts but the title, and what comes with
// the text: versions, links, code. They are enough to choose among, and small.
func (s *Store) RecentPapers(ctx context.Context, from, to date.Date) ([]paper.Paper, error) {
	found := make(map[paper.ID]paper.Paper)
	rows, err := s.query(ctx, sqlRecentPapers, from.String(), to.String())
	err = each(rows, err, func(rows *sql.Rows) error {
		var p paper.Paper
		var authors, categories, keywords string
		var published int64
		err := rows.Scan(&p.ID, &p.Title, &authors, &p.AuthorCount, &categories, &keywords, &published, &p.DOI)
		p.Published = moment(published)
		p.Authors, p.Categories, p.Keywords = unlist(authors), unlist(categories), unlist(keywords)
		found[p.ID] = p
		return err
	})
	if err == nil {
		rows, err = s.query(ctx, sqlRecentSightings, from.String(), to.String())
		err = readSightings(rows, err, found)
	}
	if err != nil {
		return nil, fmt.Errorf("read papers of %s to %s: %w", from, to, err)
	}
	papers := make([]paper.Paper, 0, len(found))
	for _, p := range found {
		papers = append(papers, p)
	}
	slices.SortFunc(papers, func(a, b paper.Paper) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return papers, nil
}
