package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"

	"paperboy/internal/chat"
)

const (
	sqlKeepAction = `
		INSERT INTO actions (handle, action)
		VALUES ($1, $2)
		ON CONFLICT (handle) DO NOTHING`

	sqlAction = `SELECT action FROM actions WHERE handle = $1`
)

// kept marks the action of a button as a handle.
const kept = "="

// FitButtons replaces the actions of m that have no room in a button by handles,
// which Action knows.
func (s *Store) FitButtons(ctx context.Context, m *chat.Message) error {
	buttons := [][]chat.Button{m.Buttons}
	for _, c := range m.Cards {
		buttons = append(buttons, c.Buttons)
	}
	for _, some := range buttons {
		for i := range some {
			if len(some[i].Action) <= chat.MaxAction {
				continue
			}
			handle, err := s.keepAction(ctx, some[i].Action)
			if err != nil {
				return err
			}
			some[i].Action = kept + handle
		}
	}
	return nil
}

// keepAction keeps what a button does and returns a handle of 32 characters for
// it. Buttons work for as long as their message stands, so actions stay.
func (s *Store) keepAction(ctx context.Context, action string) (handle string, err error) {
	sum := sha256.Sum256([]byte(action))
	handle = hex.EncodeToString(sum[:16])
	_, err = s.exec(ctx, sqlKeepAction, handle, action)
	return handle, wrap("keep an action", err)
}

// Action returns what a button does whose action a platform gave back; ok is
// false for a handle that is not known.
func (s *Store) Action(ctx context.Context, action string) (does string, ok bool, err error) {
	handle, isHandle := strings.CutPrefix(action, kept)
	if !isHandle {
		return action, true, nil
	}
	err = s.queryRow(ctx, sqlAction, handle).Scan(&does)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return does, err == nil, wrap("look up an action", err)
}
