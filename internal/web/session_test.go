package web_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/team"
	"paperboy/internal/web"
)

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

// link is the path of a new link for somebody.
func (s *site) link(who chat.Person) string {
	s.Helper()
	link, err := s.web.Link(s.Context(), who, team.Everyone)
	if err != nil {
		s.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil {
		s.Fatal(err)
	}
	return u.Path
}

func TestALinkSignsInOnce(t *testing.T) {
	s := newSite(t, month())
	link := s.link(ada)
	b := s.visitor()
	for range 3 { // as chat services do that show what is behind a link
		b.shows(link, "signed in as <b>Ada</b> of Town", "Sign in as Ada")
		b.do("HEAD", link, nil)
	}
	a := b.post(link, nil)
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/" {
		t.Fatalf("signing in answers %d", a.status)
	}
	cookie := a.header.Get("Set-Cookie")
	contains(t, "the cookie", cookie, "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000")
	lacks(t, "the cookie over plain HTTP", cookie, "Secure", "__Host-", "Domain")
	b.shows("/me", "Signed in as <b>Ada</b> of Town")

	thief := s.visitor()
	for _, method := range []string{"GET", "POST"} {
		if a := thief.do(method, link, nil); a.status != http.StatusGone || !strings.Contains(a.body, "This link has been used.") {
			t.Errorf("%s of a used link answers %d", method, a.status)
		}
	}
	if a := thief.get("/me"); a.status != http.StatusUnauthorized {
		t.Errorf("a used link signs in")
	}
}

func TestALinkUsedByManyAtOnceSignsOneIn(t *testing.T) {
	s := newSite(t, nil)
	link := s.link(ada)
	var wg sync.WaitGroup
	statuses := make(chan int, 20)
	for range 20 {
		wg.Go(func() { statuses <- s.visitor().post(link, nil).status })
	}
	wg.Wait()
	close(statuses)
	in := 0
	for status := range statuses {
		if status == http.StatusSeeOther {
			in++
		} else if status != http.StatusGone {
			t.Errorf("one is answered %d", status)
		}
	}
	if in != 1 {
		t.Errorf("%d were signed in by one link", in)
	}
}

func TestLinksGrowOld(t *testing.T) {
	s := newSite(t, nil)
	link := s.link(ada)
	s.clock.pass(10*time.Minute - time.Second)
	s.visitor().shows(link, "Sign in as Ada")
	s.clock.pass(time.Second)
	for path, says := range map[string]string{link: "This link is too old.", "/signin/unknown": "This link is not known here.", "/signin/" + strings.Repeat("x", 3000): "not known"} {
		if a := s.visitor().post(path, nil); a.status != http.StatusGone || !strings.Contains(a.body, says) {
			t.Errorf("%.40s answers %d\n%s", path, a.status, a.body)
		}
	}
	s.clock.pass(25 * time.Hour)
	s.link(bob) // what is long over goes on this occasion
	if _, ok, err := s.store.SignInOffer(t.Context(), strings.TrimPrefix(link, "/signin/")); ok || err != nil {
		t.Errorf("a link of yesterday is kept: %v", err)
	}
}

func TestBehindTLSCookiesAreForTLSOnly(t *testing.T) {
	s := newSite(t, month(), func(o *web.Options) { o.Base = "https://papers.example.org/" })
	link, err := s.web.Link(t.Context(), ada, team.Everyone)
	if err != nil || !strings.HasPrefix(link, "https://papers.example.org/signin/") {
		t.Fatalf("the link is %s, %v", link, err)
	}
	a := s.visitor().post(strings.TrimPrefix(link, "https://papers.example.org"), nil)
	contains(t, "the cookie", a.header.Get("Set-Cookie"), "__Host-paperboy=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/")
}

func TestSigningOut(t *testing.T) {
	s := newSite(t, month())
	b := s.member(ada)
	stolen := *b.cookies["paperboy"]
	if a := b.press("/signout"); a.status != http.StatusSeeOther || len(b.cookies) != 0 {
		t.Errorf("signing out answers %d and leaves %v", a.status, b.cookies)
	}
	b.cookies["paperboy"] = &stolen
	if a := b.get("/me"); a.status != http.StatusUnauthorized {
		t.Errorf("the old cookie answers %d after signing out", a.status)
	}
}

func TestSessionsAreListedAndRevoked(t *testing.T) {
	s := newSite(t, month())
	phone := s.visitor()
	phone.header.Set("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1")
	phone.post(s.link(ada), nil)
	desk := s.visitor()
	desk.header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	desk.post(s.link(ada), nil)
	s.clock.pass(3 * 24 * time.Hour)
	body := desk.shows("/me", "Safari on iPhone", "Firefox on Linux", "this browser", "last used on 27 February 2026")
	_, rest, _ := strings.Cut(body, `name="session" value="`)
	id, _, _ := strings.Cut(rest, `"`)
	if a := s.member(bob).press("/me/sessions", "session", id); a.status != http.StatusSeeOther {
		t.Errorf("revoking a session of somebody else answers %d", a.status)
	}
	phone.shows("/me", "Signed in as <b>Ada</b>")
	desk.press("/me/sessions", "session", id)
	if a := phone.get("/me"); a.status != http.StatusUnauthorized {
		t.Errorf("a revoked session answers %d", a.status)
	}
	tablet := s.member(ada)
	desk.press("/me/sessions", "session", "others")
	if a := tablet.get("/me"); a.status != http.StatusUnauthorized {
		t.Errorf("one of the others answers %d", a.status)
	}
	desk.shows("/me", "Firefox on Linux")
}

func TestASessionLastsAsLongAsItIsUsed(t *testing.T) {
	s := newSite(t, month())
	used, unused := s.member(ada), s.member(bob)
	for range 10 {
		s.clock.pass(20 * 24 * time.Hour)
		used.shows("/me", "Ada")
	}
	if a := unused.get("/me"); a.status != http.StatusUnauthorized {
		t.Errorf("a session that was not used for 200 days answers %d", a.status)
	}
	s.clock.pass(31 * 24 * time.Hour)
	if a := used.get("/me"); a.status != http.StatusUnauthorized {
		t.Errorf("a session that was not used for 31 days answers %d", a.status)
	}
}

func TestSecretsAreKeptAsHashes(t *testing.T) {
	s := newSite(t, month())
	link := s.link(ada)
	b := s.visitor()
	b.post(link, nil)
	b.get(link)
	b.get("/me")
	cookie := b.cookies["paperboy"].Value
	for _, secret := range []string{strings.TrimPrefix(link, "/signin/"), cookie} {
		if len(secret) < 50 {
			t.Errorf("the secret %q can be guessed", secret)
		}
		if strings.Contains(s.logs.String(), secret) {
			t.Errorf("a secret is in the log")
		}
		if _, ok, err := s.store.Session(t.Context(), "x"+secret, noon); ok || err != nil {
			t.Errorf("a secret that is none opens a session, %v", err)
		}
	}
}

func TestSigningInAnewEndsTheOldSession(t *testing.T) {
	s := newSite(t, month())
	b := s.member(ada)
	b.post(s.link(bob), nil)
	b.shows("/me", "Signed in as <b>Bob &lt;b&gt;</b>")
	if all, err := s.store.Sessions(t.Context(), ada, s.clock.Now()); len(all) != 0 || err != nil {
		t.Errorf("%d sessions are left of who was signed in before, %v", len(all), err)
	}
}
