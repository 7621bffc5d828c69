package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/team"
)

const (
	sqlOfferSignIn = `
		INSERT INTO signins (secret, platform, space, person, team, expires_at, used_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0)`

	sqlSignIn = `
		SELECT platform, space, person, team, expires_at, used_at
		FROM signins
		WHERE secret = $1`

	// Of two who use a link at once, one changes the row.
	sqlUseSignIn = `
		UPDATE signins SET used_at = $2
		WHERE secret = $1 AND used_at = 0 AND expires_at > $2
		RETURNING platform, space, person, team`

	sqlAddSession = `
		INSERT INTO sessions (id, secret, platform, space, person, team, device, made_at, used_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

	sqlSession = `
		SELECT id, platform, space, person, team, device, made_at, used_at, expires_at
		FROM sessions
		WHERE secret = $1 AND expires_at > $2`

	sqlSessions = `
		SELECT id, platform, space, person, team, device, made_at, used_at, expires_at
		FROM sessions
		WHERE platform = $1 AND space = $2 AND person = $3 AND expires_at > $4
		ORDER BY used_at DESC, made_at DESC, id`

	sqlUseSession = `UPDATE sessions SET used_at = $2, expires_at = $3 WHERE id = $1`

	sqlEndSession = `DELETE FROM sessions WHERE platform = $1 AND space = $2 AND person = $3 AND id = $4`

	sqlEndOtherSessions = `DELETE FROM sessions WHERE platform = $1 AND space = $2 AND person = $3 AND id <> $4`

	sqlSweepSignIns  = `DELETE FROM signins WHERE expires_at <= $1`
	sqlSweepSessions = `DELETE FROM sessions WHERE expires_at <= $1`
)

// Session is a browser that a person is signed in with.
type Session struct {
	ID      string // names it in lists; it is no secret
	By      chat.Person
	Team    team.ID
	Device  string // the browser, in words
	Made    time.Time
	Used    time.Time // to the hour
	Expires time.Time
}

// Offer is a link to sign in by.
type Offer struct {
	By      chat.Person
	Team    team.ID
	Expires time.Time
	Used    time.Time // zero: not yet
}

// spentKept is how long a link that has expired is remembered, so that who uses
// it late is told so.
const spentKept = 24 * time.Hour

// hashed is how a secret is kept, and looked up, so that how long that takes tells
// nothing about it. Secrets are long and random: a plain hash of one cannot be
// turned back.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// OfferSignIn lets whoever has secret sign in as a person, once. What expired
// goes on this occasion.
func (s *Store) OfferSignIn(ctx context.Context, secret string, o Offer, now time.Time) error {
	err := s.in(ctx, func(t *tx) error {
		if _, err := t.exec(ctx, sqlSweepSignIns, micros(now.Add(-spentKept))); err != nil {
			return err
		}
		if _, err := t.exec(ctx, sqlSweepSessions, micros(now)); err != nil {
			return err
		}
		_, err := t.exec(ctx, sqlOfferSignIn, hashed(secret), o.By.Platform, o.By.Space, o.By.ID, string(o.Team), micros(o.Expires))
		return err
	})
	return wrap("offer a sign-in", err)
}

// SignInOffer is the offer that secret belongs to, used or not, if it is known.
func (s *Store) SignInOffer(ctx context.Context, secret string) (o Offer, ok bool, err error) {
	var expires, used int64
	err = s.queryRow(ctx, sqlSignIn, hashed(secret)).Scan(&o.By.Platform, &o.By.Space, &o.By.ID, &o.Team, &expires, &used)
	if errors.Is(err, sql.ErrNoRows) {
		return Offer{}, false, nil
	}
	o.Expires, o.Used = moment(expires), moment(used)
	return o, err == nil, wrap("look up a sign-in", err)
}

// SignIn uses up an offer and begins the session whose cookie is given, of which
// ID, Device and Expires are set. ok is false if the offer is unknown, used or too
// old.
func (s *Store) SignIn(ctx context.Context, secret, cookie string, session Session, now time.Time) (begun Session, ok bool, err error) {
	err = s.in(ctx, func(t *tx) error {
		begun, ok = session, false
		by := &begun.By
		err := t.queryRow(ctx, sqlUseSignIn, hashed(secret), micros(now)).Scan(&by.Platform, &by.Space, &by.ID, &begun.Team)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		ok, begun.Made, begun.Used = true, now, now
		_, err = t.exec(ctx, sqlAddSession, begun.ID, hashed(cookie), by.Platform, by.Space, by.ID, string(begun.Team),
			begun.Device, micros(now), micros(now), micros(begun.Expires))
		return err
	})
	return begun, ok && err == nil, wrap("sign in", err)
}

// Session is the session that a cookie belongs to, if it has not ended.
func (s *Store) Session(ctx context.Context, cookie string, now time.Time) (session Session, ok bool, err error) {
	session, err = scanSession(s.queryRow(ctx, sqlSession, hashed(cookie), micros(now)))
	if errors.Is(err, sql.ErrNoRows) {
		return Session{}, false, nil
	}
	return session, err == nil, wrap("look up a session", err)
}

func scanSession(row scanner) (s Session, err error) {
	var made, used, expires int64
	err = row.Scan(&s.ID, &s.By.Platform, &s.By.Space, &s.By.ID, &s.Team, &s.Device, &made, &used, &expires)
	s.Made, s.Used, s.Expires = moment(made), moment(used), moment(expires)
	return s, err
}

// Sessions are those of a person, the last used first.
func (s *Store) Sessions(ctx context.Context, by chat.Person, now time.Time) (all []Session, err error) {
	rows, err := s.query(ctx, sqlSessions, by.Platform, by.Space, by.ID, micros(now))
	err = each(rows, err, func(rows *sql.Rows) error {
		one, err := scanSession(rows)
		all = append(all, one)
		return err
	})
	return all, wrap("list sessions", err)
}

// UseSession notes that a session was used, and until when it lasts.
func (s *Store) UseSession(ctx context.Context, id string, now, expires time.Time) error {
	err := s.soon(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.exec(ctx, sqlUseSession, id, micros(now), micros(expires))
		return err
	})
	return wrap("note the use of a session", err)
}

// EndSession signs a browser of a person out, and reports whether it was signed in.
func (s *Store) EndSession(ctx context.Context, by chat.Person, id string) (was bool, err error) {
	n, err := s.exec(ctx, sqlEndSession, by.Platform, by.Space, by.ID, id)
	return n > 0, wrap("end a session", err)
}

// EndOtherSessions signs all browsers of a person out but one, and returns how
// many they were.
func (s *Store) EndOtherSessions(ctx context.Context, by chat.Person, but string) (n int64, err error) {
	n, err = s.exec(ctx, sqlEndOtherSessions, by.Platform, by.Space, by.ID, but)
	return n, wrap("end sessions", err)
}
