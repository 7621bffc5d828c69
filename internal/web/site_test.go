package web_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"paperboy/internal/bot"
	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/library"
	"paperboy/internal/paper"
	"paperboy/internal/picks"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
	"paperboy/internal/telemetry"
	"paperboy/internal/web"
)

var (
	friday = date.New(2026, 2, 27)
	noon   = friday.At(12, 0, time.UTC)

	ada   = chat.Person{Platform: "town", Space: "S", ID: "U1"} // manages the square
	bob   = chat.Person{Platform: "town", Space: "S", ID: "U2"} // is in the square
	cyd   = chat.Person{Platform: "town", Space: "S", ID: "U3"} // is new in town
	alley = chat.Place{Platform: "town", Space: "S", Channel: "C2"}

	square = chat.Place{Platform: "town", Space: "S", Channel: "C1"}
)

// town is a chat service that knows three people and two places: the square, which
// all but cyd can read, and the alley, which only ada can.
type town struct{ chat.Platform }

func (town) Name() string { return "town" }

func (town) Manages(_ context.Context, by chat.Person, in chat.Place) (bool, error) {
	if who, direct := in.Person(); direct {
		return who == by, nil
	}
	return by == ada, nil
}

func (town) PersonName(_ context.Context, p chat.Person) string {
	return map[string]string{"U1": "Ada", "U2": "Bob <b>", "U3": "Cyd"}[p.ID]
}

func (town) PlaceName(_ context.Context, p chat.Place) string {
	return map[string]string{"C1": "#square", "C2": "#alley"}[p.Channel]
}

func (town) Reads(_ context.Context, by chat.Person, in chat.Place) (bool, error) {
	return by == ada || by == bob && in == square, nil
}

func (town) Link(p chat.Post) (string, bool) {
	return "https://town.example/" + p.Channel + "/" + p.ID, true
}

// clock is a time that a test moves. No two looks at it see the same.
type clock struct {
	mu  sync.Mutex // guards now
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Microsecond)
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// site is the page over a real store.
type site struct {
	testing.TB
	clock   *clock
	store   *store.Store
	web     *web.Web
	handler http.Handler
	logs    *lockedLog
	from    string // the address that requests come from
}

type lockedLog struct {
	mu sync.Mutex // guards b
	b  strings.Builder
}

func (l *lockedLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newSite(t testing.TB, papers []paper.Paper, set ...func(*web.Options)) *site {
	t.Helper()
	s := &site{TB: t, clock: &clock{now: noon}, store: storetest.Open(t), logs: &lockedLog{}, from: "127.0.0.1:50000"}
	log := slog.New(slog.NewTextHandler(s.logs, nil))
	l, err := library.Open(t.Context(), s.store, "", log)
	if err != nil {
		t.Fatal(err)
	}
	s.save(papers...)
	labels := card.Labels{"daily": "The Daily", "arxiv": "arXiv"}
	sources := []string{"daily", "arxiv"}
	platforms := chat.Platforms{"town": town{}}
	metrics := telemetry.NewMetrics(prometheus.NewRegistry(), "test", bot.Names(), telemetry.Gauges{})
	picker := picks.New(s.store, l, log, picks.Options{Zone: time.UTC, Labels: labels, Sources: sources})
	o := web.Options{
		Base: "http://127.0.0.1:8080", Zone: time.UTC, Labels: labels, Now: s.clock.Now,
		Discussion: func(source string, id paper.ID) string { return "https://" + source + ".example/" + string(id) },
	}
	for _, f := range set {
		f(&o)
	}
	s.web = web.New(s.store, l, picker, platforms, log, metrics, o)
	b := bot.New(s.store, l, picker, nil, platforms, log, metrics, bot.Options{
		Zone: time.UTC, Labels: labels, Sources: sources, Emoji: bot.Meanings(nil, nil, nil), Page: s.web,
	})
	s.handler = s.web.Handler(b)
	return s
}

func (s *site) save(papers ...paper.Paper) {
	s.Helper()
	if _, err := s.store.SavePapers(s.Context(), papers); err != nil {
		s.Fatal(err)
	}
}

// browser is somebody at the page, with the cookies that they were given.
type browser struct {
	*site
	cookies map[string]*http.Cookie
	header  http.Header
}

func (s *site) visitor() *browser {
	return &browser{site: s, cookies: map[string]*http.Cookie{}, header: http.Header{}}
}

// member is a browser in which a person has signed in.
func (s *site) member(who chat.Person) *browser {
	s.Helper()
	b := s.visitor()
	link, err := s.web.Link(s.Context(), who, team.Everyone)
	if err != nil {
		s.Fatal(err)
	}
	u, err := url.Parse(link)
	if err != nil {
		s.Fatal(err)
	}
	if a := b.post(u.Path, nil); a.status != http.StatusSeeOther {
		s.Fatalf("signing in answers %d\n%s", a.status, a.body)
	}
	return b
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (b *browser) do(method, target string, form url.Values) answer {
	b.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequestWithContext(b.Context(), method, target, body)
	r.RemoteAddr, r.Host = b.from, "127.0.0.1:8080"
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, values := range b.header {
		r.Header[name] = values
		if name == "Host" {
			r.Host = values[0]
		}
	}
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if b.cookies[c.Name] = c; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return answer{w.Code, w.Header(), w.Body.String()}
}

func (b *browser) get(target string) answer { b.Helper(); return b.do("GET", target, nil) }

func (b *browser) post(target string, form url.Values) answer {
	b.Helper()
	if form == nil {
		form = url.Values{}
	}
	return b.do("POST", target, form)
}

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

// token is what this person's forms carry.
func (b *browser) token() string {
	b.Helper()
	m := tokenField.FindStringSubmatch(b.get("/me").body)
	if m == nil {
		b.Fatal("the page about oneself has no form")
	}
	return m[1]
}

// press sends a form with the person's token.
func (b *browser) press(target string, fields ...string) answer {
	b.Helper()
	form := url.Values{"token": {b.token()}}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return b.post(target, form)
}

// shows fails unless a page is there and has all of some texts.
func (b *browser) shows(target string, want ...string) string {
	b.Helper()
	a := b.get(target)
	if a.status != http.StatusOK {
		b.Errorf("%s answers %d\n%s", target, a.status, a.body)
	}
	contains(b.TB, target, a.body, want...)
	return a.body
}

func contains(t testing.TB, what, body string, want ...string) {
	t.Helper()
	for _, text := range want {
		if !strings.Contains(body, text) {
			t.Errorf("%s lacks %q:\n%s", what, text, core(body))
		}
	}
}

func lacks(t testing.TB, what, body string, unwanted ...string) {
	t.Helper()
	for _, text := range unwanted {
		if strings.Contains(body, text) {
			t.Errorf("%s has %q:\n%s", what, text, core(body))
		}
	}
}

// core is as much of a page as helps to see what is wrong.
func core(body string) string {
	if _, main, ok := strings.Cut(body, "<main"); ok {
		body = main
	}
	return body[:min(len(body), 4000)]
}

// subjects keep papers from looking alike.
var subjects = strings.Fields("Routing Diffusion Speech Proteins Robots Graphs Kernels Retrieval Planning Vision Audio Weather Maths Chess Chips Poems Law Music")

// listed is a paper that the daily list had on a day.
func listed(n int, day date.Date, votes int) paper.Paper {
	subject := subjects[n%len(subjects)]
	return paper.Paper{
		ID: paper.ID(fmt.Sprintf("arxiv:2602.%05d", n)), Title: fmt.Sprintf("%s With Experts, Number %d", subject, n), Version: 1 + n%3,
		Abstract: "We study how experts are chosen. " + strings.Repeat("A mixture of experts sends each token to a few of them, and the others rest. ", 12),
		Authors:  []string{"Ada Lovelace", "Grace Hopper", "Author " + subject}, Categories: []string{"cs.LG", "cs.AI"},
		Keywords: []string{"mixture of experts", strings.ToLower(subject)}, Published: day.AddDays(-2).Start(time.UTC),
		Code: "https://github.com/example/" + strings.ToLower(subject), Stars: 10 * n, Organization: "Example Lab",
		Sightings: []paper.Sighting{{Source: "daily", Day: day, Votes: votes, Comments: n % 4}},
	}
}

// month is papers of February 2026: three a day, and twenty on its last Friday.
func month() (all []paper.Paper) {
	for d := range 27 {
		for i := range 3 {
			all = append(all, listed(1+d*3+i, date.New(2026, 2, d+1), 90-d*3-i))
		}
	}
	for i := range 17 {
		all = append(all, listed(100+i, friday, 60-i))
	}
	return all
}
