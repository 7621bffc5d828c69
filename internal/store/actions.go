package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
)

const (
	sqlKeepAction = `
		INSERT INTO actions (handle, action)
		VALUES ($1, $2)
		ON CONFLICT (handle) DO NOTHING`

	sqlAction = `SELECT action FROM actions WHERE handle = $1`
)

// KeepAction keeps what a button does and returns a handle of 32 characters for
// it. Buttons work for as long as their message stands, so actions stay.
func (s *Store) KeepAction(ctx context.Context, action string) (handle string, err error) {
	sum := sha256.Sum256([]byte(action))
	handle = hex.EncodeToString(sum[:16])
	_, err = s.exec(ctx, sqlKeepAction, handle, action)
	return handle, wrap("keep an action", err)
}

// Action returns what KeepAction kept under a handle.
func (s *Store) Action(ctx context.Context, handle string) (action string, ok bool, err error) {
	err = s.queryRow(ctx, sqlAction, handle).Scan(&action)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return action, err == nil, wrap("look up an action", err)
}
