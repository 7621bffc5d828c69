package api

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// problem is an answer that says in a sentence what is wrong, as
// https://www.rfc-editor.org/rfc/rfc9457 has it.
type problem struct {
	status int
	detail string
}

func (p problem) Error() string { return p.detail }

// wrong is a request that makes no sense.
func wrong(format string, args ...any) error {
	return problem{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

var (
	errNotForStrangers = problem{http.StatusForbidden, "Only the team reads here: sign in on the page, or use a secret address of a feed, which /papers feed makes in the chat."}
	errNoSuchAddress   = problem{http.StatusNotFound, "This address is not known, or was revoked."}
)

// problem writes what went wrong. A fault of ours gets a reference by which the
// log line is found; the line has no address, which may be secret.
func (a *API) problem(w http.ResponseWriter, r *http.Request, err error) {
	var p problem
	if !errors.As(err, &p) {
		if r.Context().Err() != nil {
			return // nobody waits any more
		}
		ref := strings.ToLower(rand.Text()[:6])
		a.log.Error("an answer failed", "doing", r.Pattern, "ref", ref, "err", err)
		p = problem{http.StatusInternalServerError, "Something broke here, not with what you asked. Please try again; if it stays, tell whoever runs Paperboy the reference " + ref + "."}
	}
	h := w.Header()
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	h.Del("Etag")
	h.Del("Last-Modified")
	w.WriteHeader(p.status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"type": "about:blank", "title": http.StatusText(p.status), "status": p.status, "detail": p.detail,
	})
}
