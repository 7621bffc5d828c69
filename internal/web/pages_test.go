package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/team"
	"paperboy/internal/web"
)

// titles are the numbers of the papers on a page, in order.
func titles(body string) string {
	var all []string
	for _, part := range strings.Split(body, `<article class="card"`)[1:] {
		_, rest, _ := strings.Cut(part, "Number ")
		n, _, _ := strings.Cut(rest, "<")
		all = append(all, n)
	}
	return strings.Join(all, " ")
}

func TestCardsTellAllOfAPaper(t *testing.T) {
	s := newSite(t, month())
	body := s.visitor().shows("/", "Friday, 27 February 2026", "1 to 12 of 20", `href="/paper/arxiv:2602.00100"`,
		"3 authors", "Ada Lovelace, Grace Hopper, Author", "25 Feb 2026", "cs.LG", "Example Lab", "We study how experts are chosen.", "<summary>Abstract</summary>",
		"▲ 60 on The Daily", `<a href="https://daily.example/arxiv:2602.00101" rel="noreferrer">1 comment</a>`, "Code ★ 1,000", "https://github.com/example/audio",
		"mixture of experts", "upvote Audio With Experts, Number 100", "arxiv.org")
	if got := titles(body); !strings.HasPrefix(got, "100 101 102 ") {
		t.Errorf("the papers are %s, want the most voted first", got)
	}
	lacks(t, "the page of a visitor", body, `name="do"`)
}

func TestPeriodsAndTheWaysBetween(t *testing.T) {
	s := newSite(t, append(month(), listed(500, date.New(2025, 12, 31), 7)))
	for path, want := range map[string][]string{
		"/date/2026-02-26": {"Thursday, 26 February 2026", `href="/date/2026-02-25"`, `href="/date/2026-02-27"`, `href="/week/2026-W09"`, `href="/month/2026-02"`},
		"/week/2026-W09":   {"Week 9, 23 February to 1 March 2026", `href="/week/2026-W08"`, "1 to 12 of 32", `href="/week/2026-W09?page=2"`},
		"/month/2026-02":   {"February 2026", `href="/month/2025-12"`, "1 to 12 of 98"},
		"/week/2026-W01":   {"Week 1, 29 December to 4 January 2026", "Number 500"},
		"/date/2026-02-01": {`href="/date/2025-12-31"`},
		"/date/2026-06-01": {"Nothing is listed here.", `The last papers before are of <a href="/date/2026-02-27">`},
		"/date/2024-02-29": {"Nothing is listed here.", `The next are of <a href="/date/2025-12-31">`},
	} {
		s.visitor().shows(path, want...)
	}
	for _, path := range []string{"/date/2026-02-30", "/date/today", "/date/0000-01-01", "/date/9999-01-01", "/week/2026-W54", "/week/2026-W00", "/week/2026-9", "/week/-W09", "/month/2026-13", "/month/2026-2", "/month/x"} {
		if a := s.visitor().get(path); a.status != http.StatusNotFound {
			t.Errorf("%s answers %d, want 404", path, a.status)
		}
	}
	if a := s.visitor().get("/date?day=2026-02-26"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/date/2026-02-26" {
		t.Errorf("the field for a day leads to %d %s", a.status, a.header.Get("Location"))
	}
}

func TestWeeksOfEveryYear(t *testing.T) {
	s := newSite(t, nil)
	for y := 2015; y < 2035; y++ {
		for _, d := range []date.Date{date.New(y, 1, 1), date.New(y, 1, 4), date.New(y, 12, 28), date.New(y, 12, 31)} {
			iso, week := d.Start(time.UTC).ISOWeek()
			if a := s.visitor().get(fmt.Sprintf("/week/%04d-W%02d", iso, week)); a.status != http.StatusOK {
				t.Errorf("the week of %s answers %d", d, a.status)
			}
		}
	}
}

func TestOrders(t *testing.T) {
	older := listed(1, friday, 50)
	older.Published = friday.AddDays(-20).Start(time.UTC)
	s := newSite(t, []paper.Paper{older, listed(2, friday, 49), listed(3, friday, 5)})
	for _, who := range []chat.Person{ada, bob} {
		s.member(who).press("/paper/arxiv:2602.00002", "do", "vote")
	}
	s.member(cyd).press("/paper/arxiv:2602.00003", "do", "vote")
	for query, want := range map[string]string{"": "2 1 3", "?sort=source": "1 2 3", "?sort=team": "2 3 1", "?sort=new": "3 2 1", "?sort=nonsense": "2 1 3"} {
		if got := titles(s.visitor().get("/date/2026-02-27" + query).body); got != want {
			t.Errorf("%q orders %s, want %s", query, got, want)
		}
	}
}

func TestPagesOfAListHaveEachPaperOnce(t *testing.T) {
	s := newSite(t, month())
	seen := map[string]bool{}
	for n := 1; n <= 9; n++ {
		for _, id := range strings.Fields(titles(s.visitor().get(fmt.Sprintf("/month/2026-02?page=%d", n)).body)) {
			if seen[id] {
				t.Errorf("paper %s stands twice", id)
			}
			seen[id] = true
		}
	}
	if len(seen) != 98 {
		t.Errorf("%d papers on all pages, want 98", len(seen))
	}
	for _, page := range []string{"0", "-1", "x", "99999999999999999999"} {
		s.visitor().shows("/month/2026-02?page="+page, "1 to 12 of 98")
	}
	s.visitor().shows("/month/2026-02?page=1000", `href="/month/2026-02?page=9"`)
}

func TestADayWithoutPapersLeadsToTheLatest(t *testing.T) {
	s := newSite(t, month())
	s.clock.pass(30 * 24 * time.Hour)
	s.visitor().shows("/", "Nothing is listed for today, 29 March, yet. These are the latest papers.", "Friday, 27 February 2026")
}

func TestAFewLatestPapersAreShownWithTheirMonth(t *testing.T) {
	s := newSite(t, []paper.Paper{listed(1, friday.AddDays(-3), 4), listed(2, friday.AddDays(-1), 3)})
	s.visitor().shows("/", "February 2026", "Number 1", "Number 2")
}

func TestAnEmptyFeedSaysWhatToDo(t *testing.T) {
	s := newSite(t, nil)
	s.visitor().shows("/", "No papers yet", "/papers add")
	s.visitor().shows("/topics", "No papers yet")
	s.visitor().shows("/search", "What can be asked")
	s.member(ada).shows("/saved", "Your list is empty.")
}

func TestSearchIsThatOfTheChat(t *testing.T) {
	s := newSite(t, month())
	body := s.visitor().shows("/search?q=diffusion+experts", "papers for “diffusion experts”", "<mark>Diffusion</mark> With <mark>Experts</mark>", "Matches <mark>diffusion, experts</mark>", `value="diffusion experts"`)
	part := s.visitor().shows("/search?q=diffusion+experts&part=results", "<mark>Diffusion</mark>")
	if titles(part) != titles(body) || titles(body) == "" {
		t.Errorf("at every key there is %q, on the page %q", titles(part), titles(body))
	}
	lacks(t, "what is shown at every key", part, "<html", "part=results")
	s.visitor().shows("/search?q=votes%3A85", "Diffusion With Experts, Number 1<", "6 papers for")
	s.visitor().shows("/search?q=experts&page=2", "13 to 24 of", `rel="prev"`)
	s.visitor().shows("/search?q=diffusi", "No paper matches “diffusi”.", "Papers with words that begin so", "Diffusion With Experts")
	s.visitor().shows("/search?q=zebra", "No paper matches “zebra”.", "What can be asked")
	s.visitor().shows("/search?q=author%3A", "What can be asked")
	if a := s.visitor().get("/search?q=https://arxiv.org/abs/2602.00100v2"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/paper/arxiv:2602.00100" {
		t.Errorf("a link leads to %d %s, want its paper", a.status, a.header.Get("Location"))
	}
	s.visitor().shows("/search?q=2401.99999", "This paper is not in the feed.", `<a href="/signin">Sign in</a> to put it into the feed`)
	s.member(ada).shows("/search?q=2401.99999", "Put it into the feed")
}

func TestAPaperHasAPageOfItsOwn(t *testing.T) {
	p := listed(1, friday, 50)
	p.Version, p.Updated, p.DOI, p.Venue, p.Comment = 3, friday.Start(time.UTC), "10.1145/1", "Proceedings of Things", "12 pages"
	p.Project, p.Summary = "https://example.org/project", "Experts, in short."
	p.Sightings = append(p.Sightings, paper.Sighting{Source: "arxiv", Kind: paper.Cross, Day: friday.AddDays(-1)})
	s := newSite(t, append(month()[3:], p))
	s.member(bob).press("/paper/arxiv:2602.00001", "do", "vote")
	s.clock.pass(3 * 24 * time.Hour)
	body := s.visitor().shows("/paper/arxiv:2602.00001", "Diffusion With Experts, Number 1", "Experts, in short.", "A mixture of experts sends each token",
		`href="https://arxiv.org/abs/2602.00001v1"`, `href="https://arxiv.org/abs/2602.00001v3"`, "https://arxiv.org/pdf/2602.00001", "https://doi.org/10.1145/1",
		"https://example.org/project", "Version 3 of 27 February 2026", "Proceedings of Things", "12 pages", "arXiv, cross-listed", "26 February 2026",
		"1 vote here, the first on 27 February 2026.", "<svg viewBox", "Similar papers", "Both have", "@misc{lovelace2026", "?cite=ris")
	lacks(t, "the page of a visitor", body, "Bob")
	s.member(ada).shows("/paper/arxiv:2602.00001", "By Bob &lt;b&gt;.")

	a := s.visitor().get("/paper/arxiv:2602.00001?cite=bibtex")
	contains(t, "BibTeX", a.body, "@misc{lovelace2026", "eprint = {2602.00001}")
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="arxiv-2602.00001.bib"` {
		t.Errorf("BibTeX is kept as %s", got)
	}
	contains(t, "RIS", s.visitor().get("/paper/arxiv:2602.00001?cite=ris").body, "TY  - ", "AU  - Lovelace, Ada")
	if a := s.visitor().get("/paper/arxiv:2602.00001?cite=word"); a.status != http.StatusBadRequest {
		t.Errorf("an unknown style of citation answers %d", a.status)
	}
}

func TestNamesOfPapersInAddresses(t *testing.T) {
	ids := []paper.ID{"doi:10.1145/3292500.3330701", "doi:10.1000/a//b/../c", "doi:10.1002/(sici)1097<1::aid-x>3.0.co;2-#?%", "acl:2022.coling-1.36", "doi:10.1/x/", "url:0123456789abcdef01234567"}
	var papers []paper.Paper
	for i, id := range ids {
		p := listed(i+1, friday, 50-i)
		p.ID, p.Title, p.Link = id, fmt.Sprint("Title of ", i), "https://example.org/"
		papers = append(papers, p)
	}
	s := newSite(t, papers)
	rest := s.visitor().shows("/date/2026-02-27")
	for i := range ids {
		var path string
		_, rest, _ = strings.Cut(rest, "<h2><a href=\"")
		path, rest, _ = strings.Cut(rest, `"`)
		s.visitor().shows(strings.ReplaceAll(path, "&amp;", "&"), fmt.Sprint("<h1>Title of ", i))
	}
	for path, want := range map[string]int{"/paper/arxiv:2602.99999": 404, "/paper/": 404, "/paper/nonsense": 404, "/paper/%00": 404, "/paper/arxiv:%ff": 404, "/date/%ff": 404, "/paper/" + strings.Repeat("x", 5000): 404} {
		if a := s.visitor().get(path); a.status != want {
			t.Errorf("%.50s answers %d, want %d", path, a.status, want)
		}
	}
	if a := s.visitor().get("/paper/10.1145/3292500.3330701"); a.status != http.StatusMovedPermanently || a.header.Get("Location") != "/paper/doi:10.1145/3292500.3330701" {
		t.Errorf("another spelling leads to %d %s", a.status, a.header.Get("Location"))
	}
}

func TestVotesAndListsFromThePage(t *testing.T) {
	s := newSite(t, month())
	b := s.member(ada)
	a := b.press("/paper/arxiv:2602.00100", "do", "vote", "back", "/month/2026-02?sort=new")
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/month/2026-02?sort=new#p-arxiv:2602.00100" {
		t.Errorf("voting leads to %d %s", a.status, a.header.Get("Location"))
	}
	b.press("/paper/arxiv:2602.00100", "do", "save")
	b.shows("/", `value="unvote" aria-pressed="true"><span aria-hidden="true">▲</span><b>61</b>`, `value="unsave"`, "1 vote</span>")
	s.member(bob).shows("/", `value="vote" aria-pressed="false"><span aria-hidden="true">▲</span><b>61</b>`)
	b.shows("/saved", "1 paper, the latest first", "Number 100")
	b.press("/paper/arxiv:2602.00100", "do", "unsave")
	b.shows("/saved", "Your list is empty.")

	b.header.Set("X-Part", "1")
	a = b.press("/paper/arxiv:2602.00100", "do", "unvote")
	if contains(t, "the answer to a script", a.body, `value="vote" aria-pressed="false"`, "<b>60</b>"); strings.Contains(a.body, "<html") {
		t.Errorf("a script gets a whole page")
	}
	b.header.Del("X-Part")
	for do, want := range map[string]int{"": 400, "nonsense": 400} {
		if a := b.press("/paper/arxiv:2602.00100", "do", do); a.status != want {
			t.Errorf("doing %q answers %d, want %d", do, a.status, want)
		}
	}
	if a := b.press("/paper/arxiv:2602.99999", "do", "vote"); a.status != 404 {
		t.Errorf("a vote for nothing answers %d", a.status)
	}
}

func TestAReactionStillCountsAfterTheButtonIsTakenBack(t *testing.T) {
	s := newSite(t, month())
	b := s.member(ada)
	m := team.Mark{Team: team.Everyone, Paper: "arxiv:2602.00100", By: ada, Kind: team.Up, On: chat.Post{Place: square, ID: "9"}, Sign: "+1", At: noon}
	if _, err := s.store.Mark(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	b.shows("/", `value="unvote" aria-pressed="true"`)
	if a := b.press("/paper/arxiv:2602.00100", "do", "unvote"); a.status != http.StatusConflict || !strings.Contains(a.body, "take it off there") {
		t.Errorf("taking it back answers %d\n%s", a.status, a.body)
	}
}

func TestTopicsAreThoseOfTheLastMonth(t *testing.T) {
	s := newSite(t, month())
	s.follow(square, ada, "mixture of experts", "*")
	s.follow(alley, ada, "secret project")
	body := s.visitor().shows("/topics", "29 January 2026 to 27 February 2026", `href="/search?q=%22mixture&#43;of&#43;experts%22"`, "98 papers", "cs.LG")
	lacks(t, "topics for a visitor", body, "secret", "Followed by")
	contains(t, "topics for ada", s.member(ada).get("/topics").body, "secret project", "#alley", "everything", "#square")
	lacks(t, "topics for bob", s.member(bob).get("/topics").body, "secret", "#alley")
	lacks(t, "topics for cyd", s.member(cyd).get("/topics").body, "secret", "#alley", "#square")
}

// follow has a channel follow topics since long ago.
func (s *site) follow(in chat.Place, by chat.Person, topics ...string) team.Channel {
	s.Helper()
	c, err := s.store.ChangeChannel(s.Context(), in, by, noon, func(c *team.Channel) error {
		c.Prefs = team.Default()
		c.By = by
		for _, q := range topics {
			c.Prefs.Topics = append(c.Prefs.Topics, team.Topic{Query: q, By: by, Since: friday.AddDays(-60)})
		}
		c.Next = c.Upcoming(noon, time.UTC)
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	return c
}

func TestWhoSharedAPaperIsForThoseWhoCanReadItInTheChat(t *testing.T) {
	s := newSite(t, month(), func(o *web.Options) { o.Public = true })
	for i, in := range []chat.Place{square, alley, chat.Direct(ada)} {
		share := team.Share{Team: team.Everyone, Paper: "arxiv:2602.00100", By: ada, Post: chat.Post{Place: in, ID: fmt.Sprint("m", i)}, At: noon}
		if err := s.store.Share(t.Context(), share); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range []string{"/", "/paper/arxiv:2602.00100"} {
		contains(t, "ada's "+path, s.member(ada).get(path).body, "Shared by <b>Ada</b>", `<a href="https://town.example/C1/m0" rel="noreferrer">#square</a>`, "#alley", "you alone")
		body := s.member(bob).get(path).body
		contains(t, "bob's "+path, body, "#square", "and 2 more times")
		lacks(t, "bob's "+path, body, "alley", "you alone", "C2")
		for _, b := range []*browser{s.member(cyd), s.visitor()} {
			contains(t, path, b.get(path).body, "Shared here 3 times")
			lacks(t, path, b.get(path).body, "Ada</b>", "#square", "#alley", "town.example")
		}
	}
}

func TestWhyAPaperWasPicked(t *testing.T) {
	s := newSite(t, month())
	for _, c := range []team.Channel{s.follow(square, ada, "experts"), s.follow(alley, ada, "secret experts")} {
		slot := team.Slot{Day: friday, At: noon}
		p := store.Plan{
			Channel: c, Team: team.Everyone, Slot: slot, Next: slot, At: noon, Expires: noon.Add(team.Limit),
			Picks:    []store.Pick{{Paper: "arxiv:2602.00100", Why: "matches " + c.Prefs.Topics[0].Query}},
			Messages: []chat.Message{{Key: "daily/" + c.ID + "/0", Cards: []chat.Card{{Paper: "arxiv:2602.00100"}}}},
		}
		if out, err := s.store.Plan(t.Context(), []store.Plan{p}); err != nil || !out[0].Planned {
			t.Fatalf("%+v, %v", out, err)
		}
		taken, err := s.store.Claim(t.Context(), "town", noon, noon.Add(time.Minute), 1)
		if err != nil || len(taken) != 1 {
			t.Fatalf("%+v, %v", taken, err)
		}
		if err := s.store.Sent(t.Context(), taken[0], chat.Post{Place: c.Place, ID: "post"}, noon, noon); err != nil {
			t.Fatal(err)
		}
	}
	contains(t, "bob's list", s.member(bob).get("/").body, "Picked for <b>#square</b> on 27 February 2026: matches experts")
	contains(t, "bob's paper", s.member(bob).get("/paper/arxiv:2602.00100").body, `Picked for <a href="https://town.example/C1/post" rel="noreferrer">#square</a>`)
	contains(t, "ada's paper", s.member(ada).get("/paper/arxiv:2602.00100").body, "https://town.example/C2/post", "matches secret experts")
	for _, b := range []*browser{s.member(bob), s.member(cyd), s.visitor()} {
		for _, path := range []string{"/", "/paper/arxiv:2602.00100"} {
			lacks(t, path, b.get(path).body, "secret", "#alley", "/C2/")
		}
	}
	lacks(t, "a visitor's page", s.visitor().get("/").body, "Picked for")
}
