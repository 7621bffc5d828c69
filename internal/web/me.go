package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"paperboy/internal/paper"
	"paperboy/internal/store"
)

// mePage is what a person decides about themselves.
type mePage struct {
	Name, On string
	Token    string
	Sessions []sessionLine
	Mail     bool
	MailSays string // the answer to the form
	MailSet  string // what is set
	Feeds    bool
	Private  []Address
	Made     *Address // just now
	Export   bool
	Erase    bool
}

// sessionLine is a browser that the person is signed in with.
type sessionLine struct {
	ID, Device, Since, Used string
	Here                    bool
}

func (w *Web) me(out http.ResponseWriter, r *http.Request, v visit) error {
	return w.showMe(out, r, v, mePage{})
}

// showMe shows the page with what has just been done, which p says.
func (w *Web) showMe(out http.ResponseWriter, r *http.Request, v visit, p mePage) error {
	ctx, o := r.Context(), w.options
	p.Name, p.On, p.Token = w.names.person(ctx, v.by()), titled(v.by().Platform), v.token
	p.Mail, p.Feeds, p.Export, p.Erase = o.Mail != nil, o.Feeds != nil, o.Export != nil, o.Erase != nil
	sessions, err := w.store.Sessions(ctx, v.by(), v.now)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		p.Sessions = append(p.Sessions, w.sessionLine(s, v))
	}
	if p.Mail && p.MailSays == "" {
		if p.MailSet, err = o.Mail.Ask(ctx, v.by(), ""); err != nil {
			return err
		}
	}
	if p.Feeds {
		if p.Private, err = o.Feeds.Addresses(ctx, v.by()); err != nil {
			return err
		}
	}
	return w.render(out, r, v, http.StatusOK, "me", "You", p)
}

func (w *Web) sessionLine(s store.Session, v visit) sessionLine {
	const long = "2 January 2006"
	used := "last used on " + s.Used.In(w.options.Zone).Format(long)
	if v.now.Sub(s.Used) < 2*usedEvery {
		used = "in use"
	}
	return sessionLine{s.ID, s.Device, s.Made.In(w.options.Zone).Format(long), used, s.ID == v.session.ID}
}

// endSessions signs one browser of the person out, or all but this one.
func (w *Web) endSessions(out http.ResponseWriter, r *http.Request, v visit) error {
	id := r.PostForm.Get("session")
	if id == v.session.ID {
		return w.signOut(out, r, v)
	}
	var err error
	if id == "others" {
		_, err = w.store.EndOtherSessions(r.Context(), v.by(), v.session.ID)
	} else {
		_, err = w.store.EndSession(r.Context(), v.by(), id)
	}
	if err != nil {
		return err
	}
	http.Redirect(out, r, "/me", http.StatusSeeOther)
	return nil
}

// errOff is for a form of something that is switched off.
var errOff = notFound("This is switched off here.")

// email asks for the digest, or changes it.
func (w *Web) email(out http.ResponseWriter, r *http.Request, v visit) error {
	if w.options.Mail == nil {
		return errOff
	}
	says, err := w.options.Mail.Ask(r.Context(), v.by(), paper.Line(mailWish(r.PostForm), maxQuery))
	if err != nil {
		return err
	}
	return w.showMe(out, r, v, mePage{MailSays: says})
}

// mailWish is the form as it would be typed after /papers email.
func mailWish(form url.Values) string {
	if form.Get("how") == "stop" {
		return "stop"
	}
	about := "trending"
	if topics := strings.TrimSpace(form.Get("topics")); topics != "" {
		about = "topics " + topics
	}
	return form.Get("email") + " " + form.Get("how") + " " + about
}

// changeFeeds makes a private address of a feed, or revokes one.
func (w *Web) changeFeeds(out http.ResponseWriter, r *http.Request, v visit) (err error) {
	feeds := w.options.Feeds
	if feeds == nil {
		return errOff
	}
	if id := r.PostForm.Get("revoke"); id != "" {
		if err := feeds.Revoke(r.Context(), v.by(), id); err != nil {
			return err
		}
		http.Redirect(out, r, "/me#feeds", http.StatusSeeOther)
		return nil
	}
	made, err := feeds.Make(r.Context(), v.by(), v.team, r.PostForm.Get("what"))
	if err != nil {
		return err
	}
	return w.showMe(out, r, v, mePage{Made: &made})
}

// export gives a person all that is stored about them.
func (w *Web) export(out http.ResponseWriter, r *http.Request, v visit) error {
	if w.options.Export == nil {
		return errOff
	}
	all, err := w.options.Export(r.Context(), v.by())
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	h := out.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Disposition", `attachment; filename="paperboy-about-me.json"`)
	h.Set("Cache-Control", "no-store")
	_, err = out.Write(append(text, '\n'))
	return ignored(err)
}

// askErase says what would be erased, with a button.
func (w *Web) askErase(out http.ResponseWriter, r *http.Request, v visit) error {
	if w.options.Erase == nil {
		return errOff
	}
	return w.render(out, r, v, http.StatusOK, "erase", "Erase everything about you", v.token)
}

// erase ends all that is stored about a person, their sessions too.
func (w *Web) erase(out http.ResponseWriter, r *http.Request, v visit) error {
	if w.options.Erase == nil {
		return errOff
	}
	if r.PostForm.Get("sure") != "yes" {
		return w.askErase(out, r, v)
	}
	if err := w.options.Erase(r.Context(), v.by()); err != nil {
		return err
	}
	if _, err := w.store.EndOtherSessions(r.Context(), v.by(), ""); err != nil {
		return err
	}
	w.setCookie(out, "", 0)
	out.Header().Set("Clear-Site-Data", `"cache"`)
	return w.render(out, r, visit{now: v.now}, http.StatusOK, "erased", "Erased", nil)
}
