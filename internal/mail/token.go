package mail

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// What a link in a mail is good for. A link for one is none for the other, so that
// a digest that is passed on lets nobody confirm anything.
const (
	toConfirm = "confirm"
	toLeave   = "unsubscribe"
)

// secret is the key of all links. It is kept in the store, so that links work on
// every replica, and for as long as the mails exist that have them.
func (m *Mail) secret(ctx context.Context) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.key != nil {
		return m.key, nil
	}
	value, err := m.store.Key(ctx, "mail")
	if err != nil {
		return nil, err
	}
	m.key = []byte(value)
	return m.key, nil
}

// link is where a mail to id leads to for a purpose. It can't be guessed, and is
// the same whenever it is made.
func (m *Mail) link(ctx context.Context, purpose, id string) (string, error) {
	key, err := m.secret(ctx)
	if err != nil {
		return "", err
	}
	return m.options.Base + "/mail/" + purpose + "/" + id + "." + seal(key, purpose, id), nil
}

// opened is the id of a link's last part, if it is one of ours. It does not ask
// the store: whoever guesses learns nothing and costs nothing.
func (m *Mail) opened(ctx context.Context, purpose, token string) (id string, ok bool, err error) {
	key, err := m.secret(ctx)
	if err != nil {
		return "", false, err
	}
	id, sum, _ := strings.Cut(token, ".")
	return id, hmac.Equal([]byte(sum), []byte(seal(key, purpose, id))), nil
}

func seal(key []byte, purpose, id string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(purpose + "\x00" + id))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// subject is what a limit is counted under; it does not tell whom it is about.
func (m *Mail) subject(ctx context.Context, kind, who string) (string, error) {
	key, err := m.secret(ctx)
	if err != nil {
		return "", err
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte("limit\x00" + kind + "\x00" + who))
	return hex.EncodeToString(h.Sum(nil)[:16]), nil
}
