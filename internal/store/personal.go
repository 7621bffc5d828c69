package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/team"
)

// Personal is everything that is kept about a person.
type Personal struct {
	Person chat.Person `json:"person"`
	Kept   []Kept      `json:"kept"` // what there is something of
}

// Kept is what is kept about a person in one respect.
type Kept struct {
	What string           `json:"what"` // each of Rows, in a word or two: "vote", "saved paper"
	Rows []map[string]any `json:"rows"`
}

// Empty reports whether nothing is kept.
func (p Personal) Empty() bool { return len(p.Kept) == 0 }

// respect is one way in which something is kept about people: how it is read and
// how it is erased.
type respect struct {
	what  string
	rows  string
	erase []string // statements with the parameters of rows
	of    func(target) []any
}

// target is whom respects are about, and in which of the person's own places.
type target struct {
	who chat.Person
	in  chat.Place
}

// respects are those of people themselves, in the order in which they are erased.
// A table with the columns platform, space and person joins with a line of owned.
func respects() []respect {
	feeds := owned("feed address", "feeds", "id, what, query, place_platform, place_space, place_channel, made_at")
	feeds.erase = append([]string{sqlEraseFeedMaker}, feeds.erase...) // those of channels stay
	return []respect{
		{"vote", sqlVotesOf, []string{sqlRecountVotesOf}, byPerson},
		{"downvote", sqlDownvotesOf, nil, byPerson},
		{"saved paper", sqlSavedOf, []string{sqlEraseMarks}, byPerson},
		{"reaction to a message that is being sent", sqlStraysOf, []string{sqlEraseStrays}, byPerson},
		{"shared paper", sqlSharedBy, []string{sqlKeepShares, sqlEraseShares}, byPerson},
		{"channel that you subscribed", sqlSubscribed, []string{sqlEraseSubscriber}, byPerson},
		{"change of a channel’s settings", sqlHistoryOf, []string{sqlEraseHistory}, byPerson},
		feeds,
		owned("mail address", "addresses", "address, confirmed, asked_at, confirmed_at"),
		owned("browser that is signed in", "sessions", "device, made_at, used_at, expires_at"),
		owned("link to sign in with", "signins", "expires_at, used_at"),
	}
}

// placeRespects are those of a place that is a person's alone, which goes with
// all that hangs on it.
func placeRespects() []respect {
	return []respect{
		{"message to you alone", sqlDirectDeliveries, []string{sqlEraseDirectPosts, sqlEraseDirectShown, sqlEraseDirectDeliveries, sqlEraseDirectFeeds}, byPlace},
		{"pick for you alone", sqlDirectPicks, []string{sqlEraseDirectPicks}, byChannel},
		{"day of picks for you alone", sqlDirectPlans, []string{sqlEraseDirectPlans}, byChannel},
		{"setting of your own picks", sqlDirectHistory, []string{sqlEraseDirectHistory}, byChannel},
		{"state of your own picks", sqlDirectChannel, []string{sqlEraseDirectChannel}, byChannel},
	}
}

// ownPlaces are the places that are a person's alone: the conversation with them,
// and their inboxes.
func ownPlaces(ctx context.Context, from querier, who chat.Person) ([]chat.Place, error) {
	places := []chat.Place{chat.Direct(who)}
	rows, err := from.query(ctx, sqlInboxes, who.Platform, who.Space, who.ID)
	err = each(rows, err, func(rows *sql.Rows) error {
		var in chat.Place
		err := rows.Scan(&in.Platform, &in.Space, &in.Channel)
		places = append(places, in)
		return err
	})
	return places, wrap("list a person’s inboxes", err)
}

// aspects are all respects of a person with what each is about.
func aspects(ctx context.Context, from querier, who chat.Person) (all []aspect, err error) {
	for _, r := range respects() {
		all = append(all, aspect{r, r.of(target{who: who})})
	}
	places, err := ownPlaces(ctx, from, who)
	for _, in := range places {
		for _, r := range placeRespects() {
			all = append(all, aspect{r, r.of(target{who, in})})
		}
	}
	return all, err
}

// aspect is a respect with the parameters of its statements.
type aspect struct {
	respect
	args []any
}

// owned is a table whose rows belong to people, with the columns of it that they
// may see: no secrets.
func owned(what, table, columns string) respect {
	const where = ` WHERE platform = $1 AND space = $2 AND person = $3`
	return respect{what, `SELECT ` + columns + ` FROM ` + table + where, []string{`DELETE FROM ` + table + where}, byPerson}
}

func byPerson(t target) []any { return []any{t.who.Platform, t.who.Space, t.who.ID} }

func byPlace(t target) []any { return []any{t.in.Platform, t.in.Space, t.in.Channel} }

func byChannel(t target) []any { return []any{channelID(t.in)} }

const (
	// An inbox goes by the id of its address.
	sqlInboxes = `
		SELECT c.platform, c.space, c.channel
		FROM channels c
		JOIN addresses a ON a.id = c.channel
		WHERE a.platform = $1 AND a.space = $2 AND a.person = $3`

	sqlVotesOf = `
		SELECT paper, space, channel, post, sign, at, withdrawn
		FROM marks
		WHERE platform = $1 AND by_space = $2 AND by_id = $3 AND kind = 'up'
		ORDER BY at, paper`

	sqlDownvotesOf = `
		SELECT paper, space, channel, post, sign, at, withdrawn
		FROM marks
		WHERE platform = $1 AND by_space = $2 AND by_id = $3 AND kind = 'down'
		ORDER BY at, paper`

	sqlSavedOf = `
		SELECT paper, space, channel, post, sign, at, withdrawn
		FROM marks
		WHERE platform = $1 AND by_space = $2 AND by_id = $3 AND kind NOT IN ('up', 'down')
		ORDER BY at, paper`

	// The posts that show what the person voted for are to show one vote less.
	sqlRecountVotesOf = `
		INSERT INTO recounts (team, paper)
		SELECT DISTINCT team, paper
		FROM marks
		WHERE platform = $1 AND by_space = $2 AND by_id = $3 AND kind = 'up' AND NOT withdrawn
		ORDER BY team, paper -- see sqlRecounts
		ON CONFLICT (team, paper) DO UPDATE SET paper = excluded.paper`

	sqlEraseMarks = `DELETE FROM marks WHERE platform = $1 AND by_space = $2 AND by_id = $3`

	sqlStraysOf = `
		SELECT space, channel, post, sign, kind, number, at, withdrawn
		FROM strays
		WHERE platform = $1 AND by_space = $2 AND by_id = $3
		ORDER BY at, post`

	sqlEraseStrays = `DELETE FROM strays WHERE platform = $1 AND by_space = $2 AND by_id = $3`

	sqlSharedBy = `
		SELECT paper, space, channel, post, at
		FROM shares
		WHERE platform = $1 AND by_space = $2 AND by_id = $3
		ORDER BY at, paper`

	// A channel with picks still knows which papers it has seen, so that none is
	// picked for it again; not by whom or in which message.
	sqlKeepShares = `
		INSERT INTO shares (team, paper, platform, by_space, by_id, space, channel, post, at)
		SELECT MIN(s.team), s.paper, s.platform, '', '', s.space, s.channel, '', MIN(s.at)
		FROM shares s
		JOIN channels c ON c.platform = s.platform AND c.space = s.space AND c.channel = s.channel
		WHERE s.platform = $1 AND s.by_space = $2 AND s.by_id = $3 AND c.prefs <> '' AND c.channel NOT LIKE '@%'
		GROUP BY s.paper, s.platform, s.space, s.channel
		ON CONFLICT (paper, platform, space, channel, post, by_space, by_id) DO NOTHING`

	sqlEraseShares = `DELETE FROM shares WHERE platform = $1 AND by_space = $2 AND by_id = $3`

	sqlSubscribed = `
		SELECT platform, space, channel
		FROM channels
		WHERE by_platform = $1 AND by_space = $2 AND by_id = $3
		ORDER BY platform, space, channel`

	sqlEraseSubscriber = `
		UPDATE channels SET by_platform = '', by_space = '', by_id = ''
		WHERE by_platform = $1 AND by_space = $2 AND by_id = $3`

	sqlHistoryOf = `
		SELECT c.platform, c.space, c.channel, h.at, h.what
		FROM history h
		JOIN channels c ON c.id = h.channel
		WHERE h.by_platform = $1 AND h.by_space = $2 AND h.by_id = $3
		ORDER BY h.at, h.number`

	sqlEraseHistory = `
		UPDATE history SET by_platform = '', by_space = '', by_id = ''
		WHERE by_platform = $1 AND by_space = $2 AND by_id = $3`

	sqlEraseFeedMaker = `
		UPDATE feeds SET platform = '', space = '', person = ''
		WHERE platform = $1 AND space = $2 AND person = $3 AND place_platform <> ''`

	sqlDirectDeliveries = `
		SELECT key, message, state, planned_at, settled_at, reason, post_channel, post
		FROM deliveries
		WHERE platform = $1 AND space = $2 AND channel = $3
		ORDER BY planned_at, part`

	// Posts in the conversation, as the platform names it.
	sqlEraseDirectPosts = `
		DELETE FROM posts
		WHERE platform = $1 AND space = $2 AND (channel = $3 OR channel IN (
			SELECT post_channel
			FROM deliveries
			WHERE platform = $1 AND space = $2 AND channel = $3 AND post_channel <> ''))`

	sqlEraseDirectShown = `
		DELETE FROM shown_in
		WHERE key IN (SELECT key FROM deliveries WHERE platform = $1 AND space = $2 AND channel = $3)`

	sqlEraseDirectDeliveries = `DELETE FROM deliveries WHERE platform = $1 AND space = $2 AND channel = $3`

	sqlEraseDirectFeeds = `DELETE FROM feeds WHERE place_platform = $1 AND place_space = $2 AND place_channel = $3`

	sqlDirectPicks = `
		SELECT paper, day, number, why
		FROM picks
		WHERE channel = $1
		ORDER BY day, number`

	sqlEraseDirectPicks = `DELETE FROM picks WHERE channel = $1`

	sqlDirectPlans = `
		SELECT day, slot_at, planned_at, papers, note
		FROM plans
		WHERE channel = $1
		ORDER BY slot_at`

	sqlEraseDirectPlans = `DELETE FROM plans WHERE channel = $1`

	sqlDirectHistory = `
		SELECT at, what
		FROM history
		WHERE channel = $1
		ORDER BY number`

	sqlEraseDirectHistory = `DELETE FROM history WHERE channel = $1`

	sqlDirectChannel = `
		SELECT platform, space, channel, prefs, next_day, next_at, last_day, last_at, gone, gone_at, edition
		FROM channels
		WHERE id = $1`

	sqlEraseDirectChannel = `DELETE FROM channels WHERE id = $1`

	// Channels whose preferences name a person; they are JSON.
	sqlTopicsOf = `
		SELECT id, platform, space, channel, prefs
		FROM channels
		WHERE prefs LIKE $1 ESCAPE '!'
		ORDER BY id`

	sqlSetPrefs = `UPDATE channels SET prefs = $2 WHERE id = $1`

	sqlErased = `
		INSERT INTO erased (who, at)
		VALUES ($1, $2)
		ON CONFLICT (who) DO UPDATE SET at = excluded.at`

	sqlIsErased = `SELECT COUNT(*) FROM erased WHERE who = $1 AND at >= $2`
)

// Export is everything that is kept about a person.
func (s *Store) Export(ctx context.Context, who chat.Person) (p Personal, err error) {
	p = Personal{who, []Kept{}}
	all, err := aspects(ctx, s, who)
	if err != nil {
		return Personal{}, err
	}
	for _, a := range all {
		if err := p.add(ctx, s, a); err != nil {
			return Personal{}, err
		}
	}
	topics, err := topicsOf(ctx, s, who)
	p.keep("topic that you added to a channel", topics.rows())
	return p, wrap("export a person’s topics", err)
}

func (p *Personal) add(ctx context.Context, from querier, a aspect) error {
	rows, err := from.query(ctx, a.rows, a.args...)
	kept, err := readRows(rows, err)
	p.keep(a.what, kept)
	return wrap("export: "+a.what, err)
}

func (p *Personal) keep(what string, rows []map[string]any) {
	if len(rows) > 0 {
		p.Kept = append(p.Kept, Kept{what, rows})
	}
}

// Erase erases everything that is kept about a person, and returns what that was.
// Of shared papers, subscribed channels and the history of settings, which are
// others' too, only the person goes. What of before then arrives late does not
// come back.
func (s *Store) Erase(ctx context.Context, who chat.Person, at time.Time) (p Personal, err error) {
	err = s.in(ctx, func(t *tx) error {
		p, err = t.erase(ctx, who, at)
		return err
	})
	return p, wrap("erase a person", err)
}

func (t *tx) erase(ctx context.Context, who chat.Person, at time.Time) (p Personal, err error) {
	p = Personal{who, []Kept{}}
	// First: SQLite lets no event in between, PostgreSQL only one that is being
	// recorded at this very moment.
	if _, err := t.exec(ctx, sqlErased, t.fingerprint(who), micros(at)); err != nil {
		return p, err
	}
	all, err := aspects(ctx, t, who)
	if err != nil {
		return p, err
	}
	for _, a := range all { // before any is erased: they overlap
		if err := p.add(ctx, t, a); err != nil {
			return p, err
		}
	}
	topics, err := t.eraseTopics(ctx, who)
	if err != nil {
		return p, err
	}
	p.keep("topic that you added to a channel", topics.rows())
	for _, a := range all {
		for _, statement := range a.erase {
			if _, err := t.exec(ctx, statement, a.args...); err != nil {
				return p, fmt.Errorf("%s: %w", a.what, err)
			}
		}
	}
	return p, nil
}

// fingerprint stands for a person of whom nothing else is kept. It tells nothing
// to who does not know the person's ID and this feed.
func (t *tx) fingerprint(p chat.Person) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{t.salt, p.Platform, p.Space, p.ID}, "\x00")))
	return hex.EncodeToString(sum[:])
}

// isErased reports whether a person had everything erased at that time or later.
func (t *tx) isErased(ctx context.Context, p chat.Person, at time.Time) (bool, error) {
	var n int
	err := t.queryRow(ctx, sqlIsErased, t.fingerprint(p), micros(at)).Scan(&n)
	return n > 0, err
}

// authored is a channel with topics that a person added.
type authored struct {
	id     string
	place  chat.Place
	topics []team.Topic
}

type authoredTopics []authored

func (all authoredTopics) rows() (rows []map[string]any) {
	for _, c := range all {
		for _, t := range c.topics {
			rows = append(rows, map[string]any{
				"platform": c.place.Platform, "space": c.place.Space, "channel": c.place.Channel, "topic": t.Query, "since": t.Since.String(),
			})
		}
	}
	return rows
}

// topicsOf finds the topics that a person added to channels.
func topicsOf(ctx context.Context, from querier, who chat.Person) (all authoredTopics, err error) {
	name, err := json.Marshal(who)
	if err != nil {
		return nil, err
	}
	like := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(string(name)) + "%"
	rows, err := from.query(ctx, sqlTopicsOf, like)
	err = each(rows, err, func(rows *sql.Rows) error {
		var c authored
		var prefs string
		if err := rows.Scan(&c.id, &c.place.Platform, &c.place.Space, &c.place.Channel, &prefs); err != nil {
			return err
		}
		var p team.Prefs
		if err := json.Unmarshal([]byte(prefs), &p); err != nil {
			return err
		}
		for _, t := range p.Topics {
			if t.By == who {
				c.topics = append(c.topics, t)
			}
		}
		if len(c.topics) > 0 {
			all = append(all, c)
		}
		return nil
	})
	return all, err
}

// eraseTopics takes a person's name off the topics of channels, which stay.
func (t *tx) eraseTopics(ctx context.Context, who chat.Person) (authoredTopics, error) {
	all, err := topicsOf(ctx, t, who)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if _, err := t.exec(ctx, sqlLockChannel, c.id, c.place.Platform, c.place.Space, c.place.Channel); err != nil {
			return nil, err
		}
		now, err := scanChannel(t.queryRow(ctx, sqlChannel, c.id))
		if err != nil {
			return nil, err
		}
		for i := range now.Prefs.Topics {
			if topic := &now.Prefs.Topics[i]; topic.By == who {
				topic.By = chat.Person{}
			}
		}
		prefs, err := json.Marshal(now.Prefs)
		if err != nil {
			return nil, err
		}
		if _, err := t.exec(ctx, sqlSetPrefs, c.id, string(prefs)); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// readRows reads rows of any columns. Times become readable.
func readRows(rows *sql.Rows, err error) (all []map[string]any, _ error) {
	err = each(rows, err, func(rows *sql.Rows) error {
		names, err := rows.Columns()
		if err != nil {
			return err
		}
		values := make([]any, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		row := make(map[string]any, len(names))
		for i, name := range names {
			row[name] = readable(name, values[i])
		}
		all = append(all, row)
		return nil
	})
	return all, err
}

// readable is a value of a column as people read it: both engines alike.
func readable(column string, v any) any {
	if b, ok := v.([]byte); ok {
		v = string(b)
	}
	n, isNumber := v.(int64)
	switch {
	case isNumber && (column == "at" || strings.HasSuffix(column, "_at")):
		if n == 0 {
			return nil
		}
		return moment(n).Format(time.RFC3339Nano)
	case isNumber && column == "withdrawn": // which SQLite knows as a number
		return n != 0
	}
	if text, ok := v.(string); ok && (column == "prefs" || column == "message") && json.Valid([]byte(text)) {
		return json.RawMessage(text)
	}
	return v
}
