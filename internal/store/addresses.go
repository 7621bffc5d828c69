package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/team"
)

// Inbox is where a person has mail sent to. Everybody but its owner and the
// mail itself knows it by its Place.
type Inbox struct {
	Place       chat.Place // its Channel is the id; a channel has its preferences
	Owner       chat.Person
	Address     string
	Confirmed   bool
	AskedAt     time.Time // when a confirmation was asked for last
	ConfirmedAt time.Time
}

const (
	sqlAddress = `
		SELECT id, platform, space, person, address, confirmed, asked_at, confirmed_at
		FROM addresses
		WHERE id = $1`

	sqlAddresses = `
		SELECT id, platform, space, person, address, confirmed, asked_at, confirmed_at
		FROM addresses
		WHERE platform = $1 AND space = $2 AND person = $3
		ORDER BY confirmed DESC`

	sqlUnconfirmed = `
		SELECT id, platform, space, person, address, confirmed, asked_at, confirmed_at
		FROM addresses
		WHERE NOT confirmed AND asked_at < $1`

	sqlSaveAddress = `
		INSERT INTO addresses (id, platform, space, person, address, confirmed, asked_at, confirmed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO UPDATE SET confirmed = excluded.confirmed, asked_at = excluded.asked_at, confirmed_at = excluded.confirmed_at`

	sqlDropAddress    = `DELETE FROM addresses WHERE id = $1`
	sqlDropChannel    = `DELETE FROM channels WHERE id = $1`
	sqlDropHistory    = `DELETE FROM history WHERE channel = $1`
	sqlDropPlans      = `DELETE FROM plans WHERE channel = $1`
	sqlDropPicks      = `DELETE FROM picks WHERE channel = $1`
	sqlDropPosts      = `DELETE FROM posts WHERE platform = $1 AND space = $2 AND channel = $3`
	sqlDropShownIn    = `DELETE FROM shown_in WHERE key IN (SELECT key FROM deliveries WHERE key >= $1 AND key < $2)`
	sqlDropDeliveries = `DELETE FROM deliveries WHERE key >= $1 AND key < $2`
)

func scanAddress(row scanner, platform string) (a Inbox, err error) {
	var asked, confirmed int64
	a.Place.Platform = platform
	err = row.Scan(&a.Place.Channel, &a.Owner.Platform, &a.Owner.Space, &a.Owner.ID, &a.Address, &a.Confirmed, &asked, &confirmed)
	a.AskedAt, a.ConfirmedAt = moment(asked), moment(confirmed)
	return a, err
}

// AddressAt is the address that a place stands for; ok is false if there is none,
// any more or at all.
func (s *Store) AddressAt(ctx context.Context, place chat.Place) (a Inbox, ok bool, err error) {
	a, err = scanAddress(s.queryRow(ctx, sqlAddress, place.Channel), place.Platform)
	if errors.Is(err, sql.ErrNoRows) {
		return Inbox{}, false, nil
	}
	return a, err == nil, wrap("look up an address", err)
}

// AddressesOf are a person's addresses on a platform: the confirmed one, and the
// one that is to be confirmed.
func (s *Store) AddressesOf(ctx context.Context, owner chat.Person, platform string) (all []Inbox, err error) {
	rows, err := s.query(ctx, sqlAddresses, owner.Platform, owner.Space, owner.ID)
	all, err = scanAddresses(rows, err, platform)
	return all, wrap("list addresses", err)
}

func scanAddresses(rows *sql.Rows, err error, platform string) (all []Inbox, _ error) {
	err = each(rows, err, func(rows *sql.Rows) error {
		a, err := scanAddress(rows, platform)
		all = append(all, a)
		return err
	})
	return all, err
}

// AskAddress keeps an address that is still to be confirmed, in the place of any
// other of its owner's that is, lets change decide what will be sent there, and
// has m, if there is one, posted to it until expires.
func (s *Store) AskAddress(ctx context.Context, a Inbox, change func(*team.Channel) error, m chat.Message, expires time.Time) (c team.Channel, err error) {
	a.Confirmed, a.ConfirmedAt = false, time.Time{}
	err = s.in(ctx, func(t *tx) error {
		if _, err := t.exec(ctx, sqlLockAsked); err != nil { // who asks twice at once has one address in the end
			return err
		}
		if err := t.replace(ctx, a); err != nil {
			return err
		}
		if c, err = t.changeChannel(ctx, a.Place, a.Owner, a.AskedAt, change); err != nil || m.Empty() {
			return err
		}
		row, err := deliveryRow(delivering{place: a.Place, message: m, at: a.AskedAt, expires: expires})
		if err != nil {
			return err
		}
		return t.insert(ctx, sqlAddDeliveries, [][]any{row})
	})
	return c, wrap("keep an address", err)
}

// ConfirmAddress confirms the address of a place, if its confirmation was asked
// for since then. It takes the place of the one that its owner had before. change
// is as for ChangeChannel; an address that is confirmed already stays as it is.
func (s *Store) ConfirmAddress(ctx context.Context, place chat.Place, since, now time.Time, change func(*team.Channel) error) (c team.Channel, ok bool, err error) {
	err = s.in(ctx, func(t *tx) error {
		ok = false
		if _, err := t.exec(ctx, sqlLockAsked); err != nil {
			return err
		}
		a, err := scanAddress(t.queryRow(ctx, sqlAddress, place.Channel), place.Platform)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return err
		case a.Confirmed:
			ok = true
			c, err = scanChannel(t.queryRow(ctx, sqlChannel, channelID(place)))
			return err
		case a.AskedAt.Before(since):
			return nil
		}
		ok, a.Confirmed, a.ConfirmedAt = true, true, now
		if err := t.replace(ctx, a); err != nil {
			return err
		}
		if err := t.dropDeliveries(ctx, AskKey, channelID(place)); err != nil { // nobody needs to be asked any more
			return err
		}
		c, err = t.changeChannel(ctx, place, a.Owner, now, change)
		return err
	})
	return c, ok, wrap("confirm an address", err)
}

// replace saves an address, and removes the other one of its owner's that is
// confirmed, or not, like it.
func (t *tx) replace(ctx context.Context, a Inbox) error {
	rows, err := t.query(ctx, sqlAddresses, a.Owner.Platform, a.Owner.Space, a.Owner.ID)
	others, err := scanAddresses(rows, err, a.Place.Platform)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.Confirmed == a.Confirmed && other.Place != a.Place {
			if err := t.removeAddress(ctx, other.Place); err != nil {
				return err
			}
		}
	}
	_, err = t.exec(ctx, sqlSaveAddress, a.Place.Channel, a.Owner.Platform, a.Owner.Space, a.Owner.ID, a.Address,
		a.Confirmed, micros(a.AskedAt), micros(a.ConfirmedAt))
	return err
}

// RemoveAddress forgets the address of a place, and all there is about the place.
func (s *Store) RemoveAddress(ctx context.Context, place chat.Place) error {
	err := s.in(ctx, func(t *tx) error { return t.removeAddress(ctx, place) })
	return wrap("remove an address", err)
}

// RemoveAddresses forgets all addresses of a person on a platform, and returns
// how many there were.
func (s *Store) RemoveAddresses(ctx context.Context, owner chat.Person, platform string) (n int, err error) {
	err = s.in(ctx, func(t *tx) error {
		rows, err := t.query(ctx, sqlAddresses, owner.Platform, owner.Space, owner.ID)
		n, err = t.removeEach(ctx, rows, err, platform)
		return err
	})
	return n, wrap("remove a person's addresses", err)
}

// RemoveUnconfirmed forgets addresses whose confirmation was asked for before
// then.
func (s *Store) RemoveUnconfirmed(ctx context.Context, platform string, before time.Time) (n int, err error) {
	err = s.in(ctx, func(t *tx) error {
		rows, err := t.query(ctx, sqlUnconfirmed, micros(before))
		n, err = t.removeEach(ctx, rows, err, platform)
		return err
	})
	return n, wrap("remove unconfirmed addresses", err)
}

func (t *tx) removeEach(ctx context.Context, rows *sql.Rows, err error, platform string) (n int, _ error) {
	all, err := scanAddresses(rows, err, platform)
	if err != nil {
		return 0, err
	}
	for _, a := range all {
		if err := t.removeAddress(ctx, a.Place); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// removeAddress leaves nothing that a person could be told by. Whoever is sending
// something there finds that its delivery is gone.
func (t *tx) removeAddress(ctx context.Context, place chat.Place) error {
	if _, err := t.exec(ctx, sqlDropAddress, place.Channel); err != nil {
		return err
	}
	id := channelID(place)
	for _, kind := range []string{"daily/", AskKey} {
		if err := t.dropDeliveries(ctx, kind, id); err != nil {
			return err
		}
	}
	for _, drop := range []string{sqlDropHistory, sqlDropPlans, sqlDropPicks, sqlDropChannel} {
		if _, err := t.exec(ctx, drop, id); err != nil {
			return err
		}
	}
	_, err := t.exec(ctx, sqlDropPosts, place.Platform, place.Space, place.Channel)
	return err
}

// dropDeliveries forgets the deliveries of a channel whose keys begin with kind.
func (t *tx) dropDeliveries(ctx context.Context, kind, channel string) error {
	from, to := kind+channel+"/", kind+channel+"0" // which follows the slash
	for _, drop := range []string{sqlDropShownIn, sqlDropDeliveries} {
		if _, err := t.exec(ctx, drop, from, to); err != nil {
			return err
		}
	}
	return nil
}

// AskKey begins the keys of deliveries that ask for a confirmation; the ID of the
// channel follows, and a slash.
const AskKey = "confirm/"

const sqlPlannedAt = `SELECT planned_at FROM deliveries WHERE key = $1`

// PlannedAt is when a delivery was planned; ok is false if it is not known (any
// more).
func (s *Store) PlannedAt(ctx context.Context, key string) (at time.Time, ok bool, err error) {
	var us int64
	err = s.queryRow(ctx, sqlPlannedAt, key).Scan(&us)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return moment(us), err == nil, wrap("look up a delivery", err)
}
