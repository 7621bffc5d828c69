package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/team"
)

const (
	// exported is a secret address of what is kept about a person.
	exported team.FeedKind = "export"
	// exportFor is how long it can be fetched.
	exportFor = 10 * time.Minute
)

// Export makes a link to all that is kept about a person. It ends by itself.
func (a *API) Export(ctx context.Context, by chat.Person, at time.Time) (link string, until time.Time, err error) {
	until = at.Add(exportFor)
	_, secret, err := a.make(ctx, by, "", team.Feed{What: exported}, at, until)
	return a.base + "/api/export/" + secret, until, err
}

// export serves what is kept about whoever made the address.
func (a *API) export(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("X-Robots-Tag", "noindex")
	address, ok, err := a.store.FeedBySecret(r.Context(), r.PathValue("secret"), a.options.Now())
	if err != nil {
		return err
	}
	if !ok || address.Feed.What != exported {
		return errNoSuchAddress
	}
	if err := only(r); err != nil {
		return err
	}
	personal, err := a.store.Export(r.Context(), address.By)
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(personal, "", "  ")
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="paperboy.json"`)
	h.Set("Cache-Control", "no-store")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(append(body, '\n')))
	return nil
}
