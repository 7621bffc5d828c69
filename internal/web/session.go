package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"strings"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

const (
	offerLasts   = 10 * time.Minute
	sessionLasts = 30 * 24 * time.Hour // after the last use
	usedEvery    = time.Hour           // how exactly the last use is known
)

// Link is a personal link by which a person signs in, once and within ten
// minutes. The page shows them the votes of their team.
func (w *Web) Link(ctx context.Context, by chat.Person, of team.ID) (string, error) {
	secret := newSecret()
	now := w.options.Now()
	err := w.store.OfferSignIn(ctx, secret, store.Offer{By: by, Team: of, Expires: now.Add(offerLasts)}, now)
	return w.options.Base + "/signin/" + secret, err
}

// newSecret is beyond guessing: 256 bits.
func newSecret() string { return strings.ToLower(rand.Text() + rand.Text()) }

// cookieName begins with __Host- behind TLS, which keeps neighbouring sites from
// setting it (https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes).
func (w *Web) cookieName() string {
	if w.secure {
		return "__Host-paperboy"
	}
	return "paperboy"
}

// setCookie has the browser keep the session's secret; for no time at all it
// forgets it.
func (w *Web) setCookie(out http.ResponseWriter, secret string, lasts time.Duration) {
	age := int(lasts / time.Second)
	if lasts <= 0 {
		age = -1
	}
	http.SetCookie(out, &http.Cookie{
		Name: w.cookieName(), Value: secret, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: w.secure, SameSite: http.SameSiteLaxMode,
	})
}

// signInPage is what the page about signing in shows.
type signInPage struct {
	Platforms []string // where the link can be asked for
	Offer     string   // the path of a link that is good
	Name      string   // whom it is for
	On        string
	Over      string // why a link is not good
}

func (w *Web) signInPage() signInPage {
	var p signInPage
	for name := range w.platforms {
		if _, people := w.platforms[name].(chat.Namer); people {
			p.Platforms = append(p.Platforms, titled(name))
		}
	}
	return p
}

func (w *Web) howToSignIn(out http.ResponseWriter, r *http.Request, v visit) error {
	if v.signedIn {
		http.Redirect(out, r, "/me", http.StatusSeeOther)
		return nil
	}
	return w.render(out, r, v, http.StatusOK, "signin", "Sign in", w.signInPage())
}

// offer shows whom a link signs in, with a button. Looking at it changes nothing:
// chat services look at links themselves, to show what is behind them.
func (w *Web) offer(out http.ResponseWriter, r *http.Request, v visit) error {
	secret := r.PathValue("secret")
	o, ok, err := w.store.SignInOffer(r.Context(), secret)
	if err != nil {
		return err
	}
	p := w.signInPage()
	if p.Over = spent(o, ok, v.now); p.Over != "" {
		return w.render(out, r, v, http.StatusGone, "signin", "Sign in", p)
	}
	p.Offer, p.On = "/signin/"+url.PathEscape(secret), titled(o.By.Platform)
	p.Name = w.names.person(r.Context(), o.By)
	return w.render(out, r, v, http.StatusOK, "signin", "Sign in", p)
}

// spent says why a link cannot be used; "" if it can.
func spent(o store.Offer, known bool, now time.Time) string {
	switch {
	case !known:
		return "This link is not known here. It may have been cut off on its way, or be more than a day old."
	case !o.Used.IsZero():
		return "This link has been used. Each is good once."
	case !now.Before(o.Expires):
		return "This link is too old. Each is good for ten minutes."
	}
	return ""
}

func (w *Web) signIn(out http.ResponseWriter, r *http.Request, v visit) error {
	cookie := newSecret()
	session := store.Session{ID: strings.ToLower(rand.Text()[:16]), Device: device(r.UserAgent()), Expires: v.now.Add(sessionLasts)}
	_, ok, err := w.store.SignIn(r.Context(), r.PathValue("secret"), cookie, session, v.now)
	if err != nil {
		return err
	}
	if !ok {
		return w.offer(out, r, v)
	}
	if v.signedIn { // the browser forgets that session's cookie now
		if _, err := w.store.EndSession(r.Context(), v.by(), v.session.ID); err != nil {
			return err
		}
	}
	w.setCookie(out, cookie, sessionLasts)
	http.Redirect(out, r, "/", http.StatusSeeOther)
	return nil
}

func (w *Web) signOut(out http.ResponseWriter, r *http.Request, v visit) error {
	if _, err := w.store.EndSession(r.Context(), v.by(), v.session.ID); err != nil {
		return err
	}
	w.setCookie(out, "", 0)
	out.Header().Set("Clear-Site-Data", `"cache"`)
	http.Redirect(out, r, "/signin", http.StatusSeeOther)
	return nil
}

// device is a browser in words: "Firefox on Linux".
func device(agent string) string {
	browser := firstIn(agent, [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}})
	system := firstIn(agent, [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}})
	switch {
	case browser == "" && agent == "":
		return "a browser without a name"
	case browser == "":
		return paper.Line(agent, 60)
	case system == "":
		return browser
	}
	return browser + " on " + system
}

func firstIn(text string, words [][2]string) string {
	for _, w := range words {
		if strings.Contains(text, w[0]) {
			return w[1]
		}
	}
	return ""
}

// localPath is a path of ours to go back to; "/" for anything else, such as the
// address of another site.
func localPath(s string) string {
	u, err := url.Parse(s)
	if err != nil || len(s) > 2000 || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" ||
		!strings.HasPrefix(s, "/") || strings.HasPrefix(u.Path, "//") || strings.ContainsAny(u.Path, "\\\r\n\t") {
		return "/"
	}
	u.Fragment = ""
	return u.RequestURI()
}

// titled is the name of a platform as a word of a sentence.
func titled(name string) string {
	if name == "" {
		return ""
	}
	return strings.ToUpper(name[:1]) + name[1:]
}
