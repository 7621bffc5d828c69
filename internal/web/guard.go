package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"paperboy/internal/chat"
	"paperboy/internal/store"
	"paperboy/internal/team"
)

// maxBody is more than any form of ours has: 3,000 characters of topics.
const maxBody = 64 << 10

// access says who may see a page.
type access int

const (
	open     access = iota // everybody
	reading                // who may read the feed
	signedIn               // who is signed in; other methods than GET need the session's token too
)

// page is a page with who may see it. Its error is a problem, or a fault of ours.
type page struct {
	access access
	serve  func(http.ResponseWriter, *http.Request, visit) error
}

// visit is what is known of who asks for a page.
type visit struct {
	session  store.Session // zero if nobody is signed in
	signedIn bool
	token    string  // of forms; "" if nobody is signed in
	team     team.ID // whose votes are shown
	now      time.Time
}

func (v visit) by() chat.Person { return v.session.By }

// problem is an error that is a whole page: it tells the person what to do.
type problem struct {
	status int
	Title  string
	Says   string
}

func (p problem) Error() string { return p.Says }

func notFound(says string) problem { return problem{http.StatusNotFound, "Not found", says} }
func badRequest(says string) problem {
	return problem{http.StatusBadRequest, "That did not work", says}
}

// guarded is next with what every request has to pass: headers, the limits of one
// address, and the check that a form was sent from our own page.
func (w *Web) guarded(next *http.ServeMux) http.Handler {
	cross := http.NewCrossOriginProtection()
	if w.base.Host != "" {
		// A proxy may pass requests on under another name than people use.
		_ = cross.AddTrustedOrigin(w.base.Scheme + "://" + w.base.Host)
	}
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		header(out.Header())
		defer w.rescue(out, r)
		if w.tooMany(out, r) {
			return
		}
		if err := cross.Check(r); err != nil {
			w.fail(out, r, visit{}, problem{http.StatusForbidden, "Not from this page", "This request came from another site, so nothing was done. Please go back to the page and try again there."})
			return
		}
		if r.ContentLength > maxBody {
			out.Header().Set("Connection", "close")
			w.fail(out, r, visit{}, tooLarge)
			return
		}
		r.Body = http.MaxBytesReader(out, r.Body, maxBody)
		if !isText(r.URL.Path) {
			w.fail(out, r, visit{}, notFound("There is no such page."))
			return
		}
		if h, pattern := next.Handler(r); pattern == "" {
			w.noSuchPage(out, r, h)
			return
		}
		next.ServeHTTP(out, r)
	})
}

// tooMany turns a request away whose address sends too many.
func (w *Web) tooMany(out http.ResponseWriter, r *http.Request) bool {
	if w.limits.allow(sender(r)) {
		return false
	}
	out.Header().Set("Retry-After", "1")
	w.plain(out, http.StatusTooManyRequests, "Too many requests come from your address. Please wait a second and try again.")
	return true
}

// Paced serves what others offer beside the page, no faster than the page itself.
func (w *Web) Paced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if !w.tooMany(out, r) {
			next.ServeHTTP(out, r)
		}
	})
}

var tooLarge = problem{http.StatusRequestEntityTooLarge, "Too much at once", "That is more than a form of this page can hold."}

// isText reports whether s can be what a person typed. No database keeps a zero
// byte or half a character.
func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// header sets what every answer carries. Pages load nothing from elsewhere, run no
// script but ours, and cannot be framed.
func header(h http.Header) {
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}

// rescue turns a panic into an answer.
func (w *Web) rescue(out http.ResponseWriter, r *http.Request) {
	v := recover()
	if v == nil {
		return
	}
	if v == http.ErrAbortHandler {
		panic(v)
	}
	w.fail(out, r, visit{}, fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
}

// noSuchPage answers where no route fits: h knows whether the path or the method
// is wrong.
func (w *Web) noSuchPage(out http.ResponseWriter, r *http.Request, h http.Handler) {
	var said recorder
	h.ServeHTTP(&said, r)
	if said.status == http.StatusMethodNotAllowed {
		out.Header().Set("Allow", said.header.Get("Allow"))
		w.fail(out, r, visit{}, problem{said.status, "Not like this", "This address cannot be used that way."})
		return
	}
	w.fail(out, r, visit{}, notFound("There is no such page. What you look for may be found by searching."))
}

// recorder keeps the status and header of an answer and forgets the rest.
type recorder struct {
	status int
	header http.Header
}

func (r *recorder) Header() http.Header {
	if r.header == nil {
		r.header = http.Header{}
	}
	return r.header
}
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }

// serve is a handler for a page that lets in only who may see it.
func (w *Web) serve(p page) http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		v, err := w.visit(out, r)
		if err == nil {
			err = w.admit(r, p.access, v)
		}
		if err == nil {
			err = p.serve(out, r, v)
		}
		if err != nil {
			w.fail(out, r, v, err)
		}
	})
}

// errSignIn shows how to sign in.
var errSignIn = errors.New("this needs to be signed in")

// admit reports whether a request may be served.
func (w *Web) admit(r *http.Request, a access, v visit) error {
	if a == reading && !v.signedIn && !w.options.Public && !w.local(r) || a == signedIn && !v.signedIn {
		return errSignIn
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if err := r.ParseForm(); err != nil {
		if errors.As(err, new(*http.MaxBytesError)) {
			return tooLarge
		}
		return badRequest("What came in is no form of this page.")
	}
	for _, values := range r.PostForm {
		if !isText(strings.Join(values, "")) {
			return badRequest("What came in is no text.")
		}
	}
	if a == signedIn && !hmac.Equal([]byte(r.PostForm.Get("token")), []byte(v.token)) {
		return problem{http.StatusForbidden, "Please try again", "This form is no longer good, perhaps because you signed in anew. Please go back, load the page again and repeat what you did."}
	}
	return nil
}

// visit finds out who asks.
func (w *Web) visit(out http.ResponseWriter, r *http.Request) (visit, error) {
	v := visit{now: w.options.Now()}
	if w.options.Pool == team.OneTeam {
		v.team = team.Everyone
	}
	cookie, err := r.Cookie(w.cookieName())
	if err != nil {
		return v, nil
	}
	session, ok, err := w.store.Session(r.Context(), cookie.Value, v.now)
	if err != nil || !ok {
		return v, err
	}
	v.session, v.signedIn, v.team, v.token = session, true, session.Team, formToken(cookie.Value)
	if v.now.Sub(session.Used) > usedEvery {
		err = w.store.UseSession(r.Context(), session.ID, v.now, v.now.Add(sessionLasts))
		w.setCookie(out, cookie.Value, sessionLasts)
	}
	return v, err
}

// formToken is what forms of a session carry. Only who has the cookie can make it.
func formToken(cookie string) string {
	mac := hmac.New(sha256.New, []byte(cookie))
	mac.Write([]byte("forms of the page"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// MayRead reports whether a request may read the feed: everybody, if that is so
// set, and else who is signed in or at this machine.
func (w *Web) MayRead(r *http.Request) bool {
	if w.options.Public || w.local(r) {
		return true
	}
	_, ok := w.Reader(r)
	return ok
}

// Reader is the person who is signed in where a request comes from.
func (w *Web) Reader(r *http.Request) (chat.Person, bool) {
	cookie, err := r.Cookie(w.cookieName())
	if err != nil {
		return chat.Person{}, false
	}
	session, ok, err := w.store.Session(r.Context(), cookie.Value, w.options.Now())
	if err != nil {
		w.log.Warn("a session could not be looked up", "err", err)
	}
	return session.By, ok && err == nil
}

// relayed are headers of requests that a proxy passes on.
var relayed = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via", "Cf-Connecting-Ip"}

// local reports whether a request was made by a program on this machine. Where
// people reach the page by a name of its own, a proxy on this machine asks for
// them, so nobody counts as local. A site that has its name lead here (DNS
// rebinding) is told by the Host that the browser names.
func (w *Web) local(r *http.Request) bool {
	if !loopbackHost(w.base.Hostname()) || !loopbackHost(hostname(r.Host)) || r.ProtoMajor == 1 && r.ProtoMinor == 0 {
		return false
	}
	for _, name := range relayed {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && peer.Addr().Unmap().IsLoopback()
}

func hostname(hostport string) string {
	if host, _, err := net.SplitHostPort(hostport); err == nil {
		return host
	}
	return strings.Trim(hostport, "[]")
}

func loopbackHost(host string) bool {
	addr, err := netip.ParseAddr(host)
	return strings.EqualFold(host, "localhost") || err == nil && addr.IsLoopback()
}

// sender is the address that a request came from, as far as limits go: that of the
// peer, or, if that is a proxy of our own, the one that it names last.
func sender(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	addr := peer.Addr().Unmap()
	if !addr.IsLoopback() && !addr.IsPrivate() {
		return network(addr)
	}
	named := r.Header.Values("X-Forwarded-For")
	if len(named) == 0 {
		return network(addr)
	}
	all := named[len(named)-1]
	last, err := netip.ParseAddr(strings.TrimSpace(all[strings.LastIndexByte(all, ',')+1:]))
	if err != nil {
		return network(addr)
	}
	return network(last.Unmap())
}

// network is an address, or of IPv6 the network that one household has.
func network(a netip.Addr) string {
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// fail answers with a page about what went wrong.
func (w *Web) fail(out http.ResponseWriter, r *http.Request, v visit, err error) {
	var p problem
	switch {
	case errors.Is(err, errSignIn):
		out.Header().Set("WWW-Authenticate", `Link realm="Paperboy"`)
		w.show(out, r, v, http.StatusUnauthorized, "signin", "Sign in", w.signInPage())
		return
	case errors.As(err, new(*http.MaxBytesError)):
		p = tooLarge
	case errors.As(err, &p):
	case r.Context().Err() != nil:
		return // nobody waits for the answer
	default:
		ref := strings.ToLower(rand.Text()[:6])
		w.log.Error("a page failed", "page", r.Pattern, "ref", ref, "err", err)
		p = problem{http.StatusInternalServerError, "Something broke here",
			"It is not your fault. Please try again; if it stays, tell whoever runs Paperboy the reference " + ref + "."}
	}
	if wantsPart(r) {
		w.plain(out, p.status, p.Says)
		return
	}
	w.show(out, r, v, p.status, "problem", p.Title, p)
}

// show is render where nobody can do anything about a fault.
func (w *Web) show(out http.ResponseWriter, r *http.Request, v visit, status int, name, title string, content any) {
	if err := w.render(out, r, v, status, name, title, content); err != nil {
		w.log.Error("a page about a problem failed", "page", name, "err", err)
		w.plain(out, status, title)
	}
}

// plain answers with a sentence and no page around it.
func (w *Web) plain(out http.ResponseWriter, status int, says string) {
	h := out.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	out.WriteHeader(status)
	_, _ = fmt.Fprintln(out, says)
}
