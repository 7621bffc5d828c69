package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/team"
)

const (
	sqlChannel = `
		SELECT id, platform, space, channel, prefs, by_platform, by_space, by_id,
		       next_day, next_at, last_day, last_at, gone, gone_at, edition
		FROM channels
		WHERE id = $1`

	// The row is made first, if it is missing, and so locked: of two people who
	// change a channel at once the second sees what the first did.
	sqlLockChannel = `
		INSERT INTO channels (id, platform, space, channel, prefs, by_platform, by_space, by_id,
		                      next_day, next_at, last_day, last_at, gone, gone_at, edition)
		VALUES ($1, $2, $3, $4, '', '', '', '', '', 0, '', 0, '', 0, 0)
		ON CONFLICT (id) DO UPDATE SET id = excluded.id`

	sqlSaveChannel = `
		UPDATE channels
		SET prefs = $2, by_platform = $3, by_space = $4, by_id = $5, next_day = $6, next_at = $7, gone = $8, gone_at = $9,
		    edition = $10
		WHERE id = $1`

	sqlAddHistory = `
		INSERT INTO history (channel, number, at, by_platform, by_space, by_id, what)
		SELECT $1, COALESCE(MAX(number), 0) + 1, CAST($2 AS BIGINT), $3, $4, $5, $6
		FROM history
		WHERE channel = $1`

	sqlHistory = `
		SELECT at, by_platform, by_space, by_id, what
		FROM history
		WHERE channel = $1
		ORDER BY number DESC
		LIMIT $2 OFFSET $3`

	sqlCountHistory = `SELECT COUNT(*) FROM history WHERE channel = $1`

	sqlDueChannels = `
		SELECT id, platform, space, channel, prefs, by_platform, by_space, by_id,
		       next_day, next_at, last_day, last_at, gone, gone_at, edition
		FROM channels
		WHERE next_at > 0 AND next_at <= $1 AND id > $2 AND platform IN ($keys)
		ORDER BY id
		LIMIT $3`

	sqlGonePlaces = `
		SELECT channel
		FROM channels
		WHERE platform = $1 AND space = $2 AND gone <> ''
		ORDER BY channel`

	sqlFollowers = `
		SELECT channel
		FROM channels
		WHERE platform = $1 AND space = $2 AND gone = '' AND prefs <> ''
		ORDER BY channel`

	sqlCountChannels = `
		SELECT COUNT(*), COALESCE(SUM(CASE WHEN next_at > 0 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN gone <> '' THEN 1 ELSE 0 END), 0)
		FROM channels
		WHERE prefs <> ''`
)

// dueAtOnce is how many channels DueChannels gives at most: a megabyte or two.
const dueAtOnce = 1000

// channelID is short, always the same for a place, and made of letters and
// digits: it is a part of keys that travel through platforms.
func channelID(p chat.Place) string {
	sum := sha256.Sum256([]byte(p.Platform + "\x00" + p.Space + "\x00" + p.Channel))
	return hex.EncodeToString(sum[:8])
}

// Channel returns what is known of a place. A place that nobody has changed has
// the default preferences.
func (s *Store) Channel(ctx context.Context, place chat.Place) (team.Channel, error) {
	c, err := scanChannel(s.queryRow(ctx, sqlChannel, channelID(place)))
	if errors.Is(err, sql.ErrNoRows) {
		return newChannel(place), nil
	}
	return c, wrap("read a channel", err)
}

// GonePlaces are the places of a space that nothing can be posted to.
func (s *Store) GonePlaces(ctx context.Context, platform, space string) ([]chat.Place, error) {
	return s.places(ctx, sqlGonePlaces, platform, space)
}

// Followers are the places of a space that have preferences and can be posted to.
func (s *Store) Followers(ctx context.Context, platform, space string) ([]chat.Place, error) {
	return s.places(ctx, sqlFollowers, platform, space)
}

func (s *Store) places(ctx context.Context, query, platform, space string) (all []chat.Place, err error) {
	rows, err := s.query(ctx, query, platform, space)
	err = each(rows, err, func(rows *sql.Rows) error {
		p := chat.Place{Platform: platform, Space: space}
		err := rows.Scan(&p.Channel)
		all = append(all, p)
		return err
	})
	return all, wrap("list places", err)
}

func newChannel(place chat.Place) team.Channel {
	return team.Channel{ID: channelID(place), Place: place, Prefs: team.Default()}
}

type scanner interface{ Scan(...any) error }

func scanChannel(row scanner) (c team.Channel, err error) {
	var prefs, nextDay, lastDay string
	var nextAt, lastAt, goneAt int64
	err = row.Scan(&c.ID, &c.Place.Platform, &c.Place.Space, &c.Place.Channel, &prefs, &c.By.Platform, &c.By.Space, &c.By.ID,
		&nextDay, &nextAt, &lastDay, &lastAt, &c.Gone, &goneAt, &c.Edition)
	if err != nil {
		return c, err
	}
	c.GoneAt = moment(goneAt)
	if c.Next, err = slot(nextDay, nextAt); err != nil {
		return c, err
	}
	if c.Last, err = slot(lastDay, lastAt); err != nil {
		return c, err
	}
	c.Prefs = team.Default()
	if prefs != "" {
		c.Prefs = team.Prefs{}
		err = json.Unmarshal([]byte(prefs), &c.Prefs)
	}
	return c, err
}

func slot(day string, at int64) (s team.Slot, err error) {
	s.At = moment(at)
	return s, s.Day.UnmarshalText([]byte(day))
}

// ChangeChannel lets change decide what becomes of a channel as it is at this
// moment, keeps that, and notes in the channel's history who did what. change
// sets Prefs, By, Next and Gone; an error of its leaves all as it was.
func (s *Store) ChangeChannel(ctx context.Context, place chat.Place, by chat.Person, at time.Time, change func(*team.Channel) error) (c team.Channel, err error) {
	err = s.in(ctx, func(t *tx) error {
		c, err = t.changeChannel(ctx, place, by, at, change)
		return err
	})
	return c, wrap("change a channel", err)
}

func (t *tx) changeChannel(ctx context.Context, place chat.Place, by chat.Person, at time.Time, change func(*team.Channel) error) (c team.Channel, err error) {
	id := channelID(place)
	if _, err := t.exec(ctx, sqlLockChannel, id, place.Platform, place.Space, place.Channel); err != nil {
		return c, err
	}
	before, err := scanChannel(t.queryRow(ctx, sqlChannel, id))
	if err != nil {
		return c, err
	}
	c = before
	c.Prefs.Topics = append([]team.Topic(nil), before.Prefs.Topics...)
	if err := change(&c); err != nil {
		return c, err
	}
	c.Edition++
	return c, t.saveChannel(ctx, before, c, by, at)
}

func (t *tx) saveChannel(ctx context.Context, before, c team.Channel, by chat.Person, at time.Time) error {
	prefs, err := json.Marshal(c.Prefs)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, sqlSaveChannel, c.ID, string(prefs), c.By.Platform, c.By.Space, c.By.ID,
		c.Next.Day.String(), micros(c.Next.At), c.Gone, micros(c.GoneAt), c.Edition)
	if err != nil {
		return err
	}
	what := team.Changes(before.Prefs, c.Prefs)
	if before.Gone != "" && c.Gone == "" {
		what = append(what, "picks: stopped → running")
	}
	for _, what := range what {
		if _, err := t.exec(ctx, sqlAddHistory, c.ID, micros(at), by.Platform, by.Space, by.ID, what); err != nil {
			return err
		}
	}
	return nil
}

// History returns one page of what people changed in a channel, the latest
// first, and how many entries there are.
func (s *Store) History(ctx context.Context, place chat.Place, page Page) (changes []team.Change, total int, err error) {
	id := channelID(place)
	if err := s.queryRow(ctx, sqlCountHistory, id).Scan(&total); err != nil {
		return nil, 0, wrap("count a history", err)
	}
	rows, err := s.query(ctx, sqlHistory, id, page.Limit, page.Offset)
	err = each(rows, err, func(rows *sql.Rows) error {
		var c team.Change
		var at int64
		err := rows.Scan(&at, &c.By.Platform, &c.By.Space, &c.By.ID, &c.What)
		c.At = moment(at)
		changes = append(changes, c)
		return err
	})
	return changes, total, wrap("read a history", err)
}

// DueChannels returns channels of some platforms whose next slot has come, in
// the order of their IDs and after the given one. An empty answer is the end.
func (s *Store) DueChannels(ctx context.Context, now time.Time, platforms []string, after string) (due []team.Channel, err error) {
	if len(platforms) == 0 {
		return nil, nil
	}
	rows, err := s.query(ctx, listed(sqlDueChannels, 4, len(platforms)), anys(platforms, micros(now), after, dueAtOnce)...)
	err = each(rows, err, func(rows *sql.Rows) error {
		c, err := scanChannel(rows)
		due = append(due, c)
		return err
	})
	return due, wrap("list due channels", err)
}

// ChannelCount counts channels: those with preferences, those with a next slot,
// and those that cannot be posted to.
type ChannelCount struct{ All, Running, Gone int }

// CountChannels counts the channels of the deployment.
func (s *Store) CountChannels(ctx context.Context) (n ChannelCount, err error) {
	err = s.queryRow(ctx, sqlCountChannels).Scan(&n.All, &n.Running, &n.Gone)
	return n, wrap("count channels", err)
}

// Planned is what became of one slot of a channel.
type Planned struct {
	team.Slot
	PlannedAt time.Time
	Papers    int    // that were picked
	Note      string // for people: why there were none, or fewer
}

const sqlPlans = `
		SELECT day, slot_at, planned_at, papers, note
		FROM plans
		WHERE channel = $1
		ORDER BY slot_at DESC
		LIMIT $2`

// Plans returns what became of a channel's last slots, the latest first.
func (s *Store) Plans(ctx context.Context, channel string, limit int) (plans []Planned, err error) {
	rows, err := s.query(ctx, sqlPlans, channel, limit)
	err = each(rows, err, func(rows *sql.Rows) error {
		var p Planned
		var day string
		var at, planned int64
		if err := rows.Scan(&day, &at, &planned, &p.Papers, &p.Note); err != nil {
			return err
		}
		p.Slot, err = slot(day, at)
		p.PlannedAt = moment(planned)
		plans = append(plans, p)
		return err
	})
	return plans, wrap("list plans", err)
}

const sqlPicked = `
		SELECT day, number, why
		FROM picks
		WHERE channel = $1 AND paper = $2`

// Picked is a paper as it was picked for a channel.
type Picked struct {
	Day    date.Date
	Number int // its place among the day's picks, from 1
	Why    string
}

// Picked tells when and why a paper was picked for a channel, if it was.
func (s *Store) Picked(ctx context.Context, channel, paper string) (p Picked, ok bool, err error) {
	var day string
	err = s.queryRow(ctx, sqlPicked, channel, paper).Scan(&day, &p.Number, &p.Why)
	if errors.Is(err, sql.ErrNoRows) {
		return Picked{}, false, nil
	}
	if err == nil {
		err = p.Day.UnmarshalText([]byte(day))
	}
	if err != nil {
		return Picked{}, false, fmt.Errorf("look up a pick: %w", err)
	}
	return p, true, nil
}
