package web_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/paper"
	"paperboy/internal/team"
	"paperboy/internal/telemetry"
	"paperboy/internal/web"
)

// readable are pages of the feed, private those of a person.
var (
	readable = []string{"/", "/date/2026-02-27", "/week/2026-W09", "/month/2026-02", "/search?q=experts", "/search?q=experts&part=results", "/topics", "/paper/arxiv:2602.00100", "/paper/arxiv:2602.00100?cite=ris", "/date?day=2026-02-27"}
	private  = []string{"/saved", "/settings", "/settings/me", "/settings/0123456789abcdef", "/me", "/me/export", "/me/erase"}
)

func TestWhoMayRead(t *testing.T) {
	for name, c := range map[string]struct {
		base   string
		public bool
		from   string
		header http.Header
		may    bool
	}{
		"from this machine":             {from: "127.0.0.1:1234", may: true},
		"from this machine, by IPv6":    {from: "[::1]:1234", header: http.Header{"Host": {"[::1]:8080"}}, may: true},
		"by the name localhost":         {from: "127.0.0.1:1234", header: http.Header{"Host": {"localhost:8080"}}, may: true},
		"from elsewhere":                {from: "192.0.2.7:1234"},
		"from elsewhere, if public":     {from: "192.0.2.7:1234", public: true, may: true},
		"from the neighbourhood":        {from: "10.0.0.7:1234"},
		"saying to be local":            {from: "192.0.2.7:1234", header: http.Header{"X-Forwarded-For": {"127.0.0.1"}, "Host": {"localhost"}}},
		"by a proxy on this machine":    {from: "127.0.0.1:1234", header: http.Header{"X-Forwarded-For": {"192.0.2.7"}}},
		"by one that says Forwarded":    {from: "127.0.0.1:1234", header: http.Header{"Forwarded": {"for=192.0.2.7"}}},
		"by one that says it is real":   {from: "127.0.0.1:1234", header: http.Header{"X-Real-Ip": {"192.0.2.7"}}},
		"by one that says Via":          {from: "127.0.0.1:1234", header: http.Header{"Via": {"1.1 proxy"}}},
		"by one that says nothing":      {base: "https://papers.example.org", from: "127.0.0.1:1234"},
		"by a name that is led here":    {from: "127.0.0.1:1234", header: http.Header{"Host": {"evil.example:8080"}}},
		"by a name like localhost":      {from: "127.0.0.1:1234", header: http.Header{"Host": {"localhost.evil.example"}}},
		"by a name that begins with it": {from: "127.0.0.1:1234", header: http.Header{"Host": {"127.0.0.1.evil.example"}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, month(), func(o *web.Options) {
				o.Public = c.public
				if c.base != "" {
					o.Base = c.base
				}
			})
			s.from = c.from
			b := s.visitor()
			b.header = c.header
			if b.header == nil {
				b.header = http.Header{}
			}
			for _, path := range readable {
				a := b.get(path)
				if may := a.status < 400; may != c.may || !may && a.status != http.StatusUnauthorized {
					t.Errorf("%s answers %d, want to be let in: %t", path, a.status, c.may)
				}
				if !c.may && strings.Contains(a.body, "Experts") {
					t.Errorf("%s shows a paper to who may not read", path)
				}
			}
			for _, path := range private {
				if a := b.get(path); a.status != http.StatusUnauthorized {
					t.Errorf("%s answers %d to who is not signed in", path, a.status)
				}
			}
			r := httptest.NewRequest("GET", "/api/papers", nil)
			r.RemoteAddr, r.Host = c.from, "127.0.0.1:8080"
			for k, v := range c.header {
				if r.Header[k] = v; k == "Host" {
					r.Host = v[0]
				}
			}
			if got := s.web.MayRead(r); got != c.may {
				t.Errorf("MayRead says %t", got)
			}
		})
	}
}

func TestWhoIsSignedInReadsFromEverywhere(t *testing.T) {
	s := newSite(t, month())
	s.from = "192.0.2.7:1234"
	b := s.member(bob)
	for _, path := range append(readable, "/saved", "/settings", "/settings/me", "/me") {
		if a := b.get(path); a.status >= 400 {
			t.Errorf("%s answers %d", path, a.status)
		}
	}
	r := httptest.NewRequest("GET", "/api/papers", nil)
	if who, ok := s.web.Reader(r); ok || s.web.MayRead(r) {
		t.Errorf("a request without a cookie is of %v", who)
	}
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	if who, ok := s.web.Reader(r); who != bob || !ok || !s.web.MayRead(r) {
		t.Errorf("the request is of %v, %t", who, ok)
	}
}

// writes are all the ways to change something.
var writes = map[string]url.Values{
	"/paper/arxiv:2602.00100": {"do": {"vote"}},
	"/add":                    {"paper": {"2401.08383"}},
	"/settings/me":            {"do": {"save"}, "topics": {"stolen"}},
	"/me/email":               {"email": {"a@example.org"}},
	"/me/feeds":               {},
	"/me/sessions":            {"session": {"others"}},
	"/me/erase":               {"sure": {"yes"}},
	"/signout":                {},
}

func TestNothingIsWrittenWithoutSessionAndToken(t *testing.T) {
	erased := 0
	s := newSite(t, month(), func(o *web.Options) {
		o.Public = true
		o.Erase = func(context.Context, chat.Person) error { erased++; return nil }
	})
	b := s.member(ada)
	other := s.member(bob).token()
	for path, form := range writes {
		s.clock.pass(time.Minute) // this is no flood
		if a := s.visitor().post(path, form); a.status != http.StatusUnauthorized {
			t.Errorf("%s without a session answers %d, want 401", path, a.status)
		}
		for _, token := range []string{"", "x", other} {
			forged := url.Values{"token": {token}}
			for k, v := range form {
				forged[k] = v
			}
			if a := b.post(path, forged); a.status != http.StatusForbidden {
				t.Errorf("%s with the token %q answers %d, want 403", path, token, a.status)
			}
			if a := b.post(path+"?token="+url.QueryEscape(b.token()), form); a.status != http.StatusForbidden {
				t.Errorf("%s with the token in the address answers %d, want 403", path, a.status)
			}
		}
		good := url.Values{"token": {b.token()}}
		for k, v := range form {
			good[k] = v
		}
		for name, header := range map[string]http.Header{
			"another site":      {"Sec-Fetch-Site": {"cross-site"}},
			"a neighbour":       {"Sec-Fetch-Site": {"same-site"}},
			"an old browser":    {"Origin": {"https://evil.example"}},
			"a sandboxed frame": {"Origin": {"null"}},
		} {
			b.header = header
			if a := b.post(path, good); a.status != http.StatusForbidden {
				t.Errorf("%s from %s answers %d, want 403", path, name, a.status)
			}
		}
		b.header = http.Header{}
	}
	if votes, err := s.store.AllVotes(t.Context(), team.Everyone); len(votes) > 0 || err != nil || erased > 0 {
		t.Errorf("votes %v, %v; erased %d times", votes, err, erased)
	}
	if c, err := s.store.Channel(t.Context(), chat.Direct(ada)); c.Prefs.Follows() || err != nil {
		t.Errorf("settings were changed: %+v, %v", c.Prefs, err)
	}
	b.shows("/me", "Signed in as")
}

func TestOwnFormsPassUnderThePublicName(t *testing.T) {
	s := newSite(t, month(), func(o *web.Options) { o.Base = "https://papers.example.org" })
	b := s.member(ada)
	form := url.Values{"token": {b.token()}, "do": {"vote"}}
	b.header = http.Header{"Origin": {"https://papers.example.org"}}
	if a := b.post("/paper/arxiv:2602.00100", form); a.status != http.StatusSeeOther {
		t.Errorf("a form of our own by a proxy answers %d\n%s", a.status, a.body)
	}
}

func TestAnswersCarryTheirHeaders(t *testing.T) {
	s := newSite(t, month())
	for _, path := range []string{"/", "/nowhere", "/static/page.css", "/paper/arxiv:2602.00100?cite=ris", "/signin"} {
		h := s.visitor().get(path).header
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s has %s %q, want %q", path, name, got, want)
			}
		}
		policy := h.Get("Content-Security-Policy")
		contains(t, path, policy, "default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self'")
		lacks(t, path, policy, "unsafe", "*", "http")
	}
}

func TestMethodsAndPathsThatThereAreNot(t *testing.T) {
	s := newSite(t, month())
	b := s.visitor()
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"HEAD", "/", 200}, {"HEAD", "/paper/arxiv:2602.00100", 200}, {"HEAD", "/nowhere", 404},
		{"POST", "/", 405}, {"PUT", "/paper/arxiv:2602.00100", 405}, {"DELETE", "/me", 405}, {"GET", "/signout", 405}, {"GET", "/me/sessions", 405}, {"OPTIONS", "/search", 405},
		{"GET", "/static/", 404}, {"GET", "/static/web.go", 404}, {"GET", "/static/..%2fweb.go", 404}, {"GET", "/static/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404},
		{"GET", "/templates/frame.html", 404}, {"GET", "/.git/config", 404}, {"GET", "/paperboy.db", 404}, {"GET", "/settings/x/y", 404}, {"GET", "/index.php", 404},
	} {
		a := b.do(c.method, c.path, nil)
		if a.status != c.want {
			t.Errorf("%s %s answers %d, want %d", c.method, c.path, a.status, c.want)
		}
		if c.want == 405 && a.header.Get("Allow") == "" {
			t.Errorf("%s %s does not say which methods there are", c.method, c.path)
		}
		if c.method == "GET" && c.want == 404 {
			contains(t, c.path, a.body, "<h1>Not found</h1>", `<a href="/">`)
		}
	}
	for path, want := range map[string]string{"//evil.example/x": "/evil.example/x", "/../../etc/passwd": "/etc/passwd", "/date/../paper/x": "/paper/x"} {
		a := b.get(path)
		if to := a.header.Get("Location"); a.status/100 == 3 && to != want {
			t.Errorf("%s leads to %q, want %q", path, to, want)
		}
	}
}

func TestNobodyIsLedElsewhere(t *testing.T) {
	s := newSite(t, month())
	b := s.member(ada)
	for _, back := range []string{
		"https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "http:evil.example", "evil.example",
		"/%2f/evil.example", "//evil.example/%2f..", "/\t/evil.example", " //evil.example", "https:/evil.example", "///evil.example", "/%5cevil.example", "/%09/evil.example", "",
	} {
		to := b.press("/paper/arxiv:2602.00100", "do", "vote", "back", back).header.Get("Location")
		if strings.HasPrefix(to, "//") || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "/\\") {
			t.Errorf("back to %q leads to %q", back, to)
		}
		u, err := url.Parse(to)
		if err != nil || u.Host != "" || u.Scheme != "" {
			t.Errorf("back to %q leads to %q", back, to)
		}
	}
}

// hostile text does harm wherever it is not escaped.
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)>'` + "`{{.}}</textarea></title>\u202e"

func TestHostilePapersAreText(t *testing.T) {
	p := listed(1, friday, 50)
	p.Title, p.Abstract, p.Summary = hostile, hostile+"\n\n"+hostile, hostile
	p.Authors = []string{hostile, hostile, hostile}
	p.Keywords, p.Categories = []string{hostile}, []string{hostile}
	p.Organization, p.Venue, p.Comment, p.DOI = hostile, hostile, hostile, "10.1/"+hostile
	p.Code, p.Project, p.Link = "javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "https://example.org/\"onclick=alert(1)"
	p.ID = "url:0123456789abcdef01234567"
	q := listed(2, friday, 40)
	q.ID = "doi:10.1/<script>alert(1)</script>\"onclick=x"
	s := newSite(t, []paper.Paper{p, q})
	s.follow(square, ada, strings.ReplaceAll(hostile, "\u202e", "")) // as the bot keeps it
	share := team.Share{Team: team.Everyone, Paper: p.ID, By: bob, Post: chat.Post{Place: square, ID: hostile}, At: noon}
	if err := s.store.Share(t.Context(), share); err != nil {
		t.Fatal(err)
	}
	b := s.member(ada)
	b.press("/paper/url:0123456789abcdef01234567", "do", "save")
	b.press("/paper/url:0123456789abcdef01234567", "do", "vote")
	paths := []string{
		"/", "/paper/url:0123456789abcdef01234567", "/saved", "/topics", "/settings", "/search?q=script", "/search?q=" + url.QueryEscape(hostile),
		"/search?part=results&q=" + url.QueryEscape(hostile), "/nowhere/" + url.PathEscape(hostile), "/date/2026-02-27?sort=" + url.QueryEscape(hostile) + "&page=" + url.QueryEscape(hostile),
	}
	c, err := s.store.Channel(t.Context(), square)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(paths, "/settings/"+c.ID) {
		body := b.get(path).body
		lacks(t, path, body, "<script>alert", "<img", "javascript:", "href=\"data:", "{{.}}</textarea>", "\u202e", "ZgotmplZ", `"onclick`)
		checkHTML(t, path, body)
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	s := newSite(t, month())
	b := s.member(ada)
	big := url.Values{"token": {b.token()}, "do": {"vote"}, "back": {strings.Repeat("x", 10<<20)}}
	if a := b.post("/paper/arxiv:2602.00100", big); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a form of 10 MB answers %d, want 413", a.status)
	}
	r := httptest.NewRequest("POST", "/signin/x", io.MultiReader(strings.NewReader("x="), endless('y')))
	r.ContentLength, r.RemoteAddr = -1, s.from
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("an endless form answers %d, want 413", w.Code)
	}
	for _, odd := range []string{"\x00", "\xff"} {
		if a := b.press("/me/sessions", "session", odd); a.status != http.StatusBadRequest {
			t.Errorf("a form with %q answers %d, want 400", odd, a.status)
		}
		for _, path := range []string{"/search?q=a", "/date?day=2026-02-27", "/date/2026-02-27?sort=", "/paper/arxiv:2602.00100?cite="} {
			if a := b.get(path + url.QueryEscape(odd)); a.status >= 500 {
				t.Errorf("%s with %q answers %d", path, odd, a.status)
			}
		}
	}
	if a := b.post("/paper/arxiv:2602.00100", url.Values{"%": {"x"}}); a.status != http.StatusForbidden {
		t.Errorf("a form without a token answers %d, want 403", a.status)
	}
}

type endless byte

func (e endless) Read(p []byte) (int, error) {
	copy(p, bytes.Repeat([]byte{byte(e)}, len(p)))
	return len(p), nil
}

func TestAFloodFromOneAddressLeavesTheOthersAlone(t *testing.T) {
	s := newSite(t, month(), func(o *web.Options) { o.Public = true })
	s.from = "192.0.2.7:1"
	flood := s.visitor()
	counts := map[int]int{}
	for range 1000 { // within one second
		counts[flood.get("/").status]++
	}
	if counts[200] != 120 || counts[429] != 880 {
		t.Errorf("a thousand requests at once got %v, want 120 served and 880 refused", counts)
	}
	a := flood.get("/")
	if a.header.Get("Retry-After") != "1" || len(a.body) > 200 {
		t.Errorf("a refused request is told %q, to come after %s", a.body, a.header.Get("Retry-After"))
	}
	s.from = "192.0.2.8:1"
	s.visitor().shows("/", "Number 100")
	s.from = "192.0.2.7:1"
	s.clock.pass(time.Second)
	flood.shows("/", "Number 100")
}

func TestAddressesOfAFlood(t *testing.T) {
	s := newSite(t, nil, func(o *web.Options) { o.Public = true })
	for name, c := range map[string]struct {
		from   string
		header func(i int) string
		served int
	}{
		"one network of IPv6":            {"", nil, 120},
		"forged names of clients":        {"192.0.2.9:1", func(i int) string { return fmt.Sprintf("198.51.100.%d", i) }, 120},
		"clients of a proxy of our own":  {"127.0.0.1:1", func(i int) string { return fmt.Sprintf("6.6.6.6, 198.51.%d.%d", i/250, i%250) }, 300},
		"one client that forges the way": {"10.0.0.1:1", func(i int) string { return fmt.Sprintf("6.6.%d.%d, 198.51.100.255", i/250, i%250) }, 120},
		"a proxy that names nonsense":    {"10.0.0.2:1", func(int) string { return "nonsense" }, 120},
	} {
		served := 0
		for i := range 300 {
			b := s.visitor()
			if s.from = c.from; c.from == "" {
				s.from = fmt.Sprintf("[2001:db8::%x]:1", i)
			}
			if c.header != nil {
				b.header.Set("X-Forwarded-For", c.header(i))
			}
			if b.get("/").status != 429 {
				served++
			}
		}
		if served != c.served {
			t.Errorf("of 300 requests from %s %d are served, want %d", name, served, c.served)
		}
	}
}

// TestSlowClientsKeepNobodyWaiting has connections that never finish a request, on
// the server that the program runs.
func TestSlowClientsKeepNobodyWaiting(t *testing.T) {
	s := newSite(t, month(), func(o *web.Options) { o.Now = time.Now })
	ctx, stop := context.WithCancel(t.Context())
	addr, wait, err := telemetry.Serve(ctx, "127.0.0.1:0", s.handler, time.Second, discard())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		stop()
		if err := wait(); err != nil {
			t.Error(err)
		}
	}()
	for i := range 100 {
		c, err := net.Dial("tcp", addr.String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		begin := "GET / HTTP/1.1\r\nHost: loc"
		if i%2 == 0 {
			begin = "POST /signin/x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nx"
		}
		if _, err := io.WriteString(c, begin); err != nil {
			t.Fatal(err)
		}
	}
	r, err := http.Get("http://" + addr.String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err := io.ReadAll(r.Body); r.StatusCode != 200 || err != nil || !strings.Contains(string(body), "Number 1") {
		t.Errorf("besides slow clients a page answers %d, %v", r.StatusCode, err)
	}
}

func TestFilesAreKeptByBrowsers(t *testing.T) {
	s := newSite(t, month())
	b := s.visitor()
	_, rest, _ := strings.Cut(b.get("/").body, `href="/static/page.css`)
	query, _, _ := strings.Cut(rest, `"`)
	a := b.get("/static/page.css" + query)
	if a.status != 200 || !strings.Contains(a.header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(a.header.Get("Content-Type"), "text/css") {
		t.Errorf("the style answers %d with %v", a.status, a.header)
	}
	b.header.Set("If-None-Match", a.header.Get("ETag"))
	if again := b.get("/static/page.css"); again.status != http.StatusNotModified || again.body != "" {
		t.Errorf("asked again, the style answers %d with %d bytes", again.status, len(again.body))
	}
	for _, file := range []string{"page.js", "icon.svg"} {
		if a := b.get("/static/" + file); a.status != 200 && a.status != 304 {
			t.Errorf("%s answers %d", file, a.status)
		}
	}
}

func TestPagesStayBelow60KB(t *testing.T) {
	var papers []paper.Paper
	for i := range 20 {
		p := listed(i+1, friday, 50-i)
		p.Title += " " + strings.Repeat("and a Long Title ", 8)
		p.Abstract = strings.Repeat("An abstract that is as long as they get. ", 60)
		for n := range 60 {
			p.Authors = append(p.Authors, fmt.Sprintf("Some Author-Name %d", n))
		}
		for n := range 20 {
			p.Keywords = append(p.Keywords, fmt.Sprintf("some long keyword %d", n))
		}
		papers = append(papers, p)
	}
	s := newSite(t, papers)
	for _, b := range []*browser{s.visitor(), s.member(ada)} {
		for _, path := range []string{"/", "/month/2026-02", "/search?q=long+title", "/paper/arxiv:2602.00001"} {
			if n := len(b.get(path).body); n > 60_000 || n < 5_000 {
				t.Errorf("%s has %d bytes, want at most 60,000", path, n)
			}
		}
	}
}

func TestAFaultTellsNothing(t *testing.T) {
	s := newSite(t, month(), func(o *web.Options) {
		o.Export = func(context.Context, chat.Person) (any, error) { return nil, fmt.Errorf("secret: %s", "hunter2") }
	})
	b := s.member(ada)
	a := b.get("/me/export")
	if a.status != http.StatusInternalServerError {
		t.Errorf("a fault answers %d", a.status)
	}
	lacks(t, "the page", a.body, "hunter2", "secret:")
	_, ref, _ := strings.Cut(a.body, "the reference ")
	if !strings.Contains(s.logs.String(), "ref="+ref[:6]) || !strings.Contains(s.logs.String(), "hunter2") {
		t.Errorf("the reference %.6q does not lead to the cause in the log:\n%s", ref, s.logs)
	}
}

func TestWhatStandsBesideThePageIsPacedAlike(t *testing.T) {
	s := newSite(t, nil)
	beside := s.web.Paced(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }))
	counts := map[int]int{}
	for range 200 {
		r, w := httptest.NewRequest("GET", "/api/papers", nil), httptest.NewRecorder()
		beside.ServeHTTP(w, r)
		counts[w.Code]++
	}
	if counts[http.StatusTeapot] != 120 || counts[http.StatusTooManyRequests] != 80 {
		t.Errorf("two hundred requests at once got %v, want 120 served", counts)
	}
}
