package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/team"
)

// The states of a delivery.
const (
	stateDue     = "due"
	stateSending = "sending"
	stateSent    = "sent"
	stateDead    = "dead"
)

const (
	// The first open message of each place, by rounds, so that every channel gets
	// its first before any gets its second. A row still in state sending had its
	// lease run out: nobody knows what became of it. On PostgreSQL the rows are
	// locked, and those that another claim has locked are left to it.
	sqlClaim = `
		WITH head AS MATERIALIZED (
			SELECT d.key
			FROM deliveries d
			WHERE d.open AND d.platform = $1 AND d.due_at <= $2
			  AND NOT EXISTS (
				SELECT 1 FROM deliveries e
				WHERE e.open AND e.platform = d.platform AND e.space = d.space AND e.channel = d.channel
				  AND (e.planned_at, e.part) < (d.planned_at, d.part))
			ORDER BY d.part, d.due_at
			LIMIT $4
			/* FOR UPDATE OF d SKIP LOCKED */
		)
		UPDATE deliveries
		SET state = 'sending', tries = tries + 1, unsure = unsure OR state = 'sending', due_at = $3,
		    first_at = CASE WHEN first_at = 0 THEN CAST($2 AS BIGINT) ELSE first_at END
		WHERE key IN (SELECT key FROM head)
		RETURNING key, part, platform, space, channel, team, message, reply, planned_at, expires_at,
		          unsure, tries, failures, first_at`

	sqlNextDue = `
		SELECT COALESCE(MIN(d.due_at), 0)
		FROM deliveries d
		WHERE d.open AND d.platform = $1
		  AND NOT EXISTS (
			SELECT 1 FROM deliveries e
			WHERE e.open AND e.platform = d.platform AND e.space = d.space AND e.channel = d.channel
			  AND (e.planned_at, e.part) < (d.planned_at, d.part))`

	sqlHeading = `SELECT state, post FROM deliveries WHERE key = $1`

	sqlSent = `
		UPDATE deliveries
		SET state = 'sent', open = FALSE, unsure = FALSE, settled_at = CAST($3 AS BIGINT), reason = '', post_channel = $4, post = $5,
		    stale = $6 AND planned_at < CAST($3 AS BIGINT) - 60000000 -- people may have voted in the minutes since it was made
		WHERE key = $1 AND tries = $2 AND state = 'sending'`

	sqlHoldPlace = `
		UPDATE deliveries SET due_at = $4
		WHERE open AND platform = $1 AND space = $2 AND channel = $3 AND state = 'due' AND due_at < $4`

	sqlShownIn = `
		INSERT INTO shown_in (paper, key)
		VALUES ($1, $2)
		ON CONFLICT (paper, key) DO NOTHING`

	sqlPutOff = `
		UPDATE deliveries
		SET state = 'due', due_at = $3, unsure = $4, failures = failures + $5, reason = $6
		WHERE key = $1 AND tries = $2 AND state = 'sending'`

	sqlPark = `
		UPDATE deliveries
		SET state = 'dead', open = FALSE, settled_at = $3, reason = $4
		WHERE key = $1 AND tries = $2 AND state = 'sending'`

	sqlBury = `
		UPDATE channels
		SET gone = $2, gone_at = $3, next_day = '', next_at = 0
		WHERE id = $1 AND gone = ''`

	sqlParkPlace = `
		UPDATE deliveries
		SET state = 'dead', open = FALSE, settled_at = $4, reason = $5
		WHERE open AND platform = $1 AND space = $2 AND channel = $3 AND state = 'due'`

	sqlOpenDeliveries = `
		SELECT key, platform, space, channel, state, tries, planned_at, due_at, settled_at, reason
		FROM deliveries
		WHERE open
		ORDER BY planned_at, key
		LIMIT $1`

	sqlDeadDeliveries = `
		SELECT key, platform, space, channel, state, tries, planned_at, due_at, settled_at, reason
		FROM deliveries
		WHERE NOT open AND settled_at >= $1 AND state = 'dead'
		ORDER BY settled_at DESC, key
		LIMIT $2`

	sqlPlaceDeliveries = `
		SELECT key, platform, space, channel, state, tries, planned_at, due_at, settled_at, reason
		FROM deliveries
		WHERE open AND platform = $1 AND space = $2 AND channel = $3
		UNION ALL
		SELECT key, platform, space, channel, state, tries, planned_at, due_at, settled_at, reason
		FROM deliveries
		WHERE NOT open AND settled_at >= $4 AND state = 'dead' AND platform = $1 AND space = $2 AND channel = $3
		ORDER BY 7, 1`

	sqlRetry = `
		UPDATE deliveries
		SET state = 'due', open = TRUE, due_at = $2, expires_at = $3, failures = 0
		WHERE key = $1 AND state = 'dead'`

	sqlPruneDeliveries = `DELETE FROM deliveries WHERE NOT open AND settled_at < $1`
	sqlPruneShownIn    = `DELETE FROM shown_in WHERE NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.key = shown_in.key)`
)

// Delivery is a message that one worker has taken to post.
type Delivery struct {
	Message chat.Message // with its Key, and with Under if it goes into a thread
	Place   chat.Place
	Team    team.ID
	Expires time.Time
	// Unsure says that it may have been posted already, at FirstAt or later.
	Unsure   bool
	FirstAt  time.Time
	Failures int // tries that are known to have failed
	// Headless says that it belongs into the thread of a message that was not
	// posted and will not be.
	Headless bool

	tries int // the fence: who took it later has a higher number
}

// Claim takes up to n messages of a platform that are due: of each place the
// first that is open. They belong to the caller until the lease ends.
func (s *Store) Claim(ctx context.Context, platform string, now, lease time.Time, n int) (taken []Delivery, err error) {
	err = s.soon(ctx, func(ctx context.Context, t *tx) error {
		taken, err = t.claim(ctx, platform, now, lease, n)
		return err
	})
	return taken, wrap("claim deliveries", err)
}

// claimed is a row of sqlClaim that needs more before it is a Delivery.
type claimed struct {
	Delivery
	part    int
	reply   bool
	planned int64
}

func (t *tx) claim(ctx context.Context, platform string, now, lease time.Time, n int) ([]Delivery, error) {
	// PostgreSQL learns of a morning's messages when most are sent. Until then it
	// takes them for few, and would sort them all for every claim.
	if t.engine.stepwise != "" {
		if _, err := t.exec(ctx, t.engine.stepwise); err != nil {
			return nil, err
		}
	}
	var rows []claimed
	found, err := t.query(ctx, t.engine.locked(sqlClaim), platform, micros(now), micros(lease), n)
	err = each(found, err, func(r *sql.Rows) error {
		var c claimed
		var message string
		var expires, first int64
		err := r.Scan(&c.Message.Key, &c.part, &c.Place.Platform, &c.Place.Space, &c.Place.Channel, &c.Team, &message, &c.reply,
			&c.planned, &expires, &c.Unsure, &c.tries, &c.Failures, &first)
		if err != nil {
			return err
		}
		c.Expires, c.FirstAt = moment(expires), moment(first)
		rows = append(rows, c)
		return json.Unmarshal([]byte(message), &rows[len(rows)-1].Message)
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b claimed) int {
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(a.planned, b.planned), cmp.Compare(a.Message.Key, b.Message.Key))
	})
	taken := make([]Delivery, len(rows))
	for i, c := range rows {
		if c.reply {
			if err := t.findHeading(ctx, &c); err != nil {
				return nil, err
			}
		}
		taken[i] = c.Delivery
	}
	return taken, nil
}

// findHeading tells a reply which post it goes under.
func (t *tx) findHeading(ctx context.Context, c *claimed) error {
	var state string
	err := t.queryRow(ctx, sqlHeading, heading(c.Message.Key)).Scan(&state, &c.Message.Under)
	if err != nil && !errors.Is(err, sql.ErrNoRows) { // forgotten, when a reply is retried after months
		return fmt.Errorf("find the heading of %s: %w", c.Message.Key, err)
	}
	c.Headless = state != stateSent
	return nil
}

// heading is the key of the first message of the batch that key belongs to.
func heading(key string) string { return key[:strings.LastIndexByte(key, '/')+1] + "0" }

// NextDue is when the next message of a platform can be claimed; the zero Time
// if there is none.
func (s *Store) NextDue(ctx context.Context, platform string) (time.Time, error) {
	var at int64
	err := s.queryRow(ctx, sqlNextDue, platform).Scan(&at)
	return moment(at), wrap("look for due deliveries", err)
}

// ErrTaken says that somebody else has taken the delivery meanwhile.
var ErrTaken = fmt.Errorf("another worker has taken the delivery over")

// Sent settles a delivery that was posted, remembers which papers the post
// shows, and lets no message into the same place before next.
func (s *Store) Sent(ctx context.Context, d Delivery, post chat.Post, now, next time.Time) error {
	err := s.soon(ctx, func(ctx context.Context, t *tx) error {
		if err := t.settle(ctx, sqlSent, d, micros(now), post.Channel, post.ID, len(d.Message.Cards) > 0); err != nil {
			return err
		}
		if err := t.shows(ctx, post, d.Message); err != nil {
			return err
		}
		return t.holdPlace(ctx, d.Place, now, next)
	})
	return wrap("settle a delivery as sent", err)
}

// shows remembers which papers a post shows, and what people put on it already.
func (t *tx) shows(ctx context.Context, post chat.Post, m chat.Message) error {
	if len(m.Cards) == 0 {
		return nil
	}
	papers := make([]paper.ID, len(m.Cards))
	for i, c := range m.Cards {
		papers[i] = c.Paper
		if _, err := t.exec(ctx, sqlRecordPost, post.Platform, post.Space, post.Channel, post.ID, i+1, string(c.Paper)); err != nil {
			return err
		}
		if _, err := t.exec(ctx, sqlShownIn, string(c.Paper), m.Key); err != nil {
			return err
		}
	}
	return t.adopt(ctx, post, papers)
}

func (t *tx) holdPlace(ctx context.Context, p chat.Place, now, next time.Time) error {
	if !next.After(now) {
		return nil
	}
	_, err := t.exec(ctx, sqlHoldPlace, p.Platform, p.Space, p.Channel, micros(next))
	return err
}

// settle runs a statement whose first parameters are key and fence.
func (t *tx) settle(ctx context.Context, query string, d Delivery, args ...any) error {
	n, err := t.exec(ctx, query, append([]any{d.Message.Key, d.tries}, args...)...)
	if err == nil && n == 0 {
		return ErrTaken
	}
	return err
}

// PutOff gives a delivery back, to be taken again at the given time.
func (s *Store) PutOff(ctx context.Context, d Delivery, until time.Time, failed bool, reason string) error {
	failures := 0
	if failed {
		failures = 1
	}
	err := s.soon(ctx, func(ctx context.Context, t *tx) error {
		return t.settle(ctx, sqlPutOff, d, micros(until), d.Unsure, failures, reason)
	})
	return wrap("put a delivery off", err)
}

// Park settles a delivery that will not be posted; reason is a clause for people.
func (s *Store) Park(ctx context.Context, d Delivery, reason string, now time.Time) error {
	err := s.soon(ctx, func(ctx context.Context, t *tx) error {
		return t.settle(ctx, sqlPark, d, micros(now), reason)
	})
	return wrap("park a delivery", err)
}

// Bury parks a delivery whose place cannot be posted to any more, together with
// all others for it, and ends the place's picks. The first time, notice makes a
// message for whoever subscribed the place; it may be empty.
func (s *Store) Bury(ctx context.Context, d Delivery, reason string, now time.Time, notice func(team.Channel) (chat.Message, time.Time)) error {
	err := s.soon(ctx, func(ctx context.Context, t *tx) error {
		if err := t.settle(ctx, sqlPark, d, micros(now), reason); err != nil {
			return err
		}
		return t.stop(ctx, d.Place, reason, now, notice)
	})
	return wrap("bury a channel", err)
}

// Stop is Bury for a place that is known not to take posts before anything was
// sent there.
func (s *Store) Stop(ctx context.Context, p chat.Place, reason string, now time.Time, notice func(team.Channel) (chat.Message, time.Time)) error {
	err := s.in(ctx, func(t *tx) error { return t.stop(ctx, p, reason, now, notice) })
	return wrap("stop a channel", err)
}

func (t *tx) stop(ctx context.Context, p chat.Place, reason string, now time.Time, notice func(team.Channel) (chat.Message, time.Time)) error {
	if _, err := t.exec(ctx, sqlParkPlace, p.Platform, p.Space, p.Channel, micros(now), reason); err != nil {
		return err
	}
	id := channelID(p)
	n, err := t.exec(ctx, sqlBury, id, reason, micros(now))
	if err != nil || n == 0 {
		return err
	}
	c, err := scanChannel(t.queryRow(ctx, sqlChannel, id))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, sqlAddHistory, id, micros(now), p.Platform, p.Space, "", "picks: running → stopped, because "+reason)
	if err != nil || c.By.ID == "" {
		return err
	}
	m, expires := notice(c)
	if m.Empty() {
		return nil
	}
	row, err := deliveryRow(delivering{place: chat.Direct(c.By), message: m, at: now, expires: expires})
	if err != nil {
		return err
	}
	return t.insert(ctx, sqlAddDeliveries, [][]any{row})
}

// DeliveryState is what there is to say of a delivery.
type DeliveryState struct {
	Key       string
	Place     chat.Place
	Waiting   bool // to be sent, or being sent; otherwise it is parked
	Tries     int
	PlannedAt time.Time
	DueAt     time.Time // while waiting
	ParkedAt  time.Time
	Reason    string // of the last failure, a clause for people
}

// Waiting lists deliveries that are not settled, the oldest first.
func (s *Store) Waiting(ctx context.Context, limit int) ([]DeliveryState, error) {
	return s.deliveries(ctx, sqlOpenDeliveries, limit)
}

// Parked lists deliveries that were given up since then, the latest first.
func (s *Store) Parked(ctx context.Context, since time.Time, limit int) ([]DeliveryState, error) {
	return s.deliveries(ctx, sqlDeadDeliveries, micros(since), limit)
}

// DeliveriesTo lists what waits for a place, and what was given up since then.
func (s *Store) DeliveriesTo(ctx context.Context, p chat.Place, since time.Time) ([]DeliveryState, error) {
	return s.deliveries(ctx, sqlPlaceDeliveries, p.Platform, p.Space, p.Channel, micros(since))
}

func (s *Store) deliveries(ctx context.Context, query string, args ...any) (all []DeliveryState, err error) {
	rows, err := s.query(ctx, query, args...)
	err = each(rows, err, func(rows *sql.Rows) error {
		var d DeliveryState
		var state string
		var planned, due, settled int64
		err := rows.Scan(&d.Key, &d.Place.Platform, &d.Place.Space, &d.Place.Channel, &state, &d.Tries, &planned, &due, &settled, &d.Reason)
		d.PlannedAt, d.ParkedAt = moment(planned), moment(settled)
		if d.Waiting = state == stateDue || state == stateSending; d.Waiting {
			d.DueAt = moment(due)
		}
		all = append(all, d)
		return err
	})
	return all, wrap("list deliveries", err)
}

// Retry takes a parked delivery up again, and reports whether there was one. If
// it may have been posted, it is looked up first.
func (s *Store) Retry(ctx context.Context, key string, now, expires time.Time) (bool, error) {
	n, err := s.exec(ctx, sqlRetry, key, micros(now), micros(expires))
	return n > 0, wrap("retry a delivery", err)
}

// Prune forgets deliveries that were settled before then. Reactions to their
// posts still count; only the counts shown there are refreshed no more.
func (s *Store) Prune(ctx context.Context, before time.Time) error {
	err := s.in(ctx, func(t *tx) error {
		if _, err := t.exec(ctx, sqlPruneStrays, micros(before)); err != nil {
			return err
		}
		n, err := t.exec(ctx, sqlPruneDeliveries, micros(before))
		if err != nil || n == 0 {
			return err
		}
		_, err = t.exec(ctx, sqlPruneShownIn)
		return err
	})
	return wrap("forget old deliveries", err)
}
