package mail

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/team"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// page is what a link in a mail leads to.
type page struct {
	Status int
	Title  string
	Text   string
	Do     string // the label of a button that does it; "" for none
	Home   string
	Style  template.CSS
}

// pagePolicy allows a page nothing but its own style and its button.
var pagePolicy = func() string {
	sum := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}()

// Handler serves what is below /mail/. A link that is only opened changes nothing,
// since mail scanners open all of them; its button does. What the links are good
// for is in them: there is no sign-in and no cookie.
func (m *Mail) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /mail/confirm/{token}", m.serve(toConfirm, m.showConfirm))
	mux.HandleFunc("POST /mail/confirm/{token}", m.serve(toConfirm, m.confirm))
	mux.HandleFunc("GET /mail/unsubscribe/{token}", m.serve(toLeave, m.showLeave))
	mux.HandleFunc("POST /mail/unsubscribe/{token}", m.serve(toLeave, m.leave))
	mux.HandleFunc("/mail/", func(w http.ResponseWriter, r *http.Request) { m.write(w, brokenLink) })
	return mux
}

var brokenLink = page{Status: http.StatusNotFound, Title: "This link is not complete",
	Text: "Perhaps a part of it was lost on the way. Please copy all of it from the mail."}

// trouble is for faults of ours.
var trouble = page{Status: http.StatusInternalServerError, Title: "That did not work",
	Text: "Something broke here, not with what you did. Please try again in a minute."}

// serve answers with the page that show makes for the id in the link.
func (m *Mail) serve(purpose string, show func(context.Context, string) (page, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p := brokenLink
		id, ok, err := m.opened(r.Context(), purpose, r.PathValue("token"))
		if err == nil && ok {
			p, err = show(r.Context(), id)
		}
		if err != nil && r.Context().Err() == nil {
			m.log.Error("a page of mail could not be made", "platform", Name, "err", err)
			p = trouble
		}
		m.write(w, p)
	}
}

func (m *Mail) write(w http.ResponseWriter, p page) {
	p.Home, p.Style = chat.WebLink(m.options.Base, maxLink, markup), template.CSS(pageStyle)
	for name, value := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": pagePolicy, "Cache-Control": "no-store",
		"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "X-Robots-Tag": "noindex",
	} {
		w.Header().Set(name, value)
	}
	w.WriteHeader(p.Status)
	if err := pageTemplate.Execute(w, p); err != nil {
		m.log.Debug("a page was not read to its end", "platform", Name, "err", err)
	}
}

func (m *Mail) showConfirm(ctx context.Context, id string) (page, error) {
	a, ok, err := m.store.AddressAt(ctx, place(id))
	switch {
	case err != nil:
		return page{}, err
	case !ok || !a.Confirmed && time.Since(a.AskedAt) > confirmWithin:
		return tooOld, nil
	case a.Confirmed:
		return page{Status: http.StatusOK, Title: "Your address is confirmed", Text: "There is nothing more to do. Each mail has a link to unsubscribe."}, nil
	}
	return page{Status: http.StatusOK, Title: "Papers by mail?", Do: "Yes, send them",
		Text: "Research papers are sent to " + a.Address + " once you say yes. Each mail has a link to unsubscribe."}, nil
}

var tooOld = page{Status: http.StatusGone, Title: "This link is too old",
	Text: "It was good for 48 hours, or a newer one has taken its place. Ask for another where you asked for this one, with /papers email."}

// confirm turns an address into one that mails are sent to.
func (m *Mail) confirm(ctx context.Context, id string) (page, error) {
	now := time.Now()
	c, ok, err := m.store.ConfirmAddress(ctx, place(id), now.Add(-confirmWithin), now, func(c *team.Channel) error {
		c.Prefs.Paused = false
		c.Next = c.Upcoming(now, m.options.Zone(*c))
		return nil
	})
	if err != nil || !ok {
		return tooOld, err
	}
	return page{Status: http.StatusOK, Title: "Your address is confirmed", Text: "You get " + gets(c) + ". " + m.next(c, now)}, nil
}

func (m *Mail) showLeave(ctx context.Context, id string) (page, error) {
	_, ok, err := m.store.AddressAt(ctx, place(id))
	if err != nil || !ok {
		return left, err
	}
	return page{Status: http.StatusOK, Title: "No more mail?", Do: "Unsubscribe",
		Text: "Your address is removed, and no more papers are sent to it."}, nil
}

var left = page{Status: http.StatusOK, Title: "You are unsubscribed",
	Text: "Your address is removed, and no more papers are sent to it. If you want them again some day, ask with /papers email."}

// leave removes an address. It may have been removed before.
func (m *Mail) leave(ctx context.Context, id string) (page, error) {
	return left, m.store.RemoveAddress(ctx, place(id))
}
