package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"paperboy/internal/api"
	"paperboy/internal/card"
	"paperboy/internal/chat"
	"paperboy/internal/date"
	"paperboy/internal/library"
	"paperboy/internal/paper"
	"paperboy/internal/store"
	"paperboy/internal/store/storetest"
	"paperboy/internal/team"
)

var (
	now   = time.Date(2026, 2, 27, 15, 0, 0, 0, time.UTC) // a Friday
	today = date.Of(now)
	ada   = chat.Person{Platform: "test", Space: "T1", ID: "u-ada"}
	place = chat.Place{Platform: "test", Space: "T1", Channel: "C1"}
)

// scene is a server over a real store.
type scene struct {
	testing.TB
	*api.API
	store   *store.Store
	library *library.Library
	handler http.Handler
	logs    bytes.Buffer
	now     time.Time
}

func newScene(t testing.TB, public bool, papers ...paper.Paper) *scene {
	t.Helper()
	s := &scene{TB: t, store: storetest.Open(t), now: now}
	log := slog.New(slog.NewTextHandler(&s.logs, nil))
	l, err := library.Open(t.Context(), s.store, "", log)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.store.SavePapers(t.Context(), papers); err != nil {
		t.Fatal(err)
	}
	s.library = l
	s.API = api.New(s.store, l, log, api.Options{
		Base: "https://papers.example.org/", Public: public, Zone: time.UTC, Labels: card.Labels{"daily": "The Daily"}, Now: func() time.Time { return s.now },
		MayRead: func(r *http.Request) bool { return r.Header.Get("Cookie") == "signed-in" },
	})
	s.handler = s.Handler()
	return s
}

// get asks for an address, whose scheme and host are left out, with headers
// "Name: value".
func (s *scene) get(address string, headers ...string) *http.Response {
	return s.ask(http.MethodGet, address, headers...)
}

func (s *scene) ask(method, address string, headers ...string) *http.Response {
	s.Helper()
	r := httptest.NewRequestWithContext(s.Context(), method, strings.TrimPrefix(address, "https://papers.example.org"), nil)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Result()
}

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// read decodes JSON.
func read[T any](t testing.TB, r *http.Response) (v T) {
	t.Helper()
	b := body(t, r)
	if err := json.Unmarshal([]byte(b), &v); err != nil {
		t.Fatalf("%d is not the JSON that is expected: %v\n%s", r.StatusCode, err, b)
	}
	return v
}

// on is a paper that the daily source listed on a day.
func on(day date.Date, n, votes int, title string) paper.Paper {
	return paper.Paper{
		ID: paper.ID(fmt.Sprintf("arxiv:2602.%05d", n)), Title: title, AuthorCount: 6, Authors: []string{"Ada Lovelace"}, Categories: []string{"cs.LG"},
		Published: day.AddDays(-1).Start(time.UTC), Abstract: "We study " + title + ".\n\nIt works.",
		Sightings: []paper.Sighting{{Source: "daily", Day: day, Votes: votes, Comments: 1, By: "u-submitter"}},
	}
}

func week() []paper.Paper {
	return []paper.Paper{
		on(today, 1, 5, "Sparse Experts Routed"),
		on(today, 2, 162, "A Survey of Diffusion"),
		on(today.AddDays(-1), 3, 7, "Yesterday's Experts"),
		on(today.AddDays(-6), 4, 9, "Six Days Old"),
		{ID: "doi:10.1038/s42256-020-0208-z", Title: "Slashes in <i>an</i> id", Link: "https://example.org/", Sightings: []paper.Sighting{{Source: "arxiv", Kind: paper.New, Day: today.AddDays(-20)}}},
	}
}

func (s *scene) vote(by chat.Person, id paper.ID) {
	s.Helper()
	if _, err := s.store.Mark(s.Context(), team.ByHand(team.Everyone, id, by, team.Up, now)); err != nil {
		s.Fatal(err)
	}
}

func (s *scene) make(f team.Feed) (team.Address, team.Links) {
	s.Helper()
	a, links, err := s.Make(s.Context(), ada, team.Everyone, f, now)
	if err != nil {
		s.Fatal(err)
	}
	return a, links
}

// titles are those of a feed.
func (s *scene) titles(address string) (titles []string) {
	s.Helper()
	r := s.get(address)
	text := body(s, r)
	if r.StatusCode != http.StatusOK {
		s.Fatalf("%s answers %d: %s", address, r.StatusCode, text)
	}
	f, err := gofeed.NewParser().ParseString(text)
	if err != nil {
		s.Fatalf("%s: %v\n%s", address, err, text)
	}
	for _, i := range f.Items {
		titles = append(titles, i.Title)
	}
	return titles
}

func TestFeedsHaveWhatTheirAddressSays(t *testing.T) {
	s := newScene(t, true, week()...)
	s.vote(ada, "arxiv:2602.00004")
	for address, want := range map[string][]string{
		"/feeds/today":                              {"A Survey of Diffusion", "Sparse Experts Routed"},
		"/feeds/topic.?q=experts":                   {"Sparse Experts Routed", "Yesterday's Experts"},
		"/feeds/search.?q=experts+sort:votes":       {"Yesterday's Experts", "Sparse Experts Routed"},
		"/feeds/topic.?q=experts+sort:votes":        {"Sparse Experts Routed", "Yesterday's Experts"},
		"/feeds/top.?period=all":                    {"Six Days Old"},
		"/feeds/top":                                {"Six Days Old"},
		"/feeds/topic.?q=nothingwhatsoever+matches": nil,
	} {
		for _, ending := range []string{".rss", ".atom", ".json"} {
			full := address + ending
			if strings.Contains(address, ".?") {
				full = strings.Replace(address, ".?", ending+"?", 1)
			}
			if got := s.titles(full); !slices.Equal(got, want) {
				t.Errorf("%s has %q, want %q", full, got, want)
			}
		}
	}
}

func TestADayWithoutPapersHasThoseOfTheLast(t *testing.T) {
	s := newScene(t, true, on(today.AddDays(-3), 1, 5, "Before the Weekend"))
	if got := s.titles("/feeds/today.rss"); !slices.Equal(got, []string{"Before the Weekend"}) {
		t.Errorf("the feed has %q", got)
	}
	if got := newScene(t, true).titles("/feeds/today.atom"); got != nil {
		t.Errorf("the feed of an empty database has %q", got)
	}
}

func TestAnUnchangedFeedIsNotSentAgain(t *testing.T) {
	s := newScene(t, true, week()...)
	first := s.get("/feeds/today.rss")
	tag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
	if tag == "" || modified == "" || first.Header.Get("Cache-Control") != "public, max-age=300" {
		t.Fatalf("headers are %v", first.Header)
	}
	s.now = now.Add(time.Hour)
	for _, ask := range []string{"If-None-Match: " + tag, "If-Modified-Since: " + modified} {
		if r := s.get("/feeds/today.rss", ask); r.StatusCode != http.StatusNotModified || body(t, r) != "" {
			t.Errorf("%s: answered %d", ask, r.StatusCode)
		}
	}
	head := s.ask(http.MethodHead, "/feeds/today.rss")
	if head.StatusCode != http.StatusOK || body(t, head) != "" || head.Header.Get("ETag") != tag || head.ContentLength <= 0 {
		t.Errorf("HEAD answers %d, %v", head.StatusCode, head.Header)
	}
	s.vote(ada, "arxiv:2602.00001")
	for _, ask := range []string{"If-None-Match: " + tag, "If-Modified-Since: " + modified} {
		if r := s.get("/feeds/today.rss", ask); r.StatusCode != http.StatusOK || !strings.Contains(body(t, r), "1 vote here") {
			t.Errorf("%s after a vote: answered %d, want the changed feed", ask, r.StatusCode)
		}
	}
}

func TestTwoVersionsOfOneSecondDiffer(t *testing.T) {
	s := newScene(t, true, week()...)
	var seen []string
	for i := range 3 {
		seen = append(seen, s.get("/feeds/today.rss").Header.Get("Last-Modified"))
		s.vote(chat.Person{Platform: "test", ID: fmt.Sprint(i)}, "arxiv:2602.00001")
	}
	if slices.Sort(seen); len(slices.Compact(seen)) != 3 {
		t.Errorf("three versions are of %q", seen)
	}
}

func TestStrangersReadNothingThatIsNotPublic(t *testing.T) {
	s := newScene(t, false, week()...)
	for _, address := range []string{"/feeds/today.rss", "/feeds/topic.atom?q=experts", "/feeds/top.json", "/api/papers", "/api/papers/arxiv:2602.00001", "/api/search?q=experts"} {
		r := s.get(address)
		if text := body(t, r); r.StatusCode != http.StatusForbidden || strings.Contains(text, "Experts") || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s answers a stranger %d, %v: %s", address, r.StatusCode, r.Header, text)
		}
		if r := s.get(address, "Cookie: signed-in"); r.StatusCode != http.StatusOK || !strings.HasPrefix(r.Header.Get("Cache-Control"), "private") || r.Header.Get("Vary") != "Cookie" {
			t.Errorf("%s answers the team %d, %v", address, r.StatusCode, r.Header)
		}
	}
	if _, ok := s.Public(team.Feed{What: team.Today}); ok {
		t.Error("the feed of the day has a public address where reading is not public")
	}
}

func TestASecretAddressOpensItsFeedUntilItIsRevoked(t *testing.T) {
	s := newScene(t, false, week()...)
	if _, err := s.store.Mark(t.Context(), team.ByHand(team.Everyone, "arxiv:2602.00004", ada, team.Save, now)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		feed team.Feed
		want []string
	}{
		{team.Feed{What: team.Today}, []string{"A Survey of Diffusion", "Sparse Experts Routed"}},
		{team.Feed{What: team.Newest, Query: "experts"}, []string{"Sparse Experts Routed", "Yesterday's Experts"}},
		{team.Feed{What: team.List, Person: ada}, []string{"Six Days Old"}},
	} {
		address, links := s.make(c.feed)
		for _, link := range []string{links.RSS, links.Atom, links.JSON} {
			if got := s.titles(link); !slices.Equal(got, c.want) {
				t.Errorf("%s of %v has %q, want %q", link, c.feed, got, c.want)
			}
		}
		if n, err := s.Revoke(t.Context(), chat.Person{Platform: "test", Space: "T1", ID: "bob"}, address.ID); n != 0 || err != nil {
			t.Errorf("somebody else revoked %d addresses, %v", n, err)
		}
		if n, err := s.Revoke(t.Context(), ada, address.ID); n != 1 || err != nil {
			t.Errorf("revoked %d, %v", n, err)
		}
		unknown := s.get("/feeds/private/" + strings.Repeat("a", 26) + ".rss")
		revoked := s.get(links.RSS)
		if a, b := body(t, unknown), body(t, revoked); unknown.StatusCode != http.StatusNotFound || revoked.StatusCode != http.StatusNotFound || a != b {
			t.Errorf("a revoked address answers %d %s, an unknown one %d %s", revoked.StatusCode, b, unknown.StatusCode, a)
		}
	}
}

func TestSecretsAreNowhereButInTheirAddress(t *testing.T) {
	s := newScene(t, false, week()...)
	_, links := s.make(team.Feed{What: team.Today})
	export, _, err := s.Export(t.Context(), ada, now)
	if err != nil {
		t.Fatal(err)
	}
	secret := strings.TrimSuffix(strings.TrimPrefix(links.RSS, "https://papers.example.org/feeds/private/"), ".rss")
	if len(secret) < 26 {
		t.Fatalf("the secret has only %d characters", len(secret))
	}
	if text := body(t, s.get(export)); strings.Contains(text, secret) || !strings.Contains(text, "feed address") {
		t.Errorf("the export is %s", text)
	}
	if r := s.get(links.RSS); r.Header.Get("Referrer-Policy") != "no-referrer" || r.Header.Get("X-Robots-Tag") != "noindex" || !strings.HasPrefix(r.Header.Get("Cache-Control"), "private") {
		t.Errorf("headers are %v", r.Header)
	}
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{links.RSS, export, "/feeds/today.rss"} {
		r := s.get(address, "Cookie: signed-in")
		text := body(t, r)
		if r.StatusCode != http.StatusInternalServerError || strings.Contains(text, "sql") {
			t.Errorf("with a closed database %d: %s", r.StatusCode, text)
		}
		_, rest, _ := strings.Cut(text, "reference ")
		if ref := rest[:6]; !strings.Contains(s.logs.String(), ref) {
			t.Errorf("the reference %q is not in the log", ref)
		}
	}
	if logs := s.logs.String(); strings.Contains(logs, secret) || strings.Contains(logs, export[len(export)-10:]) || !strings.Contains(logs, "GET /feeds/private/{file}") {
		t.Errorf("the log is %s", logs)
	}
	s.store = storetest.Open(t) // for the cleanup, which closes a store once more
}

func TestAddressesAreLimited(t *testing.T) {
	s := newScene(t, false)
	for range store.FeedsEach {
		s.make(team.Feed{What: team.Today})
		s.make(team.Feed{What: team.Picked, Place: place})
	}
	for _, f := range []team.Feed{{What: team.Today}, {What: team.Picked, Place: place}} {
		if _, _, err := s.Make(t.Context(), ada, team.Everyone, f, now); err != api.ErrTooMany {
			t.Errorf("one more of %v: %v", f, err)
		}
	}
	if _, _, err := s.Export(t.Context(), ada, now); err != nil {
		t.Errorf("no export for who has many feeds: %v", err)
	}
	if n, err := s.Revoke(t.Context(), ada, ""); n != store.FeedsEach+1 || err != nil {
		t.Errorf("revoked %d, %v", n, err)
	}
	if all, err := s.ChannelAddresses(t.Context(), place); len(all) != store.FeedsEach || err != nil {
		t.Errorf("the channel has %d addresses left, %v", len(all), err)
	}
}

func TestAChannelsPicksAreReadBelowItsSecretAlone(t *testing.T) {
	s := newScene(t, true, week()...)
	c, err := s.store.ChangeChannel(t.Context(), place, ada, now, func(c *team.Channel) error {
		c.Prefs.Topics = []team.Topic{{Query: "experts", By: ada, Since: today}}
		c.Next = team.Slot{Day: today, At: now}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.store.Plan(t.Context(), []store.Plan{{Channel: c, Slot: c.Next, At: now, Picks: []store.Pick{
		{Paper: "arxiv:2602.00001", Why: "matches “experts”"}, {Paper: "arxiv:2602.00003", Why: "was upvoted"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Public(team.Feed{What: team.Picked, Place: place}); ok {
		t.Error("a channel's picks have a public address")
	}
	_, links := s.make(team.Feed{What: team.Picked, Place: place})
	if got := s.titles(links.Atom); !slices.Equal(got, []string{"Sparse Experts Routed", "Yesterday's Experts"}) {
		t.Errorf("the picks are %q", got)
	}
	text := body(t, s.get(links.Atom))
	for _, want := range []string{"Picked: matches “experts”.", "<title>Daily picks: experts</title>"} {
		if !strings.Contains(text, want) {
			t.Errorf("the feed lacks %q", want)
		}
	}
	if strings.Contains(text, place.Channel) || strings.Contains(text, ada.ID) {
		t.Errorf("the feed names the channel or a person:\n%s", text)
	}
	for _, wrong := range []string{strings.Replace(links.RSS, "/channel/", "/private/", 1), "/feeds/channel.rss", strings.TrimSuffix(links.RSS, ".rss"), links.RSS + "x"} {
		if r := s.get(wrong); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s answers %d", wrong, r.StatusCode)
		}
	}
}

func TestAnExportEndsAfterTenMinutes(t *testing.T) {
	s := newScene(t, false, week()...)
	s.vote(ada, "arxiv:2602.00001")
	link, until, err := s.Export(t.Context(), ada, now)
	if err != nil || until != now.Add(10*time.Minute) {
		t.Fatal(until, err)
	}
	s.now = until.Add(-time.Second)
	r := s.get(link)
	got := read[store.Personal](t, r)
	if r.Header.Get("Cache-Control") != "no-store" || !strings.Contains(r.Header.Get("Content-Disposition"), "attachment") || got.Person != ada || got.Kept[0].What != "vote" {
		t.Errorf("the export is %+v, headers %v", got, r.Header)
	}
	s.now = until
	if r := s.get(link); r.StatusCode != http.StatusNotFound {
		t.Errorf("after ten minutes the link answers %d", r.StatusCode)
	}
	if r := s.get(strings.Replace(link, "/api/export/", "/feeds/private/", 1) + ".rss"); r.StatusCode != http.StatusNotFound {
		t.Errorf("as a feed it answers %d", r.StatusCode)
	}
}

type papersPage struct {
	Since, Before date.Date
	Total         int
	Papers        []struct {
		ID    paper.ID
		Votes struct{ Source, Team int }
	}
	Next string
}

func (p papersPage) ids() (ids []string) {
	for _, o := range p.Papers {
		ids = append(ids, strings.TrimPrefix(string(o.ID), "arxiv:2602.0000"))
	}
	return ids
}

func TestListsAreOfTheDaysThatAreAskedFor(t *testing.T) {
	s := newScene(t, true, week()...)
	s.vote(ada, "arxiv:2602.00004")
	for query, want := range map[string][]string{
		"":                                    {"2", "1"},
		"?date=2026-02-26":                    {"3"},
		"?date=2026-02-25":                    nil,
		"?week=2026-W09":                      {"2", "3", "1"},
		"?month=2026-02":                      {"2", "4", "3", "1", "doi:10.1038/s42256-020-0208-z"},
		"?month=2026-02&sort=new":             {"2", "1", "3", "4", "doi:10.1038/s42256-020-0208-z"},
		"?month=2026-02&sort=team":            {"4", "2", "1", "3", "doi:10.1038/s42256-020-0208-z"},
		"?since=2026-02-26&before=2026-02-27": {"3"},
		"?since=2026-02-01&before=2026-03-01&sort=votes": {"2", "4", "3", "1", "doi:10.1038/s42256-020-0208-z"},
	} {
		got := read[papersPage](t, s.get("/api/papers"+query))
		if !slices.Equal(got.ids(), want) || got.Total != len(want) || got.Next != "" {
			t.Errorf("/api/papers%s has %q of %d, want %q", query, got.ids(), got.Total, want)
		}
	}
	if got := read[papersPage](t, s.get("/api/papers?week=2026-W01")); got.Since.String() != "2025-12-29" || got.Before.String() != "2026-01-05" {
		t.Errorf("the first week of 2026 is from %s to before %s", got.Since, got.Before)
	}
}

func TestPagesFollowEachOtherWhateverIsAddedBetween(t *testing.T) {
	for _, sort := range []string{"votes", "team", "new"} {
		t.Run(sort, func(t *testing.T) {
			var papers []paper.Paper
			for i := range 25 {
				papers = append(papers, on(today.AddDays(-i%3), 100+i, i%4, fmt.Sprint("Number ", i)))
			}
			s := newScene(t, true, papers...)
			for i := range 7 {
				s.vote(ada, papers[3*i].ID)
			}
			whole := read[papersPage](t, s.get("/api/papers?month=2026-02&limit=100&sort="+sort)).ids()
			var got []string
			for next := ""; ; {
				page := read[papersPage](t, s.get("/api/papers?month=2026-02&limit=4&sort="+sort+"&cursor="+next))
				got = append(got, page.ids()...)
				if next = page.Next; next == "" {
					break
				}
				if _, err := s.store.SavePapers(t.Context(), []paper.Paper{on(today, 900+len(got), 99, "Came between")}); err != nil {
					t.Fatal(err)
				}
			}
			got = slices.DeleteFunc(got, func(id string) bool { return strings.Contains(id, ".009") })
			if !slices.Equal(got, whole) {
				t.Errorf("the pages have %q, want %q", got, whole)
			}
		})
	}
}

func TestPapersAreFoundByAnyOfTheirNames(t *testing.T) {
	s := newScene(t, true, week()...)
	for name, want := range map[string]paper.ID{
		"arxiv:2602.00001":                                 "arxiv:2602.00001",
		"2602.00001v3":                                     "arxiv:2602.00001",
		"doi:10.1038/s42256-020-0208-z":                    "doi:10.1038/s42256-020-0208-z",
		"doi:10.1038%2Fs42256-020-0208-z":                  "doi:10.1038/s42256-020-0208-z",
		url.PathEscape("https://arxiv.org/abs/2602.1"):     "",
		url.PathEscape("https://arxiv.org/abs/2602.00001"): "arxiv:2602.00001",
		"nothing": "", "%00": "", "%ff": "", "..%2f..%2fetc": "", "": "",
	} {
		r := s.get("/api/papers/" + name)
		if want == "" {
			if r.StatusCode != http.StatusNotFound {
				t.Errorf("%q answers %d", name, r.StatusCode)
			}
			continue
		}
		if got := read[struct{ ID paper.ID }](t, r); got.ID != want {
			t.Errorf("%q is %q, want %q", name, got.ID, want)
		}
	}
}

func TestNobodyIsNamed(t *testing.T) {
	s := newScene(t, true, week()...)
	s.vote(ada, "arxiv:2602.00001")
	if err := s.store.Share(t.Context(), team.Share{Team: team.Everyone, Paper: "arxiv:2602.00001", By: ada, Post: chat.Post{Place: place, ID: "1"}, At: now}); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"/api/papers", "/api/papers/arxiv:2602.00001", "/api/search?q=experts", "/feeds/today.rss", "/feeds/top.json"} {
		if text := body(t, s.get(address)); strings.Contains(text, ada.ID) || strings.Contains(text, "u-submitter") || !strings.Contains(text, "2602.00001") {
			t.Errorf("%s is %s", address, text)
		}
	}
}

func TestSearchIsThatOfTheChat(t *testing.T) {
	s := newScene(t, true, week()...)
	type found struct {
		Query  string
		Notes  []string
		Total  int
		Papers []struct {
			ID      paper.ID
			Matched []string
		}
	}
	got := read[found](t, s.get("/api/search?q=experts+since:nonsense&sort=new&limit=1"))
	if got.Total != 2 || len(got.Papers) != 1 || got.Papers[0].ID != "arxiv:2602.00001" || !slices.Equal(got.Papers[0].Matched, []string{"experts"}) || len(got.Notes) != 1 {
		t.Errorf("found %+v", got)
	}
	if got := read[found](t, s.get("/api/search?q=experts&sort=new&limit=1&offset=1")); len(got.Papers) != 1 || got.Papers[0].ID != "arxiv:2602.00003" {
		t.Errorf("the second is %+v", got)
	}
}

func TestEveryBadRequestIsAnsweredWithASentence(t *testing.T) {
	s := newScene(t, true, week()...)
	long := strings.Repeat("x", 2000)
	for address, want := range map[string]string{
		"/api/papers?date=2026-02-30":                    "date has to be written like 2026-02-27.",
		"/api/papers?week=2025-W53":                      "week has to be written like 2026-W09.",
		"/api/papers?week=2026-W00":                      "week has to be written like",
		"/api/papers?month=2026-13":                      "month has to be written like 2026-02.",
		"/api/papers?date=2026-02-27&week=2026-W09":      "Give one of date, week and month, or else since and before.",
		"/api/papers?date=2026-02-27&since=2026-02-01":   "Give one of",
		"/api/papers?since=2026-02-01":                   "Give both since and before",
		"/api/papers?since=2026-02-01&before=2026-02-01": "since has to be before before.",
		"/api/papers?since=2020-02-01&before=2026-02-01": "up to 31 days",
		"/api/papers?limit=0":                            "limit has to be a whole number from 1 to 100.",
		"/api/papers?limit=1e9":                          "limit has to be a whole number",
		"/api/papers?sort=best":                          "sort has to be votes, team or new.",
		"/api/papers?cursor=%00":                         "The cursor cannot be read",
		"/api/papers?cursor=bnVsbA":                      "The cursor cannot be read",
		"/api/papers?page=2":                             `There is no parameter "page" here; there are date, week,`,
		"/api/papers?limit=1&limit=2":                    "The parameter limit is given more than once.",
		"/api/papers?a=%zz":                              "The parameters cannot be read",
		"/api/papers/arxiv:2602.00001?x=1":               `This address takes no parameters, and "x" was given.`,
		"/api/papers/" + long:                            "The feed has no paper",
		"/api/search":                                    "What to search for is missing",
		"/api/search?q=+":                                "What to search for is missing",
		"/api/search?q=" + long:                          "The search is too long; it may have up to 1,000 bytes.",
		"/api/search?q=x&sort=best":                      "sort has to be relevance, new or votes.",
		"/api/search?q=x&offset=999999":                  "offset has to be a whole number from 0 to 10,000.",
		"/api/nothing":                                   "There is nothing at this address",
		"/feeds/today":                                   "the address of one ends in .rss, .atom or .json.",
		"/feeds/today.exe":                               "the address of one ends in",
		"/feeds/nobody.rss":                              "There is no such feed; there are today, topic, search and top.",
		"/feeds/saved.rss":                               "There is no such feed",
		"/feeds/channel.rss":                             "There is no such feed",
		"/feeds/topic.rss":                               "What to search for is missing",
		"/feeds/top.rss?period=year":                     "period has to be week, day, month or all.",
		"/feeds/today.rss?q=x":                           "This address takes no parameters",
		"/feeds/private/x.rss":                           "This address is not known, or was revoked.",
		"/api/export/x":                                  "This address is not known, or was revoked.",
		"/feeds/private/":                                "There is nothing at this address",
		"/api/papers?date=2026-02-27&cursor=" + cursorOf(t, s, "week"):    "The cursor is of another list",
		"/api/papers?week=2026-W09&sort=new&cursor=" + cursorOf(t, s, ""): "The cursor is of another list",
	} {
		r := s.get(address)
		got := read[struct {
			Type, Title, Detail string
			Status              int
		}](t, r)
		if !strings.Contains(got.Detail, want) || got.Status != r.StatusCode || r.StatusCode < 400 || r.StatusCode > 404 || r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%.80s answers %d %q, want %q", address, r.StatusCode, got.Detail, want)
		}
		if n := strings.Count(got.Detail, ". "); n > 0 {
			t.Errorf("%.80s answers with more than a sentence: %q", address, got.Detail)
		}
	}
}

// cursorOf is a cursor of some list of the week.
func cursorOf(t *testing.T, s *scene, _ string) string {
	t.Helper()
	return read[papersPage](t, s.get("/api/papers?week=2026-W09&limit=1")).Next
}

func TestNothingCanBeChanged(t *testing.T) {
	s := newScene(t, true, week()...)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions} {
		for _, address := range []string{"/api/papers", "/feeds/today.rss", "/api/nothing"} {
			if r := s.ask(method, address, "Origin: https://evil.example"); r.StatusCode != http.StatusMethodNotAllowed || r.Header.Get("Allow") != "GET, HEAD" || r.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s %s answers %d, %v", method, address, r.StatusCode, r.Header)
			}
		}
	}
}

func TestARequestThatIsGivenUpIsNoFault(t *testing.T) {
	s := newScene(t, true, week()...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/feeds/today.rss", nil))
	if s.logs.Len() > 0 {
		t.Errorf("the log has %s", s.logs.String())
	}
}
